"""One case inside one step: restored, advanced, and written back with all that follows from it.

The caller holds the step (`db.step()`). The statements every step runs are SQL text; see design section 3.
"""

from __future__ import annotations

import logging
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import orjson

from engine import catalog, clock, db, decisions, models, notify, operations, spiff
from engine.actors import Actor
from engine.catalog.references import words
from engine.db import InstantField
from engine.errors import Conflict, Sentence
from engine.models.base import Model
from engine.models.calendar import office_of
from engine.models.facts import Facts, FactView
from engine.models.workflow import Outbox, ProcessInstance
from engine.operations.step import Step
from engine.runtime import saving
from engine.runtime.errors import settle
from engine.runtime.parties import Parties, parties_of_actor, read_parties
from engine.runtime.said import Said, words_said
from engine.runtime.saving import TASK_COLUMNS
from engine.runtime.told import Told

log = logging.getLogger("qihang.runtime")

_stamp = InstantField().db_value
_ASSIGNEE, _NODE = TASK_COLUMNS.index("assignee_id"), TASK_COLUMNS.index("node_id")
_CASE_SQL = (
    "SELECT id, definition_id, subject_kind, subject_id, caption, state, revision, due_at, position,"
    " variables, started_by_id, started_at,"
    " EXISTS (SELECT 1 FROM incident x WHERE x.instance_id = process_instance.id AND x.state = 'open')"
    " FROM process_instance WHERE id = ?"
)
_OPEN_SQL = f"SELECT {', '.join(TASK_COLUMNS)} FROM user_task WHERE instance_id = ? AND state = 'open'"

