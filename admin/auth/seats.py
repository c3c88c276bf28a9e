"""Several seats, one account: from which of them one acts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from admin.door import actor
from engine.actors import Actor, Seat
from engine.models.organisations import PARTY_MODELS


@dataclass(frozen=True, slots=True)
class Choice:
    """A seat as the menu offers it."""

    queue_id: int
    role: str
    place: str
    current: bool


def choices() -> list[Choice]:
    """The seats to choose between, the present one first; none where there is nothing to choose.

    A query for each party, once a page. Two roles at one party are one choice (both act together), and so are a
    counsellor's classes.
    """
    if "seat_choices" not in g:
        g.seat_choices = _choices(actor())
    found: list[Choice] = g.seat_choices
    return found


def _choices(asks: Actor) -> list[Choice]:
    seats: dict[tuple[str, int], Seat] = {}
    for seat in asks.seats:
        seats.setdefault(_place(seat), seat)
    if len(seats) < 2:
        return []
    return [Choice(seat.queue_id, seat.role, _name(seat), seat is asks.seats[0]) for seat in seats.values()]


def may_take(asks: Actor, queue_id: int | None) -> bool:
    """Whether the seat is one of the actor's own."""
    return queue_id in asks.queue_ids


def _place(seat: Seat) -> tuple[str, int]:
    return seat.party_kind, 0 if seat.party_kind == "school_class" else seat.party_id


def _name(seat: Seat) -> str:
    model = PARTY_MODELS.get(seat.party_kind)
    party = model.get_or_none(model._meta.primary_key == seat.party_id) if model is not None else None
    return "" if party is None or seat.party_kind == "school_class" else str(party)
