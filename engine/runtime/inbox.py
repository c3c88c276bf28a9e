"""The inbox: one keyset query per queue and one for one's own tasks, merged; never OR or IN over queues.

Measured at a million open tasks: 0.04 ms against 156 ms (design, "The inbox query").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import catalog, clock, db
from engine.actors import Actor
from engine.db import InstantField
from engine.models.workflow import UserTask
from engine.runtime.saving import TASK_COLUMNS
from engine.runtime.tasks import make_task

VIEWS = ("todo", "claimable", "done", "started")
MOST = 100
COUNT_STOP = 1000

_stamp = InstantField().db_value
_COLUMNS = ", ".join(f"t.{name}" for name in TASK_COLUMNS)
_INBOX_COLUMNS = (
    f"{_COLUMNS}, i.definition_id, i.caption, i.subject_kind, i.subject_id, i.state AS case_state"
)
_OPEN = "t.state = 'open' AND t.kind = 'task'"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A line of the inbox. `student` is (name, number, college) and `employer` a name, where the case has them."""

    task: UserTask | None
    instance_id: int
    definition: catalog.Definition
    caption: str
    step: str
    subject: tuple[str, int] | None
    student: tuple[str, str, str] | None
    employer: str | None
    since: datetime
    due: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the inbox; `next` is the key that continues it, None on the last."""

    rows: list[InboxRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the queries that are merged: its WHERE and its parameters."""

    where: str
    params: tuple[Any, ...]


def page(
    actor: Actor,
    view: str = "todo",
    after: str | None = None,
    limit: int = 25,
    filters: Mapping[str, Any] | None = None,
    *,
    locale: str = "zh",
    people: bool = True,
) -> Page:
    """A page of a view: todo and claimable by due date, done and started newest first.

    `after` is the `next` of the page before; one that is not ours counts as none. `filters`: `step`
    (process:node), `text` (name, student number or agreement number), `college` (id), `due`
    ("over", "today"), `instance` (id). At most 100 rows; with `people` they name student and employer. The
    number of queries does not depend on the rows.
    """
    limit = max(1, min(limit, MOST))
    if view == "started":
        return _started(actor, after, limit, filters or {}, locale)
    rows = _tasks(actor, view, after, limit, _filters(filters or {}))
    shown = rows[:limit]
    more = _cursor(view, shown[-1]) if len(rows) > limit else None
    return Page(_dress(shown, locale, people), more)


def counts(actor: Actor) -> dict[str, int]:
    """How many stand in todo and claimable; counting stops at 1000 (shown as 999+)."""
    claimable = _count(_claimable(actor))
    mine = _count([_Part(f"{_OPEN} AND t.assignee_id = ?", (actor.account_id,))])
    return {"todo": min(claimable + mine, COUNT_STOP), "claimable": claimable}


def neighbours(actor: Actor, task: UserTask) -> tuple[int | None, int | None]:
    """The tasks before and after one in 待办, by due date. Two merged queries."""
    key = (_stamp(task.due_at), task.id)
    return _neighbour(actor, key, "<", "DESC"), _neighbour(actor, key, ">", "ASC")


def first(actor: Actor, but: int | None = None) -> int | None:
    """The most urgent task of 待办, other than `but`."""
    for row in _merged(_todo(actor), "", (), "t.due_at, t.id", 2):
        if row[0] != but:
            return int(row[0])
    return None


def _neighbour(actor: Actor, key: tuple[Any, Any], than: str, way: str) -> int | None:
    order = f"t.due_at {way}, t.id {way}"
    rows = _merged(_todo(actor), f" AND (t.due_at, t.id) {than} (?, ?)", key, order, 1)
    return int(rows[0][0]) if rows else None


def _claimable(actor: Actor) -> list[_Part]:
    return [
        _Part(f"{_OPEN} AND t.assignee_id IS NULL AND t.queue_id = ?", (queue,))
        for queue in dict.fromkeys(actor.queue_ids)
    ]


def _todo(actor: Actor) -> list[_Part]:
    return [_Part(f"{_OPEN} AND t.assignee_id = ?", (actor.account_id,)), *_claimable(actor)]


def _tasks(actor: Actor, view: str, after: str | None, limit: int, extra: _Part) -> list[tuple[Any, ...]]:
    key = _read_cursor(after)
    if view == "done":
        parts = [_Part("t.state = 'done' AND t.closed_by_id = ?", (actor.account_id,))]
        column, than, order = "t.closed_at", "<", "t.closed_at DESC, t.id DESC"
    else:
        parts = _claimable(actor) if view == "claimable" else _todo(actor)
        column, than, order = "t.due_at", ">", "t.due_at, t.id"
    where, params = extra.where, extra.params
    if key is not None:
        where, params = f"{where} AND ({column}, t.id) {than} (?, ?)", (*params, *key)
    return _merged(parts, where, params, order, limit + 1)


