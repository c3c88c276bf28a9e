"""What SpiffWorkflow gets wrong (H0 to H25), each as the smallest case that shows it.

Every act is taken from the stored form on a program that was read anew (`Office.again`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from engine import feel, spiff
from tests.engine.spiff.office import (
    START,
    Office,
    both,
    boundary,
    codes,
    diagram,
    element,
    error,
    fails,
    flows,
    many,
    message,
    service,
    sub,
    timer,
    user,
    xor,
)


def _parallel_loop() -> bytes:
    """a and b in parallel, joined; then again or out."""
    return diagram(
        xor("merge"), both("split"), user("a"), user("b"), both("join"), user("check"), xor("choice", "end"),
        flows(
            "start > merge > split", "split > a > join", "split > b > join", "join > check > choice",
            "choice > merge : again", "choice > end",
        ),
    )  # fmt: skip


def test_h00_a_join_in_a_loop_waits_for_both_in_every_round() -> None:
    office = Office(_parallel_loop())
    for _ in range(3):
        office.complete("a")
        assert office.tasks == ["b"]
        office.complete("b").complete("check", again=True)
    assert office.tasks == ["a", "b"]


def test_h00b_a_loop_with_a_parallel_block_and_a_deadline_does_not_crash() -> None:
    body = diagram(
        xor("merge"), both("split"), user("a"), user("b"), both("join"), boundary("late", "a", timer("P1D")),
        xor("again"), user("check"), xor("choice", "end"),
        flows(
            "start > merge > split", "split > again > a > join", "split > b > join", "late > again",
            "join > check > choice", "choice > merge : back", "choice > end",
        ),
    )  # fmt: skip
    office = Office(body)
    for _ in range(3):
        office.wait(days=1).wait(days=1).complete("b").complete("a").complete("check", back=True)
    assert (office.tasks, office.events) == (["a", "b"], ["late"])


def test_h01_a_thousand_rounds_need_no_deeper_tree_and_no_more_room() -> None:
    office = Office(_user_loop())
    sizes = set()
    for _ in range(1000):
        office.run.complete(office.run.open_tasks()[0].id, {"again": True})
        sizes.add(len(office.stored()[0]))
    assert max(sizes) < 120
    assert office.tasks == ["work"]


def _user_loop() -> bytes:
    return diagram(
        xor("merge"), user("work"), xor("choice", "end"),
        flows("start > merge > work > choice", "choice > merge : again", "choice > end"),
    )  # fmt: skip


def test_h02_the_order_of_stored_variables_means_nothing() -> None:
    office = Office(_user_loop(), b=1, a=2, c=[1, 2])
    position, variables = office.run.dump()
    shuffled = dict(reversed(variables.items()))
    run = office.program().restore(position, orjson.loads(orjson.dumps(shuffled)), office)
    assert dict(run.scope_of(run.open_tasks()[0].id)) == {"a": 2, "b": 1, "c": [1, 2]}


@pytest.mark.parametrize("name", ["typename", "__class__", "$scopes", "$closed", "uuid"])
def test_h03_no_name_of_a_form_field_can_poison_an_instance(name: str) -> None:
    office = Office(_user_loop())
    office.complete("work", **{name: {"typename": "UUID", "value": "x"}, "again": True})
    assert office.complete("work", again=False).completed


def test_h04_what_an_operation_does_to_its_answer_does_not_rewrite_the_past() -> None:
    kept: list[Any] = [1]
    body = diagram(
        user("first"),
        service("work", "op", "found"),
        user("second"),
        flows("start > first > work > second > end"),
    )
    office = Office(body, {"op": lambda _scope: kept})
    before = office.stored()
    office.complete("first")
    office.again()
    kept.append(2)
    assert office.variables["found"] == [1]
    assert orjson.loads(before[1]) == {}


def test_h05_parallel_branches_keep_each_others_answers() -> None:
    body = diagram(
        both("split"), user("a"), user("b"), both("join"), user("last"),
        flows("start > split", "split > a > join", "split > b > join", "join > last > end"),
    )  # fmt: skip
    office = Office(body, files=[1, 2, 3], pay=1)
    office.complete("a", files=[3, 1]).complete("b", pay=2)
    assert office.variables == {"files": [3, 1], "pay": 2}


def test_h06_numbers_dates_and_durations_survive_storage_exactly() -> None:
    given = {
        "pay": Decimal("1.10"), "day": date(2026, 2, 28), "at": START, "span": timedelta(hours=36),
        "months": feel.YearMonthDuration(14), "text": "1.10", "none": None, "list": [Decimal("0.1"), {"a": date(2026, 1, 1)}],
    }  # fmt: skip
    office = Office(_user_loop())
    office.complete("work", again=True, **given)
    seen = office.run.scope_of(office.again().open_tasks()[0].id)
    assert {name: seen[name] for name in given} == given


def test_h07_what_an_operation_raises_comes_out_and_the_stored_case_can_be_tried_again() -> None:
    answers: list[Any] = [ZeroDivisionError("broken"), {"ok": True}]

    def operation(_scope: Any) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    body = diagram(
        user("go"), service("work", "op", "found"), user("then"), flows("start > go > work > then > end")
    )
    office = Office(body, {"op": operation})
    position, variables = office.stored()
    with pytest.raises(ZeroDivisionError, match="broken"):
        office.complete("go")
    run = office.program().restore(position, orjson.loads(variables), office)
    run.complete(run.open_tasks()[0].id, {})
    assert [task.node_id for task in run.open_tasks()] == ["then"]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-07-01T09:00:00+02:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-07-01T09:00:00", datetime(2026, 7, 1, 1, tzinfo=UTC)),  # the office's zone
        ("2026-07-01", datetime(2026, 6, 30, 16, tzinfo=UTC)),
        ('date and time("2026-07-01T09:00:00@Europe/Berlin")', datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("day", datetime(2026, 8, 31, 16, tzinfo=UTC)),
    ],
)
def test_h08_moments_are_of_their_zone_or_of_the_office(text: str, due: datetime) -> None:
    body = diagram(
        user("work"),
        boundary("late", "work", timer(text, "timeDate")),
        flows("start > work > end", "late > end"),
    )
    office = Office(body, day=date(2026, 9, 1))
    assert office.again().due_at() == due


def test_h08_a_month_is_a_month_of_the_calendar() -> None:
    body = diagram(
        user("work"), boundary("late", "work", timer("P1M")), flows("start > work > end", "late > end")
    )
    office = Office(diagram(user("first"), flows("start > first > end")))
    office.time = datetime(2026, 1, 31, 4, tzinfo=UTC)
    run = spiff.load({"m": body}, "main").start(office, {})
    run.advance()
    assert run.due_at() == datetime(2026, 2, 28, 4, tzinfo=UTC)


def test_h08b_cycle_timers_are_refused() -> None:
    body = diagram(
        user("work"),
        boundary("often", "work", timer("R/PT1H", "timeCycle"), False),
        flows("start > work > end", "often > end"),
    )
    assert codes(body) == {"timer.cycle"}


@pytest.mark.parametrize("text", ["P5D", "PT120H", '=duration("P5D")', 'duration("P5D")', "span"])
def test_h09_a_bare_iso_literal_is_a_duration_like_any_other(text: str) -> None:
    body = diagram(
        user("work"), boundary("late", "work", timer(text)), flows("start > work > end", "late > end")
    )
    office = Office(body, span=timedelta(days=5))
    assert office.run.due_at() == START + timedelta(days=5)


def test_h09_a_timer_without_a_moment_says_which() -> None:
    body = diagram(
        user("go"),
        element("intermediateCatchEvent", "pause", timer("missing")),
        flows("start > go > pause > end"),
    )
    with pytest.raises(spiff.BadValue) as caught:
        Office(body).complete("go")
    assert "pause" in str(caught.value)


def test_h10_no_true_condition_and_no_default_says_which_gateway() -> None:
    body = diagram(
        user("go"),
        xor("choice"),
        user("a"),
        flows("start > go > choice", "choice > a : n > 1", "choice > end : n > 2", "a > end"),
    )
    with pytest.raises(spiff.BadValue) as caught:
        Office(body, n=0).complete("go")
    assert caught.value.node_id == "choice"


def test_h10_null_is_not_true() -> None:
    body = diagram(
        xor("choice", "end"),
        user("a"),
        flows("start > choice", "choice > a : missing > 1", "choice > end", "a > end"),
    )
    assert Office(body).completed


def test_h11_parallel_instances_end_on_specs_that_another_process_made() -> None:
    body = diagram(user("vote", many(count="3")), user("then"), flows("start > vote > then > end"))
    office = Office(body)
    office.complete("vote").complete("vote").complete("vote")
    assert office.tasks == ["then"]


def test_h12_a_loop_beside_an_open_branch_stays_small_and_loses_nothing() -> None:
    body = diagram(
        both("split"), user("open"), both("join"), xor("merge"), user("work"), xor("choice", "join"),
        flows(
            "start > split", "split > open > join", "split > merge > work > choice", "choice > merge : again",
            "choice > join", "join > end",
        ),
    )  # fmt: skip
    office = Office(body)
    for _ in range(1000):
        work = next(task for task in office.run.open_tasks() if task.node_id == "work")
        office.run.complete(work.id, {"again": True})
    assert office.tasks == ["open", "work"]
    assert len(office.stored()[0]) < 160
    assert office.complete("work", again=False).complete("open").completed


def test_h13_instances_of_a_called_process_do_not_overwrite_each_other() -> None:
    body = diagram(
        element(
            "callActivity", "ask", many(collection="people", element="person", results="answers"),
            calledElement="asking", qh_out="answer",
        ),
        user("then"),
        flows("start > ask > then > end"),
        called={"asking": (user("reply"), flows("asking_start > reply > asking_end"))},
    )  # fmt: skip
    office = Office(body, people=["Li", "Wang", "Zhao"])
    office.complete("reply", 1, answer="no").complete("reply", 1, answer="maybe").complete(
        "reply", answer="yes"
    )
    assert office.variables["answers"] == [{"answer": "yes"}, {"answer": "no"}, {"answer": "maybe"}]


def test_h14_two_start_events_are_refused() -> None:
    body = diagram(
        element("startEvent", "second"), user("work"), flows("start > work > end", "second > work")
    )
    assert "start.count" in codes(body)


def test_h15_a_moment_that_is_past_when_it_is_armed_fires_at_once_and_is_late() -> None:
    body = diagram(
        user("go"), element("intermediateCatchEvent", "pause", timer("day", "timeDate")), user("then"),
        flows("start > go > pause > then > end"),
    )  # fmt: skip
    office = Office(body, day=date(2026, 1, 1))
    office.complete("go")
    assert (office.tasks, office.late) == (["then"], ["pause"])


def test_h16_an_interrupting_event_that_leads_back_to_its_own_activity() -> None:
    body = diagram(
        xor("again"), user("work"), boundary("change", "work", message("change")), boundary("stop", "work", message("cancel")),
        flows("start > again > work > end", "change > again", "stop > end"),
    )  # fmt: skip
    office = Office(body)
    for _ in range(4):
        office.catch("change")
        assert (office.tasks, office.events) == (["work"], ["change", "stop"])
    assert office.complete("work").completed


def test_h17_a_multi_instance_activity_behind_a_boundary_event() -> None:
    body = diagram(
        user("work"), boundary("change", "work", message("change")), user("vote", many(count="2")),
        flows("start > work > end", "change > vote > end"),
    )  # fmt: skip
    office = Office(body).catch("change")
    assert office.tasks == ["vote", "vote"]
    assert office.complete("vote").complete("vote").completed


@pytest.mark.parametrize("sequential", [False, True])
def test_h18_interrupting_many_subprocesses_takes_all_that_is_in_them_away(sequential: bool) -> None:
    inner = sub(
        "inner",
        user("deep"),
        boundary("deep_news", "deep", message("news"), False),
        flows("inner_start > deep > inner_end", "deep_news > inner_end"),
    )
    body = diagram(
        sub("outer", inner, flows("outer_start > inner > outer_end"), body=many(sequential, "2")),
        boundary("stop", "outer", message("cancel")), user("after"),
        flows("start > outer > end", "stop > after > end"),
    )  # fmt: skip
    office = Office(body)
    assert len(office.tasks) == (1 if sequential else 2)
    office.catch("cancel")
    assert (office.tasks, office.events) == (["after"], [])
    assert "$scopes" not in orjson.loads(office.stored()[1])
    assert office.complete("after").completed


def test_h19_what_a_terminate_end_cancels_in_the_same_pass_does_not_run() -> None:
    ran: list[str] = []
    body = diagram(
        user("go"), both("split"), element("endEvent", "over", "<bpmn:terminateEventDefinition />"),
        xor("on"), service("work", "op"), flows("start > go > split", "split > over", "split > on > work > end"),
    )  # fmt: skip
    office = Office(body, {"op": lambda _scope: ran.append("work")})
    office.complete("go")
    assert (office.completed, ran, office.tasks) == (True, [], [])


def test_h20_an_unstructured_join_waits_again_in_the_next_round() -> None:
    """A fork that feeds the join directly on one of its flows."""
    body = diagram(
        xor("merge"), both("split"), user("a"), both("join"), user("check"), xor("choice", "end"),
        flows(
            "start > merge > split", "split > join", "split > a > join", "join > check > choice",
            "choice > merge : again", "choice > end",
        ),
    )  # fmt: skip
    office = Office(body)
    for _ in range(3):
        assert office.tasks == ["a"]
        office.complete("a").complete("check", again=True)


def test_h20_a_second_token_in_a_fork_keeps_the_tasks_of_the_first() -> None:
    body = diagram(
        user("work"), boundary("news", "work", message("news"), False), both("split"), user("a"), user("b"), both("join"),
        element("endEvent", "told"), flows("start > work > end", "news > split", "split > a > join", "split > b > join", "join > told"),
    )  # fmt: skip
    office = Office(body).catch("news").catch("news")
    assert office.tasks == ["a", "a", "b", "b", "work"]
    office.complete("a").complete("a").complete("b")
    assert (office.tasks, office.way.count("told")) == (["b", "work"], 1)
    assert office.complete("b").complete("work").completed
    assert office.way.count("told") == 2


def test_h21_inclusive_gateways_are_refused() -> None:
    body = diagram(element("inclusiveGateway", "any"), user("a"), flows("start > any", "any > a > end"))
    assert "element.kind" in codes(body)


def test_h22_a_message_that_does_not_interrupt_is_caught_each_time() -> None:
    body = diagram(
        user("work"),
        boundary("news", "work", message("news"), False),
        user("read"),
        flows("start > work > end", "news > read > end"),
    )
    office = Office(body).catch("news").catch("news").catch("news")
    assert office.tasks == ["read", "read", "read", "work"]
    office.complete("work")
    assert office.events == []


def test_h22_a_duration_that_does_not_interrupt_fires_once() -> None:
    body = diagram(
        user("work"),
        boundary("remind", "work", timer("P1D"), False),
        user("read"),
        flows("start > work > end", "remind > read > end"),
    )
    office = Office(body).wait(days=1).wait(days=5)
    assert (office.tasks, office.events, office.run.due_at()) == (["read", "work"], [], None)


def test_h23_the_timer_of_an_event_gateway_is_listed_and_fires() -> None:
    body = diagram(
        element("eventBasedGateway", "first"), element("intermediateCatchEvent", "paid", message("paid")),
        element("intermediateCatchEvent", "late", timer("P3D")), user("remind"),
        flows("start > first", "first > paid > end", "first > late > remind > end"),
    )  # fmt: skip
    office = Office(body)
    assert office.again().due_at() == START + timedelta(days=3)
    assert office.events == ["late", "paid"]
    office.wait(days=3)
    assert (office.tasks, office.events) == (["remind"], [])


def test_h23_a_second_timer_is_refused() -> None:
    body = diagram(
        element("eventBasedGateway", "first"), element("intermediateCatchEvent", "soon", timer("P1D")),
        element("intermediateCatchEvent", "late", timer("P3D")), flows("start > first", "first > soon > end", "first > late > end"),
    )  # fmt: skip
    assert codes(body) == {"event_gateway.timers"}


def test_h24_a_circle_without_a_choice_is_refused() -> None:
    body = diagram(
        xor("merge"),
        user("a"),
        user("b"),
        boundary("stop", "a", message("cancel")),
        flows("start > merge > a > b > merge", "stop > end"),
    )
    assert "cycle.no_choice" in codes(body)


def test_h24_what_runs_in_a_circle_without_waiting_is_stopped() -> None:
    body = diagram(
        user("go"),
        xor("merge"),
        xor("choice", "end"),
        flows("start > go > merge > choice", "choice > merge : true", "choice > end"),
    )
    assert codes(body) == set()
    with pytest.raises(spiff.NotRunnable):
        Office(body).complete("go")


def test_h25_a_message_goes_to_one_that_waits_and_to_nobody_twice() -> None:
    body = diagram(
        both("split"), element("intermediateCatchEvent", "a", message("paid")), element("intermediateCatchEvent", "b", message("paid")),
        both("join"), flows("start > split", "split > a > join", "split > b > join", "join > end"),
    )  # fmt: skip
    office = Office(body).catch("paid")
    assert len(office.events) == 1
    assert office.catch("paid").completed
    with pytest.raises(spiff.NotWaiting):
        office.catch("paid")


def test_h25_a_message_can_be_meant_for_one_element() -> None:
    body = diagram(
        both("split"), element("intermediateCatchEvent", "a", message("paid")), element("intermediateCatchEvent", "b", message("paid")),
        both("join"), flows("start > split", "split > a > join", "split > b > join", "join > end"),
    )  # fmt: skip
    office = Office(body)
    second = next(event for event in office.again().waiting() if event.node_id == "b")
    office.run.catch(second.id)
    assert office.events == ["a"]


def test_an_error_that_nobody_catches_comes_out_with_its_code() -> None:
    body = diagram(
        user("go"),
        service("work", "op"),
        boundary("gone", "work", error("gone")),
        flows("start > go > work > end", "gone > end"),
    )
    with pytest.raises(spiff.BpmnError, match="full"):
        Office(body, {"op": fails("full")}).complete("go")