#: Set while scenarios run: told of every step that was written.
_watcher: ContextVar[Callable[[Case], None] | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Callable[[Case], None]) -> Iterator[None]:
    """Within the block (and this thread) `watcher` is given each case whose step was written."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


class Case:
    """A case under way. `services` of `engine.spiff`: what the diagram asks of us comes back here."""

    def __init__(
        self, row: ProcessInstance, definition: catalog.Definition, actor: Actor, on: Model | None = None
    ) -> None:
        self.row = row
        self.on = on
        self.definition = definition
        self.actor = actor
        self.answers: dict[str, Any] = {}
        #: Those of them that the case does not keep; FEEL reads them within the step.
        self._passing: dict[str, Any] = {}
        #: The element whose form they answer.
        self._at = ""
        self.run: spiff.Run
        self._facts: Facts | None = None
        self._parties: Parties | None = None
        self.new_subject = False
        self._notices: list[str] = []
        self._notes: list[tuple[str, str, bool]] = []
        self._outbox: list[tuple[str, str, dict[str, Any], datetime | None]] = []
        self._entered: list[str] = []
        self._decided: list[Any] = []
        self.started = False
        #: Whether a step of the case has failed and is not done yet.
        self.troubled = False
        #: Its open tasks, as their rows stand (TASK_COLUMNS).
        self.open: dict[int, tuple[Any, ...]] = {}

    # ── opening ────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def new(
        cls, definition: catalog.Definition, actor: Actor, on: Model | None, start_key: str | None
    ) -> Case:
        """A case that does not exist yet; `begin` creates it."""
        row = ProcessInstance(
            definition=definition.id, start_key=start_key, started_by=actor.account_id or None
        )
        case = cls(row, definition, actor, on)
        case.started = True
        return case

    @classmethod
    def locked(cls, instance_id: int, actor: Actor, *, skip_locked: bool = False) -> Case | None:
        """The case, its row locked until the step ends. None where it is gone, ended, or locked by another
        and `skip_locked` is asked."""
        sql = _CASE_SQL
        if db.is_postgres():
            sql += " FOR UPDATE SKIP LOCKED" if skip_locked else " FOR UPDATE"
        found = db.run_sql(sql, (instance_id,)).fetchone()
        if found is None or found[5] != "running":
            return None
        row = ProcessInstance(
            id=found[0], definition=found[1], subject_kind=found[2], subject_id=found[3], caption=found[4],
            state=found[5], revision=found[6], started_by=found[10],
        )  # fmt: skip
        row.due_at = None if found[7] is None else db.instant(found[7])
        row.started_at = db.instant(found[11])
        case = cls(row, catalog.load(found[1]), actor)
        case.troubled = bool(found[12])
        case.run = case.definition.program.restore(bytes(found[8]), orjson.loads(found[9] or b"{}"), case)
        rows = db.run_sql(_OPEN_SQL, (instance_id,)).fetchall()
        case.open = {task[0]: tuple(task) for task in rows}
        return case

    def open_task(self, task_id: int) -> tuple[Any, ...] | None:
        """An open task of the case, as its row stands under the lock (TASK_COLUMNS and the definition's id)."""
        found = self.open.get(task_id)
        return None if found is None else (*found, self.definition.id)

    def close_task(self, task_id: int) -> bool:
        """The actor has done an open task of the case; who does it holds it. False where another has claimed
        it meanwhile: a claim does not lock the case."""
        task = self.open.pop(task_id)
        self._at, assignee = task[_NODE], task[_ASSIGNEE]
        account = self.actor.account_id or None
        values = [_stamp(clock.now()), account, account, task_id]
        changed = db.run_sql(
            "UPDATE user_task SET state = 'done', closed_at = ?, closed_by_id = ?, assignee_id = ?"
            f" WHERE id = ? AND state = 'open' AND assignee_id {'IS NULL' if assignee is None else '= ?'}",
            tuple(values if assignee is None else [*values, assignee]),
        )
        return bool(changed.rowcount == 1)

    @property
    def overdue(self) -> bool:
        """Whether a timer of the case should have fired by now."""
        return self.row.due_at is not None and self.row.due_at <= clock.now()

    def next_of(self, actor: Actor) -> list[int]:
        """After `save`: the open tasks of the case that are the actor's to do. Costs nothing."""
        found = []
        for row in sorted(self.open.values()):
            _id, _instance, kind, _ref, _node, queue, assignee = row[:7]
            mine = assignee == actor.account_id if assignee is not None else queue in actor.queue_ids
            if kind == "task" and mine:
                found.append(int(row[0]))
        return found

    # ── what the case is about ─────────────────────────────────────────────────────────────────

    @property
    def subject(self) -> Model | None:
        """The subject's row, fresh in this step."""
        return self._load_facts().subject

    @property
    def facts(self) -> Facts:
        return self._load_facts()

    def _load_facts(self) -> Facts:
        if self._facts is None:
            row = None
            if self.row.subject_kind:
                row = models.by_name(self.row.subject_kind).get_by_id(self.row.subject_id)
            self._facts = Facts(row)
        return self._facts

    def set_subject(self, row: Model) -> None:
        """The operation behind the start has created what the case is about; its parties become the case's."""
        self.row.subject_kind, self.row.subject_id = row.model_name(), row.get_id()
        self.new_subject = True
        self._parties = dict(row.parties())

    @property
    def parties(self) -> Parties:
        if self._parties is None:
            self._parties = parties_of_actor(self.actor) if self.started else read_parties(self.row.id)
        return self._parties

    # ── services for engine.spiff ──────────────────────────────────────────────────────────────

    def now(self) -> datetime:
        return clock.now()

    def scope(self, scope: Mapping[str, Any]) -> ChainMap[str, Any]:
        """What FEEL sees: the answers just given, the variables, the facts. An answer that the case keeps is a
        variable already, and what a decision or an operation made of it since then counts."""
        return ChainMap(self._passing, scope, self._on_facts, self.facts)  # type: ignore[arg-type]

    @property
    def _on_facts(self) -> dict[str, Any]:
        """At the start, before the subject stands: the row it was started on, by its model's name."""
        return {self.on.model_name(): FactView(self.on)} if self.on is not None else {}

    def evaluate(self, text: str, scope: Mapping[str, Any]) -> Any:
        with office_of(self._school):
            return self.definition.expression(text).evaluate(self.scope(scope))

    def decide(self, name: str, scope: Mapping[str, Any]) -> Any:
        """The answer of a decision; which rule gave it is kept in the history ("explain my case")."""
        trace: list[Any] = []
        with office_of(self._school):
            value = self.definition.decide(name, self.scope(scope), trace)
        self._decided.append([name, decisions.packed(trace)])
        return value

    def _school(self) -> int | None:
        """Whose calendar counts working days: the case's school's."""
        return self.parties.get("school")

    def call(
        self, operation: str, params: dict[str, Any], node_id: str, scope: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """Runs an operation in a savepoint. A Conflict becomes a BPMN error that the diagram may catch. Raises
        RuntimeError where the subject is in a state that the operation does not accept: no diagram that was
        checked leads there, and nobody but the case moves its subject."""
        self._check_accepted(operation)
        step = Step(self, node_id, scope)
        try:
            with db.savepoint():
                result = operations.call(operation, step, params)
        except Conflict as conflict:
            raise spiff.BpmnError(conflict.code) from conflict
        finally:
            self._facts = None
        return result

    def _check_accepted(self, operation: str) -> None:
        accepted = operations.get(operation).accepts.get(self.row.subject_kind or "")
        state = None if accepted is None else self.subject.state  # type: ignore[union-attr]
        if accepted is not None and state not in accepted:
            raise RuntimeError(f"{operation} does not accept a {self.row.subject_kind} that is {state}")

    def entered(self, node_id: str, scope: Mapping[str, Any], late: bool) -> None:
        """Notes the way and the notices of an element that a token has reached."""
        self._entered.append(node_id)
        node = self.definition.nodes.get(node_id)
        if node is not None and not late:
            self._notices.extend(words(node.ext.get("notify")))

    def thrown(self, message: str, node_id: str, scope: Mapping[str, Any]) -> None:
        """A message leaves as a row and is delivered after the commit, in a step of its receiver."""
        key = self.definition.nodes[node_id].ext.get("key", "")
        target = self.evaluate(key, scope) if key else self.facts.get(next(iter(self.facts), ""))
        if target is None:
            return
        if not isinstance(target, FactView):
            raise RuntimeError(f"{node_id}: the receiver of {message} is not a row: {target!r}")
        row = target.row
        payload = {"message": message, "kind": row.model_name(), "id": row.get_id()}
        self.later("message", f"{node_id}.{len(self._outbox)}", payload)

    # ── what operations may ask (engine.operations.step.Case) ──────────────────────────────────

    def notify(self, notice_id: str) -> None:
        """Sends a notice with the commit."""
        self._notices.append(notice_id)

    def note(self, operation: Sentence | str, remark: str = "", refusal: bool = False) -> None:
        """A line of the trace in words of its own."""
        self._notes.append((str(operation), remark, refusal))

    def later(self, job: str, key: str, payload: dict[str, Any], at: datetime | None = None) -> None:
        """Has a job done after the commit, not before `at`."""
        self._outbox.append((job, key, payload, at))

    def said(self) -> dict[str, str]:
        """What the forms of the case have asked, this step's too: field → the last answer in words."""
        words = words_said(self.row.id, self.definition)
        key = self.definition.nodes[self._at].ext.get("form") if self._at else None
        if key:
            words |= Said(self.now(), "task", self._at, None, self.definition.form(key), self.answers).words()
        return words

    # ── acts ───────────────────────────────────────────────────────────────────────────────────

    def begin(self, answers: dict[str, Any], routing: dict[str, Any]) -> None:
        """Starts the run. The instance's row exists already, so that what operations write can name it."""
        self._answered(answers, routing)
        self._at = self.definition.start_node.id
        self._insert()
        with _conflicts():
            self.run = self.definition.program.start(self, routing)
            self.run.advance()

    def _insert(self) -> None:
        row = self.row
        row.id = db.run_sql(
            "INSERT INTO process_instance (definition_id, caption, start_key, state, revision, started_by_id,"
            " started_at) VALUES (?, '', ?, 'running', 0, ?, ?) RETURNING id",
            (self.definition.id, row.start_key, row.started_by_id, _stamp(row.started_at)),
        ).fetchone()[0]

    def complete(self, ref: str, answers: dict[str, Any], routing: dict[str, Any]) -> None:
        """Completes a user task of the run and goes on until it waits."""
        self._answered(answers, routing)
        with _conflicts():
            self.run.complete(ref, routing)

    def catch(self, ref: str, answers: dict[str, Any], routing: dict[str, Any]) -> None:
        """Delivers a message (or an act without a task) to what waits for it."""
        self._answered(answers, routing)
        with _conflicts():
            self.run.catch(ref, routing)

    def _answered(self, answers: dict[str, Any], routing: dict[str, Any]) -> None:
        self.answers = answers
        self._passing = {name: value for name, value in answers.items() if name not in routing}

    def advance(self) -> None:
        """Fires what is due and goes on until the case waits."""
        with _conflicts():
            self.run.advance()

    def fired_node(self) -> str | None:
        """The timer event that this step fired, for the trace."""
        for node_id in self._entered:
            node = self.definition.nodes.get(node_id)
            if node is not None and node.event == "timer":
                return node_id
        return None

    def unfinished(self) -> list[Model]:
        """Rows that the diagram's operations move, and that stand where no case may leave them."""
        named = {node.operation for node in self.definition.nodes.values() if node.operation}
        moved = {model for name in named & operations.names() for model in operations.get(name).leaves}
        views = [self.facts[name] for name in self.facts if name in moved]
        rows = [view.row for view in views if view is not None]
        return [row for row in rows if (life := row.state_field()) and row.state not in life.finished]

    def cancel(self) -> None:
        """Takes every token away."""
        self.run.cancel()

    def save(self, kind: str, node_id: str | None, submission: Mapping[str, Any] | None = None) -> None:
        """Writes position, tasks, history, notices and outbox; raises StateChanged where the row moved on."""
        saving.write(self, kind, node_id, submission)
        if self.troubled:
            self._settle(kind, node_id)
        base = f"{self.row.id}.{self.row.revision}"
        told = Told(self.row, self.definition, self.facts)
        for number, notice in enumerate(self._notices):
            key = f"{base}.{number}"
            notify.send(self.definition, notice, self.row, told, key, self.actor.account_id or None)
        for job, key, payload, at in self._outbox:
            Outbox.post(job, f"{job}.{base}.{key}", payload, self.row.id, at)
        watcher = _watcher.get()
        if watcher is not None:
            watcher(self)

    def _settle(self, kind: str, node_id: str | None) -> None:
        """What had failed and is done now is no incident any more; of others at the same element it still is,
        as long as one of them has a task there."""
        waits = any(row[_NODE] == node_id for row in self.open.values())
        settle(self.row.id, None if kind == "timer" else node_id, self.actor.account_id if waits else None)

    @property
    def way(self) -> tuple[str, ...]:
        """The elements that tokens have reached in this step, in order."""
        return tuple(self._entered)

    @property
    def notices(self) -> tuple[str, ...]:
        """The notices of this step."""
        return tuple(self._notices)

    @property
    def notes(self) -> tuple[tuple[str, str, bool], ...]:
        """The trace's own lines of this step: operation, remark, and whether it says no."""
        return tuple(self._notes)

    @property
    def decided(self) -> tuple[Any, ...]:
        """The decisions of this step, with the rules that answered."""
        return tuple(self._decided)


class _conflicts:
    """A BPMN error that no event of the diagram caught is the operation's own Conflict again."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _tb: object) -> None:
        if isinstance(error, spiff.BpmnError) and isinstance(error.__cause__, Conflict):
            raise error.__cause__ from None
