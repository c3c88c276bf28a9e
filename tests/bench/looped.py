"""`python -m tests.bench.looped [--rounds 1000]`: a case that went round a thousand times beside a new one."""

from __future__ import annotations

import argparse
import json

from engine import catalog, runtime
from engine.actors import Actor
from engine.models.workflow import ProcessInstance, UserTask
from tests.bench.machine import machine, share, timed, told
from tests.bench.place import actor, place

SAMPLES = 60

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:qh="urn:qihang:bpmn"'
    ' id="d" targetNamespace="urn:qihang:processes"><bpmn:process id="{id}" name="绕圈" isExecutable="true">'
    '<bpmn:laneSet id="ls"><bpmn:lane id="la" name="申请人">{refs}</bpmn:lane></bpmn:laneSet>'
    '<bpmn:startEvent id="begin" qh:start="绕圈" qh:by="申请人"/>'
)
_TAIL = "</bpmn:process></bpmn:definitions>"
_ROUND = (
    '<bpmn:userTask id="turn" name="一圈" qh:form="bench/turn"/><bpmn:exclusiveGateway id="more" default="again"/>'
    '<bpmn:endEvent id="done"/>'
    '<bpmn:sequenceFlow id="r1" sourceRef="turn" targetRef="more"/>'
    '<bpmn:sequenceFlow id="again" sourceRef="more" targetRef="turn"/>'
    '<bpmn:sequenceFlow id="out" sourceRef="more" targetRef="done">'
    "<bpmn:conditionExpression>enough = true</bpmn:conditionExpression></bpmn:sequenceFlow>"
)


def diagrams() -> dict[str, bytes]:
    """A loop; and a loop with a task open in a parallel branch all the while."""
    alone = _ROUND + '<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="turn"/>'
    beside = _ROUND + (
        '<bpmn:parallelGateway id="fork"/><bpmn:userTask id="meanwhile" name="另一枝"/><bpmn:endEvent id="e2"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="fork"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="fork" targetRef="turn"/>'
        '<bpmn:sequenceFlow id="f3" sourceRef="fork" targetRef="meanwhile"/>'
        '<bpmn:sequenceFlow id="f4" sourceRef="meanwhile" targetRef="e2"/>'
    )
    nodes = {"loop": "begin turn more done", "loop_beside": "begin turn more done fork meanwhile e2"}
    field = {"type": "checkbox", "key": "enough", "id": "f", "label": "够了"}
    form = {"type": "default", "id": "turn", "schemaVersion": 18, "components": [field]}
    found = {"forms/bench/turn.form": json.dumps(form).encode()}
    for name, body in (("loop", alone), ("loop_beside", beside)):
        refs = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes[name].split())
        text = _HEAD.format(id=name, refs=refs) + body + _TAIL
        found[f"processes/bench/{name}.bpmn"] = text.encode()
    return found


def turn(who: Actor, case: ProcessInstance) -> None:
    task = UserTask.get(
        (UserTask.instance == case.id) & (UserTask.state == "open") & (UserTask.node_id == "turn")
    )
    runtime.complete(task, who, json={"enough": False})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    rounds = parser.parse_args().rounds
    machine()
    with place():
        # Two diagrams without drawings: made for this bench, never shown, so the checker is not asked.
        catalog.deploy(diagrams(), note="bench", checked=True)
        who = actor("student0")
        for name in ("loop", "loop_beside"):
            old, new = (runtime.start(who, name, json={}) for _ in range(2))
            for _ in range(rounds):
                turn(who, old)
            olds, news = [], []
            for _ in range(SAMPLES):
                olds += timed(lambda case=old: turn(who, case), 1)  # type: ignore[misc]
                fresh = runtime.start(who, name, json={})
                news += timed(lambda case=fresh: turn(who, case), 1)  # type: ignore[misc]
            new_row, old_row = (ProcessInstance.get_by_id(case.id) for case in (new, old))
            ratio = share(olds, 0.5) / share(news, 0.5)
            print(
                f"{name}: a step of a new case {share(news, 0.5):.2f} ms ({len(new_row.position)} bytes of position),"
                f" after {rounds} rounds {share(olds, 0.5):.2f} ms ({len(old_row.position)} bytes)"
            )
            told(f"{name}: ratio", ratio, 1.2, "x")


if __name__ == "__main__":
    main()
