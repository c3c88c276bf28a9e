"""A step that fails for a reason nobody foresaw: recorded once, done again, closed when it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from engine import catalog, clock, feel, runtime
from engine.errors import Refused
from engine.models.workflow import Incident, ProcessInstance, UserTask
from engine.runtime import StepFailed
from engine.runtime.case import Case
from tests.builders import make_student
from tests.engine.runtime.conftest import Bench, flow, timer

ASKS = '<bpmn:startEvent id="asks" qh:start="申请" qh:by="毕业生"/>'
END = '<bpmn:endEvent id="end"/>'
DECIDE = '<bpmn:userTask id="decide"/>'
PLAIN = ASKS + DECIDE + END + flow("asks", "decide") + flow("decide", "end")
WAITING = PLAIN + timer("decide", "PT1H")
#: A condition that is no FEEL: whoever drew it made a mistake.
BROKEN = (
    ASKS
    + '<bpmn:userTask id="decide" qh:form="bench/decision"/><bpmn:exclusiveGateway id="gate" default="gate_end"/>'
    + END
    + '<bpmn:endEvent id="other"/>'
    + flow("asks", "decide")
    + flow("decide", "gate")
    + flow("gate", "end")
    + flow("gate", "other", "nonsense(")
)
LANES = {"毕业生": "asks", "学校": "decide gate end other late late_end"}
FORM = [{"type": "textfield", "key": "words"}]


def break_once(monkeypatch: pytest.MonkeyPatch, act: str = "complete", only: int | None = None) -> None:
    real = getattr(Case, act)

    def fail(case: Case, *args: Any) -> None:
        if only is None or case.row.id == only:
            raise ZeroDivisionError
        real(case, *args)

    monkeypatch.setattr(Case, act, fail)


def test_a_mail_that_bounced_does_not_stop_the_timers_of_its_case(bench: Bench) -> None:
    bench.live("p", WAITING, LANES)
    with clock.frozen(clock.now()):
        case = bench.start("p")
        Incident.create(instance=case, kind="job", problem="mail: refused")
        clock.move(timedelta(hours=2))
        assert runtime.fire_due() == 1
        assert ProcessInstance.get_by_id(case.id).end_node == "late_end"


def test_a_timer_that_failed_is_left_alone_until_it_is_retried(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.live("p", WAITING, LANES)
    with clock.frozen(clock.now()):
        case = bench.start("p")
        clock.move(timedelta(hours=2))
        with monkeypatch.context() as broken:
            break_once(broken, "advance")
            assert runtime.fire_due() == 0
        assert runtime.next_due() is None
        assert runtime.fire_due() == 0
        runtime.retry(Incident.get())
        assert ProcessInstance.get_by_id(case.id).end_node == "late_end"
        assert Incident.get().state == "closed"


def test_nothing_is_done_past_a_deadline_whose_timer_failed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.live("p", WAITING, LANES)
    with clock.frozen(clock.now()):
        case = bench.start("p")
        clock.move(timedelta(hours=2))
        break_once(monkeypatch, "advance")
        with pytest.raises(Refused):
            bench.do(case, "decide", bench.clerk)
        assert UserTask.get().state == "open"


def test_what_failed_and_was_done_by_hand_is_no_incident_any_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.live("p", PLAIN, LANES)
    case = bench.start("p")
    with monkeypatch.context() as broken:
        break_once(broken)
        with pytest.raises(StepFailed):
            bench.do(case, "decide", bench.clerk)
    bench.do(case, "decide", bench.colleague)
    assert Incident.get().state == "closed"


def test_another_one_at_the_same_step_leaves_mine_open(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    several = '<bpmn:userTask id="decide"><bpmn:multiInstanceLoopCharacteristics>'
    several += "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    bench.live("p", PLAIN.replace(DECIDE, several + "</bpmn:userTask>"), LANES)
    case = bench.start("p")
    mine, theirs = UserTask.select().order_by(UserTask.id)
    with monkeypatch.context() as broken:
        break_once(broken)
        with pytest.raises(StepFailed):
            runtime.complete(mine, bench.at_work(bench.clerk), json={})
    runtime.complete(theirs, bench.at_work(bench.colleague), json={})
    assert Incident.get().state == "open"
    runtime.retry(Incident.get())
    assert ProcessInstance.get_by_id(case.id).state == "completed"


def test_a_retry_that_fails_again_is_the_same_incident(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.live("p", PLAIN, LANES)
    case = bench.start("p")
    with monkeypatch.context() as broken:
        break_once(broken)
        for act in (
            lambda: bench.do(case, "decide", bench.clerk),
            lambda: runtime.retry(Incident.get()),
        ):
            with pytest.raises(StepFailed):
                act()
    assert [(row.state, row.tries) for row in Incident.select()] == [("open", 2)]
    runtime.retry(Incident.get())
    assert [row.state for row in Incident.select()] == ["closed"]


def test_a_retry_of_what_somebody_has_done_meanwhile_closes_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.live("p", PLAIN, LANES)
    case = bench.start("p")
    with monkeypatch.context() as broken:
        break_once(broken)
        with pytest.raises(StepFailed):
            bench.do(case, "decide", bench.clerk)
    runtime.cancel(case, bench.at_work(bench.someone("系统管理员", None)), "重复")
    runtime.retry(Incident.get())
    assert Incident.get().state == "closed"


def test_a_fault_of_the_diagram_is_an_incident_that_keeps_what_was_typed(bench: Bench) -> None:
    bench.live("p", BROKEN, LANES, bench__decision=FORM)
    case = bench.start("p")
    with pytest.raises(StepFailed):
        bench.do(case, "decide", bench.clerk, words="可以")
    incident = Incident.get()
    assert incident.instance_id == case.id
    assert feel.from_json(orjson.loads(incident.retry))["data"] == {"words": "可以"}


def test_a_lane_of_whom_the_case_has_no_party_is_an_incident(bench: Bench) -> None:
    bench.live("p", PLAIN, {"毕业生": "asks", "用人单位": "decide", "学校": "end"})
    with pytest.raises(StepFailed):
        bench.start("p")
    assert Incident.get().instance_id is None


def test_a_start_that_failed_is_done_again_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.live("p", PLAIN, LANES)
    with monkeypatch.context() as broken:
        break_once(broken, "begin")
        with pytest.raises(StepFailed):
            bench.start("p")
    incident, same = Incident.get(), Incident.get()
    runtime.retry(incident)
    runtime.retry(same)
    assert ProcessInstance.select().count() == 1
    assert ProcessInstance.get().started_by_id == bench.graduate.id


def test_one_row_that_fails_does_not_stop_the_others_that_are_started(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.live("p", PLAIN.replace('qh:by="毕业生"', 'qh:by="学校" qh:on="student"'), LANES)
    students = [bench.student, make_student(bench.school_class), make_student(bench.school_class)]
    real = Case.begin

    def fail(case: Case, *args: Any) -> None:
        if case.on == students[1]:
            raise ZeroDivisionError
        real(case, *args)

    monkeypatch.setattr(Case, "begin", fail)
    results = runtime.start_many(bench.at_work(bench.clerk), "p", students, {}, start_key="k")
    assert [result.instance is not None for result in results] == [True, False, True]
    failed = results[1].sentence
    assert failed is not None
    assert str(Incident.get().id) in failed.zh


def test_a_message_reaches_the_other_cases_where_one_cannot_take_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = (
        '<bpmn:boundaryEvent id="heard" attachedToRef="decide"><bpmn:messageEventDefinition messageRef="m"/>'
    )
    heard += f'</bpmn:boundaryEvent><bpmn:endEvent id="told"/>{flow("heard", "told")}'
    bench.live("p", PLAIN + heard, {"毕业生": "asks", "学校": "decide end heard told"})
    cases = [bench.start("p"), bench.start("p")]
    ProcessInstance.update(subject_kind="school", subject_id=bench.school.id).execute()
    with monkeypatch.context() as broken:
        break_once(broken, "catch", only=cases[0].id)
        with pytest.raises(RuntimeError, match=f"case {cases[0].id}"):
            runtime.deliver("hello", "school", bench.school.id, "k")
    ends = [row.end_node for row in ProcessInstance.select().order_by(ProcessInstance.id)]
    assert ends == [None, "told"]
    assert runtime.deliver("hello", "school", bench.school.id, "k") == 1
    assert catalog.live("p") is not None
