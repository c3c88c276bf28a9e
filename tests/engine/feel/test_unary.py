"""Cells of decision tables: unary tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "given", "holds"),
    [
        ("-", 1, True), ('"a", "b"', "b", True), ('"a", "b"', "c", False), ('not("a", "b")', "c", True), ('not("a")', "a", False),
        ("< 5", 4, True), (">= 5", 5, True), ("[1..5)", 5, False), ("(1..5]", 5, True), ("1, [3..4], > 9", 10, True),
        ("? > 3 and ? < 5", 4, True), ("even(?)", 4, True), ("x", 7, True), ("< x", 6, True), ("[x, 8]", 8, True),
        ("null", None, True), ("null", 1, False), ("< 5", None, None), ("not(< 5)", None, None), ('not("a")', None, True),
        ("true", True, True), ("true", False, False), ("x > 5", 100, True), ("x > 5", True, True), ("x > 5", False, False),
        ("< 5", "a", None), ('date("2026-01-01")', date(2026, 1, 1), True), ('> @"2026-01-01"', date(2026, 1, 2), True),
        ("[1, 2]", [1, 2], True), ("list contains(?, 2)", [1, 2], True), ("not(?)", False, True),
    ],
)  # fmt: skip
def test_a_cell(text: str, given: Any, holds: bool | None) -> None:
    assert feel.compile_unary(text, ["x"]).evaluate({"x": 7, "?": given}) is holds
    assert feel.compile_unary(text, ["x"]).evaluate({"x": 7}, feel.normal(given)) is holds


def test_a_functions_registration_is_unique_and_reaches_texts() -> None:
    if "double of it" not in feel.FUNCTIONS:
        feel.register(
            "double of it",
            lambda n, times=Decimal(2): n * times,
            {"n": "number", "times": "number?"},
            "number",
        )
    assert feel.evaluate("double of it(4)") == 8
    assert feel.evaluate("double of it(n: 4, times: 3)") == 12
    assert feel.evaluate('double of it("x")') is None
    with pytest.raises(ValueError):
        feel.register("count", len, {"list": "list"})
