"""Timers: each due case advances in a step of its own, by whoever comes first, worker or visitor."""

from __future__ import annotations

from engine import clock, db
from engine.actors import SYSTEM, Actor
from engine.db import InstantField
from engine.errors import QihangError
from engine.models.base import Model
from engine.runtime.case import Case
from engine.runtime.errors import StepFailed, guarded

_stamp = InstantField().db_value


def fire_due(limit: int = 100) -> int:
    """Fires the timers that are due, the oldest first; for the worker. Gives how many cases advanced.

    A case whose timer fails keeps an open incident and is left alone until somebody retries it.
    """
    rows = db.run_sql(
        "SELECT p.id FROM process_instance p WHERE p.due_at IS NOT NULL AND p.due_at <= ? AND NOT EXISTS"
        " (SELECT 1 FROM incident i WHERE i.instance_id = p.id AND i.state = 'open')"
        " ORDER BY p.due_at LIMIT ?",
        (_stamp(clock.now()), limit),
    ).fetchall()
    return sum(fire(int(row[0]), skip_locked=True) for row in rows)


def fire(instance_id: int, *, skip_locked: bool = False) -> bool:
    """Fires what is due in one case; False where nothing was, or it failed (an incident)."""
    try:
        with guarded(instance_id, SYSTEM, None, {"act": "timer"}), db.step():
            case = Case.locked(instance_id, SYSTEM, skip_locked=skip_locked)
            if case is None or case.row.due_at is None or case.row.due_at > clock.now():
                return False
            case.advance()
            case.save("timer", case.fired_node())
            return True
    except StepFailed:
        return False
    except QihangError as error:
        _record(instance_id, error)
        return False


def _record(instance_id: int, error: QihangError) -> None:
    """A timer has no user to tell: its conflict is an incident too."""
    try:
        with guarded(instance_id, SYSTEM, None, {"act": "timer"}):
            raise RuntimeError(str(error)) from error
    except StepFailed:
        return


def fire_overdue(instance_id: int) -> None:
    """A deadline never waits for the worker: the step that comes after it fires it first. One query."""
    row = db.run_sql("SELECT due_at FROM process_instance WHERE id = ?", (instance_id,)).fetchone()
    if row is not None and row[0] is not None and row[0] <= (_stamp(clock.now()) or 0):
        fire(instance_id)


def next_due() -> int | None:
    """The earliest due moment, in microseconds, or None; the worker sleeps until then."""
    row = db.run_sql("SELECT min(due_at) FROM process_instance WHERE due_at IS NOT NULL").fetchone()
    return None if row is None or row[0] is None else int(row[0])


def fire_between(actor: Actor, on: Model | None) -> None:
    """Before a start: overdue timers of open cases between the same parties, each in its own step."""
    if on is None:
        return
    parties = [("employer", employer) for employer in actor.parties("employer")]
    parties += [(actor.party_kind, actor.party_id)] if not parties else []
    kind, party_id = parties[0]
    rows = db.run_sql(
        "SELECT p.id FROM case_party a JOIN case_party b ON b.instance_id = a.instance_id"
        " JOIN process_instance p ON p.id = a.instance_id"
        " WHERE a.party_kind = ? AND a.party_id = ? AND b.party_kind = ? AND b.party_id = ?"
        " AND p.due_at <= ?",
        (kind, party_id, on.model_name(), on.get_id(), _stamp(clock.now())),
    ).fetchall()
    for row in rows:
        fire(int(row[0]))
