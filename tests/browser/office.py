"""The people of the demo acting on a running program's database, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine import clock, db, files, forms, jobs, runtime, secrets, settings
from engine.actors import Actor
from engine.models.organisations import Student
from engine.models.people import Account, actor_of
from engine.models.signing import Agreement, Invitation
from engine.models.workflow import Incident, Notification, ProcessInstance, UserTask
from reports.jobs import register_all


class Office:
    """`invite(…)`, `complete(…)` and what came of it; logins are the demo's."""

    @classmethod
    @contextmanager
    def at(cls, server: Any) -> Iterator[Office]:
        """On the database of a live server."""
        before = db.database.obj
        known = settings.load(server.env)
        secrets.configure(known.data_keys)
        files.configure(known.files_url)
        db.connect(server.database_url)
        db.database.obj.connect()
        try:
            yield cls()
        finally:
            db.database.obj.close()
            db.database.initialize(before)

    def actor(self, login: str) -> Actor:
        found = actor_of(Account.get(Account.login == login))
        assert found is not None
        return found

    def student(self, number: str) -> Student:
        return Student.get(Student.student_number == number)

    # ── cases ──────────────────────────────────────────────────────────────────────────────────

    def invite(
        self, student: str = "2023010101", employer: str = "qingchuan", **letter: Any
    ) -> ProcessInstance:
        """The employer sends a letter; what the test does not say is as the form proposes, or plausible."""
        return self.start("online_signing", employer, self.student(student), **letter)

    def start(self, process: str, login: str, on: Any, **said: Any) -> ProcessInstance:
        actor = self.actor(login)
        bound = runtime.start_form(actor, process, on)
        shown = {f.name: f.data for f in bound.form.inputs if f.data not in (None, "", [], False)}
        answers = forms.example(bound.spec, bound.form.meta.context, {**shown, **said}, actor=actor)
        return runtime.start(actor, process, on=on, json=answers)

    def open(self, case: ProcessInstance) -> list[str]:
        """Ids of the steps that wait for somebody."""
        return sorted(task.node_id for task in self._tasks(case))

    def task(self, case: ProcessInstance, node_id: str) -> UserTask:
        return next(task for task in self._tasks(case) if task.node_id == node_id)

    def _tasks(self, case: ProcessInstance) -> list[UserTask]:
        return list(
            UserTask.select().where(
                (UserTask.instance == case.id) & (UserTask.state == "open") & (UserTask.kind == "task")
            )
        )

    def complete(self, case: ProcessInstance, node_id: str, login: str, **answers: Any) -> None:
        actor = self.actor(login)
        task = runtime.task_for(actor, self.task(case, node_id).id)
        runtime.complete(task, actor, json=answers)

    def agree(self, case: ProcessInstance, student: str = "2023010101") -> None:
        """The graduate presses 同意 and 现在签约."""
        self.complete(case, "student_answers", student, answer="agree", _confirmed="agree")

    def ended(self, case: ProcessInstance) -> str | None:
        found = ProcessInstance.get_by_id(case.id)
        return None if found.state == "running" else found.end_node

    def invitation(self, case: ProcessInstance) -> Invitation:
        return Invitation.get_by_id(ProcessInstance.get_by_id(case.id).subject_id)

    def agreement(self, case: ProcessInstance) -> Agreement:
        return self.invitation(case).agreement

    def version(self, case: ProcessInstance) -> int:
        return ProcessInstance.get_by_id(case.id).definition.version

    # ── time and what it brings ────────────────────────────────────────────────────────────────

    def at_moment(self, moment: datetime) -> Any:
        """A block in which it is that moment; what is due by then has been done."""
        return _Moment(moment)

    def told(self, login: str) -> list[str]:
        """The titles of the account's messages, oldest first."""
        rows = Notification.select().join(Account).where(Account.login == login).order_by(Notification.id)
        return [row.subject for row in rows]

    def bodies(self, login: str) -> list[str]:
        rows = Notification.select().join(Account).where(Account.login == login).order_by(Notification.id)
        return [row.body for row in rows]

    def incidents(self) -> int:
        return Incident.select().count()

    def work(self) -> None:
        """What the worker does: documents, mails, messages."""
        register_all()
        jobs.run_due()


class _Moment:
    def __init__(self, moment: datetime) -> None:
        self._frozen = clock.frozen(moment)

    def __enter__(self) -> None:
        self._frozen.__enter__()
        for _ in range(20):
            if runtime.fire_due() == 0:
                break

    def __exit__(self, *error: Any) -> None:
        self._frozen.__exit__(*error)


def office_time(day: Any, hour: int, minute: int = 0) -> datetime:
    """A moment of the office's wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.office_zone())
