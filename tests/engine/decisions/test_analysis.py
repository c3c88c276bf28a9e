"""Gaps, overlaps, dead and masked rules, each with an example that shows it."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from engine import decisions, feel
from tests.engine.decisions.dmn import decision, definitions, table


def model_of(xml_table: str) -> decisions.Model:
    return decisions.read(definitions(decision("d", xml_table)))


def codes(xml_table: str) -> list[str]:
    return [f.code.removeprefix("decision.") for f in decisions.analyse(model_of(xml_table))]


def test_a_complete_table_has_no_findings() -> None:
    rules = [("< 18", "-", '"a"'), (">= 18", "true", '"b"'), (">= 18", "false", '"c"')]
    assert codes(table([("age", "number"), ("ok", "boolean")], ["r"], rules)) == []


def test_a_gap_has_an_example_that_no_rule_matches() -> None:
    model = model_of(
        table(
            [("age", "number"), ("level", "string", '"本科", "专科"')],
            ["r"],
            [("< 18", "-", "1"), ("> 18", '"本科"', "2")],
        )
    )
    gaps = [f for f in decisions.analyse(model) if f.code == "decision.gap"]
    assert {f.severity for f in gaps} == {"warning"}
    assert ("age", 18) in gaps[0].example
    for gap in gaps:
        assert model.evaluate("d", dict(gap.example)) is None
    assert "没有规则适用" in gaps[0].sentence.zh


def test_an_overlap_of_a_unique_table_is_an_error_with_an_example() -> None:
    model = model_of(table(["x"], ["r"], [("[1..5]", "1"), ("[5..9]", "2"), ("not([1..9])", "3")]))
    (found,) = decisions.analyse(model)
    assert (found.code, found.severity, found.rule, found.element_id) == (
        "decision.overlap",
        "error",
        2,
        "table_r2",
    )
    assert found.example == (("x", 5),)


def test_equal_outputs_may_overlap_under_any() -> None:
    rules = [("> 1", "-", '"a"'), ("> 5", "-", '"a"'), ("<= 1", "-", '"b"')]
    assert codes(table(["x", "y"], ["r"], rules, "ANY")) == []
    assert codes(table(["x", "y"], ["r"], [*rules, ("> 7", "-", '"c"')], "ANY")) == ["overlap", "overlap"]


@pytest.mark.parametrize(
    ("policy", "rules", "expected"),
    [
        ("FIRST", [("> 10", '"a"'), ("> 20", '"b"'), ("-", '"b"')], ["masked"]),
        ("FIRST", [("< 5", '"a"'), (">= 5", '"b"'), ("-", '"a"')], ["masked"]),
        ("FIRST", [("< 5", '"a"'), ("> 5", '"b"'), ("-", '"a"')], []),
        ("PRIORITY", [("> 20", '"b"'), ("> 10", '"a"'), ("-", '"b"')], ["masked"]),
        ("UNIQUE", [("1", '"a"'), ("not(1)", '"b"'), ('"x"', '"a"')], ["dead"]),
        ("PRIORITY", [("-", '"c"')], ["output"]),
    ],
)  # fmt: skip
def test_rules_that_never_take_effect(policy: str, rules: list[tuple[str, str]], expected: list[str]) -> None:
    found = codes(table([("x", "number")], [("r", '"a", "b"')], rules, policy))
    assert [code for code in found if code != "gap"] == expected


def test_ranking_without_output_values_is_an_error() -> None:
    assert "no_priorities" in codes(table(["x"], ["r"], [("-", "1")], "PRIORITY"))


def test_what_is_no_set_is_said_to_be_not_analysed_and_nothing_is_claimed_of_it() -> None:
    assert codes(table(["x"], ["r"], [("> y", "1"), ("< 5", "2")])) == ["not_analysed"]


def test_dates_next_to_each_other_leave_no_gap() -> None:
    rules = [('<= date("2026-01-31")', "1"), ('>= date("2026-02-01")', "2")]
    assert codes(table([("d", "date")], ["r"], rules)) == []
    assert codes(table([("n", "number")], ["r"], [("<= 1", "1"), (">= 2", "2")])) == ["gap"]


def test_null_counts_where_a_table_speaks_of_it() -> None:
    assert codes(table([("x", "number")], ["r"], [("null", "1"), (">= 0", "2"), ("< 0", "3")])) == []
    assert codes(table([("x", "number", "null, [0..9]")], ["r"], [("-", "2")])) == []
    assert codes(table([("x", "number", "null, [0..9]")], ["r"], [(">= 0", "2")])) == ["gap"]


def test_boundaries_are_what_a_tester_would_try() -> None:
    ((label, found),) = decisions.boundary_values(
        model_of(table([("x", "number")], ["r"], [("[18..20)", "1")])), "d"
    )
    assert (label, found) == ("x", [17, 18, 19, 20, 21])


def test_a_table_of_five_hundred_rules_is_analysed() -> None:
    rules = [(f"[{n}..{n + 1})", f'"k{n % 7}"', "-", str(n)) for n in range(500)]
    found = codes(table([("x", "number"), "k", "z"], ["r"], rules))
    assert "gap" in found
    assert "overlap" not in found


def test_gaps_and_overlaps_are_those_of_trying_everything() -> None:
    """Random small tables over few values: the analysis says just what an exhaustive search says."""
    rng = random.Random(11)
    numbers = ["-", "< {a}", ">= {a}", "[{a}..{b}]", "({a}..{b}]", "{a}", "not({a})", "{a}, {b}"]
    values = [feel.normal(n) for n in (-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 99)]
    for _ in range(80):
        rules = []
        for _ in range(rng.randint(1, 6)):
            a = rng.randint(0, 3)
            cell = rng.choice(numbers).format(a=a, b=a + rng.randint(0, 3))
            rules.append((cell, rng.choice(["-", "true", "false"]), "1"))
        model = model_of(table([("x", "number"), ("f", "boolean")], ["r"], rules))
        hits = {pair: _matching(rules, pair) for pair in itertools.product(values, (True, False))}
        found = decisions.analyse(model)
        assert ("decision.gap" in {f.code for f in found}) == any(not h for h in hits.values()), rules
        assert ("decision.overlap" in {f.code for f in found}) == any(len(h) > 1 for h in hits.values()), (
            rules
        )
        dead = {f.rule for f in found if f.code == "decision.dead"}
        assert dead == {n for n in range(1, len(rules) + 1) if all(n not in h for h in hits.values())}, rules


def _matching(rules: list[tuple[str, str, str]], pair: tuple[Any, Any]) -> list[int]:
    return [
        number
        for number, rule in enumerate(rules, 1)
        if all(feel.compile_unary(c).evaluate({}, v) is True for c, v in zip(rule, pair, strict=False))
    ]
