"""The columns of a table as people read them: their words, kinds and values, in cells and in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import peewee
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from admin import door, texts, theme
from engine import catalog, codes, models
from engine.db import BytesField, InstantField, JsonField
from engine.errors import Sentence
from engine.models.base import Model, StateField
from engine.models.organisations import PARTY_MODELS
from engine.models.workflow import NEVER, ProcessInstance
from engine.secrets import SecretField

#: Enumerations of the engine's own tables, which no code list of the office names: (table, column) →
#: the list of `theme.TONES`, and the words of each value.
ENUMS: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {
    ("process_instance", "state"): (
        "case_state",
        {"running": _l("办理中"), "completed": _l("已办结"), "cancelled": _l("已取消")},
    ),
    ("user_task", "state"): (
        "task_state",
        {"open": _l("待办"), "done": _l("已办"), "cancelled": _l("已撤销")},
    ),
    ("incident", "state"): ("incident_state", {"open": _l("未处理"), "closed": _l("已处理")}),
    ("outbox", "state"): (
        "outbox_state",
        {"waiting": _l("等待发出"), "done": _l("已发出"), "failed": _l("失败")},
    ),
    ("deployment", "source"): (
        "",
        {"shipped": _l("随程序发布"), "studio": _l("在线发布"), "draft": _l("草稿")},
    ),
    ("outbox", "job"): (
        "",
        {
            "mail": _l("邮件"),
            "message": _l("给别的办理件的消息"),
            "agreement_document": _l("就业协议书 PDF"),
            "agreement_void_copy": _l("盖“已失效”章的副本"),
            "termination_certificate": _l("解约证明 PDF"),
        },
    ),
    ("audit_entry", "action"): (
        "",
        {
            "create": _l("新增"),
            "update": _l("修改"),
            "delete": _l("删除"),
            "export": _l("导出"),
            "preview": _l("预览"),
            "download": _l("下载"),
            "retry": _l("重试"),
            "dismiss": _l("关闭故障"),
            "suspend": _l("暂停受理"),
            "resume": _l("恢复受理"),
            "publish": _l("发布"),
            "make_live": _l("启用"),
            "roll_back": _l("退回旧版"),
            "draft_dropped": _l("放弃草稿"),
            "draft_from_version": _l("从旧版开始草稿"),
            "draft_returned": _l("退回草稿"),
            "draft_handed_over": _l("提交复核"),
            "sign_in": _l("登录"),
            "sign_in_failed": _l("登录失败"),
            "signed_out_everywhere": _l("在所有设备上退出"),
            "account_created": _l("开账号"),
            "password_set": _l("设密码"),
            "password_changed": _l("改密码"),
            "password_reset": _l("重设密码"),
        },
    ),
}
PARTY_WORDS: Mapping[str, Any] = {
    "student": _l("毕业生"),
    "employer": _l("用人单位"),
    "school_class": _l("班级"),
    "college": _l("学院"),
    "school": _l("学校"),
    "province": _l("省中心"),
    "system": _l("系统"),
}
for _table in ("role", "queue"):
    ENUMS[(_table, "party_kind")] = ("", PARTY_WORDS)


def lazy(sentence: Sentence) -> LazyString:
    """A Sentence that becomes words when it is shown, in the language of whoever looks."""
    return LazyString(lambda: sentence.text(door.locale()))


ENUMS[("audit_entry", "model")] = (
    "",
    {model.model_name(): lazy(model.label) for model in models.all_models()},
)
#: What a new row is called, where the table's own name says a whole: 新增学生, not 新增学生库.
ONE: Mapping[str, Any] = {
    "student": _l("学生"),
    "employer": _l("用人单位"),
    "college": _l("学院"),
    "school_class": _l("班级"),
    "major": _l("专业"),
    "school": _l("学校"),
    "office_day": _l("放假或调休"),
    "role": _l("角色"),
    "account": _l("账号"),
    "membership": _l("成员"),
}


def one_of(model: type[Model]) -> str:
    """A row of the table in words, as 新增 and its like are followed by."""
    return str(ONE.get(model.model_name()) or model.label.text(door.locale()))


def label(model: type[Model], name: str) -> Any:
    """The words of a column."""
    if name in model.words:
        return lazy(model.words[name])
    return _l("编号") if name == "id" else name


def shown(model: type[Model]) -> tuple[str, ...]:
    """Columns that people may see: those with words, but no bytes and no whole structures."""
    fields = model._meta.fields
    return tuple(name for name in model.words if name in fields and not isinstance(fields[name], BytesField))


def listed(model: type[Model]) -> tuple[str, ...]:
    """The columns of the list."""
    wanted = model.listed or shown(model)[:8] or (model._meta.primary_key.name,)
    return tuple(name for name in wanted if name in model._meta.fields)


def options(model: type[Model], name: str) -> list[tuple[str, str]] | None:
    """The values of an enumeration with their words; None where the column is none."""
    if name in model.codes:
        return codes.options(model.codes[name], door.locale())
    if (model.model_name(), name) in ENUMS:
        return [(value, str(words)) for value, words in ENUMS[(model.model_name(), name)][1].items()]
    return None


def kind(model: type[Model], name: str) -> str:
    """relation, enum, boolean, date, instant, number, secret, json or text."""
    field = model._meta.fields[name]
    if isinstance(field, peewee.ForeignKeyField):
        return "relation"
    if name in model.codes or (model.model_name(), name) in ENUMS or isinstance(field, StateField):
        return "enum"
    for name_, classes in (
        ("boolean", peewee.BooleanField),
        ("instant", InstantField),
        ("date", peewee.DateField),
        ("number", (peewee.IntegerField, peewee.DecimalField)),
        ("secret", SecretField),
        ("json", JsonField),
    ):
        if isinstance(field, classes):
            return name_
    return "text"


class Reader:
    """Reads cells of rows of one table; what they refer to is fetched for all rows at once."""

    def __init__(self, model: type[Model], names: Iterable[str], rows: Iterable[Model]) -> None:
        self.model = model
        self.names = tuple(names)
        self.titles: dict[str, dict[Any, str]] = {}
        rows = list(rows)
        for name in self.names:
            if kind(model, name) == "relation":
                ids = {row.__data__.get(name) for row in rows} - {None}
                self.titles[name] = titles(model._meta.fields[name].rel_model, ids)
        self.parties = _parties(rows) if "party_id" in self.names else {}
        self.steps = _steps(rows) if "node_id" in self.names and "instance" in model._meta.fields else {}

    def value(self, row: Model, name: str) -> Any:
        """The value for a file: text, a number, or "" – personal numbers masked, instants at the office."""
        raw = row.__data__.get(name)
        what = kind(self.model, name)
        if raw is None or raw == "":
            return ""
        if name in self.model.masked:
            return theme.mask(str(raw), self.model.masked[name])
        if name == "party_id":
            return self.parties.get((row.__data__.get("party_kind"), raw), "")
        if name == "node_id":
            return self.steps.get((row.__data__.get("instance"), raw), raw)
        if what == "relation":
            return self.titles[name].get(raw, str(raw))
        if what == "enum":
            return words(self.model, name, raw)
        if what == "boolean":
            return _("是") if raw else _("否")
        if what == "instant":
            return "" if raw >= NEVER else theme.stamp(raw)
        if what == "date":
            return theme.stamp(raw)
        if what == "json":
            return _plain(raw)
        return "*****" if what == "secret" else raw

    def cell(self, row: Model, name: str) -> Any:
        """The value as a page shows it: a state is a chip, an instant is said in words."""
        raw = row.__data__.get(name)
        what = kind(self.model, name)
        if raw is None or raw == "":
            return ""
        if what == "enum" and name.endswith(("state", "status")):
            meaning, text = meaning_of(self.model, name, raw), words(self.model, name, raw)
            css = f"chip {meaning}" if meaning else "muted"
            return Markup('<span class="{}">{}</span>').format(css, text) if text else ""
        if what == "instant" and isinstance(raw, datetime):
            return "" if raw >= NEVER else texts.moment(raw)
        return self.value(row, name)


def words(model: type[Model], name: str, value: Any) -> str:
    """The words of a value of an enumeration."""
    if name in model.codes:
        return codes.name(model.codes[name], str(value), door.locale())
    _list, known = ENUMS.get((model.model_name(), name), ("", {}))
    return str(known.get(value, value))


def meaning_of(model: type[Model], name: str, value: Any) -> str | None:
    """The chip of a state for whoever looks."""
    list_name = model.codes.get(name) or ENUMS.get((model.model_name(), name), ("", {}))[0]
    return theme.tone(list_name, str(value), door.actor().party_kind)


def titles(model: type[Model], ids: set[Any]) -> dict[Any, str]:
    """What rows are called, by id: a query, and one more for each table that the name needs."""
    if not ids:
        return {}
    rows = list(model.select().where(model._meta.primary_key.in_(list(ids))))
    _join(rows)
    if model.model_name() == "queue":
        return _queue_titles(rows)
    if model.model_name() == "process_definition":
        known = ((row.id, catalog.load(row.id).title(door.locale()), row.version) for row in rows)
        return {key: _("%(name)s，第 %(version)s 版", name=name, version=version) for key, name, version in known}
    return {row.get_id(): str(row) for row in rows}


def _steps(rows: list[Any]) -> dict[tuple[Any, str], str]:
    """What the elements are called that rows name by id, by (case, element): one query for all."""
    cases = ProcessInstance.select(ProcessInstance.id, ProcessInstance.definition).where(
        ProcessInstance.id.in_(list({row.instance_id for row in rows}))
    )
    versions = {case.id: case.definition_id for case in cases}
    return {
        (row.instance_id, row.node_id): catalog.load(versions[row.instance_id]).node_name(
            row.node_id, door.locale()
        )
        for row in rows
        if row.node_id and row.instance_id in versions
    }


def _join(rows: list[Model]) -> None:
    """Hangs the rows that these refer to on them, a query a table, so that str(row) asks nothing."""
    if not rows:
        return
    for name, field in rows[0]._meta.fields.items():
        if isinstance(field, peewee.ForeignKeyField) and not field.null:
            ids = {row.__data__.get(name) for row in rows}
            found = {
                one.get_id(): one for one in field.rel_model.select().where(field.rel_field.in_(list(ids)))
            }
            for row in rows:
                if row.__data__.get(name) in found:
                    setattr(row, name, found[row.__data__[name]])


def _queue_titles(rows: list[Any]) -> dict[Any, str]:
    """角色 · 当事方 of queues: a query per kind of party."""
    names = _parties(rows)
    return {
        row.id: f"{row.role.name} · {names.get((row.party_kind, row.party_id), PARTY_WORDS[row.party_kind])}"
        for row in rows
    }


def _parties(rows: Iterable[Any]) -> dict[tuple[str, int], str]:
    """Who the parties are that rows name by kind and id: a query per kind."""
    rows, names = list(rows), dict[tuple[str, int], str]()
    for party_kind, model in PARTY_MODELS.items():
        ids = {row.party_id for row in rows if row.party_kind == party_kind}
        names |= {(party_kind, key): title for key, title in titles(model, ids).items()}
    return names


def _plain(value: Any) -> str:
    """A small structure in one line."""
    if isinstance(value, Mapping):
        return "；".join(
            f"{key}：{_plain(one)}" for key, one in value.items() if one not in ("", None, [], {})
        )
    if isinstance(value, list):
        return "、".join(_plain(one) for one in value)
    return theme.stamp(value) if isinstance(value, date) else str(value)
