"""The agreement's paper (D01): every field in its place, both pages, kept once, stamped when void."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from engine import clock, db, files, secrets
from engine.models.agreement_paper import KEYS, printed_values
from engine.models.signing import Agreement, Invitation, expiry
from engine.models.workflow import Attachment, Content, Deployment, ProcessDefinition, ProcessInstance
from reports import jobs as paper_jobs
from reports import pdf, signing, texts
from tests.builders import make_class, make_college, make_employer, make_school, make_student
from tests.reports import papers

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (ROOT / signing.AGREEMENT_TEXT).read_text(encoding="utf-8")
SIGNED_AT = datetime(2021, 3, 2, 3, 15, tzinfo=UTC)

_FRONT = """
编号：1202114109200001 学校编号： 毕业生情况及意见 姓名 王晓雨 性别 女 民族 汉族 政治面貌 共青团员 培养方式 非定向 学制 4 学历 本科生毕业
毕业时间 202107 专业 软件工程 身份证号 生源地 黑龙江省哈尔滨市南岗区 联系方式 13804511234 家庭地址
黑龙江省_哈尔滨市_南岗区_学府路_74号 电子邮箱 wangxiaoyu@example.cn 特长及其它 大学英语六级 毕业生签字：
用人单位情况及意见 单位名称 哈尔滨启航数据技术有限公司 单位性质代码 33 联系人 李建国 联系电话 0451-86661234 邮政编码 150001
组织机构代码 单位行业代码 34 工作职位类别代码 13 通讯地址 哈尔滨市松北区创新路1616号 户口迁移地址 不接收户口
组织关系接收单位 不接收 档案转寄详细地址 哈尔滨市人才服务中心 具体约定事项： 违约金不超过三千元。 （如无具体约定请填写“无”）
用人单位意见： 主管部门意见： 签章 学校意见 学校联系人 赵敏 0451-86608888 150080 协议书邮寄地址 学府路74号就业指导中心
院（系、所）意见： 学校毕业生就业主管部门意见：
"""


@pytest.fixture
def agreement(sqlite: str, tmp_path: Path) -> Iterator[Agreement]:
    """An agreement in force, its signing's case, and the deployment with its text."""
    secrets.configure("1:" + "5c" * 32)
    files.configure(tmp_path.as_uri())
    with clock.frozen(SIGNED_AT):
        yield _agreement()


def _agreement(**letter: Any) -> Agreement:
    school = make_school(
        name="黑龙江大学", code="14109", contact="赵敏", phone="0451-86608888", postcode="150080",
        agreement_address="学府路 74 号就业指导中心",
    )  # fmt: skip
    student = make_student(
        make_class(make_college(school), graduation_year=2021), name="王晓雨", political_status="league",
        graduation_month="202107", mobile="13804511234", origin_region="黑龙江省 哈尔滨市 南岗区",
        home_address="黑龙江省_哈尔滨市_南岗区_学府路_74号", email="wangxiaoyu@example.cn", specialties="大学英语六级",
    )  # fmt: skip
    employer = make_employer(
        name="哈尔滨启航数据技术有限公司", contact="李建国", phone="0451-86661234", postcode="150001",
        address="哈尔滨市松北区创新路 1616 号",
    )  # fmt: skip
    day = date(2021, 3, 1)
    values = {
        "position": "后端工程师", "position_category": "13", "work_place": "哈尔滨", "probation_pay": 3500,
        "regular_pay": 4500, "archive_route": "agency", "archive_address": "哈尔滨市人才服务中心",
        "household_address": "不接收户口", "agreed_matters": "违约金不超过三千元。", "answer_days": 5,
    }  # fmt: skip
    invitation = Invitation.create(
        school=school, student=student, employer=employer, invited_on=day, expires_on=expiry(day, 5),
        state="signed", **{**values, **letter},
    )  # fmt: skip
    number = "1202114109200001"
    return Agreement.create(
        school=school, student=student, employer=employer, invitation=invitation, number=number,
        state="effective", position="后端工程师", probation_pay=3500, regular_pay=4500, signed_at=SIGNED_AT,
        printed=json.dumps(printed_values(invitation, number, SIGNED_AT, {}), ensure_ascii=False),
    )  # fmt: skip


def deploy(text: str, version: int, live: bool = True) -> ProcessDefinition:
    body = text.encode()
    sha = hashlib.sha256(body).hexdigest()
    Content.insert(sha=sha, body=body).on_conflict_ignore().execute()
    deployment = Deployment.create(manifest={signing.AGREEMENT_TEXT: sha}, digest=f"{version}")
    ProcessDefinition.update(live=False).execute()
    return ProcessDefinition.create(
        process_id="online_signing", version=version, name="线上签约", deployment=deployment, path="p",
        digest=f"{version}", live=live,
    )  # fmt: skip


