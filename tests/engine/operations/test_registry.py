"""Operations are registered by name with typed parameters, and get FEEL values turned into those."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

import pytest

from engine import operations
from engine.actors import SYSTEM
from engine.errors import Conflict, Sentence
from engine.operations import Step, WrongParameters, registry
from engine.operations.registry import operation


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """An operation of this module that notes its arguments."""
    monkeypatch.setattr(registry, "_operations", dict(registry._operations))
    calls: list[dict[str, Any]] = []

    def pay(
        step: Step,
        *,
        days: int,
        amount: Decimal | None = None,
        on: date | None = None,
        at: datetime | None = None,
        note: str = "",
        sure: bool = False,
        rows: list[str] | None = None,
    ) -> None:
        calls.append(
            {"days": days, "amount": amount, "on": on, "at": at, "note": note, "sure": sure, "rows": rows}
        )

    operation("test_registry.pay", label=Sentence("付款", "Pay"))(pay)
    return calls


class Case:
    """As much of a running case as a step asks for."""

    actor = SYSTEM
    row = None
    on = None
    subject = None

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.effects: list[str] = []

    def set_subject(self, row: Any) -> None:
        self.subject = row

    def notify(self, notice_id: str) -> None:
        self.effects.append(notice_id)

    def note(self, operation: Any, remark: str = "", refusal: bool = False) -> None:
        self.effects.append(str(operation))

    def later(self, job: str, key: str, payload: dict[str, Any], at: Any = None) -> None:
        self.effects.append(job)


def call(**params: Any) -> None:
    operations.call("test_registry.pay", Step(Case(), "node", {}), params)  # type: ignore[arg-type]


def test_a_whole_decimal_becomes_an_int(taken: list[dict[str, Any]]) -> None:
    call(days=Decimal("5.0"), amount=Decimal("1.20"))
    assert taken[0]["days"] == 5
    assert type(taken[0]["days"]) is int
    assert taken[0]["amount"] == Decimal("1.20")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"days": Decimal("5.5")}, "应为整数，得到的是 5.5"),
        ({"days": True}, "应为整数"),
        ({"days": None}, "得到的是 null"),
        ({"days": "5"}, "应为整数"),
        ({}, "缺少参数 days"),
        ({"days": 5, "dayz": 1}, "没有参数 dayz"),
        ({"days": 5, "on": datetime.fromisoformat("2026-01-01T00:00")}, "应为日期"),
        ({"days": 5, "sure": "true"}, "应为是或否"),
    ],
)
def test_it_refuses_what_the_signature_does_not_take(
    taken: list[dict[str, Any]], params: dict[str, Any], said: str
) -> None:
    with pytest.raises(WrongParameters) as caught:
        call(**params)
    assert said in caught.value.sentence.zh
    assert taken == []


def test_a_local_date_and_time_is_the_offices(taken: list[dict[str, Any]]) -> None:
    call(days=1, at=datetime.fromisoformat("2026-01-01T09:00"))
    assert taken[0]["at"].isoformat() == "2026-01-01T09:00:00+08:00"


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(WrongParameters):
        operations.call("nobody.knows", Step(Case(), "node", {}), {})  # type: ignore[arg-type]


@pytest.mark.parametrize(("raises", "effects"), [(False, ["told", "付款", "mail"]), (True, [])])
def test_an_operation_that_raises_leaves_no_effect(
    monkeypatch: pytest.MonkeyPatch, raises: bool, effects: list[str]
) -> None:
    monkeypatch.setattr(registry, "_operations", {})

    def pay(step: Step) -> None:
        step.notify("told")
        step.note("付款")
        step.later("mail", to="x")
        if raises:
            raise Conflict("no_money", Sentence("没钱", "No money"))

    operation("test_registry.pay", label=Sentence("付款", "Pay"))(pay)
    case = Case()
    with suppress(Conflict):
        operations.call("test_registry.pay", Step(case, "node", {}), {})  # type: ignore[arg-type]
    assert case.effects == effects


def test_a_second_operation_of_one_name_stops_the_import(taken: list[dict[str, Any]]) -> None:
    def pay(step: Step) -> None: ...

    with pytest.raises(ValueError, match="two operations"):
        operation("test_registry.pay", label=Sentence("付款", "Pay"))(pay)


def test_a_name_is_module_and_function() -> None:
    def pay(step: Step) -> None: ...

    with pytest.raises(ValueError, match="like its module and function"):
        operation("signing.pay", label=Sentence("付款", "Pay"))(pay)


def test_parameters_are_read_from_the_signature(taken: list[dict[str, Any]]) -> None:
    parameters = operations.get("test_registry.pay").parameters
    assert {name: p.feel_type for name, p in parameters.items()} == {
        "days": "number",
        "amount": "number",
        "on": "date",
        "at": "date and time",
        "note": "string",
        "sure": "boolean",
        "rows": "list",
    }
    assert [p.name for p in parameters.values() if p.required] == ["days"]


def test_a_parameter_without_a_feel_type_stops_the_import() -> None:
    def pay(step: Step, *, what: dict[str, int]) -> None: ...

    with pytest.raises(ValueError, match="no type that FEEL knows"):
        operation("test_registry.pay", label=Sentence("付款", "Pay"))(pay)


class Transfer(TypedDict):
    amount: Decimal
    note: NotRequired[str | None]


def test_parameters_that_operations_share_are_read_from_their_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_operations", dict(registry._operations))

    def transfer(step: Step, **values: Unpack[Transfer]) -> None: ...

    operation("test_registry.transfer", label=Sentence("转账", "Transfer"))(transfer)
    parameters = operations.get("test_registry.transfer").parameters
    assert {name: (p.feel_type, p.required) for name, p in parameters.items()} == {
        "amount": ("number", True),
        "note": ("string", False),
    }
