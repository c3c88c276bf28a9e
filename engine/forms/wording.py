"""An answer in words: how it is shown on a page, and printed, when its form is long gone."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine import clock
from engine.forms import entities, regions
from engine.forms.spec import FieldSpec

_YES_NO = {"zh": ("是", "否"), "en": ("Yes", "No")}


def in_words(spec: FieldSpec, value: Any, locale: str = "zh") -> str:
    """The answer to a field as people read it; "" where nothing was answered."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _flag(spec, value, locale)
    if isinstance(value, list | tuple):
        return "、".join(_item(spec, item, locale) for item in value)
    if spec.kind == "entity" and isinstance(value, int | Decimal):
        return entities.name_of(spec, Decimal(value), None)
    if spec.kind == "region":
        return regions.name(str(value)) or str(value)
    shown = _item(spec, value, locale)
    prefix, suffix = spec.prefix.text(locale), spec.suffix.text(locale)
    return " ".join(part for part in (prefix, shown, suffix) if part)


def _flag(spec: FieldSpec, value: bool, locale: str) -> str:
    if spec.boolean and len(spec.choices) == 2:
        return spec.choices[0 if value else 1].label.text(locale)
    return _YES_NO["en" if locale.startswith("en") else "zh"][0 if value else 1]


def _item(spec: FieldSpec, value: Any, locale: str) -> str:
    for choice in spec.choices:
        if choice.value == str(value):
            return choice.label.text(locale)
    if isinstance(value, dict):  # a file
        return str(value.get("name", ""))
    if isinstance(value, datetime):
        return value.astimezone(clock.office_zone()).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