def signed_on(definition: ProcessDefinition, agreement: Agreement) -> None:
    ProcessInstance.create(
        definition=definition, subject_kind="invitation", subject_id=agreement.invitation_id
    )


def test_the_front_page_says_every_label_and_value_of_d01(agreement: Agreement) -> None:
    content = signing.agreement_pdf(agreement, SHIPPED)
    front = papers.flat(content).partition("黑龙江省普通高等学校毕业生就业协议书")[0]
    for label in [*_FRONT.split(), agreement.student.id_number, agreement.employer.credit_code]:
        assert _normal(label) in front, f"{label} is missing in {front}"


def test_the_second_page_has_the_cover_ten_clauses_and_the_code_lists(agreement: Agreement) -> None:
    content = signing.agreement_pdf(agreement, SHIPPED)
    assert pdf.page_count(content) == 2
    _, title, second = papers.flat(content).partition("黑龙江省普通高等学校毕业生就业协议书")
    assert title
    for words in (
        "毕业生:王晓雨",
        "用人单位:哈尔滨启航数据技术有限公司",
        "学校名称:黑龙江大学",
        "签约须知",
        "摘要",
    ):
        assert words in second
    places = [second.index(f"{number}、") for number in "一二三四五六七八九十"]
    assert places == sorted(places)
    for code in ("10党政机关", "56城镇社区", "11农、林、牧、渔业", "13工程技术人员"):
        assert code in second


def test_the_paper_is_two_a4_pages_within_their_margins(agreement: Agreement, tmp_path: Path) -> None:
    pages = papers.images(signing.agreement_pdf(agreement, SHIPPED), tmp_path)
    assert len(pages) == 2
    left, top, width, height = pages[0].dark_box_mm()
    assert (left, width) == (pytest.approx(14, abs=0.8), pytest.approx(182, abs=1))
    assert top > 10
    assert 240 < height < 277


