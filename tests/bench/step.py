"""`python -m tests.bench.step`: a stored step of ours beside SpiffWorkflow's in memory, on the same diagram.

SpiffWorkflow is used as its documentation shows, with its own Python expressions and decision tables, and
stores nothing. Ours is the whole of a step but the form: restore, run, dump, inbox, history, commit.
"""

from __future__ import annotations

import io
import time
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from engine import db, runtime
from engine.models.workflow import ProcessInstance, UserTask
from engine.runtime.case import Case
from tests.bench.machine import machine, share, told
from tests.bench.place import actor, place
from tests.bench.workload import CONTENT, payload, review

ROUNDS = 300
FOLDER = CONTENT / "processes" / "request"


def specs() -> tuple[Any, Any]:
    """The request process for SpiffWorkflow: its way of writing a duration, "any" and a decision's name."""
    bpmn = (FOLDER / "request.bpmn").read_text().replace(">P5D<", ">&quot;P5D&quot;<")
    dmn = (FOLDER / "award.dmn").read_text().replace("<text>-</text>", "<text></text>")
    parser = SpiffBpmnParser()
    parser.add_bpmn_io(io.BytesIO(bpmn.replace("request/award", "award").encode()))
    parser.add_dmn_xml(etree.fromstring(dmn.encode()), filename="award.dmn")
    return parser.get_spec("request"), parser.get_subprocess_specs("request")


def memory() -> dict[str, list[float]]:
    """Milliseconds of SpiffWorkflow's steps in memory, by the node that is completed."""
    spec, others = specs()
    times: dict[str, list[float]] = {"start": [], "apply": [], "review": []}
    for _ in range(ROUNDS):
        began = time.perf_counter()
        workflow = BpmnWorkflow(spec, others, script_engine=PythonScriptEngine())
        workflow.do_engine_steps()
        workflow.refresh_waiting_tasks()
        times["start"].append((time.perf_counter() - began) * 1000)
        for node, data in (("apply", payload()), ("review", review())):
            began = time.perf_counter()
            task = workflow.get_tasks(state=TaskState.READY, manual=True)[0]
            task.data.update(data)
            task.run()
            workflow.do_engine_steps()
            workflow.refresh_waiting_tasks()
            times[node].append((time.perf_counter() - began) * 1000)
        assert workflow.completed
    return times


def stored() -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, list[float]]]:
    """Milliseconds of our steps: the whole step, what of it is computing, and restore, run and dump alone."""
    computed: dict[str, list[float]] = {"apply": [], "review": []}
    whole: dict[str, list[float]] = {"apply": [], "review": []}
    engine: dict[str, list[float]] = {"apply": [], "review": []}
    with place():
        people = {"apply": actor("student0"), "review": actor("school")}
        for _ in range(ROUNDS):
            case_id = runtime.start(people["apply"], "request", json={}).id
            for node, data in (("apply", payload()), ("review", review())):
                task = UserTask.get(
                    (UserTask.instance == case_id) & (UserTask.state == "open") & (UserTask.node_id == node)
                )
                engine[node].append(_alone(case_id, task.ref, data))
                began, used = time.perf_counter(), time.thread_time()
                with db.step():
                    case = Case.locked(case_id, people[node])
                    assert case is not None
                    case.close_task(task.id)
                    case.complete(task.ref, data, data)
                    case.save("task", node, data)
                whole[node].append((time.perf_counter() - began) * 1000)
                computed[node].append((time.thread_time() - used) * 1000)
            assert ProcessInstance.get_by_id(case_id).end_node == "done"
    return whole, computed, engine


def _alone(case_id: int, ref: str, data: dict[str, Any]) -> float:
    """The same step without the database, thrown away."""
    row = ProcessInstance.get_by_id(case_id)
    case = Case(row, runtime.tasks.definition_of(UserTask(instance=row)), actor("school"))
    began = time.perf_counter()
    run = case.definition.program.restore(row.position, row.variables or {}, case)
    case.run = run
    run.complete(ref, data)
    run.dump()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    machine()
    theirs = memory()
    ours, computed, alone = stored()
    print("a step: ours is stored and committed, SpiffWorkflow's is in memory")
    for node in ("apply", "review"):
        base = share(theirs[node], 0.5)
        print(f"  {node}: SpiffWorkflow in memory p50 {base:.3f} ms")
        told(f"{node}: restore, run and dump", share(alone[node], 0.5), 3 * base)
        told(
            f"{node}: with inbox and history, without waiting for the disk",
            share(computed[node], 0.5),
            3 * base,
        )
        told(f"{node}: the whole step with inbox, history and commit", share(ours[node], 0.5), 3 * base)


if __name__ == "__main__":
    main()
