"""Where a task waits: the queue of a lane's role at the case's party of that role's kind."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine import db
from engine.actors import Actor
from engine.models.facts import FactView
from engine.models.organisations import Province, Student
from engine.models.people import Queue, Role
from engine.models.signing import signing_parties

SYSTEM_LANE = "系统"

Parties = dict[str, int]


def parties_of_actor(actor: Actor) -> Parties:
    """The parties of a case without a subject: the starter's own, and what it belongs to."""
    if actor.party_kind == "student":
        return dict(signing_parties(Student.get_by_id(actor.party_id), None))
    parties = {actor.party_kind: actor.party_id} if actor.party_kind != "system" else {}
    if actor.school_id is not None:
        parties.setdefault("school", actor.school_id)
    return parties


def read_parties(instance_id: int) -> Parties:
    """The stored parties of a case. One query."""
    rows = db.run_sql("SELECT party_kind, party_id FROM case_party WHERE instance_id = ?", (instance_id,))
    return dict(rows.fetchall())


def queue_for(lane: str | None, party: Any, parties: Mapping[str, int]) -> int | None:
    """The queue of a lane; None for lanes of the system.

    `party` is the value of the lane's `qh:party` (a fact or an id) or None. Raises RuntimeError where the case
    has no party of the role's kind: an incident for those who drew the lane.
    """
    if lane is None or lane == SYSTEM_LANE:
        return None
    kind = role_kind(lane)
    if isinstance(party, FactView):
        party_id = int(party.row.get_id())
    elif party is not None:
        party_id = int(party)
    elif kind in parties:
        party_id = parties[kind]
    elif kind == "province":
        party_id = Province.select(Province.id).order_by(Province.id).get().id
    elif kind == "system":
        party_id = 0
    else:
        raise RuntimeError(f"the case has no party for the lane {lane}")
    return _queue(lane, kind, party_id)


def role_kind(role: str) -> str:
    """The party kind of a role. Raises KeyError for a role nobody knows."""
    return _role_kind(db.token(), role)


@lru_cache(maxsize=1024)
def _role_kind(_db: int, role: str) -> str:
    row = Role.get_or_none(Role.name == role)
    if row is None:
        raise KeyError(f"no role named {role}")
    return str(row.party_kind)


#: Queues whose making is committed, by database, lane and party. A step that is undone leaves none behind.
_queues: dict[tuple[int, str, int], int] = {}
_MOST_QUEUES = 65_536


def _queue(lane: str, kind: str, party_id: int) -> int:
    key = (db.token(), lane, party_id)
    known = _queues.get(key)
    if known is None:
        known = Queue.of(lane, kind, party_id)
        db.after_commit(lambda: _remember(key, known))
    return known


def _remember(key: tuple[int, str, int], queue_id: int) -> None:
    if len(_queues) >= _MOST_QUEUES:
        _queues.clear()
    _queues[key] = queue_id
