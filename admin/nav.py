"""The navigation: every room adds its own entries, nobody edits a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from engine.actors import Actor

Text = object  # a str, or a lazy one of flask_babel

#: Groups in the order they are shown; a group not named here comes after them.
GROUPS = ("", "业务", "资料", "管理")


@dataclass(frozen=True, slots=True)
class Item:
    """A declared entry. `kinds` are the party kinds that see it, each from a seat of that kind; none named:
    everybody who is signed in."""

    group: str
    label: Text
    endpoint: str
    icon: str
    kinds: frozenset[str]
    order: int
    count: Callable[[Actor], int] | None
    shown: Callable[[Actor], bool] | None
    pages: frozenset[str]

    def is_for(self, actor: Actor) -> bool:
        if self.kinds and actor.party_kind not in self.kinds:
            return False
        return self.shown is None or self.shown(actor)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a template shows it."""

    label: str
    url: str
    icon: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: list[Entry]


class Nav:
    """What rooms add to at the start; what `base.html` reads on every page."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._labels: dict[str, Text] = {"业务": _l("业务"), "资料": _l("资料"), "管理": _l("管理")}
        self._urls: dict[str, str] = {}

    def add(
        self,
        group: str,
        label: Text,
        endpoint: str,
        *,
        icon: str = "table",
        kinds: Iterable[str] = (),
        order: int = 100,
        count: Callable[[Actor], int] | None = None,
        shown: Callable[[Actor], bool] | None = None,
        pages: Iterable[str] = (),
    ) -> None:
        """Adds an entry. `group` is "" (top), 业务, 资料, 管理 or a new one; `count` is asked on each page.

        The entry is current on its own page and on `pages` (endpoints); where none are named, on all of its room.
        """
        self._items.append(
            Item(group, label, endpoint, icon, frozenset(kinds), order, count, shown, frozenset(pages))
        )

    def name_group(self, group: str, label: Text) -> None:
        """The group's words, translated."""
        self._labels[group] = label

    def groups_for(self, actor: Actor) -> list[Group]:
        """The groups and entries this actor sees; the entry of the page asked for is current."""
        groups: dict[str, list[Item]] = {}
        for item in sorted(self._items, key=lambda item: item.order):
            if item.is_for(actor):
                groups.setdefault(item.group, []).append(item)
        names = [name for name in GROUPS if name in groups] + [name for name in groups if name not in GROUPS]
        here = request.endpoint or ""
        return [
            Group(
                str(self._labels.get(name, name)), [self._entry(item, actor, here) for item in groups[name]]
            )
            for name in names
        ]

    def _entry(self, item: Item, actor: Actor, here: str) -> Entry:
        url = self._urls.get(item.endpoint)
        if url is None:
            url = self._urls[item.endpoint] = url_for(item.endpoint)
        room = item.endpoint.split(".")[0]
        here_too = here in item.pages if item.pages else here.split(".")[0] == room != "home"
        current = here == item.endpoint or here_too
        count = item.count(actor) if item.count is not None else None
        return Entry(str(item.label), url, item.icon, count, current)
