"""What can be wrong with a decision file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import QihangError, Sentence


class DecisionUnreadable(QihangError):
    """The file is no DMN, or not safe to read."""


class DecisionUnknown(QihangError):
    """The file has no decision or service of that id or name."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence(f"没有名为“{name}”的决策。", f"There is no decision “{name}”."))


@dataclass(frozen=True)
class Finding:
    """One thing the analysis says. `code` is stable; `rule` counts from 1; `example` are inputs by column."""

    code: str
    severity: str  # error, warning, advice
    sentence: Sentence
    element_id: str = ""
    element_name: str = ""
    rule: int | None = None
    column: int | None = None
    example: tuple[tuple[str, Any], ...] = ()
    position: int | None = None
