"""Rows that an `entity` field offers: those of one model that the actor may see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine import models
from engine.actors import Actor
from engine.errors import NotFound
from engine.errors import Sentence as S
from engine.forms import mistakes, values
from engine.forms.mistakes import Mistake
from engine.forms.spec import FieldSpec

_NOT_FOUND = S("没有找到这一项，请从列出的结果里选。", "Nothing was found; please choose one of the results.")


def find(spec: FieldSpec, ids: list[Any], typed: list[Any], actor: Actor | None) -> Any:
    """The row by its id, else the one row whose search columns are what was typed. Raises Mistake."""
    if len(ids) > 1 or len(typed) > 1:
        raise Mistake(mistakes.ONE_VALUE)
    chosen = values.clean(ids[0]) if ids else ""
    words = values.clean(typed[0]) if typed else ""
    if not chosen and not words:
        return None
    row = _by_id(spec, chosen, actor) if chosen else _by_words(spec, words, actor)
    if row is None:
        raise Mistake(_NOT_FOUND)
    return row


def _by_id(spec: FieldSpec, chosen: str, actor: Actor | None) -> Any:
    if actor is None or not chosen.isascii() or not chosen.isdigit() or len(chosen) > 15:
        return None
    try:
        return models.by_name(spec.options["model"]).fetch(actor, int(chosen))
    except NotFound:
        return None


def _by_words(spec: FieldSpec, words: str, actor: Actor | None) -> Any:
    model = models.by_name(spec.options["model"])
    if actor is None or len(words) > 200:
        return None
    for column in model.search:
        found = list(model.visible_to(actor).where(getattr(model, column) == words).limit(2))
        if len(found) == 1:
            return found[0]
    return None


def name_of(spec: FieldSpec, row_id: Decimal | None, actor: Actor | None) -> str:
    """What the row is called, for the actor; "" where there is none or they may not see it."""
    row = None if row_id is None else _by_id(spec, str(int(row_id)), actor)
    return "" if row is None else str(row)
