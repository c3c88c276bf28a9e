"""Plausible rows for scenarios: one of each party, whatever else is asked for, and people at every queue.

Only values that a row cannot do without are invented; what a scenario says wins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import peewee
from stdnum.cn import ric, uscc

from engine import clock, codes, models
from engine.actors import Actor
from engine.db import InstantField, JsonField
from engine.errors import QihangError, Sentence
from engine.models.base import Model, StateField
from engine.models.organisations import PARTY_MODELS
from engine.models.people import Account, Membership, Queue, Role, actor_of
from engine.models.seed import ensure_roles
from engine.secrets import SecretField

_WORDS: Mapping[str, Any] = {
    "province.name": "示例省就业中心",
    "school.name": "示例大学",
    "school.code": "14109",
    "college.name": "信息学院",
    "school_class.name": "计算机2022级1班",
    "major.name": "计算机科学与技术",
    "student.name": "王小雨",
    "student.gender": "female",
    "student.student_number": "20220001",
    "student.mobile": "13800000001",
    "employer.name": "示例科技有限公司",
    "employer.state": "passed",
    "employer.contact": "李经理",
    "position": "测试工程师",
    "work_place": "示例市高新区",
    "probation_pay": 3500,
    "regular_pay": 4500,
    "archive_address": "示例市人才交流中心",
    "household_address": "示例市高新区派出所",
    "answer_days": 5,
    "agreed_matters": "无",
    "region": "示例省示例市",
    "address": "示例路1号",
    "email": "somebody@example.org",
    "printed": "{}",
    "schooling_years": 4,
}


#: A row's state → the state in which a row that it refers to must be, for both to be true ("" for any).
_STATES_OF_RELATED: Mapping[str, Mapping[str, str]] = {
    "agreement.invitation": {"": "signed", "draft": "sent", "audit_failed": "failed", "void": "void"},
    "termination.agreement": {"": "effective"},
}


class ExampleMissing(QihangError):
    """A scenario asks for a row that cannot be made up: an unknown model, or a column it does not have."""


class Examples:
    """The rows of one scenario by name, and who acts. Caller is inside a scratch database."""

    def __init__(self, given: Mapping[str, Mapping[str, Any]]) -> None:
        ensure_roles()
        self._given = {name: dict(values) for name, values in given.items()}
        self._models = {name: self._model(name) for name in self._given}
        self.rows: dict[str, Model] = {}
        self._first: dict[str, Model] = {}
        self._serial = 0
        for kind in PARTY_MODELS:
            self._of_model(models.by_name(kind))
        for name in self._given:
            self.row(name)

    def row(self, name: str) -> Model:
        """The row of a name: given ones, or the example of a model. Raises ExampleMissing."""
        if name in self.rows:
            return self.rows[name]
        if name not in self._given:
            return self._of_model(self._known(name))
        values = {key: value for key, value in self._given[name].items() if key != "model"}
        made = self._make(self._models[name], values)
        self.rows[name] = made
        self._first.setdefault(self._models[name].model_name(), made)
        return made

    def actor(self, who: str, colleague: int = 0) -> Actor:
        """Someone by the name of a role, or of a given party: the one who sits there, or a colleague."""
        if who in self._given:
            row = self.row(who)
            kind = row.model_name()
            role = next(r.name for r in Role.select().where(Role.party_kind == kind).order_by(Role.id))
            return self.member(Queue.of(role, kind, row.get_id()), colleague)
        found = Role.get_or_none(Role.name == who)
        if found is None:
            raise ExampleMissing(Sentence(f"没有角色“{who}”。", f"There is no role {who}."))
        kind = found.party_kind
        party = 0 if kind == "system" else self._of_model(models.by_name(kind)).get_id()
        return self.member(Queue.of(who, kind, party), colleague)

    def member(self, queue_id: int, colleague: int = 0) -> Actor:
        """The account that sits at a queue, seated there when it is asked for the first time."""
        login = f"q{queue_id}.{colleague}"
        account = Account.get_or_none(Account.login == login)
        if account is None:
            queue = Queue.get_by_id(queue_id)
            account = Account.create(
                login=login, name=f"{queue.role.name}{'甲乙'[colleague]}", password_hash=""
            )
            Membership.create(account=account, queue=queue, since=clock.now() - timedelta(days=365))
        actor = actor_of(account)
        assert actor is not None
        return actor

    def seat_everywhere(self) -> None:
        """Somebody sits at every role of every party there is, so that notices find readers."""
        for role in Role.select():
            if role.party_kind == "system":
                self.member(Queue.of(role.name, "system", 0))
                continue
            model = models.by_name(role.party_kind)
            for row in model.select():
                self.member(Queue.of(role.name, role.party_kind, row.get_id()))

    # ── making rows ────────────────────────────────────────────────────────────────────────────

    def _model(self, name: str) -> type[Model]:
        return self._known(str(self._given[name].get("model", name.rstrip("0123456789_"))))

    def _known(self, name: str) -> type[Model]:
        try:
            return models.by_name(name)
        except KeyError:
            raise ExampleMissing(
                Sentence(
                    f"given 里的“{name}”不是已知的对象。", f"{name} in given is not a model; say `model:`."
                )
            ) from None

    def _of_model(self, model: type[Model], values: Mapping[str, Any] | None = None) -> Model:
        """The example of a model: the first given row of it, else one made of plausible values."""
        kind = model.model_name()
        if kind in self._first:
            return self._first[kind]
        for name, given_model in self._models.items():
            if given_model is model and name not in self.rows:
                return self.row(name)
        self._first[kind] = self._make(model, values or {})
        return self._first[kind]

    def _make(self, model: type[Model], given: Mapping[str, Any]) -> Model:
        fields = model._meta.fields
        unknown = sorted(set(given) - set(fields))
        if unknown:
            raise ExampleMissing(
                Sentence(
                    f"{model.label.zh}没有这些字段：{'、'.join(unknown)}。",
                    f"{model.model_name()} has no column {', '.join(unknown)}.",
                )
            )
        self._serial += 1
        values = {name: self._said(field, given[name]) for name, field in fields.items() if name in given}
        for name, field in fields.items():
            if name not in values and not isinstance(field, peewee.AutoField):
                value = self._value(model, name, field, values)
                if value is not None:
                    values[name] = value
        return model.create(**values)

    def _said(self, field: Any, value: Any) -> Any:
        """What a scenario wrote, as the column wants it: names of rows, dates as text."""
        if isinstance(field, peewee.ForeignKeyField):
            return self.row(str(value)) if value is not None else None
        if isinstance(field, peewee.DateField) and isinstance(value, str):
            return date.fromisoformat(value)
        if isinstance(field, InstantField) and isinstance(value, str):
            return moment(value)
        return value

    def _value(self, model: type[Model], name: str, field: Any, known: Mapping[str, Any]) -> Any:
        kind = model.model_name()
        if isinstance(field, peewee.ForeignKeyField):
            return self._related(model, field, known)
        example = _WORDS.get(f"{kind}.{name}", _WORDS.get(name))
        if name in _NUMBERS:
            return _NUMBERS[name](self._serial)
        if f"{kind}.{name}" in _UNIQUE and self._first.get(kind) is not None:
            return _UNIQUE[f"{kind}.{name}"](self._serial)
        if example is not None and (field.default is None or f"{kind}.{name}" in _WORDS):
            return example
        if field.default is not None or field.null:
            return None
        if name in model.codes:
            return codes.choices(model.codes[name])[0][0]
        return _plain(field, name)

    def _related(self, model: type[Model], field: Any, known: Mapping[str, Any]) -> Any:
        """The example of the other table; where a given row has one of the same kind, that one's."""
        if field.null and field.rel_model.model_name() not in self._first and field.name != "invitation":
            return None
        for row in known.values():
            if isinstance(row, Model) and field.name in row._meta.fields:
                return getattr(row, field.name)
        if field.rel_model is model or not issubclass(field.rel_model, Model):
            return None
        if field.rel_model.visible_to is Model.visible_to and field.null:
            return None
        life = _STATES_OF_RELATED.get(f"{model.model_name()}.{field.name}", {})
        state = life.get(str(known.get("state", "")), life.get(""))
        return self._of_model(field.rel_model, {} if state is None else {"state": state})


