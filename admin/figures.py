"""Figures of a home page: a number that is a link to its list. Rooms add their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from admin.door import App
from engine.actors import Actor


@dataclass(frozen=True, slots=True)
class Figure:
    """A number (1000 means more) with its words and its list's address."""

    label: str
    count: int
    url: str


def add(
    app: App, party_kind: str, label: object, endpoint: str, count: Callable[[Actor], int], **values: str
) -> None:
    """Adds a figure to the home of a kind of party."""
    app.extensions.setdefault("figures", []).append((party_kind, label, endpoint, count, values))


def of(asks: Actor) -> list[Figure]:
    """The figures of whoever asks. One query each."""
    declared: list[Any] = current_app.extensions.get("figures", [])
    return [
        Figure(str(label), count(asks), url_for(endpoint, **values))
        for kind, label, endpoint, count, values in declared
        if kind == asks.party_kind
    ]
