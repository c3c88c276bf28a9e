"""Tasks and acts: seeing, claiming, completing. One step each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import bpmn, catalog, clock, db
from engine.actors import SYSTEM, Actor
from engine.catalog.references import words
from engine.db import InstantField
from engine.errors import NotFound, QihangError, Refused, Sentence, SubmissionInvalid, TaskNotOpen
from engine.forms import FormSpec, uploads
from engine.models.base import Model
from engine.models.people import Account
from engine.models.workflow import HistoryEvent, Outbox, ProcessInstance, UserTask
from engine.runtime.answers import has_files, kept, submitted
from engine.runtime.case import Case
from engine.runtime.errors import StepFailed, guarded
from engine.runtime.said import said
from engine.runtime.saving import TASK_COLUMNS
from engine.runtime.timers import fire, fire_overdue

_stamp = InstantField().db_value

_SELECT = f"SELECT {', '.join('t.' + name for name in TASK_COLUMNS)}, i.definition_id FROM user_task t"
_TASK_SQL = f"{_SELECT} JOIN process_instance i ON i.id = t.instance_id WHERE t.id = ?"


@dataclass(frozen=True, slots=True)
class Done:
    """What a step left: its case, and the ids of the tasks of that case which are the actor's to do next."""

    instance: ProcessInstance
    tasks: tuple[int, ...]


def make_task(row: tuple[Any, ...]) -> UserTask:
    """A task of a row of TASK_COLUMNS and its case's definition id."""
    task = UserTask(
        id=row[0], instance=row[1], kind=row[2], ref=row[3], node_id=row[4], queue=row[5], assignee=row[6],
        state=row[7], due_at=db.instant(row[8]), opened_at=db.instant(row[9]),
        closed_at=None if row[10] is None else db.instant(row[10]), closed_by=row[11],
    )  # fmt: skip
    task.definition_id = row[12]
    return task


def task_for(actor: Actor, task_id: int) -> UserTask:
    """The task, open or closed, as far as the actor may see it. Raises NotFound for a stranger."""
    found = db.run_sql(_TASK_SQL, (task_id,)).fetchone()
    if found is None:
        raise NotFound()
    task = make_task(found)
    if may_do(actor, task) or task.closed_by_id == actor.account_id:
        return task
    if task.queue_id in actor.queue_ids or may_see_case(actor, task.instance_id):
        return task
    raise NotFound()


def may_do(actor: Actor, task: UserTask) -> bool:
    """Whether the task is the actor's to do: in one of its queues, and its own or unclaimed."""
    free = task.assignee_id is None or task.assignee_id == actor.account_id
    return task.state == "open" and free and task.queue_id in actor.queue_ids


def may_see_case(actor: Actor, instance_id: int) -> bool:
    """Whether the actor sees the case. One query."""
    return bool(ProcessInstance.visible_to(actor).where(ProcessInstance.id == instance_id).exists())


def definition_of(task: UserTask) -> catalog.Definition:
    """The version on which the task's case runs."""
    definition_id = getattr(task, "definition_id", None)
    return catalog.load(definition_id or task.instance.definition_id)


def node(task: UserTask) -> bpmn.Node:
    """The diagram's element of a task or action."""
    return definition_of(task).nodes[task.node_id]


def step_name(task: UserTask, locale: str = "zh") -> str:
    """What the step is called: the element's name; of an action, its button's words."""
    definition = definition_of(task)
    if task.kind == "action" and not locale.startswith("en"):
        return str(definition.nodes[task.node_id].ext.get("action", task.node_id))
    return definition.node_name(task.node_id, locale)


def task_form(
    task: UserTask,
    actor: Actor,
    data: Any = None,
    *,
    json: Mapping[str, Any] | None = None,
    locale: str = "zh",
    case: Case | None = None,
) -> Any:
    """The task's form on the case's pinned version: prefilled from the facts, or with what was sent."""
    definition = definition_of(task)
    key = definition.nodes[task.node_id].ext.get("form")
    if not key:
        return None
    spec = definition.form(key)
    facts, scope = _reading(task, definition, actor, case)
    context = {**scope, **{name: facts[name] for name in facts}}
    prefill = _prefill(spec, facts)
    if task.kind == "action":
        prefill = _said_before(task, definition, spec) | prefill
    if json is not None:
        return spec.bind_json(dict(json), prefill=prefill, context=context, locale=locale, actor=actor)
    return spec.bind(data, prefill=prefill, context=context, locale=locale, actor=actor)


