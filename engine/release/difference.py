"""One thing that differs between two versions, in words, with what it was and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is added, removed or changed; `before` and `after` are values to set beside each other."""

    sentence: Sentence
    what: str = "changed"
    element_id: str = ""
    before: str = ""
    after: str = ""


def shown(value: Any) -> str:
    """A value as people read it in a list of changes."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{key}：{shown(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "、".join(shown(item) for item in value)
    return str(value)
