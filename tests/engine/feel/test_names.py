"""Names with spaces, signs and Chinese characters, and what a text reads."""

from __future__ import annotations

import pytest

from engine import feel


def test_chinese_names_need_no_declaration() -> None:
    assert feel.compile('学历 = "本科"').evaluate({"学历": "本科"}) is True
    assert feel.compile("毕业 年份 >= 2016").evaluate({"毕业 年份": 2026}) is True


def test_the_longest_known_name_wins_over_arithmetic() -> None:
    context = {"a": 5, "b": 2, "a-b": 100}
    assert feel.compile("a - b", ["a", "b"]).evaluate(context) == 3
    assert feel.compile("a - b", ["a", "b", "a-b"]).evaluate(context) == 100
    assert feel.compile("(a)-(b)", ["a", "b", "a-b"]).evaluate(context) == 3


def test_spaces_in_a_name_may_be_many() -> None:
    assert feel.compile("first   name", ["first name"]).evaluate({"first name": "x"}) == "x"


def test_a_known_name_may_have_keywords_and_numbers_in_it() -> None:
    assert feel.compile("profit and loss + 1", ["profit and loss"]).evaluate({"profit and loss": 1}) == 2
    assert feel.compile("decision A 2.1", ["decision A 2.1"]).evaluate({"decision A 2.1": "x"}) == "x"


def test_members_with_signs_are_known_by_their_type() -> None:
    kind = feel.ContextType(fields={"pre-bureau risk": feel.STRING})
    assert feel.compile("a.pre-bureau risk", {"a": kind}).evaluate({"a": {"pre-bureau risk": "low"}}) == "low"


def test_a_variable_hides_a_function_but_calls_still_find_it() -> None:
    context = {"date": "2026-01-01"}
    assert feel.compile("string length(date)", ["date"]).evaluate(context) == 10
    assert feel.compile("date(date).year", ["date"]).evaluate(context) == 2026


def test_free_names_and_paths() -> None:
    text = 'invitation.expires_at > now() and count(seals[by = "学院"]) > 0 and (for s in list return s.x)[1] = y'
    found = feel.compile(text)
    assert found.free_names == {"invitation", "seals", "list", "y"}
    assert ("invitation", "expires_at") in found.paths
    assert found.type == feel.BOOLEAN


def test_a_filter_reads_what_is_known_outside_it() -> None:
    assert feel.compile("list[x > limit]", ["list", "limit"]).free_names == {"list", "limit"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 + 2", "number"), ('"a" + "b"', "string"), ("x > 1", "boolean"), ("today()", "date"), ("[1, 2]", "list<number>"),
        ('date("2026-01-01") + duration("P3D")', "date"), ('if a then 1 else "x"', "Any"), ("d - d", "days and time duration"),
        ("for i in 1..3 return string(i)", "list<string>"), ("p.pay * 2", "number"), ('duration("P1M")', "years and months duration"),
        ("{a: 1}.a", "number"), ("p.tags[1]", "string"), ("count(p.tags)", "number"), ("(function(a: number) a > 1)(2)", "boolean"),
    ],
)  # fmt: skip
def test_types_are_inferred(text: str, kind: str) -> None:
    pay = feel.ContextType(fields={"pay": feel.NUMBER, "tags": feel.ListType(item=feel.STRING)})
    names = {"x": feel.NUMBER, "a": feel.BOOLEAN, "d": feel.DATE, "p": pay}
    assert str(feel.compile(text, names).type) == kind
