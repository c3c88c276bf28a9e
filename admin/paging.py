"""A page of a list by key, the newest first: where it begins stands in its address, and nothing is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from admin import door

PAGE = 25
MOST = 1000
_BATCH = 500
Keys = Sequence[Any]  # columns of the row that together name its place, the last of them unique


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the newest first, and what the addresses of the page before and of the next one say."""

    rows: list[Any]
    before: str | None
    after: str | None


def page_of(query: Any, keys: Keys, args: Mapping[str, str], limit: int | None = None) -> Page:
    """One page: `after` or `before` of the address say where. One query."""
    limit = limit or PAGE
    back = "before" in args and "after" not in args
    start = _place(keys, args.get("before" if back else "after", ""))
    if start is not None:
        query = query.where(_beyond(keys, start, older=not back))
    order = [key.asc() if back else key.desc() for key in keys]
    found = list(query.order_by(*order).limit(limit + 1))
    more, rows = len(found) > limit, found[:limit]
    if back:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    before, after = (more, True) if back else (start is not None, more)
    return Page(rows, _mark(keys, rows[0]) if before else None, _mark(keys, rows[-1]) if after else None)


def batches(query: Any, keys: Keys) -> Iterator[list[Any]]:
    """All rows of a query, the newest first, in pieces read one by one."""
    args: dict[str, str] = {}
    while True:
        found = page_of(query, keys, args, _BATCH)
        yield found.rows
        if found.after is None:
            return
        args = {"after": found.after}


def counted(query: Any, key: Any) -> int:
    """How many; counting stops at 1000."""
    return int(query.select(key).order_by().limit(MOST).count())


def _beyond(keys: Keys, place: Sequence[Any], *, older: bool) -> Any:
    key, value = keys[0], place[0]
    if len(keys) == 1:
        return key < value if older else key > value
    rest = _beyond(keys[1:], place[1:], older=older)
    if older:
        return (key <= value) & ((key < value) | rest)
    return (key >= value) & ((key > value) | rest)


def _mark(keys: Keys, row: Any) -> str:
    return "_".join(str(getattr(row, key.name)) for key in keys)


def _place(keys: Keys, text: str) -> list[Any] | None:
    """The place that an address names; None for anything else."""
    parts = text.split("_")
    if len(parts) != len(keys):
        return None
    try:
        place = [
            date.fromisoformat(part) if isinstance(key, peewee.DateField) else door.row_id(part)
            for key, part in zip(keys, parts, strict=True)
        ]
    except ValueError:
        return None
    return None if None in place else place
