"""What an operation gets to know of the step it runs in, and what it may ask of it.

Effects are collected here and handed to the case when the operation has returned, so that one that raises
leaves none behind, also where the diagram catches its error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol

from engine import clock
from engine.actors import Actor
from engine.errors import Sentence
from engine.models.base import Model
from engine.models.workflow import ProcessInstance

#: Tells jobs of one step apart; keys of outbox rows need to be unique within a revision of a case only.
_serial = count(1)


class Case(Protocol):
    """What a step needs of the running case; engine/runtime has it."""

    actor: Actor
    on: Model | None
    row: ProcessInstance
    answers: dict[str, Any]

    @property
    def subject(self) -> Model | None: ...

    def set_subject(self, row: Model) -> None: ...

    def notify(self, notice_id: str) -> None: ...

    def note(self, operation: Sentence | str, remark: str = "", refusal: bool = False) -> None: ...

    def later(self, job: str, key: str, payload: dict[str, Any], at: datetime | None = None) -> None: ...

    def said(self) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the trace: what was done, in the office's words, the remark, and whether it says no."""

    operation: Sentence | str
    remark: str
    refusal: bool


@dataclass(frozen=True, slots=True)
class Job:
    """Work after the commit: the name of a registered job and its payload (JSON values)."""

    name: str
    payload: Mapping[str, Any]


class Step:
    """The running step, as an operation sees it. `scope` holds the variables visible at `node_id`."""

    def __init__(self, case: Case, node_id: str, scope: Mapping[str, Any]) -> None:
        self._case = case
        self.node_id = node_id
        self.scope = scope
        self.notices: list[str] = []
        self.notes: list[Note] = []
        self.jobs: list[Job] = []
        self._new_subject: Model | None = None

    @property
    def actor(self) -> Actor:
        """Who completed the task; `SYSTEM` in a step of a timer or a message."""
        return self._case.actor

    @property
    def instance(self) -> ProcessInstance:
        return self._case.row

    @property
    def on(self) -> Model | None:
        """The row on which the case was started (`qh:on`); None in later steps."""
        return self._case.on

    @property
    def subject(self) -> Model | None:
        """The row the case is about, fresh in this step; None until the first operation has made it."""
        return self._new_subject or self._case.subject

    @property
    def answers(self) -> Mapping[str, Any]:
        """The validated answers of the form just submitted, empty in a step of a timer or a message."""
        return self._case.answers

    @property
    def said(self) -> Mapping[str, str]:
        """All that forms have asked in the case, up to now: field → the last answer in words. One query."""
        return self._case.said()

    @property
    def now(self) -> datetime:
        return clock.now()

    def set_subject(self, row: Model) -> None:
        """Makes `row` what the case is about: its `parties()` become the case's."""
        if self._case.subject is not None:
            raise RuntimeError("a case keeps its subject")
        self._new_subject = row

    def notify(self, notice_id: str) -> None:
        """Sends a notice of the process with the step's commit."""
        self.notices.append(notice_id)

    def later(self, job_name: str, **payload: Any) -> None:
        """Has a job done after the commit, at least once; the payload must be JSON."""
        self.jobs.append(Job(job_name, payload))

    def note(self, operation: Sentence | str, remark: str = "", *, refusal: bool = False) -> None:
        """Adds a line to the trace; an empty remark is shown as 无, a refusal is drawn as one."""
        self.notes.append(Note(operation, remark, refusal))

    def carry_out(self) -> None:
        """Hands the collected effects to the case. The registry calls it when the operation has returned."""
        if self._new_subject is not None:
            self._case.set_subject(self._new_subject)
        for notice in self.notices:
            self._case.notify(notice)
        for note in self.notes:
            self._case.note(note.operation, note.remark, note.refusal)
        for job in self.jobs:
            self._case.later(job.name, f"{self.node_id}.{next(_serial)}", dict(job.payload))
