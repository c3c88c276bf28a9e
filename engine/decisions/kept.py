"""A trace as a case's history keeps it: small; the table's own texts are read from the version it ran on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from engine import feel
from engine.decisions.model import Model
from engine.decisions.trace import DecisionTrace, RuleTrace, TableTrace

#: More rules than this are kept as the numbers of those that matched.
MOST = 200


def packed(trace: list[DecisionTrace]) -> list[Any]:
    """JSON of a trace, without what the model can say again: [decision, value, [table, inputs, rules, conflict]].

    A rule is a bit for each cell, followed by * where it fired.
    """
    return [
        [
            step.decision_id,
            feel.to_json(step.value),
            [
                [
                    table.table_id,
                    [feel.to_json(value) for _label, value in table.inputs],
                    [_bits(rule) for rule in table.rules[:MOST]],
                    int(table.conflict),
                ]
                for table in step.tables
            ],
        ]
        for step in trace
    ]


def unpacked(stored: list[Any], model: Model) -> list[DecisionTrace]:
    """The trace that `packed` wrote, with the words of the model it was made by."""
    tables = {table.id: table for element in model.decisions.values() for table in _tables(element.logic)}
    return [
        DecisionTrace(
            decision,
            model.decisions[decision].name if decision in model.decisions else decision,
            feel.from_json(value),
            [_table(one, tables) for one in found if one[0] in tables],
        )
        for decision, value, found in stored
    ]


def _table(stored: list[Any], tables: dict[str, Any]) -> TableTrace:
    table_id, values, rules, conflict = stored
    table = tables[table_id]
    labels = [clause.label for clause in table.inputs]
    return TableTrace(
        table_id,
        table.hit_policy + table.aggregation,
        [(label, feel.from_json(value)) for label, value in zip(labels, values, strict=True)],
        [_rule(number, bits, table.rules[number]) for number, bits in enumerate(rules)],
        bool(conflict),
    )


def _rule(number: int, bits: str, rule: Any) -> RuleTrace:
    held = [bit == "1" for bit in bits.rstrip("*")]
    cells = [cell.text.strip() or "-" for cell in rule.inputs]
    notes = [text for text in rule.annotations if text.strip()]
    return RuleTrace(number + 1, rule.id, held, cells, notes, bits.endswith("*"))


def _bits(rule: RuleTrace) -> str:
    return "".join("1" if held else "0" for held in rule.held) + ("*" if rule.hit else "")


def _tables(box: Any) -> Iterator[Any]:
    """The tables of a boxed expression, those inside others too."""
    if hasattr(box, "rules") and hasattr(box, "hit_policy"):
        yield box
    elif is_dataclass(box):
        for field in fields(box):
            yield from _tables(getattr(box, field.name))
    elif isinstance(box, list | tuple):
        for one in box:
            yield from _tables(one)