def _reading(
    task: UserTask, definition: catalog.Definition, actor: Actor, case: Case | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Facts and variables at a task, of a case under way or of the stored one; an ended case has only facts."""
    if case is None:
        case = stored_case(task, definition, actor)
        if case.row.position is None:
            return case.facts, {}
    return case.facts, case.run.scope_of(task.ref)


def stored_case(task: UserTask, definition: catalog.Definition, actor: Actor) -> Case:
    """The task's case to look at, not to move; without a run where it has ended. One query."""
    row = ProcessInstance.get_by_id(task.instance_id)
    case = Case(row, definition, actor)
    if row.position is not None:
        case.run = definition.program.restore(row.position, row.variables or {}, case)
    return case


def _prefill(spec: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A field named like a readable attribute of the subject (the first fact) is prefilled from it."""
    names = list(facts)
    subject = facts[names[0]] if names else None
    if subject is None:
        return {}
    return {field.key: subject[field.key] for field in spec.fields if field.key in subject}


def _said_before(task: UserTask, definition: catalog.Definition, spec: FormSpec) -> dict[str, Any]:
    """An act that changes what a form has said begins with that; for what is no fact of the subject."""
    forms = said(task.instance_id, definition)
    return {k: v for form in forms if form.form.key == spec.key for k, v in form.answers.items()}


def claim(task: UserTask, actor: Actor) -> None:
    """Takes an unclaimed task out of the queue. Raises TaskNotOpen where another was faster; an act is
    everybody's."""
    if task.kind != "task":
        raise NotFound()
    _assign(task, actor, actor.account_id, "assignee_id IS NULL")


def unclaim(task: UserTask, actor: Actor) -> None:
    """Gives a claimed task back to its queue."""
    _assign(task, actor, None, f"assignee_id = {int(actor.account_id)}")


def release_claims() -> int:
    """Gives tasks back to their queues whose claimers sit there no longer; for the worker. Gives how many."""
    stamp = _stamp(clock.now())
    gone = (
        "SELECT t.id FROM user_task t WHERE t.state = 'open' AND t.kind = 'task' AND t.assignee_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM membership m JOIN account a ON a.id = m.account_id"
        " WHERE m.account_id = t.assignee_id AND m.queue_id = t.queue_id AND m.since <= ?"
        " AND (m.until IS NULL OR m.until > ?) AND a.active)"
    )
    if db.run_sql(f"{gone} LIMIT 1", (stamp, stamp)).fetchone() is None:
        return 0
    with db.step():
        sql = f"UPDATE user_task SET assignee_id = NULL WHERE state = 'open' AND id IN ({gone})"
        return int(db.run_sql(sql, (stamp, stamp)).rowcount)


def _assign(task: UserTask, actor: Actor, account: int | None, condition: str) -> None:
    if task.kind != "task":
        raise NotFound()  # an act is offered to a whole queue for as long as the case waits
    if not may_do(actor, task):
        raise NotFound() if task.state == "open" and task.assignee_id is None else not_open(task)
    with db.step():
        changed = db.run_sql(
            f"UPDATE user_task SET assignee_id = ? WHERE id = ? AND state = 'open' AND {condition}",
            (account, task.id),
        ).rowcount
        if changed != 1:
            raise not_open(task_now(task.id))
    task.assignee = account


def task_now(task_id: int) -> UserTask:
    """The task as it is stored now. One query."""
    found = db.run_sql(_TASK_SQL, (task_id,)).fetchone()
    if found is None:
        raise NotFound()
    return make_task(found)


def not_open(task: UserTask) -> TaskNotOpen:
    """What to tell the second: by whom and when the task was done, claimed, or that the case moved on."""
    by = Account.get_or_none(Account.id == (task.closed_by_id or task.assignee_id))
    at = task.closed_at
    when = at.astimezone(clock.office_zone()).strftime("%m-%d %H:%M") if at else ""
    if task.state == "done" and by is not None:
        zh = f"{by.name}已在 {when} 办完这一项。你的操作没有改动任何内容。"
        en = f"{by.name} completed this at {when}. Nothing was altered by you."
    elif task.state == "open" and by is not None:
        zh, en = (
            f"{by.name}已认领这一项，你没有改动任何内容。",
            f"{by.name} has claimed this. Nothing was altered.",
        )
    else:
        zh = f"状态已变化，请刷新。这一项{f'已在 {when} ' if when else '已'}关闭，你的操作没有改动任何内容。"
        en = f"The state has changed; please reload. This was closed {when} and nothing was altered by you."
    return TaskNotOpen(Sentence(zh, en), by.name if by is not None else None, at)


def complete(
    task: UserTask,
    actor: Actor,
    data: Any = None,
    *,
    json: Mapping[str, Any] | None = None,
    locale: str = "zh",
) -> Done:
    """Completes a task, or does an act: one step, all or nothing. Timers that were due fire before, in a
    step of their own.

    Raises SubmissionInvalid (the bound form with what was typed), ConfirmationNeeded, TaskNotOpen (by whom
    and when), Conflict (the state no longer allows it), Refused (also where a timer that was due failed),
    NotFound, StepFailed (an incident).
    """
    if task.state == "open" and not may_do(actor, task):
        raise not_open(task) if task.queue_id in actor.queue_ids else NotFound()
    data = uploads.read_all(data)
    retry = {"act": "complete", "task": task.id, **kept(data, json)}
    if task.state == "open" and has_files(data, json):
        with guarded(task.instance_id, actor, task.node_id, retry):
            form = task_form(task, actor, data, json=json, locale=locale)
            if form is not None:
                form.put_files()
    while True:
        with guarded(task.instance_id, actor, task.node_id, retry), db.step():
            case = Case.locked(task.instance_id, actor)
            if case is None or not case.overdue:
                return _complete_locked(case, task, actor, data, json, locale)
        _fire_first(task.instance_id)


def _fire_first(instance_id: int) -> None:
    """Nothing is done past a deadline, also where what should have happened at it has failed."""
    try:
        fire(instance_id)
    except StepFailed as failed:
        raise Refused(
            Sentence(
                f"期限已过，系统到期要办的这一步出了故障（编号 {failed.incident_id}），处理好以后才能继续办。",
                f"A deadline has passed and what should have happened at it failed (incident"
                f" {failed.incident_id}). This can go on once that is mended.",
            )
        ) from failed


def _complete_locked(
    case: Case | None,
    task: UserTask,
    actor: Actor,
    data: Any,
    json: Mapping[str, Any] | None,
    locale: str,
) -> Done:
    found = case.open_task(task.id) if case is not None else None
    if case is None or found is None:
        raise not_open(task_now(task.id))
    task = make_task(found)
    if not may_do(actor, task):
        raise not_open(task)
    element = case.definition.nodes[task.node_id]
    _check_distinct(element, task, actor)
    reason = _reason_against(case, element, task)
    if reason is not None:
        raise Refused(reason)
    form = task_form(task, actor, data if data is not None else {}, json=json, locale=locale, case=case)
    answers, routing = submitted(form, case.row.subject_kind, json)
    if not case.close_task(task.id):
        raise not_open(task_now(task.id))
    if task.kind == "action":
        case.catch(task.ref, answers, routing)
    else:
        case.complete(task.ref, answers, routing)
    case.save("act" if task.kind == "action" else "task", task.node_id, answers)
    return Done(case.row, tuple(case.next_of(actor)))


def _check_distinct(element: bpmn.Node, task: UserTask, actor: Actor) -> None:
    """Two reviewers are two different people (`qh:distinct`)."""
    others = words(element.ext.get("distinct"))
    if others and (
        HistoryEvent.select()
        .where(
            (HistoryEvent.instance == task.instance_id)
            & HistoryEvent.node_id.in_(others)
            & (HistoryEvent.account == actor.account_id)
        )
        .exists()
    ):
        raise Refused(
            Sentence(
                "前一步是你办的，这一步要由另一位同事办理。",
                "You did the step before; another colleague has to do this one.",
            )
        )


def why_not(task: UserTask, actor: Actor) -> Sentence | None:
    """Why an open act cannot be done now; None where it can. No query where the diagram sets no condition."""
    definition = definition_of(task)
    element = definition.nodes[task.node_id]
    if task.kind != "action" or not element.ext.get("when"):
        return None
    return _reason_against(stored_case(task, definition, actor), element, task)


def _reason_against(case: Case, element: bpmn.Node, task: UserTask) -> Sentence | None:
    """An act may carry a condition (`qh:when`) and the reason where it does not hold."""
    when = element.ext.get("when")
    if task.kind != "action" or not when or case.evaluate(when, case.run.scope_of(task.ref)) is True:
        return None
    reason = element.ext.get("reason") or "现在还不能办。"
    return Sentence(reason, case.definition.text(f"{element.id}.reason", "en") or reason)


def complete_many(
    tasks: Iterable[UserTask], actor: Actor, data: Any, *, locale: str = "zh"
) -> list[tuple[UserTask, Sentence | None]]:
    """Completes many with the same answers, each in its own step; for each None or the sentence why not."""
    results: list[tuple[UserTask, Sentence | None]] = []
    for task in tasks:
        try:
            complete(task, actor, data, locale=locale)
            results.append((task, None))
        except SubmissionInvalid as error:
            first = next(iter(error.errors.values()), None)
            text = str(first[0] if isinstance(first, (list, tuple)) and first else error.sentence)
            results.append((task, Sentence(text, text)))
        except QihangError as error:
            results.append((task, error.sentence))
    return results


def actions(actor: Actor, instance: ProcessInstance) -> list[UserTask]:
    """The acts that the diagram offers the actor on an open case. One query."""
    return _open_ones("action", actor, instance)


def open_tasks(actor: Actor, instance: ProcessInstance) -> list[UserTask]:
    """The open tasks of a case that are the actor's to do. One query."""
    return _open_ones("task", actor, instance)


def _open_ones(kind: str, actor: Actor, instance: ProcessInstance) -> list[UserTask]:
    rows = db.run_sql(
        f"{_SELECT} JOIN process_instance i ON i.id = t.instance_id"
        " WHERE t.instance_id = ? AND t.state = 'open' AND t.kind = ? ORDER BY t.id",
        (instance.id, kind),
    ).fetchall()
    return [task for task in map(make_task, rows) if may_do(actor, task)]


def cancel(instance: ProcessInstance, actor: Actor, reason: str) -> None:
    """Ends a case without its diagram; only for those who keep the system, with a reason. Refused where it
    would leave a row in a state that no other case can end."""
    if actor.party_kind != "system" or not reason.strip():
        raise Refused(
            Sentence("终止办理件要管理员说明原因。", "Only an administrator may cancel, with a reason.")
        )
    with db.step():
        case = Case.locked(instance.id, actor)
        if case is None:
            raise Refused(Sentence("这件事已经办结。", "This case has ended already."))
        left = case.unfinished()
        if left:
            raise Refused(_left_open(left[0]))
        case.cancel()
        case.note("终止", reason.strip())
        case.save("cancel", None)


def _left_open(row: Model) -> Sentence:
    return Sentence(
        f"“{row.label.zh}”还没有办完，终止后没有别的流程能接着办它。请让这件事按流程办到结束。",
        f"{row.label.en}: it is not settled, and no other case could settle it. Let the case come to its end.",
    )


def deliver(message: str, subject_kind: str, subject_id: int, key: str = "") -> int:
    """Hands a thrown message to the open cases about its key, each in its own step. Gives how many took it.

    `key` names this very message: a case takes it once, although the worker that brings it may die and
    come again. Raises RuntimeError in the end where a case could not take it; the others have it.
    """
    rows = db.run_sql(
        "SELECT id FROM process_instance WHERE subject_kind = ? AND subject_id = ? AND state = 'running'"
        " ORDER BY id",
        (subject_kind, subject_id),
    ).fetchall()
    took, failed = 0, {}
    for row in rows:
        try:
            took += _deliver_one(message, int(row[0]), key)
        except Exception as error:
            failed[row[0]] = error
    for case_id, problem in failed.items():
        raise RuntimeError(f"{message} did not reach case {case_id}: {problem}") from problem
    return took


def _deliver_one(message: str, instance_id: int, key: str) -> bool:
    fire_overdue(instance_id)
    with db.step():
        case = Case.locked(instance_id, SYSTEM)
        if case is None:
            return False
        waiting = [w for w in case.run.waiting() if w.kind == "message" and w.message == message]
        waiting = [w for w in waiting if "action" not in case.definition.nodes[w.node_id].ext]
        if not waiting or (key and not _first_time(key, instance_id)):
            return False
        case.catch(waiting[0].id, {}, {})
        case.save("message", waiting[0].node_id)
        return True


def _first_time(key: str, instance_id: int) -> bool:
    """Marks a message as taken by a case, in its step; False where it was already."""
    mark = Outbox.fitting(f"delivered.{key}.{instance_id}")
    query = Outbox.insert(job="delivered", key=mark, instance=instance_id, state="done")
    return next(iter(query.on_conflict_ignore().returning(Outbox.id).execute()), None) is not None
