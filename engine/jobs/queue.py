"""huey on the application's own database: an id put in during a step is there if the step is, and only then.

The outbox row is the record of a job; what huey carries is the row's id, so that a worker begins at once
and not at the next poll. Losing what huey carries loses nothing.
"""

from __future__ import annotations

import threading
from typing import Any

import orjson
import peewee
from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.registry import Message
from huey.serializer import Serializer

from engine import db


class HueyTask(db.BaseModel):
    """What waits for a worker."""

    queue = peewee.CharField(max_length=20)
    data = db.BytesField()
    priority = peewee.FloatField(default=0.0)


HueyTask.add_index(HueyTask.index(HueyTask.priority.desc(), HueyTask.id, name="huey_task_next"))


class HueySchedule(db.BaseModel):
    """huey's own schedule; ours is `Outbox.next_at`."""

    queue = peewee.CharField(max_length=20)
    data = db.BytesField()
    timestamp = peewee.TimestampField(resolution=1000)


class HueyKv(db.BaseModel):
    """huey's results and locks."""

    queue = peewee.CharField(max_length=20)
    key = peewee.CharField(max_length=100)
    value = db.BytesField()

    class Meta:
        primary_key = peewee.CompositeKey("queue", "key")


class HueyCounter(db.BaseModel):
    """huey's counters."""

    queue = peewee.CharField(max_length=20)
    key = peewee.CharField(max_length=100)
    value = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("queue", "key")


TABLES: list[type[db.BaseModel]] = [HueyTask, HueySchedule, HueyKv, HueyCounter]


class _Storage(SqlStorage):
    """SqlStorage through our own door: the bound database, the writers' queue, and a look before a lock."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.database = db.database
        self.atomic = db.step
        self.KV, self.Schedule, self.Task, self.Counter = HueyKv, HueySchedule, HueyTask, HueyCounter

    @property
    def for_update(self) -> str | None:
        return "FOR UPDATE SKIP LOCKED" if db.is_postgres() else None

    @for_update.setter
    def for_update(self, value: str | None) -> None:
        raise AttributeError("decided by the bound database")

    def check_conn(self) -> None:
        if not self.database.in_transaction():
            super().check_conn()

    def dequeue(self) -> bytes | None:
        """An empty queue costs one read and no write lock."""
        self.check_conn()
        if not self.tasks(self.Task.id).exists():
            return None
        found: bytes | None = super().dequeue()
        return found


class _Json(Serializer):
    """Ids and a lease need no pickle, and what a worker reads from a table must not be able to be code."""

    def _serialize(self, data: Message) -> bytes:
        return orjson.dumps([data.id, data.name, list(data.args)])

    def _deserialize(self, data: bytes) -> Message:
        id_, name, args = orjson.loads(data)
        return Message(id_, name, args=tuple(args), kwargs={})


huey: Any = Huey("jobs", results=False, serializer=_Json(), storage_class=_Storage)


def room(most: int) -> int:
    """How many ids may still be put in until `most` wait. Costs a look at `most` rows, however many there are."""
    return most - len(HueyTask.select(HueyTask.id).limit(most))


#: Set when this process has put something in, so that its workers need not sleep on.
fresh = threading.Event()
