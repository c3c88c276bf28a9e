"""Laws that hold for all values: found by hypothesis."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import nodes
from engine.feel.unparse import text_of
from engine.feel.values import DECIMAL

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
dates = st.dates(min_value=date(1000, 1, 1), max_value=date(8000, 1, 1))
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(datetime(1000, 1, 1), datetime(8000, 1, 1))  # noqa: DTZ001 – zones are put on below
spans = st.timedeltas(timedelta(days=-100_000), timedelta(days=100_000))
scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), numbers, st.text(max_size=20), dates, moments, spans, st.times(),
    st.integers(-1200, 1200).map(feel.YearMonthDuration), st.builds(lambda d, z: d.replace(tzinfo=z), moments, zones),
)  # fmt: skip
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip

names = st.sampled_from(["x", "y", "学历", "total"])
atoms = st.one_of(
    st.decimals(0, 10**6, places=2).map(lambda d: nodes.Number(d)),
    st.text(max_size=10).map(lambda s: nodes.String(s)),
    st.sampled_from([nodes.Boolean(True), nodes.Boolean(False), nodes.Null(), nodes.At("P1D")]),
    names.map(lambda n: nodes.Name(n)),
)


def _larger(inner: st.SearchStrategy[nodes.Node]) -> st.SearchStrategy[nodes.Node]:
    operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">="])
    pair = st.lists(inner, min_size=2, max_size=3).map(tuple)
    flag = st.booleans()
    return st.one_of(
        st.builds(nodes.Binary, operators, inner, inner),
        st.builds(nodes.Negate, inner),
        st.builds(nodes.Between, inner, inner, inner),
        st.builds(nodes.If, inner, inner, inner),
        pair.filter(lambda p: not isinstance(p[0], nodes.And)).map(lambda p: nodes.And(p)),
        pair.filter(lambda p: not isinstance(p[0], nodes.Or)).map(lambda p: nodes.Or(p)),
        st.lists(inner, max_size=3).map(lambda items: nodes.ListNode(tuple(items))),
        st.builds(nodes.Path, inner, names),
        st.builds(lambda b, c: nodes.Filter(b, c), inner, inner),
        st.builds(nodes.RangeNode, inner, inner, flag, flag),
        st.builds(lambda n, d, b: nodes.For((nodes.Iterator(n, d),), b), names, inner, inner),
        st.builds(lambda n, d, b: nodes.Quantified("some", (nodes.Iterator(n, d),), b), names, inner, inner),
        st.builds(lambda v: nodes.ContextNode((("x", v),)), inner),
        st.builds(lambda b: nodes.Function((("y", feel.NUMBER),), b), inner),
        st.builds(lambda v: nodes.InstanceOf(v, feel.ListType(item=feel.STRING)), inner),
        st.builds(lambda a: nodes.Call(nodes.Name("count"), (a,)), inner),
    )


trees = st.recursive(atoms, _larger, max_leaves=15)


@given(trees)
@settings(max_examples=300, deadline=None)
def test_a_tree_printed_and_parsed_is_the_same_tree(tree: nodes.Node) -> None:
    text = text_of(tree)
    again = feel.compile(text, ["x", "y", "学历", "total"], strict=False).node
    assert text_of(again) == text
    assert _flat(again) == _flat(tree)


def _flat(node: Any) -> Any:
    """Without what brackets cannot keep: `(a and b) and c` is one junction of three."""
    if isinstance(node, nodes.And | nodes.Or):
        items: list[Any] = []
        for item in node.items:
            inner = _flat(item)
            items += (
                inner[1]
                if isinstance(inner, tuple) and inner[0] is type(node) and item is node.items[0]
                else [inner]
            )
        return (type(node), items)
    if isinstance(node, nodes.Node):
        return (
            type(node),
            [_flat(getattr(node, name)) for name in node.__dataclass_fields__ if name != "pos"],
        )
    return [_flat(item) for item in node] if isinstance(node, tuple) else node


@given(numbers, numbers)
def test_arithmetic_is_decimal128(a: Decimal, b: Decimal) -> None:
    context = {"a": a, "b": b}
    assert feel.compile("a + b").evaluate(context) == DECIMAL.add(a, b)
    assert feel.compile("a - b").evaluate(context) == DECIMAL.subtract(a, b)
    assert feel.compile("a * b").evaluate(context) == DECIMAL.multiply(a, b)
    assert feel.compile("a / b").evaluate(context) == (DECIMAL.divide(a, b) if b else None)
    assert feel.compile("a < b").evaluate(context) is (a < b)


@given(st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_pythons_numbers_are_numbers(a: int, b: float) -> None:
    assert feel.compile("a + 1 - 1").evaluate({"a": a}) == a
    assert feel.compile("b").evaluate({"b": b}) == Decimal(repr(b))


@given(dates, st.integers(-2000, 2000))
def test_months_are_added_as_dateutil_does(day: date, months: int) -> None:
    wanted = day + relativedelta(months=months)
    assert feel.compile("d + m").evaluate({"d": day, "m": feel.YearMonthDuration(months)}) == wanted


@given(moments, spans)
def test_spans_are_added_as_python_does(moment: datetime, span: timedelta) -> None:
    assert feel.compile("m + s").evaluate({"m": moment, "s": span}) == moment + span
    assert feel.compile("m + s - m").evaluate({"m": moment, "s": span}) == span


@given(st.times(), spans)
def test_a_time_goes_round_the_clock(at: time, span: timedelta) -> None:
    assert feel.compile("t + s - s").evaluate({"t": at, "s": span}) == at


@given(scalars, st.sampled_from(["+", "-", "*", "/", "**", "<", "<=", ">", ">="]))
def test_null_goes_through_operators(value: Any, operator: str) -> None:
    assert feel.compile(f"v {operator} null").evaluate({"v": value}) is None
    assert feel.compile(f"null {operator} v").evaluate({"v": value}) is None


@given(values, values)
def test_equality_is_symmetric_and_reflexive(a: Any, b: Any) -> None:
    equal = feel.compile("a = b")
    assert equal.evaluate({"a": a, "b": b}) is equal.evaluate({"a": b, "b": a})
    assert equal.evaluate({"a": a, "b": a}) is True


@given(values)
def test_values_survive_storage(value: Any) -> None:
    again = feel.from_json(feel.to_json({"v": value}))["v"]
    assert feel.compile("is(a, b)").evaluate({"a": value, "b": again}) is True


@given(scalars)
def test_texts_of_times_are_read_again(value: Any) -> None:
    if feel.kind_of(value) in (
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    ):
        assert feel.evaluate(f'@"{feel.value_text(value)}"') == value


@given(st.text(max_size=30))
def test_any_text_is_a_literal(text: str) -> None:
    assert feel.evaluate(text_of(nodes.String(text))) == text
