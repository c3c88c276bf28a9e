"""Finished rows of the outbox go when nobody asks for them any more.

A row's key keeps its work from being posted twice. That matters within the step that posts it (its revision
is in the key), and for a message a case has taken ("delivered") as long as the case can take it again: those
stay while their case runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import peewee

from engine import clock, db
from engine.models.workflow import Outbox, ProcessInstance

#: Between two looks through the whole table.
PAUSE = timedelta(hours=1)


class Cleaning:
    """What a worker's clock does of it: a batch a tick, each in a short step, along the ids."""

    def __init__(self, days: int, batch: int = 200) -> None:
        self.age = timedelta(days=days)
        self.batch = batch
        self._after = 0
        self._next: datetime | None = None

    def fire(self) -> int:
        """Removes what is old in the next batch. Nothing that the clock should hurry for: always 0."""
        now = clock.now()
        if self._next is not None and now < self._next:
            return 0
        rows = list(
            Outbox.select(Outbox.id, Outbox.created_at)
            .where(Outbox.id > self._after)
            .order_by(Outbox.id)
            .limit(self.batch)
        )
        old = [row.id for row in rows if row.created_at < now - self.age]
        if old:
            with db.step():
                Outbox.delete().where(Outbox.id.in_(old) & _done_with(now - self.age)).execute()
        if len(old) < self.batch:
            self._after, self._next = 0, now + PAUSE
        else:
            self._after = old[-1]
        return 0


def _done_with(edge: datetime) -> peewee.Expression:
    """Done before then, and no guard. Of "delivered" rows it is not noted when they were done."""
    running = ProcessInstance.select().where(
        (ProcessInstance.id == Outbox.instance) & (ProcessInstance.state == "running")
    )
    guards = (Outbox.job == "delivered") & peewee.fn.EXISTS(running)
    before = Outbox.done_at.is_null() | (Outbox.done_at < edge)
    return (Outbox.state == "done") & before & ~guards
