"""Two versions of a decision table: rules added, removed, changed, with the words of their cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.errors import Sentence as S
from engine.release.difference import Difference


def table_changes(old: bytes, new: bytes) -> Iterator[Difference]:
    """The differences of two DMN files. Raises ValueError where one is no XML."""
    before, after = _decisions(old), _decisions(new)
    for name, element in after.items():
        if name not in before:
            yield Difference(
                S(f"增加决策“{_name(element)}”", f"Added the decision {_name(element)}"), "added", name
            )
    for name, element in before.items():
        if name not in after:
            yield Difference(
                S(f"删去决策“{_name(element)}”", f"Removed the decision {_name(element)}"), "removed", name
            )
        else:
            yield from _decision(name, element, after[name])


def _decisions(body: bytes) -> dict[str, Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    return {str(element.get("id")): element for element in root.iter("{*}decision")}


def _name(element: Any) -> str:
    return str(element.get("name") or element.get("id"))


def _decision(name: str, old: Any, new: Any) -> Iterator[Difference]:
    if _name(old) != _name(new):
        yield Difference(S("决策的名称", "The decision's name"), "changed", name, _name(old), _name(new))
    before, after = old.find("{*}decisionTable"), new.find("{*}decisionTable")
    if before is None or after is None:
        was, now = _text(old), _text(new)
        if was != now:
            yield Difference(
                S(f"“{_name(new)}”的算法", f"The expression of {_name(new)}"), "changed", name, was, now
            )
        return
    policy = (before.get("hitPolicy", "UNIQUE"), after.get("hitPolicy", "UNIQUE"))
    if policy[0] != policy[1]:
        yield Difference(S("命中方式", "The hit policy"), "changed", name, *policy)
    if _columns(before) != _columns(after):
        yield Difference(
            S("列", "The columns"), "changed", name, "、".join(_columns(before)), "、".join(_columns(after))
        )
    yield from _rules(before, after)


def _columns(table: Any) -> list[str]:
    found = []
    for column in (*table.findall("{*}input"), *table.findall("{*}output")):
        text = column.find("{*}inputExpression/{*}text")
        shown = column.get("label") or (text.text if text is not None else None) or column.get("name")
        found.append(str(shown or column.get("id")))
    return found


def _rules(old: Any, new: Any) -> Iterator[Difference]:
    before = {rule.get("id") or f"#{n}": (n, _cells(rule)) for n, rule in _numbered(old)}
    after = {rule.get("id") or f"#{n}": (n, _cells(rule)) for n, rule in _numbered(new)}
    for rule, (n, cells) in after.items():
        if rule not in before:
            yield Difference(S(f"增加第 {n} 行", f"Added row {n}"), "added", rule, after=cells)
        elif before[rule][1] != cells:
            yield Difference(S(f"第 {n} 行", f"Row {n}"), "changed", rule, before[rule][1], cells)
    for rule, (n, cells) in before.items():
        if rule not in after:
            yield Difference(S(f"删去第 {n} 行", f"Removed row {n}"), "removed", rule, before=cells)


def _numbered(table: Any) -> Iterator[tuple[int, Any]]:
    return iter(enumerate(table.findall("{*}rule"), 1))


def _cells(rule: Any) -> str:
    def of(tag: str) -> str:
        return "，".join(_text(entry) or "–" for entry in rule.findall(f"{{*}}{tag}"))

    return f"{of('inputEntry')} → {of('outputEntry')}"


def _text(element: Any) -> str:
    return " ".join("".join(found.itertext()).strip() for found in element.iter("{*}text")).strip()
