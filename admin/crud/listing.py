"""One page of a table: scope, search, filters, order, and paging by key."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import orjson
import peewee
from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from admin import door, theme
from admin.crud import columns
from engine import clock, db, secrets
from engine.actors import Actor
from engine.models.base import Model
from engine.models.organisations import PARTY_MODELS
from engine.models.people import Queue, Role

MOST = 100
COUNT_STOP = 1000
#: Years that a date of the office can lie in; what lies outside is a slip of the keyboard.
YEARS = range(1900, 9999)
#: How many of the latest rows are looked through where a table has no column to search by.
LATEST = 1000


@dataclass
class Filter:
    """A condition as the toolbar shows it."""

    name: str
    label: str
    kind: str
    value: Any = ""
    value_to: Any = ""
    words: str = ""
    remove: str = ""
    lookup: str = ""
    text: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


class Listing:
    """What was asked of a list, and its rows. `args` are the address's; what is empty or nonsense is dropped."""

    def __init__(self, model: type[Model], actor: Actor, args: MultiDict[str, str], limit: int = 50) -> None:
        self.model = model
        self.actor = actor
        self.args = MultiDict((name, value) for name, value in args.items(multi=True) if value.strip())
        self.limit = min(limit, MOST)
        self.key = model._meta.primary_key
        self.search = self.args.get("q", "").strip()

    # ── order ──

    @cached_property
    def sortable(self) -> frozenset[str]:
        """Columns whose order an index gives; others would sort the whole table for each page."""
        fields = self.model._meta.fields
        first = {name for name, one in fields.items() if one.unique or one.index or one.primary_key}
        for index in self.model._meta.indexes:
            parts = index[0] if isinstance(index, tuple) else [part.name for part in index._expressions]
            whole = isinstance(index, tuple) or index._where is None
            if whole:
                first.add(parts[0])
        return frozenset(
            name
            for name in first
            if name in fields and not fields[name].null and not isinstance(fields[name], peewee.ForeignKeyField)
        )

    @cached_property
    def order(self) -> tuple[str, bool]:
        """The column and whether it descends."""
        asked = self.args.get("sort", "")
        if asked.lstrip("-") in self.sortable:
            return asked.lstrip("-"), asked.startswith("-")
        first = columns.listed(self.model)[0]
        if first in self.sortable and columns.kind(self.model, first) == "text":
            return first, False
        if first in self.sortable and columns.kind(self.model, first) in ("date", "instant"):
            return first, True
        return self.key.name, True

    # ── the query ──

    @cached_property
    def query(self) -> Any:
        """All rows that the actor sees and the conditions leave."""
        query = self.model.visible_to(self.actor)
        if self.search:
            query = query.where(self._found())
        for one in self.filters:
            if one.words:
                query = query.where(self._condition(one))
        return query

    def _found(self) -> Any:
        fields = self.model._meta.fields
        found: Any = peewee.SQL("1 = 0")
        for name in self.model.search:
            found |= starts_with(fields[name], self.search)
        for name in self.model.masked:
            if f"{name}_hash" in fields:
                found |= fields[f"{name}_hash"] == secrets.keyed_hash(self.search)
        return found

    @cached_property
    def filters(self) -> list[Filter]:
        """The conditions that the table offers, each with what was chosen."""
        found = [self._filter(name) for name in columns.shown(self.model)]
        return [one for one in found if one is not None]

    def _filter(self, name: str) -> Filter | None:
        kind = columns.kind(self.model, name)
        label = str(columns.label(self.model, name))
        value = self.args.get(name, "").strip()
        one = Filter(name, label, "select", value, remove=self.url(drop=(name,)))
        if kind in ("enum", "boolean"):
            one.options = (
                [("1", _("是")), ("0", _("否"))] if kind == "boolean" else columns.options(self.model, name) or []
            )
            one.words = dict(one.options).get(value, "")
        elif kind in ("date", "instant"):
            self._dates(one, name)
        elif kind == "relation":
            self._relation(one, name)
        elif kind == "number":
            one.kind, one.words = "number", value if door.row_id(value) is not None else ""
        else:
            return None
        return one

    def _dates(self, one: Filter, name: str) -> None:
        one.kind = "dates"
        one.value, one.value_to = self.args.get(f"{name}__from", ""), self.args.get(f"{name}__to", "")
        ends = [day_of(one.value), day_of(one.value_to)]
        if any(ends):
            one.words = "–".join(theme.dots(end) for end in ends)
        one.remove = self.url(drop=(f"{name}__from", f"{name}__to"))

    def _relation(self, one: Filter, name: str) -> None:
        one.kind = "entity"
        model = self.model._meta.fields[name].rel_model
        one.lookup = url_for("lookup.rows", model=model.model_name())
        row = find(model, self.actor, one.value, self.args.get(f"{name}__text", ""))
        if row is not None:
            one.value, one.text = row.get_id(), str(row)
            one.words = one.text
        one.remove = self.url(drop=(name, f"{name}__text"))

    def _condition(self, one: Filter) -> Any:
        column = self.model._meta.fields[one.name]
        if one.kind == "dates":
            return self._between(column, one)
        if columns.kind(self.model, one.name) == "boolean":
            return column == (one.value == "1")
        return column == (int(one.value) if one.kind == "number" else one.value)

    def _between(self, column: Any, one: Filter) -> Any:
        since, until = day_of(one.value), day_of(one.value_to)
        instant = columns.kind(self.model, one.name) == "instant"
        found: Any = peewee.SQL("1 = 1")
        if since is not None:
            found &= column >= (clock.start_of_day(since) if instant else since)
        if until is not None:
            found &= (column < clock.end_of_day(until)) if instant else (column <= until)
        return found

    # ── a page ──

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of the page, in order. One query, with what the list shows and no more."""
        name, descends = self.order
        column = self.model._meta.fields[name]
        names = {self.key.name, name, *columns.listed(self.model)}
        back = "before" in self.args and "after" not in self.args
        query = self.query.select(*[self.model._meta.fields[one] for one in names])
        down = descends is not back
        if (start := self._start()) is not None:
            query = query.where(self._beyond(column, down, *start))
        ends = [column, self.key] if name != self.key.name else [self.key]
        query = query.order_by(*[end.desc() if down else end.asc() for end in ends]).limit(self.limit + 1)
        rows = list(query)
        self._more = len(rows) > self.limit
        rows = rows[: self.limit]
        return rows[::-1] if back else rows

    def _start(self) -> tuple[Any, Any] | None:
        raw = self.args.get("after") or self.args.get("before") or ""
        with contextlib.suppress(ValueError, TypeError):
            value, key = orjson.loads(raw)
            if self._can_stand(value) and door.row_id(key) is not None:
                return value, key
        return None

    def _can_stand(self, value: Any) -> bool:
        """Whether the column of the order can hold the value, as `_mark` writes it."""
        what = columns.kind(self.model, self.order[0])
        if what in ("number", "instant"):
            return isinstance(value, int) and abs(value) < 2**63
        if what == "date":
            return day_of(value) is not None
        return isinstance(value, str) and "\0" not in value

    def _beyond(self, column: Any, down: bool, value: Any, key: Any) -> Any:
        if column is self.key:
            return column < key if down else column > key
        if down:
            return (column <= value) & ((column < value) | (self.key < key))
        return (column >= value) & ((column > value) | (self.key > key))

    def _mark(self, row: Any) -> str:
        name = self.order[0]
        value = self.model._meta.fields[name].db_value(row.__data__[name])
        return orjson.dumps([value, row.get_id()]).decode()

    @property
    def next_url(self) -> str | None:
        """The address of the next page, None on the last."""
        rows = self.rows
        if not rows or not (self._more or "before" in self.args):
            return None
        return self.url(drop=("before",), after=self._mark(rows[-1]))

    @property
    def previous_url(self) -> str | None:
        """The address of the page before, None on the first."""
        rows = self.rows
        back = "before" in self.args and "after" not in self.args
        if not rows or not (self._more if back else "after" in self.args):
            return None
        return self.url(drop=("after",), before=self._mark(rows[0]))

    @cached_property
    def count(self) -> int:
        """How many rows there are; counting stops at 1000."""
        return int(self.query.select(self.key).order_by().limit(COUNT_STOP).count())

    # ── addresses ──

    def url(self, drop: tuple[str, ...] = (), **more: str) -> str:
        """The list with other arguments; a change of conditions begins at the first page."""
        gone = {*drop, *more, *(() if {"after", "before"} & set(more) else ("after", "before"))}
        pairs = [(name, value) for name, value in self.args.items(multi=True) if name not in gone]
        return "?" + urlencode([*pairs, *more.items()])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of the toolbar carries on."""
        return [(n, v) for n, v in self.args.items(multi=True) if n not in ("after", "before")]

    def heads(self) -> list[dict[str, Any]]:
        """The column heads, with the address that sorts by them."""
        name, descends = self.order
        return [
            {
                "label": columns.label(self.model, one),
                "url": self._sort_url(one) if one in self.sortable else None,
                "sort": ("descending" if descends else "ascending") if one == name else None,
                "css": "r" if columns.kind(self.model, one) == "number" and one != "party_id" else None,
            }
            for one in columns.listed(self.model)
        ]

    def _sort_url(self, name: str) -> str:
        turned = self.order == (name, False)
        return self.url(sort=("-" if turned else "") + name)


