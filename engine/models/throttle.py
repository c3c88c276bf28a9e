"""How often a door was tried in vain: by address, by a login nobody has, by a paper's number."""

from __future__ import annotations

from datetime import timedelta

import peewee

from engine import clock, db, secrets
from engine.db import InstantField
from engine.errors import Sentence as S
from engine.models.base import Model

WINDOW = timedelta(minutes=15)


class Throttle(Model):
    """Tries in vain within a window that begins with the first. The key is a keyed hash: no address is kept."""

    label = S("尝试计数", "Tries")

    key = peewee.CharField(max_length=32, primary_key=True)
    tries = peewee.IntegerField(default=0)
    until = InstantField()

    @classmethod
    def count(cls, kind: str, value: str) -> int:
        """Tries so far in the running window. One query."""
        key = secrets.keyed_hash(f"{kind}:{value}")
        row = cls.get_or_none((cls.key == key) & (cls.until > clock.now()))
        return 0 if row is None else int(row.tries)

    @classmethod
    def add(cls, kind: str, value: str) -> int:
        """Notes one more try and gives their number. Begins a new window where the last is over."""
        key, now = secrets.keyed_hash(f"{kind}:{value}"), clock.now()
        with db.step():
            more = cls.update(tries=cls.tries + 1).where((cls.key == key) & (cls.until > now)).execute()
            if not more:
                cls.delete().where(cls.until <= now).execute()
                cls.insert(key=key, tries=1, until=now + WINDOW).on_conflict(
                    conflict_target=[cls.key], update={cls.tries: cls.tries + 1}
                ).execute()
        return cls.count(kind, value)


Throttle.add_index(Throttle.index(Throttle.until, name="throttle_by_end"))
