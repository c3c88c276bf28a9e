"""The form of a row, made from its table: a field a column, with words that say how to mend a mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

import peewee
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from admin import door, theme
from admin.crud import columns, listing
from engine import clock
from engine.actors import Actor
from engine.models.base import Model, StateField

NEEDED = _l("请填上。")


class NumberField(IntegerField):
    """A whole number; what is none is told with an example."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            self.data = None
            return
        try:
            self.data = int(text)
        except ValueError:
            self.data = None
            raise ValueError(_("只写整数，例如 2027。")) from None
        if abs(self.data) > door.LARGEST_ID:
            self.data = None
            raise ValueError(_("这个数太大，请检查位数。"))


class DayInput(DateField):
    """A day; what is none is told with an example."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = listing.day_of(text)
        if text and self.data is None:
            raise ValueError(_("日期这样写：2027-06-30。"))


class InstantInput(DateTimeLocalField):
    """A moment, typed and shown at the office, aware in Python."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
            if self.data is not None and self.data.year not in listing.YEARS:
                raise ValueError
        except ValueError:
            self.data = None
            raise ValueError(_("时间这样写：2027-06-30 09:00。")) from None
        if self.data is not None:
            self.data = self.data.replace(tzinfo=clock.office_zone()).astimezone(UTC)


class ChoiceField(SelectField):
    """One of a list."""

    def pre_validate(self, form: Form) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("请从列表里选一项。")) from None