def _merged(
    parts: Sequence[_Part], where: str, params: tuple[Any, ...], order: str, limit: int
) -> list[tuple[Any, ...]]:
    """Each part's own first keys by its index, merged by UNION ALL and ordered again; then the rows of those
    that are left. A part reads nothing but its index, unless a filter looks at the case."""
    if not parts:
        return []
    column = order.split()[0].removesuffix(",")
    join = " JOIN process_instance i ON i.id = t.instance_id" if " i." in where else ""
    selects, values = [], []
    for part in parts:
        selects.append(
            f"SELECT * FROM (SELECT t.id AS id, {column} AS moment FROM user_task t{join}"
            f" WHERE {part.where}{where} ORDER BY {order} LIMIT {int(limit)}) q"
        )
        values += [*part.params, *params]
    outer = order.replace(column, "moment").replace("t.id", "id")
    sql = (
        f"SELECT {_INBOX_COLUMNS} FROM (SELECT id FROM ({' UNION ALL '.join(selects)}) m"
        f" ORDER BY {outer} LIMIT {int(limit)}) k JOIN user_task t ON t.id = k.id"
        f" JOIN process_instance i ON i.id = t.instance_id ORDER BY {order}"
    )
    return list(db.run_sql(sql, tuple(values)).fetchall())


def _count(parts: Sequence[_Part]) -> int:
    """Ordered though nothing is shown: statistics of a table where nobody has claimed anything make SQLite
    scan all of it, and only the index has this order."""
    if not parts:
        return 0
    stop = COUNT_STOP
    selects = " UNION ALL ".join(
        f"SELECT * FROM (SELECT 1 AS one FROM user_task t WHERE {part.where}"
        f" ORDER BY t.due_at, t.id LIMIT {stop}) q"
        for part in parts
    )
    params = tuple(value for part in parts for value in part.params)
    return int(
        db.run_sql(f"SELECT count(*) FROM (SELECT * FROM ({selects}) r LIMIT {stop}) c", params).fetchone()[0]
    )


def _filters(filters: Mapping[str, Any], case: str = "t.instance_id") -> _Part:
    """The filters as SQL; `case` is the column that holds the case's id."""
    where: str = ""
    params: list[Any] = []
    if filters.get("instance"):
        where, params = where + f" AND {case} = ?", [*params, int(filters["instance"])]
    if filters.get("step"):
        process_id, _, node_id = str(filters["step"]).partition(":")
        where += " AND t.node_id = ? AND i.definition_id IN (SELECT id FROM process_definition WHERE process_id = ?)"
        params += [node_id, process_id]
    if filters.get("college"):
        where += (
            f" AND EXISTS (SELECT 1 FROM case_party c WHERE c.instance_id = {case}"
            " AND c.party_kind = 'college' AND c.party_id = ?)"
        )
        params.append(int(filters["college"]))
    if filters.get("due") in ("over", "today"):
        edge = clock.now() if filters["due"] == "over" else clock.end_of_day(clock.today())
        where, params = where + " AND t.due_at < ?", [*params, _stamp(edge)]
    text = str(filters.get("text") or "").strip()
    if text:
        named = _named(text, case)
        where, params = where + named.where, [*params, *named.params]
    return _Part(where, tuple(params))


def _named(text: str, case: str) -> _Part:
    """Cases of students whose name or number begins with the text, or of the agreement of that number. Asked
    of the rows at hand, not of the country's students."""
    like = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    student = (
        "EXISTS (SELECT 1 FROM case_party c JOIN student s ON s.id = c.party_id"
        f" WHERE c.instance_id = {case} AND c.party_kind = 'student'"
        " AND (s.name LIKE ? ESCAPE '\\' OR s.student_number LIKE ? ESCAPE '\\'))"
    )
    if not (text.isdigit() and len(text) == 16):
        return _Part(f" AND {student}", (like, like))
    agreement = (
        "EXISTS (SELECT 1 FROM agreement a WHERE a.number = ?"
        " AND (i.subject_kind = 'invitation' AND i.subject_id = a.invitation_id"
        " OR i.subject_kind = 'agreement' AND i.subject_id = a.id))"
    )
    return _Part(f" AND ({student} OR {agreement})", (like, like, text))


