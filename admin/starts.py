"""What may be begun, as buttons: also those that may not be pressed now, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from admin import door
from engine import runtime
from engine.actors import Actor
from engine.models.base import Model


@dataclass(frozen=True, slots=True)
class Start:
    """A button; without `url` it cannot be pressed, and `reason` says why."""

    label: str
    process: str
    url: str | None
    reason: str | None


#: Buttons of a row besides what diagrams offer, by its table: `starts.MORE["incident"] = fn(row, actor)`.
MORE: dict[str, Callable[[Any, Actor], list[Start]]] = {}


def offered(asks: Actor, on: Model | None = None) -> list[Start]:
    """The starts offered to the actor on a row, or on nothing."""
    locale = door.locale()
    about = f"{on.model_name()}:{on.get_id()}" if on is not None else None
    found = [
        Start(
            offer.definition.text(f"{offer.definition.start_node.id}.start", locale) or offer.label,
            offer.definition.title(locale),
            url_for("cases.start", process_id=offer.process_id, on=about) if offer.available else None,
            offer.reason.text(locale) if offer.reason is not None else None,
        )
        for offer in runtime.offers(asks, on)
    ]
    more = MORE.get(on.model_name()) if on is not None else None
    return found + more(on, asks) if more is not None else found
