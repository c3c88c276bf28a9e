"""Texts that are wrong: where, and in words in both languages. Values that do not fit are null, not errors."""

from __future__ import annotations

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "position", "english"),
    [
        ("1 +", 3, "not complete"), ("1 + )", 4, "“)” was not expected"), ('"abc', 0, "not closed"), ("x = “a”", 4, "write strings as"),
        ("foo + 1", 0, "no variable or function “foo”"), ("x + bar(1)", 4, "no variable or function “bar”"),
        ("if x then 1", 11, "“else” is missing"), ("[1, 2", 5, "“]” is missing"), ("f(a: 1, 2)", 8, "Name all arguments or none"),
        ("{a: 1, a: 2}", 7, "given twice"), ("x & 1", 2, "“&” is not allowed"), ("x，1", 0, "half-width"), ("@ 1", 2, "string must follow"),
        ("x.", 2, "name must follow"), ("1.2e3", 3, "was not expected"),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what(text: str, position: int, english: str) -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile(text, ["x", "f"])
    assert caught.value.position == position
    assert english in caught.value.sentence.en
    assert any("\u4e00" <= char <= "\u9fff" for char in caught.value.sentence.zh)


def test_line_and_column_are_counted_from_one() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile("1 +\n  )")
    assert caught.value.line_and_column == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "x + 1",
        "x.y.z",
        "x[1]",
        "x > 3",
        "f(1)",
        "-x",
        "substring(x, 1)",
        "x between 1 and 2",
        "sum(x)",
        "not(x)",
    ],
)
@pytest.mark.parametrize("value", [None, "text", object(), float("nan")])
def test_null_and_nonsense_give_null(text: str, value: object) -> None:
    found = feel.compile(text).evaluate({"x": value})
    assert found is None or (text in ("substring(x, 1)", "x[1]") and found == "text")


def test_what_is_no_plain_value_is_null() -> None:
    class Secret:
        password = "x"

    context = {"o": Secret(), "l": [Secret(), 1]}
    assert feel.compile("o").evaluate(context) is None
    assert feel.compile("o.password").evaluate(context) is None
    assert feel.compile("l").evaluate(context) == [None, 1]
    assert feel.compile("o.__class__").evaluate(context) is None