def _seated(actor: Actor) -> _Part:
    """Cases of the parties at which the actor sits now; whoever has moved on leaves what it began behind."""
    if actor.party_kind in ("system", "province"):
        return _Part("", ())
    seats = " OR ".join("c.party_kind = ? AND c.party_id = ?" for _ in actor.seats) or "1 = 0"
    params = [value for seat in actor.seats for value in (seat.party_kind, seat.party_id)]
    return _Part(
        f" AND EXISTS (SELECT 1 FROM case_party c WHERE c.instance_id = i.id AND ({seats}))", tuple(params)
    )


def _started(actor: Actor, after: str | None, limit: int, filters: Mapping[str, Any], locale: str) -> Page:
    """我发起的: the cases the account began, newest first. None has the step or the deadline of a task."""
    if filters.get("step") or filters.get("due"):
        return Page([], None)
    key, seated, extra = _read_cursor(after), _seated(actor), _filters(filters, "i.id")
    where, params = extra.where + seated.where, [actor.account_id, *extra.params, *seated.params]
    if key is not None:
        where, params = where + " AND i.id < ?", [*params, key[1]]
    rows = db.run_sql(
        "SELECT i.id, i.definition_id, i.caption, i.subject_kind, i.subject_id, i.state, i.started_at"
        f" FROM process_instance i WHERE i.started_by_id = ?{where} ORDER BY i.id DESC LIMIT {limit + 1}",
        tuple(params),
    ).fetchall()
    shown = rows[:limit]
    ids = [int(row[0]) for row in shown]
    steps = _open_steps(ids, locale)
    students, employers = _students(ids), _employers(ids)
    dressed = [
        InboxRow(
            None, row[0], catalog.load(row[1]), row[2], steps.get(row[0], ""),
            (row[3], row[4]) if row[3] else None, students.get(row[0]), employers.get(row[0]),
            db.instant(row[6]), None, row[5],
        )
        for row in shown
    ]  # fmt: skip
    return Page(dressed, f"0,{shown[-1][0]}" if len(rows) > limit else None)


def _open_steps(instance_ids: list[int], locale: str) -> dict[int, str]:
    """Where each case is: its open task's name."""
    if not instance_ids:
        return {}
    rows = db.run_sql(
        "SELECT t.instance_id, i.definition_id, t.node_id FROM user_task t"
        " JOIN process_instance i ON i.id = t.instance_id"
        f" WHERE t.state = 'open' AND t.kind = 'task' AND t.instance_id IN ({_marks(instance_ids)})",
        tuple(instance_ids),
    ).fetchall()
    return {row[0]: catalog.load(row[1]).node_name(row[2], locale) for row in rows}


def _dress(rows: list[tuple[Any, ...]], locale: str, people: bool) -> list[InboxRow]:
    ids = list(dict.fromkeys(int(row[1]) for row in rows)) if people else []
    students, employers = _students(ids), _employers(ids)
    width = len(TASK_COLUMNS)
    dressed = []
    for row in rows:
        task = make_task(row[: width + 1])
        definition = catalog.load(row[width])
        subject = (row[width + 2], row[width + 3]) if row[width + 2] else None
        line = InboxRow(
            task=task,
            instance_id=task.instance_id,
            definition=definition,
            caption=row[width + 1],
            step=definition.node_name(task.node_id, locale),
            subject=subject,
            student=students.get(task.instance_id),
            employer=employers.get(task.instance_id),
            since=task.opened_at,
            due=task.due,
            state=row[width + 4],
        )
        dressed.append(line)
    return dressed


def _students(instance_ids: list[int]) -> dict[int, tuple[str, str, str]]:
    if not instance_ids:
        return {}
    rows = db.run_sql(
        "SELECT c.instance_id, s.name, s.student_number, g.name FROM case_party c"
        " JOIN student s ON s.id = c.party_id JOIN school_class k ON k.id = s.school_class_id"
        " JOIN college g ON g.id = k.college_id"
        f" WHERE c.party_kind = 'student' AND c.instance_id IN ({_marks(instance_ids)})",
        tuple(instance_ids),
    ).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _employers(instance_ids: list[int]) -> dict[int, str]:
    if not instance_ids:
        return {}
    rows = db.run_sql(
        "SELECT c.instance_id, e.name FROM case_party c JOIN employer e ON e.id = c.party_id"
        f" WHERE c.party_kind = 'employer' AND c.instance_id IN ({_marks(instance_ids)})",
        tuple(instance_ids),
    ).fetchall()
    return dict(rows)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _cursor(view: str, row: tuple[Any, ...]) -> str:
    column = "closed_at" if view == "done" else "due_at"
    return f"{row[TASK_COLUMNS.index(column)]},{row[0]}"


def _read_cursor(text: str | None) -> tuple[int, int] | None:
    parts = (text or "").split(",")
    if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return int(parts[0]), int(parts[1])
    return None