def starts_with(column: Any, text: str) -> Any:
    """A prefix condition that an index serves: a range on SQLite, LIKE on PostgreSQL."""
    if db.is_postgres():
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return peewee.Expression(column, "LIKE", escaped + "%")
    return (column >= text) & (column < text + "\U0010ffff")


def day_of(text: str) -> date | None:
    """An ISO day of the years that count, None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def scope(model: type[Model], actor: Actor) -> Any:
    """Rows of a table that a field may refer to: those the actor sees."""
    return model.visible_to(actor)


def find(model: type[Model], actor: Actor, key: Any, text: str = "") -> Model | None:
    """The row of an id, else the only one that the text names; None where there is none, or several."""
    query = scope(model, actor)
    number = door.row_id(key)
    if number is not None:
        row: Model | None = query.where(model._meta.primary_key == number).first()
        if row is not None:
            return row
    if not text.strip():
        return None
    found = matches(model, actor, text, 3)
    exact = [row for row in found if str(row) == text.strip()]
    chosen = exact if len(exact) == 1 else found
    return chosen[0] if len(chosen) == 1 else None


def matches(model: type[Model], actor: Actor, text: str, limit: int) -> list[Any]:
    """Rows whose search columns begin with the text (or with its first word), by the first of them; of a table
    without such columns, those of the latest whose title holds the text."""
    query, text = scope(model, actor), text.strip()
    if model is Queue:
        query = query.where(_is_queue_of(text)) if text else query
        return list(query.order_by(Queue.id.desc()).limit(limit))
    if not model.search:
        rows = list(query.order_by(model._meta.primary_key.desc()).limit(LATEST))
        titles = columns.titles(model, {row.get_id() for row in rows})
        return [row for row in rows if text.lower() in titles[row.get_id()].lower()][:limit]
    words = text.split()
    if words:
        query = query.where(_begins(model, text))
    rows = list(query.order_by(model._meta.fields[model.search[0]]).limit(limit * 2))
    if len(words) > 1:
        rows = [row for row in rows if all(word in str(row) for word in words)] or rows
    return rows[:limit]


def _begins(model: type[Model], text: str) -> Any:
    """The condition that a search column (a table without any: its name) begins with the text or its first
    word."""
    found: Any = peewee.SQL("1 = 0")
    for name in model.search or ("name",):
        column = model._meta.fields[name]
        found |= starts_with(column, text) | starts_with(column, text.split()[0])
    return found


def _is_queue_of(text: str) -> Any:
    """The condition that a queue is a role's or a party's of this name, or, of the two, 角色 · 当事方."""
    first, *rest = text.replace("·", " ").split(maxsplit=1) or [text]
    role = Queue.role.in_(Role.select(Role.id).where(starts_with(Role.name, first)))
    return (role & _is_at(rest[0])) | _is_at(text) if rest else role | _is_at(text)


def _is_at(text: str) -> Any:
    """The condition that a queue's party begins with the text; a party that is no row goes by its kind."""
    found: Any = Queue.party_kind == text
    for kind, model in PARTY_MODELS.items():
        parties = model.select(model._meta.primary_key).where(_begins(model, text))
        found |= (Queue.party_kind == kind) & Queue.party_id.in_(parties)
    return found


def list_lookup(model: type[Model], actor: Actor, text: str) -> list[dict[str, Any]]:
    """What a combobox offers."""
    rows = matches(model, actor, text, 20)
    titles = columns.titles(model, {row.get_id() for row in rows})
    return [{"id": row.get_id(), "text": titles[row.get_id()]} for row in rows]