def _plain(field: Any, name: str) -> Any:
    if isinstance(field, StateField):
        return next(iter(field.transitions))
    if isinstance(field, peewee.BooleanField):
        return False
    if isinstance(field, peewee.IntegerField):
        return clock.today().year if name.endswith("year") else 1
    if isinstance(field, peewee.DateField):
        return clock.today()
    if isinstance(field, InstantField):
        return clock.now()
    if isinstance(field, JsonField):
        return {}
    if isinstance(field, peewee.CharField | peewee.TextField | SecretField):
        return "示例"
    raise ExampleMissing(Sentence(f"字段 {name} 没有示例值。", f"There is no example for the column {name}."))


def id_number(serial: int) -> str:
    """A valid citizen's number that nobody has: of an area code given up, born in the future of 1900."""
    body = f"110101{2000 + serial % 7}0101{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(serial: int) -> str:
    """A valid unified social credit code."""
    digits = int(hashlib.sha256(str(serial).encode()).hexdigest(), 16) % 10**9
    body = f"91110000{digits:09d}"
    return body + uscc.calc_check_digit(body)


_NUMBERS: Mapping[str, Callable[[int], str]] = {
    "id_number": id_number,
    "credit_code": credit_code,
    "number": lambda serial: f"1202614109{2:d}{serial:05d}",
    "graduation_month": lambda serial: f"{clock.today().year}06",
}
_UNIQUE: Mapping[str, Callable[[int], str]] = {
    "student.name": lambda serial: f"学生{serial}",
    "student.student_number": lambda serial: f"2022{serial:04d}",
    "student.mobile": lambda serial: f"1380000{serial:04d}",
    "employer.name": lambda serial: f"示例单位{serial}",
    "school.name": lambda serial: f"示例大学{serial}",
    "school.code": lambda serial: f"{14109 + serial}",
    "college.name": lambda serial: f"学院{serial}",
    "school_class.name": lambda serial: f"班级{serial}",
    "major.name": lambda serial: f"专业{serial}",
}


def moment(text: str) -> datetime:
    """An instant as scenarios write it: with an offset, or the office's wall clock; a day is its 00:00."""
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=clock.office_zone())
