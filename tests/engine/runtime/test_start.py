"""What a start decides on: rows and timers as they are when its turn comes, and queues that are really there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import clock, db, runtime
from engine.errors import Refused, SubmissionInvalid
from engine.models.organisations import Student
from engine.models.people import Queue
from engine.models.workflow import ProcessInstance
from tests.builders import make_employer, make_student
from tests.engine.runtime.conftest import Bench, flow, timer

END = '<bpmn:endEvent id="end"/>'
DECIDE = '<bpmn:userTask id="decide"/>'
LANES = {"毕业生": "asks", "学校": "decide end late late_end"}


def begins(by: str, more: str = "") -> str:
    return f'<bpmn:startEvent id="asks" qh:start="申请" qh:by="{by}"{more}/>'


def body(by: str, more: str = "") -> str:
    return begins(by, more) + DECIDE + END + flow("asks", "decide") + flow("decide", "end")


def test_a_start_sees_its_row_as_it_is_now(bench: Bench) -> None:
    bench.live("p", body("学校", ' qh:on="student" qh:when="student.name != &quot;停用&quot;"'), LANES)
    seen = Student.get_by_id(bench.student.id)
    Student.update(name="停用").where(Student.id == bench.student.id).execute()
    with pytest.raises(Refused):
        runtime.start(bench.at_work(bench.clerk), "p", on=seen)
    assert ProcessInstance.select().count() == 0


@pytest.mark.parametrize("on", [False, True])
def test_overdue_timers_of_the_same_people_fire_before(bench: Bench, on: bool) -> None:
    bench.live("old", body("毕业生") + timer("decide", "PT1H"), LANES)
    more = ' qh:on="student"' if on else ""
    bench.live("p", body("毕业生", more), LANES)
    other = bench.someone("毕业生", make_student(bench.school_class))
    with clock.frozen(clock.now()):
        mine, theirs = bench.start("old"), bench.start("old", other)
        clock.move(timedelta(hours=2))
        runtime.start(bench.at_work(bench.graduate), "p", on=bench.student if on else None)
        assert ProcessInstance.get_by_id(mine.id).end_node == "late_end"
        assert ProcessInstance.get_by_id(theirs.id).state == "running"


def test_of_two_employers_of_one_account_the_acting_one_counts(bench: Bench) -> None:
    bench.live(
        "old", body("用人单位") + timer("decide", "PT1H"), {"用人单位": "asks decide end late late_end"}
    )
    bench.live("p", body("用人单位"), {"用人单位": "asks decide end"})
    first, second = make_employer(), make_employer()
    both = bench.someone("用人单位", second)
    bench.sit(both, "用人单位", first)
    with clock.frozen(clock.now()):
        case = bench.start("old", both)
        clock.move(timedelta(hours=2))
        bench.start("p", both)
        assert ProcessInstance.get_by_id(case.id).end_node == "late_end"


def test_the_condition_is_asked_after_the_overdue_timers(bench: Bench) -> None:
    """The last moment of one case may be what lets the next begin."""
    bench.live("old", body("毕业生") + timer("decide", "PT1H"), LANES)
    bench.live("p", body("毕业生", ' qh:when="student.name = &quot;甲&quot;"'), LANES)
    with clock.frozen(clock.now()):
        bench.start("old")
        clock.move(timedelta(hours=2))
        with pytest.raises(Refused):
            bench.start("p")
        assert ProcessInstance.get().end_node == "late_end"


def test_a_queue_that_was_undone_with_its_step_is_forgotten(bench: Bench) -> None:
    bench.live("p", body("毕业生"), {"毕业生": "asks", "学院": "decide end"})
    for way in ("undone", "done"):
        try:
            with db.step():
                case = bench.start("p")
                if way == "undone":
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            Queue.of("省中心", "province", 7)  # takes the id that is free again
    queue = bench.open(case, "decide").queue
    assert (queue.role.name, queue.party_kind) == ("学院", "college")


def test_a_step_without_a_form_takes_nothing(bench: Bench) -> None:
    bench.live("p", body("毕业生"), LANES)
    with pytest.raises(SubmissionInvalid):
        bench.start("p", approved=True)
    case = bench.start("p")
    with pytest.raises(SubmissionInvalid):
        bench.do(case, "decide", bench.clerk, approved=True)
    assert ProcessInstance.get_by_id(case.id).variables is None
    bench.do(case, "decide", bench.clerk)
