"""Running cases: start, complete, act, timers, messages, the inbox, the trace, incidents.

Every write is one step (`db.step()`): lock the case, run the diagram until it waits, write rows, inbox,
history and outbox, commit; or nothing happened.
"""

from engine.runtime import inbox
from engine.runtime.attached import attachments, file_for, file_key
from engine.runtime.due import why_due
from engine.runtime.errors import ConfirmationNeeded, StepFailed
from engine.runtime.retrying import dismiss, retry
from engine.runtime.said import Said, facts_named, said, shown_to
from engine.runtime.starting import Offer, StartResult, offers, start, start_form, start_many
from engine.runtime.tasks import (
    Done,
    actions,
    cancel,
    claim,
    complete,
    complete_many,
    deliver,
    may_do,
    node,
    open_tasks,
    release_claims,
    step_name,
    task_for,
    task_form,
    unclaim,
    why_not,
)
from engine.runtime.timers import fire_due, next_due
from engine.runtime.trace import Diagram, TraceLine, diagram, trace, trace_of

__all__ = [
    "ConfirmationNeeded",
    "Diagram",
    "Done",
    "Offer",
    "Said",
    "StartResult",
    "StepFailed",
    "TraceLine",
    "actions",
    "attachments",
    "cancel",
    "claim",
    "complete",
    "complete_many",
    "deliver",
    "diagram",
    "dismiss",
    "facts_named",
    "file_for",
    "file_key",
    "fire_due",
    "inbox",
    "may_do",
    "next_due",
    "node",
    "offers",
    "open_tasks",
    "release_claims",
    "retry",
    "said",
    "shown_to",
    "start",
    "start_form",
    "start_many",
    "step_name",
    "task_for",
    "task_form",
    "trace",
    "trace_of",
    "unclaim",
    "why_due",
    "why_not",
]
