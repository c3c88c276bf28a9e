"""What FEEL may read of rows, as types: the names and fields that expressions of a diagram are checked against."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import peewee

from engine import models, operations
from engine.db import InstantField
from engine.errors import Sentence
from engine.models.base import Model
from engine.models.facts import extra_facts
from engine.models.organisations import PARTY_MODELS
from engine.secrets import SecretField

#: A fact's fields and their FEEL types' names.
Fields = Mapping[str, str]

_BY_ANNOTATION: dict[Any, str] = {
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    date: "date",
    datetime: "date and time",
}
_DEPTH = 2


def model_or_none(name: str | None) -> type[Model] | None:
    """The model of a name in a diagram, None where there is none."""
    try:
        return models.by_name(name) if name else None
    except KeyError:
        return None


def fact_model(subject: type[Model], fact: str) -> type[Model] | None:
    """The model of a fact of a subject, None where it cannot be told."""
    attribute = subject.facts.get(fact)
    if attribute is None:
        return None
    return subject if not attribute else _target(subject, attribute) or model_or_none(fact)


def facts_of(model: type[Model] | None) -> dict[str, Fields]:
    """Fact → its fields with their types, for cases whose subject is this model."""
    if model is None:
        return {}
    found: dict[str, Fields] = {}
    for name in model.facts:
        target = fact_model(model, name)
        found[name] = {} if target is None else fields_of(target)
    return found


def start_facts(on: type[Model] | None, party_kinds: set[str]) -> dict[str, Fields]:
    """What a start's condition may read: who starts, their own party, the row it is offered on, its facts."""
    found: dict[str, Fields] = {"starter": {"role": "string", "kind": "string"}}
    found |= {kind: fields_of(PARTY_MODELS[kind]) for kind in party_kinds if kind in PARTY_MODELS}
    if on is not None:
        found[on.model_name()] = fields_of(on)
        found.update(facts_of(on))
    return found


def fields_of(model: type[Model], depth: int = _DEPTH) -> dict[str, str]:
    """Readable attribute → FEEL type; what later areas have added to the model's facts too."""
    found = {name: _type(model, name, depth) for name in model.readable}
    for name, extra in extra_facts(model).items():
        other = model_or_none(extra.type)
        found[name] = extra.type if other is None else _nested(other, depth)
    return found


def _nested(model: type[Model], depth: int) -> str:
    return type_text(fields_of(model, depth - 1)) if depth > 1 else "Any"


def type_text(fields: Fields) -> str:
    """The FEEL type of a fact: a context of its fields."""
    inner = ", ".join(f"{name}: {kind}" for name, kind in fields.items())
    return f"context<{inner}>" if inner else "Any"


def _target(model: type[Model], attribute: str) -> type[Model] | None:
    field = model._meta.fields.get(attribute)
    if isinstance(field, peewee.ForeignKeyField):
        return field.rel_model if issubclass(field.rel_model, Model) else None
    hint = _returned(model, attribute)
    return hint if isinstance(hint, type) and issubclass(hint, Model) else None


def _type(model: type[Model], name: str, depth: int) -> str:
    field = model._meta.fields.get(name)
    if isinstance(field, peewee.ForeignKeyField):
        return _nested(field.rel_model, depth)
    if field is not None:
        return _field_type(field)
    hint = _returned(model, name)
    if isinstance(hint, type) and issubclass(hint, Model):
        return _nested(hint, depth)
    return _BY_ANNOTATION.get(hint, "Any")


def _field_type(field: Any) -> str:
    if isinstance(field, InstantField):
        return "date and time"
    if isinstance(field, peewee.DateField):
        return "date"
    if isinstance(field, peewee.BooleanField):
        return "boolean"
    if isinstance(field, peewee.IntegerField | peewee.DecimalField):
        return "number"
    if isinstance(field, peewee.CharField | peewee.TextField | SecretField):
        return "string"
    return "Any"


def _returned(model: type[Model], name: str) -> Any:
    """What a property says it returns, without None; None where it says nothing that helps."""
    found = getattr(model, name, None)
    if not isinstance(found, property) or found.fget is None:
        return None
    module = sys.modules[model.__module__]
    try:
        hint = typing.get_type_hints(found.fget, vars(module)).get("return")
    except NameError:
        return None
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else None
    return hint


def parameter_words(op: operations.Operation) -> dict[str, Sentence]:
    """What people call an operation's parameters: the words of the model that it makes, then of those that it
    looks at or changes."""
    found: dict[str, Sentence] = {}
    for model in filter(None, map(model_or_none, (op.creates, *op.accepts, *op.leaves))):
        found = {**model.words, **found}
    return found
