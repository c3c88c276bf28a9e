"""Timers: each due case advances in a step of its own, by whoever comes first, worker or visitor."""

from __future__ import annotations

from engine import clock, db
from engine.actors import SYSTEM, Actor
from engine.db import InstantField
from engine.models.base import Model
from engine.runtime.case import Case
from engine.runtime.errors import StepFailed, guarded

_stamp = InstantField().db_value
_PEOPLE = ("student", "employer")


#: A case whose timer failed is left alone until somebody retries it.
_NOT_BLOCKED = (
    "NOT EXISTS (SELECT 1 FROM incident x"
    " WHERE x.instance_id = p.id AND x.state = 'open' AND x.kind = 'timer')"
)


def fire_due(limit: int = 100) -> int:
    """Fires the timers that are due, the oldest first; for the worker. Gives how many cases advanced."""
    rows = db.run_sql(
        "SELECT p.id FROM process_instance p WHERE p.due_at IS NOT NULL AND p.due_at <= ?"
        f" AND {_NOT_BLOCKED} ORDER BY p.due_at LIMIT ?",
        (_stamp(clock.now()), limit),
    ).fetchall()
    return sum(fired(int(row[0]), skip_locked=True) for row in rows)


def fired(instance_id: int, *, skip_locked: bool = False) -> bool:
    """Fires what is due in one case; False where nothing was, or it failed (an incident)."""
    try:
        return fire(instance_id, skip_locked=skip_locked)
    except StepFailed:
        return False


def fire(instance_id: int, *, skip_locked: bool = False) -> bool:
    """Fires what is due in one case, in a step of its own; False where nothing was. Raises StepFailed."""
    with guarded(instance_id, SYSTEM, None, {"act": "timer"}), db.step():
        case = Case.locked(instance_id, SYSTEM, skip_locked=skip_locked)
        if case is None or not case.overdue:
            return False
        case.advance()
        case.save("timer", case.fired_node())
        return True


def fire_overdue(instance_id: int) -> None:
    """A deadline never waits for the worker: the step that comes after it fires it first. One query. Raises
    StepFailed where the timer does: then nothing may be done in its stead."""
    row = db.run_sql("SELECT due_at FROM process_instance WHERE id = ?", (instance_id,)).fetchone()
    if row is not None and row[0] is not None and row[0] <= (_stamp(clock.now()) or 0):
        fire(instance_id)


def next_due() -> int | None:
    """The earliest due moment, in microseconds, or None; the worker sleeps until then."""
    row = db.run_sql(
        f"SELECT p.due_at FROM process_instance p WHERE p.due_at IS NOT NULL AND {_NOT_BLOCKED}"
        " ORDER BY p.due_at LIMIT 1"
    ).fetchone()
    return None if row is None else int(row[0])


def fire_between(actor: Actor, on: Model | None) -> None:
    """Before a start: overdue timers of open cases between the same people, each in its own step. A timer that
    fails is the worker's to tell.

    Only graduates and employers count: a school would fire the timers of all its cases.
    """
    about = dict(on.parties() or [(on.model_name(), on.get_id())]) if on is not None else {}
    between = {**about, actor.party_kind: actor.party_id}
    parties = [(kind, between[kind]) for kind in _PEOPLE if between.get(kind) is not None]
    if not parties:
        return
    joins = " ".join(
        f"JOIN case_party c{n} ON c{n}.instance_id = p.id AND c{n}.party_kind = ? AND c{n}.party_id = ?"
        for n in range(len(parties))
    )
    rows = db.run_sql(
        f"SELECT p.id FROM process_instance p {joins} WHERE p.due_at <= ? ORDER BY p.due_at",
        (*(value for pair in parties for value in pair), _stamp(clock.now())),
    ).fetchall()
    for row in rows:
        fired(int(row[0]))
