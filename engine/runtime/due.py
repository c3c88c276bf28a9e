"""Why a task is due when it is due: the working days that its diagram counted, in a sentence."""

from __future__ import annotations

from engine import clock
from engine.actors import SYSTEM
from engine.errors import Sentence
from engine.models.calendar import explain, noting, office_of
from engine.models.workflow import ProcessInstance, UserTask
from engine.runtime.case import Case
from engine.runtime.parties import read_parties
from engine.runtime.tasks import definition_of


def why_due(task: UserTask) -> Sentence | None:
    """The sentence for an open task; None where its due date counts no working days. A handful of queries."""
    definition = definition_of(task)
    text = definition.nodes[task.node_id].ext.get("due", "")
    if task.state != "open" or "working days" not in text:
        return None
    row = ProcessInstance.get_by_id(task.instance_id)
    if row.position is None:
        return None
    case = Case(row, definition, SYSTEM)
    case.run = definition.program.restore(row.position, row.variables or {}, case)
    with noting() as noted, clock.frozen(task.opened_at):
        case.evaluate(text, case.run.scope_of(task.ref))
    if not noted:
        return None
    start, count = noted[-1]
    with office_of(lambda: read_parties(row.id).get("school")):
        return explain(start, count)
