"""Rows of any table by typing, for fields of forms that pick one. Only what the actor sees is offered."""

from __future__ import annotations

from flask import Blueprint, request

from admin import door
from admin.crud.listing import list_lookup
from admin.door import Answer, actor
from engine import models
from engine.errors import NotFound

lookup = Blueprint("lookup", __name__, url_prefix="/lookup")


@lookup.get("/<model>")
def rows(model: str) -> Answer:
    try:
        found = models.by_name(model)
    except KeyError:
        raise NotFound() from None
    return door.json_answer(list_lookup(found, actor(), request.args.get("q", "")))
