"""What an evaluation writes down when asked to explain itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine import feel


@dataclass
class RuleTrace:
    """One rule: which cells held; `hit` where its output became part of the result."""

    number: int
    rule_id: str
    held: list[bool]
    cells: list[str]
    notes: list[str] = field(default_factory=list)
    hit: bool = False

    @property
    def matched(self) -> bool:
        return all(self.held)


@dataclass
class TableTrace:
    """One table: the inputs it saw and every rule."""

    table_id: str
    hit_policy: str
    inputs: list[tuple[str, Any]]
    rules: list[RuleTrace] = field(default_factory=list)
    conflict: bool = False


@dataclass
class DecisionTrace:
    """One decision of the evaluation, in the order they were finished."""

    decision_id: str
    name: str
    value: Any = None
    tables: list[TableTrace] = field(default_factory=list)


def to_json(trace: list[DecisionTrace]) -> list[Any]:
    """The trace as JSON for a case's history; only what matters of rules: the first cell that failed."""
    return [
        {
            "decision": step.decision_id,
            "name": step.name,
            "value": feel.to_json(step.value),
            "tables": [_table(table) for table in step.tables],
        }
        for step in trace
    ]


def _table(table: TableTrace) -> dict[str, Any]:
    return {
        "table": table.table_id,
        "hit_policy": table.hit_policy,
        "conflict": table.conflict,
        "inputs": [[label, feel.to_json(value)] for label, value in table.inputs],
        "rules": [
            {
                "rule": r.number,
                "id": r.rule_id,
                "hit": r.hit,
                "matched": r.matched,
                "held": r.held,
                "cells": r.cells,
                "notes": r.notes,
            }
            for r in table.rules
        ],
    }


def from_json(stored: list[Any]) -> list[DecisionTrace]:
    """The trace that `to_json` wrote."""
    return [
        DecisionTrace(
            step["decision"], step["name"], feel.from_json(step["value"]), [_read(t) for t in step["tables"]]
        )
        for step in stored
    ]


def _read(table: dict[str, Any]) -> TableTrace:
    return TableTrace(
        table["table"],
        table["hit_policy"],
        [(label, feel.from_json(value)) for label, value in table["inputs"]],
        [RuleTrace(r["rule"], r["id"], r["held"], r["cells"], r["notes"], r["hit"]) for r in table["rules"]],
        table["conflict"],
    )
