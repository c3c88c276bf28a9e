"""Plausible answers: for scenarios that do not say everything, and for the studio's preview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import clock
from engine.actors import Actor
from engine.forms.form import FormSpec
from engine.forms.sample_files import samples
from engine.forms.spec import FieldSpec

_FIXED = {
    "id_number": "11010119900307803X",
    "credit_code": "91110000600037341L",
    "mobile": "13800000001",
    "postcode": "150001",
    "region": "230102",
}


def example(
    spec: FormSpec,
    context: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    *,
    actor: Actor | None = None,
) -> dict[str, Any]:
    """Answers that hold, as `bind_json` takes them; `given` wins. Fields that these answers hide are left out.

    Entities cannot be invented: where they are required, `given` must have them. An answer that wants its second
    page is confirmed.
    """
    answers = {field.key: _value(field) for field in spec.fields} | dict(given or {})
    bound = spec.bind_json(answers, context=context, actor=actor)
    wanted = {key: value for key, value in answers.items() if key not in bound.hidden and value is not None}
    confirmation = bound.confirmation()
    return wanted if confirmation is None else {**wanted, "_confirmed": confirmation.value}


def _value(field: FieldSpec) -> Any:
    """A value that the field takes; None where none can be made up."""
    if field.example and field.kind == "number":
        return Decimal(field.example)
    if field.example and not _too_short(field):
        return [field.example] if field.kind == "checklist" else field.example
    if field.choices:
        return _choice(field)
    if field.kind == "number":
        return _number(field)
    if field.kind == "checkbox":
        return True
    if field.kind == "datetime":
        return _moment(field)
    if field.kind in ("textfield", "textarea"):
        return _text(field)
    if field.kind == "upload":
        return samples(field)
    return _FIXED.get(field.kind)


def _too_short(field: FieldSpec) -> bool:
    """Whether the example was written before the field asked for more words: then one is made up."""
    return field.kind in ("textfield", "textarea") and len(field.example or "") < (
        field.limits.min_length or 0
    )


def _choice(field: FieldSpec) -> Any:
    value = next((choice.value for choice in field.choices if not choice.negative), field.choices[0].value)
    return [value] if field.kind == "checklist" else value


def _number(field: FieldSpec) -> Decimal | None:
    if isinstance(field.default, Decimal):
        return field.default
    least, most = field.limits.min, field.limits.max
    if least is not None:
        return least
    return Decimal(1) if most is None else min(most, Decimal(1))


def _moment(field: FieldSpec) -> Any:
    tomorrow = clock.today() + timedelta(days=1)
    if field.subtype == "time":
        return time(9)
    return datetime.combine(tomorrow, time(9)) if field.subtype == "datetime" else tomorrow


def _text(field: FieldSpec) -> str | None:
    if field.default and not str(field.default).startswith("="):
        return str(field.default)
    if field.limits.format == "email":
        return "name@example.com"
    if field.limits.format == "phone":
        return "0451-12345678"
    text = f"{field.label.zh.strip('？?：:')}示例"
    least, most = field.limits.min_length or 0, field.limits.max_length or 500
    return (text * (least // len(text) + 1))[:most]
