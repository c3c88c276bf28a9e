"""FEEL as diagrams write it: with or without a leading `=`, and bare ISO 8601 literals where time is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine import feel

_DURATION = re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")


def feel_text(text: str) -> str:
    """The FEEL of an attribute's text: a leading `=` dropped, a bare ISO literal made a FEEL literal."""
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip()
    if _DURATION.fullmatch(text) or _DATE.fullmatch(text):
        return f'@"{text}"'
    if _MOMENT.fullmatch(text):
        return f'@"{text if text.count(":") > 1 or len(text) > 16 else text + ":00"}"'
    return text


def compile_text(text: str, names: Mapping[str, Any] | None = None) -> feel.Expression:
    """Compiles an attribute's text. Raises feel.FeelError with a position in what `feel_text` gives."""
    return feel.compile(feel_text(text), names)
