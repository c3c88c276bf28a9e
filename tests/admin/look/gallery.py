"""Every page with sample data, without a database: the templates' contexts as their comments describe them.

`app()` serves each at /<name>; the frame, filters, macros, scripts and styles are the program's own.
People, employers and schools are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

from flask import Flask, g, render_template, request
from flask_babel import Babel
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

import admin
from admin import answers, door, texts, theme
from admin.auth.forms import PasswordForm, SignInForm
from admin.facts import Chip, Document, Fact, Section
from admin.nav import Entry, Group
from engine import clock, forms
from engine.actors import Actor, Seat
from tests.admin.look.samples import sample_form

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 24 November 2026, 10:30 at the office, a Tuesday
ROOT = Path(__file__).resolve().parents[3]
LONG = "阿依古丽·买买提"


def clerk() -> Actor:
    return Actor(1, "沈老师", "学校", "school", 1, 1, (Seat(1, "学校", "school", 1),))


def employer() -> Actor:
    return Actor(2, "罗经理", "用人单位", "employer", 1, None, (Seat(2, "用人单位", "employer", 1),))


def graduate() -> Actor:
    return Actor(3, "林一诺", "毕业生", "student", 1, 1, (Seat(3, "毕业生", "student", 1),))


PLACES = {"school": "松岚理工大学", "employer": "晴川软件有限公司", "student": "毕业生"}


def _entry(label: str, icon: str, count: int | None = None, current: bool = False) -> Entry:
    return Entry(label, "/inbox", icon, count, current)


NAV = {
    "school": [
        Group("", [_entry("待办", "inbox", 300, True), _entry("消息", "bell", 6)]),
        Group("资料", [_entry("学生库", "user"), _entry("用人单位", "org"), _entry("就业协议书", "doc")]),
        Group("管理", [_entry("流程设计", "flow"), _entry("故障", "warn")]),
    ],
    "employer": [
        Group("", [_entry("首页", "home"), _entry("待办", "inbox"), _entry("消息", "bell", 2)]),
        Group("签约管理", [_entry("签约发送", "doc", 3, True), _entry("数据管理", "table")]),
    ],
    "student": [
        Group("", [_entry("首页", "home", current=True), _entry("线上签约", "doc"), _entry("消息", "bell", 2)]),
        Group("", [_entry("我的", "user")]),
    ],
}

# ── pieces ─────────────────────────────────────────────────────────────────────────────────────────


def form(name: str, data: dict[str, str] | None = None, **context: Any) -> Any:
    """A shipped form, as its process binds it."""
    spec = forms.read((ROOT / "forms" / f"{name}.form").read_bytes(), name)
    return spec.bind(None, data or {}, context or {"employer": {"name": "晴川软件有限公司"}}, door.locale())


def wrong(name: str, typed: dict[str, str]) -> Any:
    """The same after a submission that does not hold."""
    spec = forms.read((ROOT / "forms" / f"{name}.form").read_bytes(), name)
    bound = spec.bind_json(typed, {}, {"employer": {"name": "晴川软件有限公司"}}, door.locale())
    assert not bound.validate()
    return bound


def trace() -> list[Thing]:
    def line(at: datetime, who: str, what: str, tone: str, waited: Any = None, remark: str = "无") -> Thing:
        return Thing(at=at, who=who, role="", operation=what, remark=remark, node_id=None, kind="task",
                     tone=tone, waited=waited, instance_id=1)

    return [
        line(NOW - timedelta(days=6, hours=1), "", "学校正在审核", "now", timedelta(days=6)),
        line(NOW - timedelta(days=6, hours=1), "林一诺", "同意邀约，生成协议书", "done", timedelta(hours=41)),
        line(NOW - timedelta(days=7), "晴川软件有限公司", "修改邀约", "done", None, "试用起薪 4,500 改为 4,800 元"),
        line(NOW - timedelta(days=8), "沈老师", "签约审核不通过", "bad", None, "公章与营业执照名称不一致"),
        line(NOW - timedelta(days=9), "晴川软件有限公司", "发起邀约", "done"),
    ]


def sections() -> list[Section]:
    return [
        Section(
            "双方约定",
            [
                Fact("拟聘用职位", "测试工程师"),
                Fact("试用起薪", "4,800 元 / 月", "num"),
                Fact("转正起薪", "6,000 元 / 月", "num"),
                Fact("工作地点", "松岚市 高新区"),
                Fact("档案去向", "单位接收"),
                Fact("户口迁移", "不接收户口"),
                Fact("具体约定事项", "服务期 2 年。入职前取得毕业证书；未取得的，本协议自行终止。", "wide"),
            ],
            Chip("todo", "待审核"),
        ),
        Section(
            "毕业生",
            [
                Fact("姓名", "林一诺　女"),
                Fact("学号", "2023010417", "code"),
                Fact("身份证号", "230102*****0027", "code"),
                Fact("学院与专业", "信息工程学院　软件工程"),
                Fact("学历", "本科生毕业，2027 年 7 月"),
                Fact("手机", "138****0046", "code"),
            ],
        ),
        Section(
            "用人单位",
            [
                Fact("单位名称", "晴川软件有限公司", url="/details"),
                Fact("统一社会信用代码", "91230100MA0000000X", "code long"),
                Fact("性质与行业", "其他企业　信息技术"),
                Fact("联系人", "罗经理　0451-0000 0000"),
                Fact("档案转寄地址", "松岚市高新区云帆路 18 号"),
            ],
        ),
    ]


def about() -> dict[str, Any]:
    gone = ["employer_sends", "sent", "send_invitation", "to_student", "student_answers", "answered", "answer_gateway",
            "agreed", "generate_agreement", "generated"]
    ahead = ["audit_gateway", "approve_agreement", "fail_agreement", "passed_end", "failed_end", "change_invitation"]
    marks = Thing(gone=gone, here=["school_audits"], ahead=ahead, definition=Thing(name="线上签约", version=7))
    return {
        "instance": Thing(id=1, caption="林一诺与晴川软件有限公司的签约", state="running"),
        "subject": None,
        "caption": "林一诺与晴川软件有限公司的签约",
        "flow": "线上签约",
        "code": "1202714002200417",
        "sections": sections(),
        "chip": Chip("wait", "双方已签约"),
        "documents": [Document("就业协议书", "/agreement", "2 页，11 月 18 日 09:14 生成")],
        "checks": [
            (True, "没有别的协议约束林一诺"),
            (True, "单位已通过注册审核"),
            (False, "签约后改过一次起薪，毕业生已看过改后的邀请函"),
        ],
        "trace": trace(),
        "since": "8 天",
        "diagram": marks,
        "diagram_url": "/diagram.bpmn",
        "diagram_name": "线上签约，第 7 版",
        "diagram_sentence": "已走：发送签约邀请、查看邀请函。现在：签约审核。",
    }


def task(**more: Any) -> dict[str, Any]:
    given = {
        **about(),
        "task": Thing(id=7, kind="task", due=NOW - timedelta(days=1), instance_id=1, queue_id=1),
        "step": "签约审核",
        "title": "林一诺与晴川软件有限公司的签约：签约审核",
        "may_do": True,
        "problem": None,
        "claim": "claim",
        "prev_url": None,
        "next_url": "/task",
        "in_inbox": True,
        "goes_on": True,
    }
    return {**given, **more}


def inbox() -> dict[str, Any]:
    def row(at: int, name: str, org: str, note: str, due: tuple[str, str], chip: Chip | None = None) -> Thing:
        return Thing(id=at, url="/task", person=name, code=f"20230104{at:02d}", step="签约审核", org=org,
                     org_note=note, unit="信息工程学院", chip=chip, waited="6 天", due_text=due[0],
                     due_class=due[1], urgency="", form="a", selectable=True, label=f"{name} 20230104{at:02d}")

    names = ["林一诺", "周知远", "许清欢", "何沐阳", LONG, "宋嘉树", "蒋南乔", "欧阳若溪", "白景行", "顾星阑"]
    orgs = ["晴川软件有限公司", "远屿食品股份有限公司", "第三示例医院", "北屏机械制造有限公司"]
    dues = [("逾期 1 天", "over")] * 3 + [("今天 17:00", "soon")] * 4 + [("周三", "")] * 3
    rows = [row(at, name, orgs[at % 4], "测试工程师", dues[at]) for at, name in enumerate(names)]
    return {
        "view": "todo",
        "tabs": tabs(("待办", 300), ("待认领", 42), ("已办", None), ("我发起的", 7)),
        "groups": [
            Thing(key="over", label="已逾期", count=3, rows=rows[:3]),
            Thing(key="today", label="今天到期", count=4, rows=rows[3:7]),
            Thing(key="week", label="本周", count=None, rows=rows[7:]),
        ],
        "summary": "3 项已逾期，4 项今天到期。先办它们。",
        "filters": Thing(text="", kept=[("step", "a")], toolbar=some_filters(), values={}),
        "total": 300,
        "prev_url": None,
        "next_url": "/inbox?after=1",
        "first_url": "/task",
        "bulk": [Thing(value="pass", label="通过", negative=False), Thing(value="fail", label="不通过", negative=True)],
        "empty": ("", "", []),
    }


def tabs(*items: tuple[str, int | None]) -> list[dict[str, Any]]:
    return [
        {"key": label, "label": label, "url": "/inbox", "count": count, "current": at == 0}
        for at, (label, count) in enumerate(items)
    ]


def some_filters() -> list[Thing]:
    def one(name: str, label: str, words: str = "", kind: str = "select") -> Thing:
        return Thing(name=name, label=label, kind=kind, options=[("a", "签约审核"), ("b", "解约审核")],
                     value="a" if words else "", value_to="", words=words, remove="/inbox", lookup="/x", text="")

    return [one("step", "事项", "签约审核"), one("college", "学院", kind="entity"), one("due", "到期", kind="dates")]


def people(count: int) -> list[Thing]:
    names = ["林一诺", "陈晚晴", "宋嘉树", "顾星阑", "程屿"]
    return [
        Thing(id=at, student_id=at, name=names[at], note="软件工程，2027 届", school="松岚理工大学", year=2027,
              level="本科生毕业", major="软件工程", id_number="230102*****0027",
              status="未就业" if at < 4 else "已就业", status_tone=None if at < 4 else "ok")
        for at in range(count)
    ]


INVITATION = Thing(position="测试工程师", probation_pay=4800, regular_pay=6000)
UNIT = Thing(name="晴川软件有限公司", contact="罗经理")


def letter(**more: Any) -> dict[str, Any]:
    given = {
        "invitation": INVITATION,
        "employer": UNIT,
        "chip": Chip("todo", "等你答复"),
        "title": "晴川软件有限公司邀请你签约",
        "left": "还有 4 天",
        "lead": "请在 11 月 28 日 23:59 前答复。同意后还要学校审核，审核通过协议才生效。",
        "changed": False,
        "work": sections()[0].facts[:1] + sections()[0].facts[3:4] + sections()[0].facts[6:],
        "papers": [Fact("档案", "单位接收，寄往松岚市高新区云帆路 18 号"), Fact("户口", "不接收，留在生源地")],
        "unit": [Fact("信用代码", "91230100MA0000000X", "code"), Fact("联系人", "罗经理")],
        "action": "/letter",
        "why": None,
        "problem": None,
        "details_url": "/details",
    }
    return {**given, **more}


def data_rows() -> list[Thing]:
    states = [
        ("单位发起邀约", "wait", "", None),
        ("双方已签约", "wait", "", None),
        ("双方已签约", "ok", "签约鉴证通过", "ok"),
        ("学生拒绝签约", "bad", "", None),
        ("双方已签约", "ok", "签约审核不通过", "bad"),
        ("邀约过期", "ended", "", None),
    ]
    names = ["唐予安", "林一诺", "宋嘉树", "顾星阑", "温言", LONG]
    return [
        Thing(url="/details", name=names[at], id_number="230102*****0015", school="松岚理工大学",
              level="本科生毕业", major="数据科学与大数据技术", position="数据分析师", employer="晴川软件有限公司",
              invited_on=date(2026, 11, 20 - at), expires_on=date(2026, 11, 25 - at), state=state, state_tone=tone, note="",
              audit=audit, audit_tone=audit_tone, letter_url="/letter", details_url="/details")
        for at, (state, tone, audit, audit_tone) in enumerate(states)
    ]


STARTS = [
    Thing(label="宣布协议书失效", process="协议书失效", url="/start", reason=None),
    Thing(label="申请解约", process="解约", url=None, reason="你没有已生效的协议"),
]


def home() -> dict[str, Any]:
    return {
        "waiting": 1,
        "all_url": None,
        "waits": [
            Thing(title="晴川软件有限公司邀请你签约", chip=Chip("todo", "等你办"), left="还有 4 天",
                  until="11 月 28 日 23:59", lines=["测试工程师　试用 4,800 元，转正 6,000 元"], url="/letter",
                  button="看邀请函")
        ],
        "others": [Thing(title="林一诺与远屿食品的签约", note="11 月 20 日", chip=Chip("wait", "双方已签约"), url="/case")],
        "results": [
            Thing(title="青屿数据科技有限公司的邀请", note="11 月 6 日", chip=Chip("ended", "邀约过期"), url="/case")
        ],
        "offers": STARTS,
        "student": Thing(
            school_class=Thing(college=Thing(name="信息工程学院")), graduation_year=2027, student_number="2023010417"
        ),
        "school": Thing(phone="0451-0000 0000"),
    }


def closed() -> dict[str, Any]:
    return {
        "title": "高老师已经办完这一项",
        "text": "今天 10:21 通过。你的提交没有写入，什么也没有改变。",
        "caption": "许清欢与第三示例医院的签约",
        "step": "签约审核",
        "at": NOW,
        "typed": [Fact("审核结果", "不通过"), Fact("原因", "公章与营业执照名称不一致，请重新盖章。")],
        "next_url": "/task",
        "case_url": "/case",
        "trace": trace()[:3],
    }


# ── the pages: name → (who looks, template, context) ───────────────────────────────────────────────

Page = tuple[Callable[[], Actor] | None, str, Callable[[], dict[str, Any]]]
CONFIRMATION = Thing(
    value="agree",
    title="现在与晴川软件有限公司签约吗？",
    text="签约后马上生成协议书，你不能再同意别的单位。\n想换单位要先解约，机会只有一次。",
    button="现在签约",
)

PAGES: dict[str, Page] = {
    "sign_in": (
        None,
        "auth/sign_in.html",
        lambda: {
            "form": SignInForm(),
            "problem": None,
            "who": "student",
            "next": "",
            "demo": [("2023010417", "林一诺", "毕业生"), ("qingchuan", "罗经理", "用人单位")],
        },
    ),
    "sign_in_wrong": (
        None,
        "auth/sign_in.html",
        lambda: {"form": SignInForm(), "problem": "账号或密码不对。", "who": "staff", "next": "", "demo": []},
    ),
    "account": (
        clerk,
        "auth/account.html",
        lambda: {
            "form": PasswordForm(),
            "problem": None,
            "account": Thing(name="沈老师", login="shen", email="she***@example.edu", last_sign_in=NOW),
        },
    ),
    "inbox": (clerk, "inbox/list.html", inbox),
    "inbox_empty": (
        clerk,
        "inbox/list.html",
        lambda: {
            **inbox(),
            "groups": [],
            "summary": "",
            "bulk": [],
            "empty": ("都办完了", "新的事项一到就会出现在这里。", [("看待认领的 12 项", "/inbox", True)]),
        },
    ),
    "task": (clerk, "inbox/task.html", lambda: task(form=form("signing/audit"))),
    "task_wrong": (
        clerk,
        "inbox/task.html",
        lambda: task(form=wrong("signing/audit", {"result": "fail"}), problem=None),
    ),
    "task_unanswered": (clerk, "inbox/task.html", lambda: task(form=wrong("signing/audit", {}))),
    "closed": (clerk, "inbox/closed.html", closed),
    "confirm": (
        employer,
        "inbox/confirm.html",
        lambda: {
            "form": None,
            "confirmation": CONFIRMATION,
            "case_title": "林一诺与晴川软件有限公司的签约",
            "hidden": [("answer", "agree")],
            "action": "/confirm",
            "back_url": "/task",
        },
    ),
    "bulk": (
        clerk,
        "inbox/bulk.html",
        lambda: {
            "tasks": [(Thing(id=1), "林一诺与晴川软件有限公司的签约"), (Thing(id=2), "周知远与远屿食品的签约")],
            "others": [(Thing(id=3), "许清欢的解约")],
            "outcome": "不通过",
            "negative": True,
            "form": form("signing/audit"),
            "step_key": "result",
        },
    ),
    "bulk_result": (
        clerk,
        "inbox/bulk_result.html",
        lambda: {
            "rows": [
                (Thing(id=1, instance_id=1), "林一诺与晴川软件有限公司的签约", None),
                (Thing(id=2, instance_id=2), "周知远与远屿食品的签约", "高老师已经办完这一项。"),
            ],
            "done": 1,
            "failed": 1,
            "next_url": "/task",
        },
    ),
    "case": (
        employer,
        "cases/case.html",
        lambda: {
            **about(),
            "title": "林一诺与晴川软件有限公司的签约",
            "tasks": [],
            "actions": [("修改邀约", "/task", None), ("撤回邀约", "/task", None)],
            "starts": STARTS,
            "own_url": "/details",
        },
    ),
    "start": (
        clerk,
        "cases/start.html",
        lambda: {
            "title": "宣布协议书失效",
            "process": "协议书失效",
            "on": None,
            "on_label": "1202714002200417",
            "form": form("signing/void"),
            "problem": None,
            "start_key": "k",
            "back_url": "/details",
        },
    ),
    "error": (
        clerk,
        "error.html",
        lambda: {
            "status": 404,
            "title": "没有这一页",
            "text": "它可能已被移走，或不归你办理。",
            "actions": [("回首页", "/", True)],
        },
    ),
    "error_stranger": (
        None,
        "error.html",
        lambda: {"status": 500, "title": "系统出了故障", "text": "请稍后再试。", "actions": [("回首页", "/", True)]},
    ),
    "student_home": (graduate, "homes/student.html", home),
    "student_home_empty": (
        graduate,
        "homes/student.html",
        lambda: {**home(), "waits": [], "others": [], "results": []},
    ),
    "employer_home": (employer, "homes/desk.html", home),
    "student_letter": (graduate, "signing/letter.html", lambda: letter(form=form("signing/answer"))),
    "student_letter_closed": (
        graduate,
        "signing/letter.html",
        lambda: letter(form=None, chip=Chip("ended", "邀约过期"), left="", why="你已与别的单位签约，这封邀请函只能看。"),
    ),
    "student_letter_confirm": (
        graduate,
        "signing/confirm.html",
        lambda: {
            "confirmation": CONFIRMATION,
            "negative": False,
            "employer": UNIT,
            "invitation": INVITATION,
            "hidden": [("answer", "agree")],
            "action": "/student_letter",
            "back_url": "/student_letter",
            "form": None,
            "asked": [],
        },
    ),
    "student_invitations": (
        graduate,
        "signing/mine.html",
        lambda: {
            "rows": data_rows(),
            "prev_url": None,
            "next_url": "/x",
            "filter": {"value": "", "options": [("sent", "单位发起邀约"), ("signed", "双方已签约")]},
        },
    ),
    "student_details": (graduate, "signing/details.html", lambda: details("林一诺的签约")),
    "student_case": (
        graduate,
        "cases/case.html",
        lambda: {**about(), "title": "与晴川软件有限公司的签约", "tasks": [], "actions": [], "starts": [], "own_url": None},
    ),
    "student_task": (
        graduate,
        "inbox/task.html",
        lambda: task(form=form("signing/answer"), in_inbox=False, goes_on=False, claim=None, next_url=None),
    ),
    "employer_send": (
        employer,
        "signing/send.html",
        lambda: {
            "schools": [(1, "松岚理工大学"), (2, "北川师范学院")],
            "years": [2027, 2026],
            "asked": {"school": 1, "year": 2027, "name": "唐予安", "key": "13800000077"},
            "problem": None,
            "searched": True,
            "found": Thing(id=9, name="唐予安", about="松岚理工大学　2027 届本科　数据科学与大数据技术",
                           id_number="230102*****0015", status="未就业", status_tone=None, listed=False),
            "rows": people(5),
            "size": 5,
            "barred": None,
        },
    ),
    "employer_invite": (
        employer,
        "signing/invite.html",
        lambda: {
            "title": "发给 3 名毕业生的邀请函",
            "lead": "林一诺、陈晚晴、宋嘉树。三人的条件相同；不同的请分开发。",
            "students": people(3),
            "form": form("signing/invitation"),
            "submit": "发送给 3 人",
            "action": "/employer_invite",
            "cancel_url": "/employer_send",
            "start_key": "k",
        },
    ),
    "employer_invite_wrong": (
        employer,
        "signing/invite.html",
        lambda: {
            "title": "发给 3 名毕业生的邀请函",
            "lead": "林一诺、陈晚晴、宋嘉树。",
            "students": people(3),
            "form": wrong("signing/invitation", {"probation_pay": "3500元", "position": "测试工程师"}),
            "submit": "发送给 3 人",
            "action": "/employer_invite",
            "cancel_url": "/employer_send",
            "start_key": "k",
        },
    ),
    "employer_invite_confirm": (
        employer,
        "signing/invite_confirm.html",
        lambda: {
            "students": people(3),
            "facts": sections()[0].facts,
            "until": "11 月 29 日 23:59",
            "hidden": [("position", "测试工程师")],
            "action": "/x",
            "back_url": "/employer_invite",
            "warnings": ["程屿已就业，解约之前不能同意。"],
        },
    ),
    "employer_invite_result": (
        employer,
        "signing/invite_result.html",
        lambda: {
            "rows": [
                Thing(name="林一诺", note="可以答复到 11 月 29 日", url="/details", sentence=None),
                Thing(name="宋嘉树", note="", url=None, sentence="你给他的邀请还在答复期内。"),
            ],
            "sent": 1,
            "failed": 1,
        },
    ),
    "employer_data": (
        employer,
        "signing/data.html",
        lambda: {
            "tabs": tabs(("全部", 86), ("待应约", 12), ("已应约", 61), ("待解约", 1), ("已解约", 4)),
            "filters": some_filters(),
            "kept": [],
            "search": "",
            "rows": data_rows(),
            "prev_url": None,
            "next_url": "/x",
            "total": 86,
            "export_url": "/x",
        },
    ),
    "employer_details": (employer, "signing/details.html", lambda: details("林一诺的签约")),
    "agreement": (
        employer,
        "signing/agreement.html",
        lambda: {
            "title": "林一诺与晴川软件有限公司的协议书",
            "number": "1202714002200417",
            "chip": Chip("wait", "待审核"),
            "note": "",
            "preview_url": "/paper",
            "download_url": None,
            "why": "学校审核通过后双方都可以下载。",
            "back_url": "/employer_details",
            "back_words": "签约详情",
        },
    ),
    "messages": (
        clerk,
        "messages/list.html",
        lambda: {
            "rows": [
                Thing(id=1, subject="林一诺同意了邀约", subject_en="Lin agreed", at=NOW, read_at=None),
                Thing(id=2, subject="审核已通过", subject_en="", at=NOW - timedelta(days=2), read_at=NOW),
            ],
            "next_url": None,
            "unread": 1,
        },
    ),
    "message": (
        graduate,
        "messages/show.html",
        lambda: {
            "message": Thing(at=NOW, instance_id=1),
            "subject": "晴川软件有限公司邀请你签约",
            "body": "请在 11 月 28 日 23:59 前答复。\n过期后邀请失效，单位可以再发。",
        },
    ),
    "components": (clerk, "test/components.html", lambda: {"form": sample_form()}),
}


def details(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "lead": "测试工程师",
        "chip": Chip("wait", "双方已签约"),
        "audit": Thing(text="签约审核不通过", cls="bad"),
        "sections": sections(),
        "trace": trace(),
        "back_url": "/employer_data",
        "back_words": "数据管理",
        "letter_url": "/student_letter",
        "agreement_url": "/agreement",
        "download_url": "/x",
        "actions": [("修改邀约", "/x")],
        "starts": STARTS,
        "reason": "公章与营业执照名称不一致",
    }


# ── the application ────────────────────────────────────────────────────────────────────────────────


def app() -> Flask:
    """Serves the pages; `?lang=en` and `?theme=dark` are the switches' cookies."""
    made = Flask("admin", root_path=str(Path(admin.__file__).parent))
    made.config.update(SECRET_KEY="gallery", WTF_CSRF_ENABLED=False, BABEL_DEFAULT_LOCALE="zh_Hans_CN")
    made.jinja_env.trim_blocks = made.jinja_env.lstrip_blocks = True
    Babel(made, locale_selector=lambda: "en" if door.locale() == "en" else "zh_Hans_CN")
    texts.register(made)
    theme.register(made)
    made.jinja_env.globals.update(asset=answers.asset, bundle=answers.bundle, csrf_token=generate_csrf, seat_choices=list)
    made.jinja_env.filters["role_name"] = str  # roles are rows, and these pages have no database
    made.jinja_loader = _with_tests(made.jinja_loader)
    made.url_build_error_handlers.append(lambda _error, endpoint, _values: f"/somewhere/{endpoint}")

    @made.context_processor
    def everywhere() -> dict[str, Any]:
        actor = g.get("actor")
        kind = actor.party_kind if actor else ""
        said = request.args.get("toast")
        return {
            "actor": actor,
            "here": request.full_path,
            "locale": door.locale(),
            "nav": NAV.get(kind, []),
            "seat_name": lambda: PLACES.get(kind, ""),
            "toasts": [("ok", "已通过 3 项"), ("bad", "有 1 项没有办成")] if said else [],
        }

    @made.get("/<name>")
    def show(name: str) -> str:
        who, template, context = PAGES[name]
        g.actor = who() if who else None
        with clock.frozen(NOW):
            return render_template(template, **context())

    @made.get("/paper")
    def paper() -> str:
        return "<!DOCTYPE html><html lang=zh-CN><title>协议书</title><main><h1>就业协议书</h1></main></html>"

    @made.get("/diagram.bpmn")
    def diagram() -> Any:
        return DIAGRAM, 200, {"Content-Type": "application/xml"}

    return made


def _with_tests(loader: Any) -> Any:
    mine = PrefixLoader({"test": FileSystemLoader(Path(__file__).parent)})
    return ChoiceLoader([loader, mine])


DIAGRAM = (ROOT / "processes/signing/online_signing.bpmn").read_text(encoding="utf-8")
