"""Timers and messages: at activities, between them, behind a gateway."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import spiff
from tests.engine.spiff.office import (
    START,
    Office,
    boundary,
    codes,
    diagram,
    element,
    flows,
    message,
    sub,
    timer,
    user,
)


def test_several_timers_of_one_activity_fire_in_the_order_of_their_moments() -> None:
    body = diagram(
        user("work"), boundary("third", "work", timer("P3D"), False), boundary("first", "work", timer("P1D"), False),
        boundary("second", "work", timer("P2D"), False), element("endEvent", "told"),
        flows("start > work > end", "first > told", "second > told", "third > told"),
    )  # fmt: skip
    office = Office(body)
    office.way.clear()
    office.wait(days=1)
    assert office.way == ["first", "told"]
    office.way.clear()
    office.wait(days=9)
    assert office.way == ["second", "told", "third", "told"]


def test_a_reminder_beside_a_deadline_that_is_over_too_is_late() -> None:
    body = diagram(
        user("work"), boundary("remind", "work", timer("P1D"), False), boundary("over", "work", timer("P2D")),
        element("endEvent", "reminded"), element("endEvent", "expired"),
        flows("start > work > end", "remind > reminded", "over > expired"),
    )  # fmt: skip
    asleep = Office(body).wait(days=5)
    assert (asleep.late, asleep.completed, asleep.run.end_nodes) == (
        ["remind"],
        True,
        ["reminded", "expired"],
    )
    assert Office(body).wait(days=1).late == []


def test_a_timer_that_fires_arms_the_next_from_now() -> None:
    body = diagram(
        element("intermediateCatchEvent", "first", timer("P1D")), element("intermediateCatchEvent", "second", timer("P1D")),
        flows("start > first > second > end"),
    )  # fmt: skip
    office = Office(body).wait(days=3)
    assert (office.events, office.run.due_at()) == (["second"], START + timedelta(days=4))


def test_due_at_is_the_earliest_moment_of_all_levels() -> None:
    body = diagram(
        sub("outer", user("deep"), boundary("soon", "deep", timer("PT1H")), flows("outer_start > deep > outer_end", "soon > outer_end")),
        boundary("late", "outer", timer("P1D")), flows("start > outer > end", "late > end"),
    )  # fmt: skip
    office = Office(body)
    assert office.again().due_at() == START + timedelta(hours=1)
    assert office.complete("deep").run.due_at() is None


def test_an_event_gateway_takes_what_happens_first() -> None:
    body = diagram(
        element("eventBasedGateway", "first"), element("intermediateCatchEvent", "paid", message("paid")),
        element("intermediateCatchEvent", "cancelled", message("cancel")), user("ship"),
        flows("start > first", "first > paid > ship > end", "first > cancelled > end"),
    )  # fmt: skip
    office = Office(body).catch("paid", amount=5)
    assert (office.tasks, office.events, office.variables) == (["ship"], [], {"amount": 5})
    assert office.way == ["start", "first", "paid", "ship"]


def test_answers_of_an_action_go_to_the_scope_of_its_activity() -> None:
    body = diagram(
        sub(
            "outer", user("deep"), boundary("change", "deep", message("change"), False),
            flows("outer_start > deep > outer_end", "change > outer_end"),
        ),
        flows("start > outer > end"),
    )  # fmt: skip
    office = Office(body).catch("change", pay=7)
    assert dict(office.run.scope_of(office.run.open_tasks()[0].id)) == {"pay": 7}
    assert office.variables == {}


def test_messages_that_leave_are_told_with_their_element() -> None:
    body = diagram(
        element("intermediateThrowEvent", "tell", message("news")),
        element("endEvent", "over", message("paid")),
        flows("start > tell > over"),
    )
    assert Office(body).sent == [("news", "tell"), ("paid", "over")]


def test_a_terminate_end_of_a_subprocess_ends_only_that() -> None:
    body = diagram(
        sub(
            "inner", element("parallelGateway", "split"), user("a"), user("b"),
            element("endEvent", "over", "<bpmn:terminateEventDefinition />"),
            flows("inner_start > split", "split > a > over", "split > b > inner_end"),
        ),
        user("then"), flows("start > inner > then > end"),
    )  # fmt: skip
    assert Office(body).complete("a").tasks == ["then"]


def test_waiting_elements_keep_their_ids_while_they_wait() -> None:
    body = diagram(
        user("work"), user("other"), element("parallelGateway", "split"), boundary("news", "work", message("news"), False),
        flows("start > split", "split > work > end", "split > other > end", "news > end"),
    )  # fmt: skip
    office = Office(body)
    before = {task.node_id: task.id for task in office.again().open_tasks()}, office.run.waiting()
    office.complete("other")
    assert {t.node_id: t.id for t in office.again().open_tasks()} == {"work": before[0]["work"]}
    assert office.run.waiting() == before[1]


def test_ids_are_never_given_twice() -> None:
    body = diagram(
        user("work"),
        boundary("change", "work", message("change")),
        flows("start > work > end", "change > work"),
    )
    office = Office(body)
    seen = set()
    for _ in range(5):
        seen.add(office.run.open_tasks()[0].id)
        office.catch("change")
    assert len(seen) == 5


def test_a_task_that_is_gone_cannot_be_completed() -> None:
    office = Office(diagram(user("work"), user("then"), flows("start > work > then > end")))
    gone = office.run.open_tasks()[0].id
    office.complete("work")
    for ref in (gone, "999", "x", "", "-1"):
        with pytest.raises(spiff.NotWaiting):
            office.again().complete(ref, {})


def test_a_cancelled_case_waits_for_nothing_and_is_not_completed() -> None:
    body = diagram(
        user("work"), boundary("late", "work", timer("P1D")), flows("start > work > end", "late > end")
    )
    office = Office(body)
    office.run.cancel()
    run = office.run
    assert (run.open_tasks(), run.waiting(), run.due_at(), run.completed, run.cancelled) == (
        [],
        [],
        None,
        False,
        True,
    )


def test_a_position_of_another_diagram_is_refused() -> None:
    office = Office(diagram(user("work"), flows("start > work > end")))
    other = spiff.load({"m": diagram(user("else"), flows("start > else > end"))}, "main")
    with pytest.raises(spiff.NotRunnable):
        other.restore(*office.run.dump(), office)
    with pytest.raises(spiff.NotRunnable):
        other.restore(b"[99]", {}, office)


def test_a_process_that_is_not_there_is_refused() -> None:
    body = diagram(element("callActivity", "call", calledElement="missing"), flows("start > call > end"))
    for process in ("main", "nothing"):
        with pytest.raises(spiff.NotRunnable):
            spiff.load({"m": body}, process)


def test_what_is_drawn_properly_is_not_refused() -> None:
    body = diagram(
        sub("inner", user("deep"), flows("inner_start > deep > inner_end")), boundary("late", "inner", timer("P1D"), False),
        flows("start > inner > end", "late > end"),
    )  # fmt: skip
    assert codes(body) == set()
