"""The test kit's files: models, test cases and the values they expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine import feel

_NS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass
class Expectation:
    """One result node: the name of a decision and what it must give."""

    name: str
    value: Any
    error: bool


@dataclass
class Case:
    """One test case of a file; `kind` is decision, bkm or decisionService."""

    id: str
    kind: str
    invocable: str | None
    inputs: dict[str, Any]
    expected: list[Expectation] = field(default_factory=list)


@dataclass
class Suite:
    """One test file with its model."""

    path: Path
    model: Path
    cases: list[Case]


def suites(folder: Path) -> Iterator[Suite]:
    """The test files of a folder."""
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path).getroot()
        if root.tag != f"{_NS}testCases":
            continue
        model = (root.findtext(f"{_NS}modelName") or "").strip()
        yield Suite(path, folder / model, [_case(e, n) for n, e in enumerate(root.iter(f"{_NS}testCase"), 1)])


def _case(element: Any, number: int) -> Case:
    case = Case(
        element.get("id") or str(number),
        element.get("type") or "decision",
        element.get("invocableName"),
        {e.get("name"): value(e) for e in element.findall(f"{_NS}inputNode")},
    )
    for node in element.findall(f"{_NS}resultNode"):
        expected = node.find(f"{_NS}expected")
        case.expected.append(
            Expectation(
                node.get("name"),
                value(expected) if expected is not None else None,
                node.get("errorResult") in ("true", "1"),
            )
        )
    return case


def value(element: Any) -> Any:
    """The FEEL value of an element of the kit's valueType."""
    plain = element.find(f"{_NS}value")
    if plain is not None:
        return _plain(plain)
    items = element.find(f"{_NS}list")
    if items is not None:
        if _nil(items):
            return None
        return [value(item) for item in items.findall(f"{_NS}item")]
    components = element.findall(f"{_NS}component")
    if len(components) == 1 and _nil(components[0]) and not components[0].get("name"):
        return None
    if components:
        return {c.get("name"): None if _nil(c) else value(c) for c in components}
    return None


def _nil(element: Any) -> bool:
    return element.get(f"{_XSI}nil") in ("true", "1")


def _plain(element: Any) -> Any:
    if _nil(element):
        return None
    text = element.text or ""
    kind = (element.get(f"{_XSI}type") or "").rpartition(":")[2]
    read = _READ.get(kind)
    return read(text) if read else text


def _number(text: str) -> Any:
    try:
        return feel.normal(Decimal(text.strip()))
    except ArithmeticError:
        return None


def _feel(function: str) -> Any:
    return lambda text: feel.FUNCTIONS[function].call([text.strip()], feel.Budget())


_READ: dict[str, Any] = {
    **dict.fromkeys(("decimal", "double", "float", "integer", "int", "long", "short"), _number),
    "boolean": lambda text: text.strip() in ("true", "1"),
    "date": _feel("date"),
    "time": _feel("time"),
    "dateTime": _feel("date and time"),
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), _feel("duration")),
}


def same(expected: Any, actual: Any) -> bool:
    """Whether a result is the expected one. Numbers may differ by what the kit's own files round (1e-8)."""
    if expected is None or actual is None:
        return expected is actual
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return abs(expected - actual) <= Decimal("1e-8") * max(1, abs(expected))
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(same(e, feel.normal(a)) for e, a in zip(expected, actual, strict=True))
        )
    if isinstance(expected, Mapping):
        return (
            isinstance(actual, Mapping)
            and set(expected) == set(actual)
            and all(same(expected[key], feel.normal(actual[key])) for key in expected)
        )
    return (
        type(expected) is type(actual)
        and feel.FUNCTIONS["is"].call([expected, actual], feel.Budget()) is True
    )
