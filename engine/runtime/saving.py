"""The end of a step: a case's position, parties, tasks and history written back.

Everything is settled before the first statement; the statements are SQL text (design section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from engine import clock, db, feel, secrets
from engine.actors import SYSTEM
from engine.catalog.references import words
from engine.db import InstantField
from engine.errors import StateChanged
from engine.models.workflow import NEVER
from engine.runtime.attached import attach
from engine.runtime.parties import queue_for

if TYPE_CHECKING:
    from engine.runtime.case import Case

_stamp = InstantField().db_value
_NEVER = _stamp(NEVER)

#: Columns of a task as `engine.runtime.tasks.make_task` reads them, the case's definition behind them.
TASK_COLUMNS = (
    "id", "instance_id", "kind", "ref", "node_id", "queue_id", "assignee_id", "state", "due_at",
    "opened_at", "closed_at", "closed_by_id",
)  # fmt: skip
_REF, _QUEUE = (TASK_COLUMNS.index(name) for name in ("ref", "queue_id"))
_NEW_TASK = (
    f"INSERT INTO user_task ({', '.join(TASK_COLUMNS[1:10])}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)
_CLOSE_TASK = "UPDATE user_task SET state = 'cancelled', closed_at = ? WHERE id = ? AND state = 'open'"
_UPDATE = (
    "UPDATE process_instance SET revision = revision + 1, state = ?, due_at = ?, position = ?,"
    " variables = ?, end_node = ?, ended_at = ?, subject_kind = ?, subject_id = ?, caption = ?"
    " WHERE id = ? AND revision = ?"
)
_NEW_PARTY = "INSERT INTO case_party (party_kind, party_id, instance_id) VALUES (?, ?, ?)"
_NEW_EVENT = (
    "INSERT INTO history_event (instance_id, at, kind, node_id, account_id, role, operation, remark,"
    " submission, way, decided) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)

#: A task to be open: its ref in the run and its queue → kind, element, due moment (None: it stands already).
Key = tuple[str, int | None]
Wanted = dict[Key, tuple[str, str, int | None]]


def write(case: Case, kind: str, node_id: str | None, submission: Mapping[str, Any] | None) -> None:
    """Writes what the step has made of the case. Raises StateChanged where its row moved on meanwhile."""
    instance = _settled(case)
    stored = {(row[_REF], row[_QUEUE]): task_id for task_id, row in case.open.items()}
    wanted = _wanted(case, stored)
    parties = case.parties if case.started else {}
    events = _events(case, kind, node_id, submission)
    if db.run_sql(_UPDATE, instance).rowcount != 1:
        raise StateChanged()
    case.row.revision += 1
    for party, party_id in parties.items():
        db.run_sql(_NEW_PARTY, (party, party_id, case.row.id))
    _write_tasks(case, wanted, stored)
    for event in events:
        db.run_sql(_NEW_EVENT, event)
    attach(case, node_id, submission)


def _settled(case: Case) -> tuple[Any, ...]:
    """Brings the case's row to what its run is now; gives the values of `_UPDATE`."""
    row, run = case.row, case.run
    ended = run.completed or bool(run.cancelled)
    position, variables = run.dump()
    row.state = ("completed" if run.completed else "cancelled") if ended else "running"
    row.due_at = None if ended else run.due_at()
    row.end_node = run.end_nodes[-1] if ended and run.end_nodes else None
    if case.new_subject:
        row.caption = case.subject.case_title().zh[:200]  # type: ignore[union-attr]
    elif case.started and not row.caption:
        row.caption = case.definition.name
    return (
        row.state, _stamp(row.due_at), None if ended else position,
        orjson.dumps(variables).decode() if variables else None, row.end_node,
        _stamp(clock.now()) if ended else None, row.subject_kind, row.subject_id, row.caption, row.id,
        row.revision,
    )  # fmt: skip


def _wanted(case: Case, stored: Mapping[Key, int]) -> Wanted:
    """The tasks and acts that the run waits for. One that stands keeps its due moment."""
    wanted: Wanted = {}
    if case.row.state != "running":
        return wanted
    for task in case.run.open_tasks():
        node = case.definition.nodes[task.node_id]
        key = (task.id, _queue(case, node.lane, task.id))
        due = None if key in stored else _stamp(_due(case, node.ext.get("due"), task.id))
        wanted[key] = ("task", task.node_id, due)
    for waiting in case.run.waiting():
        node = case.definition.nodes[waiting.node_id]
        if waiting.kind == "message" and "action" in node.ext:
            for role in words(node.ext.get("by")):
                wanted[waiting.id, _queue(case, role, None)] = ("action", waiting.node_id, _NEVER)
    return wanted


def _queue(case: Case, lane: str | None, ref: str | None) -> int | None:
    text = case.definition.lane_party(lane) if lane else None
    party = case.evaluate(text, case.run.scope_of(ref) if ref else {}) if text else None
    return queue_for(lane, party, case.parties)


def _due(case: Case, text: str | None, ref: str) -> datetime:
    return moment(case.evaluate(text, case.run.scope_of(ref))) if text else NEVER


def _write_tasks(case: Case, wanted: Wanted, stored: Mapping[Key, int]) -> None:
    """Brings the inbox to `wanted`: rows of gone refs close, new refs open."""
    now = _stamp(clock.now())
    for key in stored.keys() - wanted.keys():
        del case.open[stored[key]]
        db.run_sql(_CLOSE_TASK, (now, stored[key]))
    for (ref, queue), (kind, node_id, due) in wanted.items():
        if (ref, queue) not in stored:
            values = (case.row.id, kind, ref, node_id, queue, None, "open", due, now)
            task_id = db.run_sql(_NEW_TASK, values).fetchone()[0]
            case.open[task_id] = (task_id, *values, None, None)


def _events(
    case: Case, kind: str, node_id: str | None, submission: Mapping[str, Any] | None
) -> list[tuple[Any, ...]]:
    """The step's lines in the history; what was sent, the way and the decisions stand with the first."""
    sent = secrets.encrypt(orjson.dumps(feel.to_json(dict(submission)))) if submission else None
    decided = secrets.encrypt(orjson.dumps(case.decided)) if case.decided else None
    first: tuple[Any, ...] = (sent, " ".join(case.way) or None, decided)
    role, now = _role(case, node_id), _stamp(clock.now())
    events = []
    for operation, remark, refusal in case.notes or (("", "", False),):
        kept = secrets.encrypt(remark.encode()) if remark else None
        account = case.actor.account_id or None
        shown = "refusal" if refusal else kind
        events.append((case.row.id, now, shown, node_id, account, role, operation or None, kept, *first))
        first = (None, None, None)
    return events


def _role(case: Case, node_id: str | None) -> str | None:
    """The role in which the actor did this: the lane's, where it sits there; else its first."""
    if case.actor is SYSTEM:
        return None
    node = case.definition.nodes.get(node_id or "")
    lane = node.lane if node is not None else None
    return lane if lane in case.actor.roles else case.actor.role


def moment(value: Any) -> datetime:
    """The instant of a due date: an instant itself, the end of a day at the office, or a span from now."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=clock.office_zone())
    if isinstance(value, date):
        return clock.end_of_day(value)
    if isinstance(value, timedelta):
        return clock.now() + value
    if isinstance(value, feel.YearMonthDuration):
        return clock.end_of_day(feel.add(clock.today(), value))
    raise ValueError(f"not a due date: {value!r}")
