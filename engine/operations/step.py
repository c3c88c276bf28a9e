"""What an operation gets to know of the step it runs in, and what it may ask of it.

Effects are only collected here; the runtime carries them out in the same transaction, after the
operation has returned, so that an operation that raises leaves none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.actors import Actor
from engine.models.base import Model
from engine.models.workflow import ProcessInstance


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the trace: what was done, in the office's words, and the remark."""

    operation: str
    remark: str


@dataclass(frozen=True, slots=True)
class Job:
    """Work after the commit: the name of a registered job and its payload (JSON values)."""

    name: str
    payload: Mapping[str, Any]


@dataclass(slots=True)
class Step:
    """The running step, as operations see it.

    `answers` are the validated answers of the form just submitted, empty in a step of a timer or a
    message. `subject` is None until the first operation has created it.
    """

    actor: Actor
    instance: ProcessInstance
    subject: Model | None
    now: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    on: Model | None = None
    """The row on which the case was started (`qh:on`); None afterwards."""
    notices: list[str] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def set_subject(self, row: Model) -> None:
        """Makes `row` what the case is about: its `parties()` become the case's."""
        if self.subject is not None and self.subject != row:
            raise RuntimeError(f"the case has a subject already: {self.subject!r}")
        self.subject = row

    def notify(self, notice_id: str) -> None:
        """Sends a notice of the process with the step's commit."""
        self.notices.append(notice_id)

    def later(self, job_name: str, **payload: Any) -> None:
        """Has a job done after the commit, at least once; the payload must be JSON."""
        self.jobs.append(Job(job_name, payload))

    def note(self, operation: str, remark: str = "") -> None:
        """Adds a line to the trace; an empty remark is shown as 无."""
        self.notes.append(Note(operation, remark))
