"""`python -m tests.engine.feel.fuzz [N [SEED]]`: N texts of all kinds of nonsense, compiled and evaluated.

Whatever a text is, the only errors are FEEL's, the answer comes in time, and the text of the tree parses
again to the same tree.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta
from decimal import Decimal

from engine import feel
from engine.feel.unparse import text_of

CONTEXT = {
    "x": 5, "y": Decimal("2.50"), "name": "张三", "毕业 年份": 2026, "done": True, "nothing": None,
    "day": date(2026, 6, 30), "span": timedelta(days=3), "tags": ["a", "b", 3], "a-b": 1,
    "agreement": {"pay": 5000, "seals": [{"by": "学院", "n": 1}, {"by": "学校", "n": 2}]},
    "big": list(range(300)),
}  # fmt: skip
SEEDS = [
    "x + y * 2 - -3 ** 2", 'if x > 1 then "a" else null', "for i in 1..10, j in [1,2] return i * j + count(partial)",
    "some t in tags satisfies t = \"a\" and done", "every s in agreement.seals satisfies s.n > 0", "agreement.seals[n > 1].by",
    'date("2026-01-31") + duration("P1M") < day', "[1..5)", "x in (<3, [4..6], 9)", "毕业 年份 >= 2016", "x between 1 and y",
    "{a: 1, b: function(n: number) if n < 2 then 1 else n * b(n - 1), c: b(5)}.c", 'matches(name, "^[张李]\\\\p{Lo}$")',
    'replace("aabb", "(a)\\\\1", "$1")', "sort(tags, function(a, b) string(a) < string(b))", 'x instance of list<number>',
    "not(x = 3) or nothing", '@"2026-01-01T10:00:00@Asia/Shanghai" - @"2025-12-31T10:00:00Z"', "flatten([[1,[2]],3])[-1]",
    "context put(agreement, \"pay\", 1).pay", "number(\"1.000,5\", \".\", \",\")", "string({\"k v\": [1, {z: day}]})",
    "for a in big return for b in big return for c in big return a * b * c", "2 ** 999999999", "exp(99999)", "(((((((x)))))))",
    "string join(for i in big return string(i), name)", "function(x) x(x)", "(function(f) f(f))(function(f) f(f))",
    'range("[1..5)")', "before([1..5], 7)", "date(2026, 2, 30)", 'time("23:59:60")', "x.y.z[1][true].w", "a-b - x",
    "partial", "item", "?", "? > 3", "-", "not(1, \"a\")", "< 5", "> @\"P1D\"", "\"\\uD83D\\uDE00\"", "/* c */ 1 // d",
]  # fmt: skip
PIECES = [
    *"()[]{}<>=+-*/.,:@\"'?!\\", "..", "**", "->", "<=", " ", "\n", "if ", " then ", " else ", "for ", " in ", " return ",
    "some ", " satisfies ", " and ", " or ", " between ", " instance of ", "function(", "null", "true", "list<", "number",
    "1", "0.5", "99999999999999999999", "x", "tags", "day", "agreement", "毕业 年份", "\"a\"", "@\"P1D\"", "，", "“", "é", "🐎",
    "\x00", "\ud800", "𠀀", "date(", "duration(\"P", "count(", "sort(", "matches(\"a\", \"", "(a+)+$", "substring(",
]  # fmt: skip


def mutated(rng: random.Random) -> str:
    """A text made of seeds and pieces."""
    text = rng.choice(SEEDS)
    for _ in range(rng.randint(0, 4)):
        at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        match rng.randint(0, 5):
            case 0:
                text = text[:at] + rng.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[end:]
            case 2:
                text = text[:at] + rng.choice(SEEDS) + text[end:]
            case 3:
                text = text[:at] + text[at:end] * rng.randint(2, 30) + text[end:]
            case 4:
                text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 30)))
            case _:
                text = text.replace(rng.choice(("x", "1", "tags", "n")), rng.choice(SEEDS), 1)
        text = text[:3000]
    if rng.random() < 0.02:
        text = rng.choice("([{-") * rng.randint(50, 2000) + text
    return text


def try_text(text: str, unary: bool) -> str:
    """What came of a text: value, wrong or limit. Raises whatever should not be."""
    make = feel.compile_unary if unary else feel.compile
    names = list(CONTEXT) if len(text) % 2 else None
    try:
        expression = make(text, names)
    except feel.LimitExceeded:
        return "limit"
    except feel.FeelError:
        return "wrong"
    if not any(c in text for c in "./'") and names is None and len(text) < 600:
        try:
            again = make(text_of(expression.node), names)
        except feel.LimitExceeded:
            return "limit"  # brackets made it a little too deep
        assert again.node == expression.node, (text, text_of(expression.node))
    try:
        value = expression.evaluate(CONTEXT, 4)
    except feel.LimitExceeded:
        return "limit"
    feel.to_json(value)
    return "value"


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Tries `count` texts. Raises AssertionError where one is not answered as it must be."""
    rng = random.Random(seed)
    found: dict[str, int] = {}
    for _ in range(count):
        text = mutated(rng)
        begun = time.perf_counter()
        try:
            outcome = try_text(text, rng.random() < 0.3)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} for {text!r}") from error
        took = time.perf_counter() - begun
        assert took < 10, f"{took:.1f} s for {text!r}"
        found[outcome] = found.get(outcome, 0) + 1
    return found


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    print(run(total, int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)))  # noqa: T201