class EntityField(Field):
    """A row of another table, among those the actor sees. Posts `name` = id and `name__text` = what was typed;
    the id counts only while it is the row that the text says, so that it works without script."""

    kind = "entity"
    widget = staticmethod(lambda field, **kwargs: "")

    def __init__(self, label: Any, validators: Any, *, model: type[Model], **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.model = model
        self.text = ""
        self.row: Model | None = None
        self.lookup = ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = getattr(data, "id", data) if data is not None else None
        self.text, self.raw_data = "", None
        if formdata is not None and f"{self.name}__text" in formdata:
            self.data = formdata.get(self.name, "").strip() or None
            self.text = formdata.get(f"{self.name}__text", "").strip()
            self.raw_data = [self.text]

    def bind(self, actor: Actor, lookup: str) -> None:
        """Finds the row that is meant."""
        self.lookup = lookup
        typed = self.raw_data is not None
        self.row = listing.find(self.model, actor, self.data, self.text if typed else "")
        if typed and self.row is not None and self.text != str(self.row):
            self.row = listing.find(self.model, actor, None, self.text)
        if self.row is not None:
            self.data, self.text = self.row.get_id(), str(self.row)
        elif typed:
            self.data = None

    def pre_validate(self, form: Form) -> None:
        if self.text and self.row is None:
            raise ValidationError(_("没有找到唯一的一项。请多写几个字，或从列表里选。"))


def form_class(model: type[Model], names: Iterable[str], *, new: bool) -> type[Form]:
    """The form of these columns."""
    fields = {name: _field(model, name, new=new) for name in names}
    return type(f"{model.__name__}Form", (Form,), fields)


def editable(model: type[Model]) -> list[str]:
    """Columns that may be changed: those with words that are not read-only."""
    return [name for name in columns.shown(model) if name not in model.read_only and _can_type(model, name)]


def creatable(model: type[Model]) -> list[str]:
    """Columns asked for a new row: also those that are fixed afterwards, but no states and no times of record."""
    fields = model._meta.fields
    return [
        name
        for name in columns.shown(model)
        if _can_type(model, name)
        and not (name in model.read_only and (callable(fields[name].default) or fields[name].null))
    ]


def _can_type(model: type[Model], name: str) -> bool:
    field = model._meta.fields[name]
    return not isinstance(field, StateField) and columns.kind(model, name) != "json"


def _field(model: type[Model], name: str, *, new: bool) -> Any:
    column, what = model._meta.fields[name], columns.kind(model, name)
    default = column.default if column.default is not None and not callable(column.default) else None
    required = not column.null and (default is None or default not in ("", False)) and not callable(column.default)
    options: dict[str, Any] = {"label": columns.label(model, name), "default": default if new else None}
    validators: list[Any] = [InputRequired(NEEDED) if required else Optional()]
    if what == "relation":
        needed = [EntityNeeded()] if required else []
        return EntityField(options["label"], needed, model=column.rel_model)
    if what == "enum":
        blank = not required or (new and default is None)
        return ChoiceField(**options, validators=validators, choices=_choices(model, name, blank))
    if what == "boolean":
        return BooleanField(**options)
    if what == "number":
        return NumberField(**options, validators=validators)
    if what == "date":
        return DayInput(**options, validators=validators)
    if what == "instant":
        return InstantInput(options["label"], [Optional()], default=column.default if new else None)
    if isinstance(column, peewee.TextField) and not isinstance(column, peewee.CharField):
        return TextAreaField(**options, validators=validators)
    if required:
        validators = [DataRequired(NEEDED)]
    most = getattr(column, "max_length", None)
    if most:
        validators.append(Length(max=most, message=_l("最多 %(max)d 个字。")))
    if name in model.masked:
        validators.append(_written_out)
    return StringField(**options, validators=validators, filters=[_strip])


def _choices(model: type[Model], name: str, blank: bool) -> Callable[[], list[SelectChoice]]:
    def offered() -> list[SelectChoice]:
        found = columns.options(model, name) or []
        return [SelectChoice(value, words) for value, words in ([("", ""), *found] if blank else found)]

    return offered


class EntityNeeded:
    """The field must name a row."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: EntityField) -> None:
        if field.row is None and not field.errors:
            raise ValidationError(str(NEEDED))


def _written_out(form: Form, field: Field) -> None:
    """A value that is shown masked is left as it is shown, or written whole."""
    if "*" in (field.data or "") and field.data != field.object_data:
        raise ValidationError(_("要改就写全，不要留星号。"))


def _strip(text: Any) -> Any:
    return text.strip() if isinstance(text, str) else text


def values_of(model: type[Model], row: Model, names: Iterable[str]) -> dict[str, Any]:
    """What the form shows of a row: personal numbers masked."""
    found = {}
    for name in names:
        value = row.__data__.get(name)
        found[name] = theme.mask(value, model.masked[name]) if name in model.masked and value else value
    return found


def fill(model: type[Model], row: Model, form: Form) -> dict[str, tuple[Any, Any]]:
    """Writes the form's answers into the row; what changed: column → (before, after). A masked value that was
    left as it was shown is no change."""
    changed = {}
    for name in form._fields:
        before, after = row.__data__.get(name), form[name].data
        if name in model.masked and before and after == theme.mask(before, model.masked[name]):
            continue
        if after is None and not model._meta.fields[name].null:
            after = "" if isinstance(before, str) or before is None else before
        if after != before:
            changed[name] = (before, after)
            setattr(row, name, after)
    return changed


def told(model: type[Model], changed: dict[str, tuple[Any, Any]]) -> dict[str, list[str]]:
    """Changes as the audit keeps them: column → [before, after], personal things masked."""
    return {name: [_told(model, name, one) for one in pair] for name, pair in changed.items()}


def _told(model: type[Model], name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in model.masked:
        return theme.mask(str(value), model.masked[name])
    if columns.kind(model, name) == "secret":
        return "*****"
    return theme.stamp(value) if isinstance(value, date | datetime) else str(value)


def print_of(row: Model, names: Iterable[str]) -> str:
    """A fingerprint of what the form was shown with: whoever saves over another's change is told."""
    text = repr([(name, row.__data__.get(name)) for name in names])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def was_submitted() -> bool:
    """Whether the form is being sent."""
    return request.method == "POST"
