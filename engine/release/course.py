"""One scenario under way: its people, its case, and the steps, done through the runtime's public doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson

from engine import catalog, clock, db, forms, models, runtime
from engine.actors import Actor
from engine.catalog import Definition
from engine.catalog.references import words
from engine.catalog.scenarios import Start, Step
from engine.errors import QihangError, Sentence, SubmissionInvalid
from engine.models.base import Model
from engine.models.workflow import Incident, Outbox, ProcessInstance, UserTask
from engine.release.examples import Examples, moment
from engine.runtime.case import Case, watched

_MOST_TIMERS = 200


class NotAsWritten(QihangError):
    """A step did not go as the scenario says; the sentence tells what happened instead."""


class Course:
    """A scenario's case. `way` and `notices` are of the step done last, `trail` of all."""

    def __init__(self, process_id: str, given: Mapping[str, Mapping[str, Any]]) -> None:
        self.process_id = process_id
        self.examples = Examples(given)
        self.definition: Definition = catalog.live(process_id)
        self.instance: ProcessInstance | None = None
        self.notices: list[str] = []
        self.trail: list[str] = []
        self._beginning: Start | None = None
        self._as_written = False

    def do(self, step: Step) -> None:
        """Does one step. Raises NotAsWritten, or what the runtime raised."""
        if step.kind != "expect":
            self.notices = []
        with watched(self._saw):
            _DO[step.kind](self, step)

    def _saw(self, case: Case) -> None:
        self.notices += case.notices
        if case.definition.process_id == self.process_id:
            self.trail += case.way

    # ── beginning ──────────────────────────────────────────────────────────────────────────────

    def begin(self, start: Start) -> None:
        """Starts the case as the scenario says. Raises what the runtime raises."""
        self._beginning = start
        self.examples.seat_everywhere()
        node = self.definition.start_node
        on = self._row_for(start.on or node.ext.get("on"))
        by = start.by or next(iter(words(node.ext.get("by"))), "")
        actor = self.examples.actor(by)
        answers = self._start_answers(actor, on, start.answers)
        self.notices = []
        with watched(self._saw):
            self.instance = runtime.start(actor, self.process_id, on=on, json=answers)
            self._deliver()

    def _row_for(self, name: str | None) -> Model | None:
        return None if not name else self.examples.row(name)

    def _start_answers(
        self, actor: Actor, on: Model | None, given: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        bound = runtime.start_form(actor, self.process_id, on)
        return self._filled(bound, actor, given)

    def _filled(self, bound: Any, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Answers for a form: what the scenario says, what the form shows already, else plausible values."""
        if bound is None:
            return dict(given) or None
        shown = {
            field.name: field.data
            for field in bound.form.inputs
            if field.data not in (None, "", [])
            and field.name not in given
            and field.kind != "upload"  # what was handed in before stands, and no answer can name it
            and not _unticked(field)
        }
        if self._as_written:
            return {**shown, **given}
        context = bound.form.meta.context
        return forms.example(bound.spec, context, {**shown, **given}, actor=actor)

    # ── steps ──────────────────────────────────────────────────────────────────────────────────

    def complete(self, step: Step) -> None:
        task = self._open(step.target, "task")
        actor = self._who(task, step)
        answers = self._filled(runtime.task_form(task, actor), actor, step.answers)
        runtime.complete(task, actor, json=answers or {})
        self._deliver()

    def act(self, step: Step) -> None:
        task = self._open(step.target, "action")
        actor = self._who(task, step)
        answers = self._filled(runtime.task_form(task, actor), actor, step.answers)
        runtime.complete(task, actor, json=answers or {})
        self._deliver()

    def start_again(self, step: Step) -> None:
        self.begin(Start(step.by, step.on, step.answers, step.says, step.line))

    def after(self, step: Step) -> None:
        span = catalog.compile_text(step.target).evaluate({})
        if not isinstance(span, timedelta) or span < timedelta(0):
            raise NotAsWritten(
                Sentence(
                    f"“{step.target}”不是时长，例如 P5D、PT2H。",
                    f"{step.target} is no span of time such as P5D or PT2H.",
                )
            )
        self._until(clock.now() + span)

    def at(self, step: Step) -> None:
        try:
            to = moment(step.target)
        except ValueError:
            raise NotAsWritten(
                Sentence(f"“{step.target}”不是时刻。", f"{step.target} is no moment.")
            ) from None
        if to < clock.now():
            raise NotAsWritten(Sentence("时间只能往后走。", "The clock moves forward only."))
        self._until(to)

    def message(self, step: Step) -> None:
        instance = self._case()
        if instance.subject_kind is None:
            raise NotAsWritten(
                Sentence("没有办理对象，收不到消息。", "A case without subject gets no message.")
            )
        if runtime.deliver(step.target, instance.subject_kind, instance.subject_id) == 0:
            raise NotAsWritten(
                Sentence(
                    f"没有办理件在等消息“{step.target}”。", f"No case waits for the message {step.target}."
                )
            )
        self._deliver()

    def refuse(self, step: Step) -> None:
        """The step must be refused, with a sentence that has `says` in it.

        What the scenario does not say is made up, as for other steps; where that would be done, the answers
        are tried as they are written, so that a missing one can be what is refused.
        """
        act = self._refusable(step)
        said = self._refusal(act)
        if said is None and step.answers:
            self._as_written = True
            said = self._refusal(act)
            self._as_written = False
        if said is None:
            raise NotAsWritten(Sentence("应被拒绝，却办成了。", "It should be refused, but was done."))
        if step.says and not any(step.says in text for text in said):
            raise NotAsWritten(
                Sentence(
                    f"被拒绝了，但提示是“{'；'.join(said)}”。",
                    f"It was refused, but with “{'; '.join(said)}”.",
                )
            )

    def _refusal(self, act: Callable[[], object]) -> list[str] | None:
        """The sentences with which a step is refused; None where it would be done. It is undone in any case."""
        try:
            with db.step():
                act()
                raise _Undo
        except _Undo:
            return None
        except SubmissionInvalid as error:
            return [str(error.sentence), *at_fields(error)]
        except QihangError as error:
            return [str(error.sentence)]

    def _refusable(self, step: Step) -> Callable[[], object]:
        if step.target == self.definition.start_node.id:
            first = self._beginning or Start(None, None, {}, None, step.line)
            again = Start(
                step.by or first.by, step.on or first.on, step.answers or first.answers, None, step.line
            )
            keep = self.instance

            def start() -> None:
                try:
                    self.begin(again)
                finally:
                    self.instance = keep

            return start
        node = self.definition.nodes.get(step.target)
        return lambda: self.act(step) if node is not None and "action" in node.ext else self.complete(step)

    # ── who and what ───────────────────────────────────────────────────────────────────────────

    def current(self) -> ProcessInstance | None:
        """The case as it is stored now; None where none was started."""
        if self.instance is not None:
            self.instance = ProcessInstance.get_by_id(self.instance.id)
        return self.instance

    def _case(self) -> ProcessInstance:
        found = self.current()
        if found is None:
            raise NotAsWritten(Sentence("办理件没有发起成功。", "The case was not started."))
        return found

    def open_tasks(self, kind: str) -> list[UserTask]:
        """The open tasks or acts of the case, oldest first."""
        return list(
            UserTask.select()
            .where(
                (UserTask.instance == self._case().id) & (UserTask.kind == kind) & (UserTask.state == "open")
            )
            .order_by(UserTask.id)
        )

    def _open(self, node_id: str, kind: str) -> UserTask:
        tasks = self.open_tasks(kind)
        found = next((task for task in tasks if task.node_id == node_id), None)
        if found is None:
            name = self.definition.node_name(node_id)
            names = "、".join(dict.fromkeys(self.definition.node_name(t.node_id) for t in tasks)) or "无"
            raise NotAsWritten(
                Sentence(
                    f"“{name}”现在办不了。现在能办的：{names}。",
                    f"{node_id} is not open. Open: {', '.join(t.node_id for t in tasks) or 'nothing'}.",
                )
            )
        return runtime_task(found, self.examples)

    def _who(self, task: UserTask, step: Step) -> Actor:
        """The one who sits at the task's queue, or whom the scenario names."""
        if step.by:
            return self.examples.actor(step.by, step.colleague)
        if task.queue_id is None:
            raise NotAsWritten(
                Sentence("这一步没有人能办：没有队列。", "Nobody can do this: it has no queue.")
            )
        return self.examples.member(task.queue_id, step.colleague)

    # ── time and messages ──────────────────────────────────────────────────────────────────────

    def _until(self, moment_: Any) -> None:
        """Lets time pass, firing each timer at its moment, as the worker would."""
        for _ in range(_MOST_TIMERS):
            due = runtime.next_due()
            if due is None or db.instant(due) > moment_:
                break
            if db.instant(due) > clock.now():
                clock.move(db.instant(due))
            if runtime.fire_due() == 0:
                incident = Incident.select().where(Incident.state == "open").first()
                problem = "" if incident is None else incident.problem
                raise NotAsWritten(
                    Sentence(f"定时没有办成：{problem}", f"A timer did not come off: {problem}")
                )
            self._deliver()
        if moment_ > clock.now():
            clock.move(moment_)

    def _deliver(self) -> None:
        """Hands over the messages that left with the step, as the worker would."""
        for _ in range(_MOST_TIMERS):
            rows = list(Outbox.select().where((Outbox.job == "message") & (Outbox.state == "waiting")))
            if not rows:
                return
            for row in rows:
                payload = orjson.loads(row.payload)
                Outbox.update(state="done", done_at=clock.now()).where(Outbox.id == row.id).execute()
                runtime.deliver(payload["message"], payload["kind"], payload["id"])

    def row_of(self, name: str) -> Model | None:
        """A given row, as it is stored now."""
        row = self.examples.rows.get(name)
        return None if row is None else models.by_name(row.model_name()).get_by_id(row.get_id())


class _Undo(Exception):
    """Takes back what a step that had to be refused did."""


def runtime_task(task: UserTask, examples: Examples) -> UserTask:
    """The task as the runtime gives it to somebody who may see it."""
    if task.queue_id is None:
        return task
    return runtime.task_for(examples.member(task.queue_id), task.id)


def at_fields(error: SubmissionInvalid) -> list[str]:
    """The sentences at the fields of a form, with the fields' labels: 原因：请填写。"""
    found = []
    for key, value in error.errors.items():
        field = error.form.spec.by_key.get(key)
        label = f"{field.label.zh or key}：" if field is not None else ""
        found += [f"{label}{part}" for part in (value if isinstance(value, list | tuple) else [value])]
    return found


def _unticked(field: Any) -> bool:
    """A box that must be ticked and is not: what a form shows there is no answer yet."""
    return field.spec.kind == "checkbox" and field.spec.required and not field.data


def _nothing(course: Course, step: Step) -> None:
    return None


_DO: dict[str, Callable[[Course, Step], None]] = {
    "complete": Course.complete,
    "act": Course.act,
    "start": Course.start_again,
    "after": Course.after,
    "at": Course.at,
    "message": Course.message,
    "refuse": Course.refuse,
    "expect": _nothing,
}
