"""Cells of decision tables over coded fields: a word in place of its code would match no row, in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine import codes
from engine.catalog.findings import Finding, finding
from engine.catalog.library import Library
from engine.catalog.names import Names
from engine.errors import Sentence

#: A cell that lists values, and nothing else: "33", "34", or not("33").
_VALUES = re.compile(r'\s*(?:not\()?(?:\s*"[^"\\]*"\s*,?)+\)?\s*')
_SHOWN = 6


def check_cells(library: Library, names: Names) -> Iterator[Finding]:
    """Values in the tables that a process looks up which their field never has."""
    keys = {(node.decision or "").partition("#")[0] for node in names.nodes.values() if node.decision}
    for key in sorted(keys):
        model = library.decisions.get(key)
        for logic in [] if model is None else [logic for some in model.tables.values() for logic in some]:
            for at, clause in enumerate(logic.table.inputs):
                listed = _codes(names, clause.expression.text)
                for rule in logic.table.rules if listed else ():
                    for value in _values(rule.inputs[at].text):
                        if value not in listed:
                            told = _sentence(clause.label, value, listed)
                            yield finding(
                                "decision.wrong", told, file=f"processes/{key}.dmn", element_id=rule.id
                            )


def _codes(names: Names, text: str) -> dict[str, Sentence]:
    """Code → words of the field that a column looks at; empty where it is no coded one."""
    fact, _dot, field = text.strip().partition(".")
    model = names.model_of(fact) if field else None
    listed = None if model is None else model.codes.get(field)
    return {} if listed is None else dict(codes.entries(listed))


def _values(cell: str) -> list[str]:
    return re.findall(r'"([^"\\]*)"', cell) if _VALUES.fullmatch(cell) else []


def _sentence(label: str, value: str, listed: dict[str, Sentence]) -> Sentence:
    meant = next((code for code, words in listed.items() if value in (words.zh, words.en)), None)
    if meant is not None:
        return Sentence(
            f'“{label}”记的是代码，写“{value}”永远不会符合。请写 "{meant}"（{listed[meant].zh}）。',
            f'{label} is kept as a code; “{value}” will never match. Write "{meant}" ({listed[meant].en}).',
        )
    some = list(listed.items())[:_SHOWN]
    zh, en = (
        sep.join(f'"{code}" {words.text(of)}' for code, words in some)
        for sep, of in (("、", "zh"), (", ", "en"))
    )
    return Sentence(
        f"“{label}”没有“{value}”这个值，永远不会符合。可以写的有：{zh}等。",
        f"{label} never is “{value}”. It may be: {en} and so on.",
    )