@pytest.mark.parametrize("length", [1, 400, 1500])
def test_long_words_are_set_smaller_rather_than_on_a_third_page(
    sqlite: str, length: int, tmp_path: Path
) -> None:
    secrets.configure("1:" + "5c" * 32)
    agreement = _agreement(agreed_matters="约定事项。" * (length // 5) or "无", archive_address="地址" * 90)
    content = signing.agreement_pdf(agreement, SHIPPED)
    assert pdf.page_count(content) == 2
    assert papers.flat(content).count("约定事项。") >= length // 5


def test_preview_and_paper_read_only_the_agreements_own_copy(agreement: Agreement) -> None:
    agreement.student.name = "另一个名字"
    agreement.student.save()
    agreement = Agreement.get_by_id(agreement.id)
    assert "王晓雨" in signing.agreement_html(agreement, SHIPPED)
    assert "另一个名字" not in signing.agreement_html(agreement, SHIPPED)
    with db.database.obj.connection_context() if db.database.is_closed() else _no_queries():
        assert "王晓雨" in papers.flat(signing.agreement_pdf(agreement, SHIPPED))


class _no_queries:
    """Within the block a query is an error."""

    def __enter__(self) -> None:
        self.kept = db.database.obj.execute_sql
        db.database.obj.execute_sql = self._refuse

    def __exit__(self, *_: object) -> None:
        del db.database.obj.execute_sql

    def _refuse(self, sql: str, *_: object) -> None:
        raise AssertionError(f"asked the database: {sql}")


def test_what_people_typed_stands_on_the_paper_as_typed(sqlite: str) -> None:
    secrets.configure("1:" + "5c" * 32)
    agreement = _agreement(
        agreed_matters="<script>alert(1)</script><img src='file:///etc/passwd'> & {{ name }}"
    )
    assert "<script>" not in signing.agreement_html(agreement, SHIPPED)
    words = papers.flat(signing.agreement_pdf(agreement, SHIPPED))
    assert "<script>alert(1)</script><imgsrc='file:///etc/passwd'>&{{name}}" in words


def test_a_case_prints_the_text_of_its_own_version(agreement: Agreement) -> None:
    old = deploy("<p>第一版条文</p>", 1)
    signed_on(old, agreement)
    deploy("<p>第二版条文</p>", 2)
    assert texts.agreement_text(agreement) == "<p>第一版条文</p>"
    paper = paper_jobs.agreement_document({"agreement": agreement.id})
    assert "第一版条文" in papers.flat(files.get(paper.sha))


def test_an_agreement_without_a_case_prints_the_version_in_use(agreement: Agreement) -> None:
    deploy("<p>第一版条文</p>", 1)
    deploy("<p>第二版条文</p>", 2)
    assert texts.agreement_text(agreement) == "<p>第二版条文</p>"


def test_the_paper_is_made_once_and_kept(agreement: Agreement) -> None:
    signed_on(deploy(SHIPPED, 1), agreement)
    first = paper_jobs.agreement_document({"agreement": agreement.id})
    again = paper_jobs.agreement_document({"agreement": agreement.id})
    assert first.id == again.id
    assert Attachment.select().count() == 1
    assert (first.subject_kind, first.subject_id, first.kind) == ("agreement", agreement.id, "agreement")
    assert first.file_name == f"就业协议书-{agreement.number}.pdf"
    content = files.get(first.sha)
    assert len(content) == first.size
    assert hashlib.sha256(content).hexdigest() == first.sha
    info = PdfReader(io.BytesIO(content)).metadata
    assert info is not None
    assert info.title == f"就业协议书 {agreement.number}"


def test_two_workers_at_once_keep_one_paper(agreement: Agreement) -> None:
    first = paper_jobs.keep(agreement, "agreement", b"%PDF-one", "a.pdf")
    second = paper_jobs.keep(agreement, "agreement", b"%PDF-two", "a.pdf")
    assert first.id == second.id
    assert files.get(second.sha) == b"%PDF-one"


def test_a_void_paper_is_kept_beside_its_stamped_copy(agreement: Agreement, tmp_path: Path) -> None:
    signed_on(deploy(SHIPPED, 1), agreement)
    agreement.change_state("void", void_at=clock.now(), void_kind="declared", reason="未取得毕业资格")
    copy = paper_jobs.agreement_void_copy({"agreement": agreement.id})
    kinds = {row.kind: row for row in Attachment.select()}
    assert set(kinds) == {"agreement", "agreement_void"}
    stamped, issued = files.get(copy.sha), files.get(kinds["agreement"].sha)
    assert papers.flat(stamped, how="-raw").count("已失效") == 2
    assert "已失效" not in papers.flat(issued)
    assert "王晓雨" in papers.flat(stamped)
    before, after = papers.images(issued, tmp_path)[0], papers.images(stamped, tmp_path)[0]
    middle = range(1100, 1900)
    assert sum(map(_ink, map(after.row, middle))) > 1.2 * sum(map(_ink, map(before.row, middle)))
    assert before.row(420) == after.row(420), "above the stamp the paper is the same"


def test_the_preview_of_a_void_agreement_is_stamped(agreement: Agreement) -> None:
    assert "已 失 效" not in signing.agreement_html(agreement, SHIPPED)
    agreement.change_state("void", void_at=clock.now(), void_kind="declared")
    assert signing.agreement_html(agreement, SHIPPED).count("已 失 效") == 2


def test_the_copy_has_every_key_and_names_for_codes(agreement: Agreement) -> None:
    values = printed_values(agreement.invitation, agreement.number, SIGNED_AT, {})
    assert tuple(values) == KEYS
    assert (values["gender"], values["training_mode"], values["unit_nature"]) == ("女", "非定向", "33")
    assert values["party_relation_unit"] == "不接收"
    assert values["signed_on"] == "2021-03-02"


def test_a_text_may_name_what_else_was_asked_but_never_another_value_of_the_paper(
    agreement: Agreement,
) -> None:
    said = {"probation_months": "3 个月", "name": "冒名"}
    values = printed_values(agreement.invitation, agreement.number, SIGNED_AT, said)
    agreement.printed = json.dumps(values, ensure_ascii=False)
    html = signing.agreement_html(
        agreement, "<p>试用期 {{ probation_months }}，{{ name }}，{{ unknown }}</p>"
    )
    assert f"<p>试用期 3 个月，{agreement.student.name}，</p>" in html


def test_the_invitation_letter_prints_its_groups(agreement: Agreement, tmp_path: Path) -> None:
    content = pdf.render(signing.invitation_html(agreement.invitation))
    assert pdf.page_count(content) == 1
    words = papers.flat(content)
    for text in (
        "签约邀请函",
        "王晓雨同学:",
        "拟聘用职位后端工程师",
        "试用起薪3500元/月",
        "转正起薪4500元/月",
        "2021.3.6",
        "档案去向人事代理",
    ):
        assert text in words
    assert "是否分公司" not in words


def _normal(text: str) -> str:
    return text.translate(str.maketrans("：（）？", ":()?"))


def _ink(row: bytes) -> int:
    return sum(255 - dot for dot in row)
