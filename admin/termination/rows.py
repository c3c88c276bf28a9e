"""Agreements and the requests to end them, as lists need them: a page costs the same for one row and for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import peewee
from flask import url_for

from engine.actors import Actor
from engine.models.organisations import Employer
from engine.models.signing import PLAIN, Agreement
from engine.models.termination import OPEN, Termination, chances
from engine.models.workflow import ProcessInstance, UserTask


def prepare(terminations: Iterable[Termination]) -> None:
    """Hangs their agreements on these, with the employers. One query."""
    rows = list(terminations)
    query = Agreement.select(*PLAIN, Employer).join(Employer, peewee.JOIN.LEFT_OUTER)
    found = {one.id: one for one in query.where(Agreement.id.in_([row.agreement_id for row in rows]))}
    for row in rows:
        row.agreement = found[row.agreement_id]


@dataclass(slots=True)
class Standing:
    """An agreement with its latest request, whether the chance is left, and where the case is open."""

    agreement: Agreement
    ending: Termination | None
    chance: bool
    case_url: str | None
    task_url: str | None

    @property
    def open(self) -> bool:
        """Whether a request is under way."""
        return self.ending is not None and self.ending.state in OPEN

    @property
    def may_ask(self) -> bool:
        """What the diagram asks for before it offers 申请解约; the start itself asks it again."""
        agreement = self.agreement
        return bool(
            agreement.state == "effective" and not self.open and self.chance and agreement.employer_id
        )


def standing_of(agreements: Iterable[Agreement], asks: Actor) -> list[Standing]:
    """Five queries for a page."""
    rows = list(agreements)
    latest: dict[int, Termination] = {}
    query = Termination.select().where(Termination.agreement.in_([row.id for row in rows]))
    for one in query.order_by(Termination.id) if rows else ():
        latest[one.agreement_id] = one
    left = chances(row.student_id for row in rows)
    where = Where.of(latest.values(), asks)
    return [
        Standing(
            row,
            ending := latest.get(row.id),
            row.student_id in left,
            where.case_url(ending),
            where.task_url(ending),
        )
        for row in rows
    ]


@dataclass(slots=True)
class Where:
    """The cases of terminations, and the open tasks in them that are the actor's to do."""

    cases: dict[int, int]
    tasks: dict[int, int]

    @classmethod
    def of(cls, terminations: Iterable[Termination], asks: Actor) -> Where:
        """Two queries."""
        ids = [row.id for row in terminations]
        if not ids:
            return cls({}, {})
        about = (ProcessInstance.subject_kind == "termination") & ProcessInstance.subject_id.in_(ids)
        cases = ProcessInstance.select(ProcessInstance.subject_id, ProcessInstance.id).where(about)
        tasks = (
            UserTask.select(ProcessInstance.subject_id, UserTask.id)
            .join(ProcessInstance)
            .where(
                about
                & (UserTask.state == "open")
                & (UserTask.kind == "task")
                & UserTask.queue.in_(list(asks.queue_ids))
            )
        )
        return cls(dict(cases.tuples()), dict(tasks.tuples()))

    def case_url(self, termination: Termination | None) -> str | None:
        found = self.cases.get(termination.id) if termination is not None else None
        return url_for("cases.case", case_id=found) if found is not None else None

    def task_url(self, termination: Termination | None) -> str | None:
        found = self.tasks.get(termination.id) if termination is not None else None
        return url_for("inbox.task", task_id=found) if found is not None else None
