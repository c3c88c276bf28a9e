"""The inbox's filters, as the toolbar draws them: each with its choices, those in force with a way off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine import catalog
from engine.actors import Actor
from engine.models.organisations import College

SEARCH = "q"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: `words` of the value in force and the address without it, or empty."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str = ""
    words: str = ""
    remove: str = ""
    kind: str = "select"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for, read from the address; unknown values count as none."""

    view: str
    values: dict[str, str]
    toolbar: list[Filter]

    @property
    def text(self) -> str:
        return self.values.get(SEARCH, "")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the toolbar's forms carry along."""
        return (
            [("view", self.view), *self.values.items()] if self.view != "todo" else list(self.values.items())
        )

    def for_runtime(self) -> dict[str, str]:
        return {("text" if name == SEARCH else name): value for name, value in self.values.items()}


def read(args: MultiDict[str, str], asks: Actor, view: str, locale: str) -> Filters:
    """The filters of a request. One query, for a school's colleges."""
    known = _known(asks, view, locale)
    asked = {name: args.get(name, "").strip() for name in (SEARCH, *known)}
    values = {
        name: value
        for name, value in asked.items()
        if value and (name == SEARCH or value in dict(known[name][1]))
    }
    toolbar = [
        Filter(
            name,
            label,
            options,
            values.get(name, ""),
            dict(options).get(values.get(name, ""), ""),
            address(view, {other: value for other, value in values.items() if other != name}),
        )
        for name, (label, options) in known.items()
        if len(options) > 1 or name in values
    ]
    return Filters(view, values, toolbar)


def address(view: str, values: dict[str, str], **more: str | None) -> str:
    """The list's address with these filters."""
    asked: dict[str, Any] = {**({"view": view} if view != "todo" else {}), **values, **more}
    return url_for("inbox.index_view", **asked)


def _known(asks: Actor, view: str, locale: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """What a view can be filtered by: what the actor began has no step of its own, and only what is open is due."""
    found = {} if view == "started" else {"step": (_("事项"), _steps(asks, locale))}
    if asks.party_kind == "school":
        colleges = College.select(College.id, College.name).where(College.school == asks.school_id)
        found["college"] = (_("学院"), [(str(c.id), c.name) for c in colleges.order_by(College.name)])
    if view in ("todo", "claimable"):
        found["due"] = (_("到期"), [("over", _("已逾期")), ("today", _("今天到期"))])
    return found


def _steps(asks: Actor, locale: str) -> list[tuple[str, str]]:
    """The user tasks of the live diagrams that lie in a lane of the actor's roles."""
    return [
        (f"{definition.process_id}:{node.id}", definition.node_name(node.id, locale))
        for definition in catalog.live_all()
        for node in definition.nodes.values()
        if node.kind == "user_task" and node.lane in asks.roles
    ]
