"""String functions (DMN 1.5, table 74), by code points, and `string`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import limits, regex
from engine.feel.builtins.registry import builtin
from engine.feel.frames import MISSING
from engine.feel.printing import value_text
from engine.feel.values import kind_of, normal


@builtin("substring", "string: string", "start position: number", "length: number?", result="string")
def substring(text: str, start: Decimal, length: Any = MISSING) -> str | None:
    """From a position that counts from 1, or with a minus from the end."""
    first, count = int(start), None if length is MISSING else int(length)
    if first == 0 or abs(first) > len(text) or (count is not None and count < 1):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if count is None else text[begin : begin + count]


@builtin("string length", "string: string", result="number")
def string_length(text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string: string", result="string")
def upper_case(text: str) -> str:
    return text.upper()


@builtin("lower case", "string: string", result="string")
def lower_case(text: str) -> str:
    return text.lower()


@builtin("substring before", "string: string", "match: string", result="string")
def substring_before(text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string", "match: string", result="string")
def substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string", "match: string", result="boolean")
def contains(text: str, match: str) -> bool:
    return match in text


@builtin("starts with", "string: string", "match: string", result="boolean")
def starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string", result="boolean")
def ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("matches", "input: string", "pattern: string", "flags: string|null?", result="boolean")
def matches(text: str, pattern: str, flags: Any = MISSING) -> bool | None:
    found = regex.compiled(pattern, flags or "" if flags is not MISSING else "")
    return None if found is None else found.matches(text)


@builtin(
    "replace",
    "input: string",
    "pattern: string",
    "replacement: string",
    "flags: string|null?",
    result="string",
)
def replace(text: str, pattern: str, replacement: str, flags: Any = MISSING) -> str | None:
    found = regex.compiled(pattern, flags or "" if flags is not MISSING else "")
    return None if found is None else found.replace(text, replacement)


@builtin("split", "string: string", "delimiter: string", result="list<string>", spends=True)
def split(budget: Any, text: str, delimiter: str) -> list[str] | None:
    found = regex.compiled(delimiter, "")
    parts = None if found is None else found.split(text)
    budget.spend(len(parts or ()))
    return parts


@builtin("string join", "list: list", "delimiter: string|null?", result="string")
def string_join(items: list[Any], delimiter: Any = MISSING) -> str | None:
    parts = [normal(item) for item in items]
    texts = [part for part in parts if part is not None]
    if any(kind_of(part) != "string" for part in texts):
        return None
    glue = delimiter if isinstance(delimiter, str) else ""
    limits.check_string(sum(map(len, texts)) + len(glue) * len(texts))
    return glue.join(texts)


@builtin("string", "from: any", result="string", spends=True)
def string(budget: Any, value: Any) -> str | None:
    if value is None:
        return None
    text = value_text(value, budget)
    limits.check_string(len(text))
    return text
