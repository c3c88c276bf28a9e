"""Why a task is due when it is due: the working days that its diagram counted, in a sentence."""

from __future__ import annotations

from engine import clock
from engine.actors import SYSTEM
from engine.errors import Sentence
from engine.models.calendar import explain, noting, office_of
from engine.models.workflow import UserTask
from engine.runtime.tasks import definition_of, stored_case


def why_due(task: UserTask) -> Sentence | None:
    """The sentence for an open task; None where its due date counts no working days. A handful of queries."""
    definition = definition_of(task)
    text = definition.nodes[task.node_id].ext.get("due", "")
    if task.state != "open" or "working days" not in text:
        return None
    case = stored_case(task, definition, SYSTEM)
    if case.row.position is None:
        return None
    with noting() as noted, clock.frozen(task.opened_at):
        case.evaluate(text, case.run.scope_of(task.ref))
    if not noted:
        return None
    start, count = noted[-1]
    with office_of(lambda: case.parties.get("school")):
        return explain(start, count)
