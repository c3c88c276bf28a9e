"""Inside a step: what FEEL sees, what is asked again and what is not, whose a task is."""

from __future__ import annotations

import pytest

from engine import clock, runtime
from engine.errors import NotFound, Refused, TaskNotOpen
from engine.models.people import Account, Membership
from engine.models.workflow import UserTask
from tests.engine.runtime.conftest import Bench, flow
from tests.queries import counted

ASKS = '<bpmn:startEvent id="asks" qh:start="申请" qh:by="毕业生"/>'
DECIDE = '<bpmn:userTask id="decide"/>'
END = '<bpmn:endEvent id="end"/>'
PLAIN = ASKS + DECIDE + END + flow("asks", "decide") + flow("decide", "end")
LANES = {"毕业生": "asks", "学校": "decide end"}
RAISED = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:x">
<decision id="raised" name="raised"><variable id="v" name="level" typeRef="number"/>
<literalExpression id="e"><text>level + 1</text></literalExpression></decision></definitions>"""


def test_what_a_decision_made_of_an_answer_counts_within_the_step(bench: Bench) -> None:
    asks = ASKS.replace("/>", ' qh:form="bench/level"/>')
    rule = '<bpmn:businessRuleTask id="rule" qh:result="level"><bpmn:extensionElements>'
    rule += "<spiffworkflow:calledDecisionId>bench/raised</spiffworkflow:calledDecisionId>"
    rule += "</bpmn:extensionElements></bpmn:businessRuleTask>"
    gate = '<bpmn:exclusiveGateway id="gate" default="gate_low"/><bpmn:endEvent id="low"/>'
    flows = (
        flow("asks", "rule") + flow("rule", "gate") + flow("gate", "end", "level = 2") + flow("gate", "low")
    )
    bench.live(
        "p",
        asks + rule + gate + END + flows,
        {"毕业生": "asks", "系统": "rule gate end low"},
        bench__level=[{"type": "number", "key": "level"}],
        bench__raised=RAISED,
    )
    assert bench.start("p", level=1).end_node == "end"


def test_an_act_may_ask_for_what_the_case_has_been_told(bench: Bench) -> None:
    asks = ASKS.replace("/>", ' qh:form="bench/level"/>')
    act = '<bpmn:boundaryEvent id="act" attachedToRef="decide" qh:action="撤回" qh:by="毕业生"'
    act += ' qh:when="level = 1" qh:reason="只能办一次。"><bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
    act += f'<bpmn:endEvent id="gone"/>{flow("act", "gone")}'
    bench.live(
        "p",
        PLAIN.replace(ASKS, asks) + act,
        {"毕业生": "asks", "学校": "decide end act gone"},
        bench__level=[{"type": "number", "key": "level"}],
    )
    may, may_not = bench.start("p", level=1), bench.start("p", level=2)
    graduate = bench.at_work(bench.graduate)
    assert runtime.why_not(bench.open(may, "act"), graduate) is None
    assert str(runtime.why_not(bench.open(may_not, "act"), graduate)) == "只能办一次。"
    assert bench.do(may, "act", bench.graduate).instance.end_node == "gone"
    with pytest.raises(Refused):
        bench.do(may_not, "act", bench.graduate)


def test_a_step_counts_no_working_days_for_tgraduatethat_stand(bench: Bench) -> None:
    several = '<bpmn:userTask id="decide" qh:due="=working days(today(), 3)">'
    several += "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>5</bpmn:loopCardinality>"
    several += "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    bench.live("p", PLAIN.replace(DECIDE, several), LANES)
    case = bench.start("p")
    due = {task.due_at for task in UserTask.select()}
    with counted() as queries:
        bench.do(case, "decide", bench.clerk)
    assert not [query for query in queries if "office_day" in query]
    assert {task.due_at for task in UserTask.select()} == due


def leave(account: Account) -> None:
    Membership.update(until=clock.now()).where(Membership.account == account).execute()


def test_who_has_left_the_queue_keeps_nothing_that_he_had_claimed(bench: Bench) -> None:
    bench.live("p", PLAIN, LANES)
    case = bench.start("p")
    runtime.claim(bench.open(case, "decide"), bench.at_work(bench.clerk))
    leave(bench.clerk)
    bench.sit(bench.clerk, "学校", None)
    with pytest.raises(NotFound):
        bench.do(case, "decide", bench.clerk)


@pytest.mark.parametrize("way", ["left", "closed"])
def test_the_claim_of_who_is_gone_goes_back_to_the_queue(bench: Bench, way: str) -> None:
    bench.live("p", PLAIN, LANES)
    case, other = bench.start("p"), bench.start("p")
    runtime.claim(bench.open(case, "decide"), bench.at_work(bench.clerk))
    runtime.claim(bench.open(other, "decide"), bench.at_work(bench.colleague))
    if way == "left":
        leave(bench.clerk)
    else:
        Account.update(active=False).where(Account.id == bench.clerk.id).execute()
    assert runtime.release_claims() == 1
    assert runtime.release_claims() == 0
    third = bench.someone("学校", bench.school)
    assert bench.do(case, "decide", third).instance.state == "completed"
    with pytest.raises(TaskNotOpen):
        bench.do(other, "decide", third)


def test_an_act_cannot_be_claimed(bench: Bench) -> None:
    act = '<bpmn:boundaryEvent id="act" attachedToRef="decide" qh:action="撤回" qh:by="学校">'
    act += '<bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
    act += f'<bpmn:endEvent id="gone"/>{flow("act", "gone")}'
    bench.live("p", PLAIN + act, {"毕业生": "asks", "学校": "decide end act gone"})
    case = bench.start("p")
    with pytest.raises(NotFound):
        runtime.claim(bench.open(case, "act"), bench.at_work(bench.clerk))
    assert bench.do(case, "act", bench.colleague).instance.end_node == "gone"
