"""A hostile text costs what the limits allow, and no more."""

from __future__ import annotations

import time

import pytest

from engine import feel
from tests.engine.feel import fuzz

HOSTILE = [
    "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
    "for a in 1..999999999999 return a",
    "(function(f) f(f))(function(f) f(f))",
    "{f: function(x) f(x) + f(x), r: f(1)}.r",
    'for a in 1..100000 return string join(for b in 1..100 return "aaaaaaaaaa", "b")',
    "some a in [1..1000] satisfies (every b in [1..1000] satisfies (some c in [1..1000] satisfies a + b + c < 0))",
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+\\\\1$")',
    "{s0: \"aaaaaaaaaa\", " + ", ".join(f"s{n}: s{n - 1} + s{n - 1}" for n in range(1, 40)) + "}.s39",
    "{l0: [1, 1], " + ", ".join(f"l{n}: concatenate(l{n - 1}, l{n - 1})" for n in range(1, 40)) + "}.l39",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_stopped(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(feel.LimitExceeded) as caught:
        feel.compile(text).evaluate({})
    assert time.perf_counter() - begun < 10
    assert caught.value.sentence.zh != caught.value.sentence.en


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "1" + ")" * 5000, "-" * 15000 + "1", "[" * 3000, "1" + "+1" * 9000, "x" * 30000]
)
def test_a_deep_or_long_text_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelError):
        feel.compile(text).evaluate({})


def test_a_catastrophic_pattern_is_linear() -> None:
    begun = time.perf_counter()
    assert feel.evaluate('matches(x, "^(a|a)*(a|aa)+$")', {"x": "a" * 5000 + "!"}) is False
    assert time.perf_counter() - begun < 5


def test_numbers_that_decimal128_cannot_hold_are_null() -> None:
    assert feel.evaluate("10 ** 7000") is None
    assert feel.evaluate("exp(99999)") is None
    assert feel.evaluate("2 ** 999999999999") is None


def test_the_fuzzer_finds_nothing() -> None:
    found = fuzz.run(400, seed=20260101)
    assert found["value"] > 50
    assert found["wrong"] > 50


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_fuzzer_finds_nothing_in_fifty_thousand_texts() -> None:
    assert sum(fuzz.run(50_000, seed=int(time.time())).values()) == 50_000
