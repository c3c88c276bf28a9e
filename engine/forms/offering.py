"""The choices of a field, and the value it begins with, as its file declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine import codes
from engine.errors import Sentence as S
from engine.forms.fields import KINDS
from engine.forms.mistakes import Mistake
from engine.forms.parts import Part
from engine.forms.spec import Choice, Confirm, FieldSpec
from engine.forms.values import parse_checklist, parse_choice

MOST_CHOICES = 500


def with_choices(part: Part, spec: FieldSpec) -> FieldSpec:
    """The choices: of a code list, of an expression, of a name in the context, or the form's own."""
    if listed := spec.options.get("codes"):
        if listed not in codes.lists():
            part.wrong("form.codes", list=listed)
            return spec
        own = tuple(Choice(code, words) for code, words in codes.entries(listed).items())
        return replace(spec, choices=own)
    source = part.data.get("valuesExpression") or part.data.get("valuesKey")
    if source:
        return replace(spec, choices_from=part.expression("valuesExpression", source))
    values = part.data.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= MOST_CHOICES:
        part.wrong("form.no_choices", most=MOST_CHOICES)
        return spec
    found = tuple(choice for value in values if (choice := _choice(part, value)))
    if len({choice.value for choice in found}) < len(found):
        part.wrong("form.choice_twice")
    if spec.boolean and len(found) != 2:
        part.wrong("form.boolean")
    return replace(spec, choices=found)


def _choice(part: Part, data: Any) -> Choice | None:
    value = data.get("value") if isinstance(data, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int) or not 0 < len(str(value)) <= 200:
        part.wrong("form.choice")
        return None
    inner = part.inner(str(value), data)
    label = inner.text("label")
    return Choice(
        str(value),
        label if label.zh else S(str(value), str(value)),
        inner.text("consequence"),
        _confirm(inner),
        data.get("tone") == "neg",
    )


def _confirm(choice: Part) -> Confirm | None:
    data = choice.map("confirm")
    if not data:
        return None
    inner = choice.inner("confirm", data)
    made = Confirm(inner.text("title"), inner.text("button"), inner.text("text", called="text"))
    if not made.title.zh or not made.button.zh:
        choice.wrong("form.confirm")
    return made


def with_default(part: Part, spec: FieldSpec) -> FieldSpec:
    """The default, if the field itself would take it. Text with a leading = is FEEL."""
    default = part.data.get("defaultValue")
    if default is None or default == "" or default == []:
        return spec
    if spec.kind in ("answer", "upload", "entity"):
        part.wrong("form.default_refused")
        return spec
    if isinstance(default, str) and default.startswith("="):
        return replace(spec, default=part.expression("defaultValue", default) or None)
    try:
        return replace(spec, default=_parsed(spec, default))
    except (Mistake, TypeError):
        part.wrong("form.default")
        return spec


def _parsed(spec: FieldSpec, default: Any) -> Any:
    if isinstance(default, Mapping) or isinstance(default, list) != (spec.kind == "checklist"):
        raise TypeError
    given = default if isinstance(default, list) else [default]
    texts = [str(text).lower() if isinstance(text, bool) else str(text) for text in given]
    if KINDS[spec.kind].choosing:
        offered = texts if spec.choices_from else [choice.value for choice in spec.choices]
        several = spec.kind == "checklist"
        return parse_checklist(spec, texts, offered) if several else parse_choice(spec, texts, offered)
    parse = KINDS[spec.kind].parse
    assert parse is not None
    return parse(spec, texts)
