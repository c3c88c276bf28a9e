"""What must hold of a database whatever was killed: nothing lost, nothing twice, nothing stuck."""

from __future__ import annotations

import email.message
from typing import Any

import orjson

from engine import db, feel
from engine.actors import SYSTEM
from engine.models.signing import Agreement
from engine.models.workflow import HistoryEvent, Notification, Outbox, ProcessInstance, UserTask
from engine.notify.mail import compose
from engine.runtime.case import Case
from tests.soak.clients import Kept


def check(kept: Kept, mails: list[email.message.EmailMessage], may_repeat: int) -> list[str]:
    """The sentences of what does not hold. `may_repeat`: mails that a killed worker may have sent again."""
    return [
        *kept.problems,
        *_starts(kept),
        *_submissions(kept),
        *_history(),
        *_tasks(),
        *_positions(),
        *_agreements(kept),
        *_messages(),
        *_outbox(mails, may_repeat),
    ]


def _starts(kept: Kept) -> list[str]:
    rows = [row for row in ProcessInstance.select() if row.start_key]
    cases = {row.start_key.partition(":")[2]: row.id for row in rows}
    letters = {row.start_key.partition(":")[2]: row.subject_id for row in rows}
    wrong = [f"start {key}: told {told}, stored {cases.get(key)}"
             for key, told in kept.started.items() if cases.get(key) != told]  # fmt: skip
    wrong += [f"letter {key}: told {told}, stored {letters.get(key)}"
              for key, told in kept.sent.items() if letters.get(key) != told]  # fmt: skip
    if len(cases) != ProcessInstance.select().count():
        wrong.append("cases without a start key, or two of one")
    return wrong


def _submissions(kept: Kept) -> list[str]:
    """Each acknowledged submission stands in the history once, as it was sent."""
    wrong = []
    for task_id, data in kept.done.items():
        task = UserTask.get_or_none(UserTask.id == task_id)
        if task is None or task.state != "done":
            wrong.append(f"task {task_id}: acknowledged, but {task and task.state}")
            continue
        lines = list(
            HistoryEvent.select().where(
                (HistoryEvent.instance == task.instance_id) & (HistoryEvent.node_id == task.node_id)
                & HistoryEvent.way.is_null(False)
            )
        )  # fmt: skip
        if len(lines) != 1:
            wrong.append(f"task {task_id}: {len(lines)} lines of history")
        elif data is not None:
            stored = feel.from_json(orjson.loads(lines[0].submission))
            wrong += [f"task {task_id}: {name} was {value!r}, is {stored.get(name)!r}"
                      for name, value in data.items()
                      if isinstance(value, str) and not name.startswith("_") and stored.get(name) not in (value,)
                      and name != "start_date"]  # fmt: skip
    return wrong


def _history() -> list[str]:
    """A line per step, and a step per revision."""
    rows = db.run_sql(
        "SELECT i.id, i.revision, count(h.id) FROM process_instance i LEFT JOIN history_event h"
        " ON h.instance_id = i.id AND h.way IS NOT NULL GROUP BY i.id, i.revision"
    ).fetchall()
    return [f"case {case}: revision {revision}, {lines} steps in its history"
            for case, revision, lines in rows if revision != lines]  # fmt: skip


def _tasks() -> list[str]:
    done = db.run_sql("SELECT count(*) FROM user_task WHERE state = 'done'").fetchone()[0]
    lines = db.run_sql(
        "SELECT count(*) FROM history_event WHERE kind IN ('task', 'act') AND way IS NOT NULL"
    ).fetchone()[0]
    wrong = [] if done == lines else [f"{done} tasks are done, {lines} lines tell of it"]
    orphans = db.run_sql(
        "SELECT t.id FROM user_task t JOIN process_instance i ON i.id = t.instance_id"
        " WHERE t.state = 'open' AND i.state <> 'running'"
    ).fetchall()
    return wrong + [f"task {row[0]} is open in a case that has ended" for row in orphans]


def _positions() -> list[str]:
    """The inbox shows what each running case waits for, and every one waits for something."""
    wrong = []
    for (case_id,) in db.run_sql("SELECT id FROM process_instance WHERE state = 'running'").fetchall():
        with db.step():
            case = Case.locked(case_id, SYSTEM)
            assert case is not None
            wanted = {(task.id, task.node_id) for task in case.run.open_tasks()}
            waits = wanted or case.run.waiting()
        shown = UserTask.select().where(
            (UserTask.instance == case_id) & (UserTask.state == "open") & (UserTask.kind == "task")
        )
        if {(task.ref, task.node_id) for task in shown} != wanted or len(shown) != len(wanted):
            wrong.append(f"case {case_id}: waits for {wanted}, the inbox has {[str(task) for task in shown]}")
        if not waits:
            wrong.append(f"case {case_id} is stuck")
    return wrong


def _agreements(kept: Kept) -> list[str]:
    standing: dict[int, int] = {}
    for row in Agreement.select().where(Agreement.state.in_(["generated", "effective"])):
        standing[row.student_id] = standing.get(row.student_id, 0) + 1
    wrong = [f"student {student} has {count} agreements" for student, count in standing.items() if count > 1]
    wrong += [f"student {student} agreed and has none" for student in kept.agreed if student not in standing]
    papers = db.run_sql(
        "SELECT a.id, count(f.id) FROM agreement a LEFT JOIN attachment f ON f.subject_kind = 'agreement'"
        " AND f.subject_id = a.id AND f.kind = 'agreement' WHERE a.state = 'effective' GROUP BY a.id"
    ).fetchall()
    return wrong + [f"agreement {row[0]} has {row[1]} papers" for row in papers if row[1] != 1]


def _messages() -> list[str]:
    """No signing here sends one notice twice to one person."""
    twice: Any = db.run_sql(
        "SELECT instance_id, account_id, subject, count(*) FROM notification"
        " GROUP BY instance_id, account_id, subject HAVING count(*) > 1"
    ).fetchall()
    wrong = [f"case {row[0]}: account {row[1]} was told {row[3]} times: {row[2]}" for row in twice]
    signings = ProcessInstance.select().where(ProcessInstance.subject_kind == "invitation").count()
    told = Notification.select(Notification.instance).distinct().count()
    return wrong if told == signings else [*wrong, f"{signings} signings, messages of {told}"]


def _outbox(mails: list[email.message.EmailMessage], may_repeat: int) -> list[str]:
    wrong = [f"outbox {row.id} ({row.job}) is {row.state}: {row.error}"
             for row in Outbox.select().where(Outbox.state != "done")]  # fmt: skip
    incidents = db.run_sql("SELECT id, kind, problem FROM incident WHERE state = 'open'").fetchall()
    wrong += [f"incident {row[0]} ({row[1]}): {row[2]}" for row in incidents]
    sent = [str(mail["Message-ID"]) for mail in mails]
    wanted = {
        str(compose(orjson.loads(row.payload), row.key)["Message-ID"])
        for row in Outbox.select().where(Outbox.job == "mail")
    }
    if set(sent) != wanted:
        wrong.append(f"{len(wanted - set(sent))} mails missing, {len(set(sent) - wanted)} nobody's")
    repeated = len(sent) - len(set(sent))
    if repeated > may_repeat:
        wrong.append(f"{repeated} mails came again, {may_repeat} could")
    return wrong
