"""Hit policies, allowed values, defaults, and that the index says what the cells say."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from engine import decisions, feel
from tests.engine.decisions.dmn import decision, definitions, table


def value(xml_table: str, **context: Any) -> Any:
    return decisions.read(definitions(decision("d", xml_table))).evaluate("d", context)


RULES = [("> 10", '"a"'), ("> 20", '"b"'), ("> 30", '"a"')]


@pytest.mark.parametrize(
    ("policy", "aggregation", "x", "expected"),
    [
        ("UNIQUE", "", 15, "a"), ("UNIQUE", "", 25, None), ("ANY", "", 25, None), ("FIRST", "", 35, "a"), ("FIRST", "", 5, None),
        ("PRIORITY", "", 25, "b"), ("PRIORITY", "", 15, "a"), ("RULE ORDER", "", 35, ["a", "b", "a"]),
        ("OUTPUT ORDER", "", 35, ["b", "a", "a"]), ("COLLECT", "", 35, ["a", "b", "a"]), ("COLLECT", "COUNT", 35, 3),
        ("COLLECT", "MIN", 35, "a"), ("COLLECT", "MAX", 35, "b"), ("COLLECT", "", 5, None),
    ],
)  # fmt: skip
def test_a_hit_policy(policy: str, aggregation: str, x: int, expected: Any) -> None:
    assert value(table(["x"], [("r", '"b", "a"')], RULES, policy, aggregation), x=x) == expected


def test_sums_and_equal_outputs() -> None:
    numbers = [("> 1", "10"), ("> 2", "20.5")]
    assert value(table(["x"], ["r"], numbers, "COLLECT", "SUM"), x=3) == Decimal("30.5")
    assert value(table(["x"], ["r"], [("> 1", "10"), ("> 2", "10.0")], "ANY"), x=3) == 10


def test_several_outputs_are_a_context() -> None:
    two = table(
        ["x"], [("p", '"hi", "lo"'), "n"], [("> 1", '"lo"', "x + 1"), ("> 2", '"hi"', "2")], "PRIORITY"
    )
    assert value(two, x=3) == {"p": "hi", "n": 2}
    assert value(two, x=2) == {"p": "lo", "n": 3}


def test_without_a_match_the_default_counts() -> None:
    assert value(table(["x"], ["r"], RULES, default='"none"'), x=1) == "none"


def test_a_dash_holds_for_allowed_values_only() -> None:
    one = table([("x", "string", '"a", "b"')], ["r"], [("-", '"any"')])
    assert value(one, x="a") == "any"
    assert value(one, x="c") is None


def test_cells_may_be_any_test() -> None:
    cells = [("not(1, 2)", '"x"'), ("? = y", '"y"'), ("[1..y)", '"z"')]
    assert value(table(["x"], ["r"], cells, "RULE ORDER"), x=1, y=3) == ["z"]
    assert value(table(["x"], ["r"], cells, "RULE ORDER"), x=3, y=3) == ["x", "y"]


def test_a_wrong_cell_never_matches_and_is_found() -> None:
    model = decisions.read(definitions(decision("d", table(["x"], ["r"], [("> )", '"a"'), ("-", '"b"')]))))
    assert model.evaluate("d", {"x": 5}) == "b"
    found = [f for f in decisions.analyse(model) if f.code == "decision.expression"]
    assert [f.element_id for f in found] == ["table_c1_0"]
    assert found[0].severity == "error"


def test_the_index_agrees_with_the_cells() -> None:
    """Random tables: what is looked up equals what every cell says by itself."""
    rng = random.Random(5)
    cells = [
        "-", "< {a}", ">= {a}", "[{a}..{b}]", "({a}..{b})", "{a}", "{a}, {b}", "not({a})", "not([{a}..{b}])", "null",
        "not(null)", '"t{a}"', 'not("t{a}", "t{b}")', "? > {a}", "even(?)", 'date("2026-01-0{d}")', "true", "x", "= {a}",
        "!= {a}",
    ]  # fmt: skip
    for _ in range(60):
        rules = []
        for number in range(rng.randint(1, 25)):
            a = rng.randint(0, 9)
            row = [
                rng.choice(cells).format(a=a, b=a + rng.randint(0, 5), d=rng.randint(1, 9)) for _ in range(2)
            ]
            rules.append((*row, str(number)))
        model = decisions.read(definitions(decision("d", table(["x", "y"], ["r"], rules, "RULE ORDER"))))
        for _ in range(20):
            context = {k: rng.choice([rng.randint(0, 12), 2.5, "t3", None, True, False]) for k in "xy"}
            expected = [
                Decimal(rule[2])
                for rule in rules
                if all(
                    feel.compile_unary(c).evaluate(context, feel.normal(context[k])) is True
                    for c, k in zip(rule, "xy", strict=False)
                )
            ]
            assert (model.evaluate("d", context) or []) == expected, (rules, context)
