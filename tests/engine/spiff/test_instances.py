"""Multi-instance activities: over collections and by number, in parallel and one after the other."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest

from engine import spiff
from tests.engine.spiff.office import (
    Office,
    boundary,
    diagram,
    element,
    error,
    flows,
    many,
    message,
    service,
    sub,
    timer,
    user,
    xor,
)

PEOPLE = ["Li", "Wang", "Zhao"]


def _task(sequential: bool = False, until: str = "", *more: str) -> bytes:
    loop = many(sequential, until=until, collection="people", element="person", results="answers")
    return diagram(user("ask", loop), user("then"), *more, flows("start > ask > then > end"))


def _persons(office: Office) -> list[str]:
    run = office.again()
    return [run.scope_of(task.id)["person"] for task in run.open_tasks()]


def test_in_parallel_each_has_its_element_and_results_keep_the_order_of_the_elements() -> None:
    office = Office(_task(), people=PEOPLE)
    assert _persons(office) == PEOPLE
    office.complete("ask", 2, ok=3).complete("ask", 0, ok=1).complete("ask", 0, ok=2)
    assert office.tasks == ["then"]
    assert office.variables["answers"] == [{"ok": 1}, {"ok": 2}, {"ok": 3}]


def test_one_after_the_other() -> None:
    office = Office(_task(sequential=True), people=PEOPLE)
    seen = []
    for number in range(3):
        seen += _persons(office)
        office.complete("ask", ok=number)
    assert (seen, office.tasks) == (PEOPLE, ["then"])
    assert office.variables["answers"] == [{"ok": 0}, {"ok": 1}, {"ok": 2}]


def test_the_collection_is_read_once() -> None:
    office = Office(_task(sequential=True), people=PEOPLE)
    position, variables = office.run.dump()
    office.run = office.program().restore(position, {**variables, "people": []}, office)
    assert _persons(office.complete("ask")) == ["Wang"]


@pytest.mark.parametrize("sequential", [False, True])
def test_none_are_done_at_once(sequential: bool) -> None:
    office = Office(_task(sequential), people=[])
    assert (office.tasks, office.variables["answers"]) == (["then"], [])


@pytest.mark.parametrize("sequential", [False, True])
def test_a_completion_condition_sees_the_last_answer_and_ends_the_others(sequential: bool) -> None:
    office = Office(_task(sequential, until="answer = &quot;no&quot;"), people=PEOPLE)
    office.complete("ask", answer="yes").complete("ask", answer="no")
    assert office.tasks == ["then"]
    assert [given["answer"] for given in office.variables["answers"]] == ["yes", "no"]


def test_a_completion_condition_counts_what_is_done() -> None:
    office = Office(_task(until="count(answers) >= 2"), people=PEOPLE)
    office.complete("ask").complete("ask")
    assert office.tasks == ["then"]


@pytest.mark.parametrize("count", ["2", "number", "1 + 1"])
def test_by_number(count: str) -> None:
    body = diagram(user("ask", many(count=count)), flows("start > ask > end"))
    office = Office(body, number=Decimal(2))
    assert office.tasks == ["ask", "ask"]
    assert office.complete("ask").complete("ask").completed


@pytest.mark.parametrize("count", ["1.5", "-1", '"2"', "null", "true", "1001"])
def test_a_number_that_is_none_says_so(count: str) -> None:
    body = diagram(user("ask", many(count=count)), flows("start > ask > end"))
    with pytest.raises(spiff.BadValue) as caught:
        Office(body)
    assert caught.value.node_id == "ask"


@pytest.mark.parametrize("sequential", [False, True])
def test_subprocesses_keep_their_answers_apart(sequential: bool) -> None:
    loop = many(sequential, collection="people", element="person", results="answers")
    body = diagram(
        sub("ask", user("first"), user("second"), flows("ask_start > first > second > ask_end"), body=loop),
        user("then"), flows("start > ask > then > end"),
    )  # fmt: skip
    office = Office(body, people=PEOPLE[:2])
    if sequential:
        office.complete("first", a=1).complete("second", b=1).complete("first", a=2).complete("second", b=2)
    else:
        office.complete("first", 1, a=2).complete("first", a=1).complete("second", b=2).complete(
            "second", b=1
        )
        # the second person's subprocess was in `second` first
        assert sorted(map(str, office.variables["answers"])) == [
            str({"a": 1, "b": 1}),
            str({"a": 2, "b": 2}),
        ]
    assert office.tasks == ["then"]
    assert [given["a"] for given in office.variables["answers"]] == [1, 2]


def test_a_service_for_each_element_in_one_step() -> None:
    asked: list[str] = []
    loop = many(collection="people", element="person", results="made")
    body = diagram(service("write", "op", "letter", loop), user("then"), flows("start > write > then > end"))
    office = Office(
        body, {"op": lambda scope: asked.append(scope["person"]) or {"to": scope["person"]}}, people=PEOPLE
    )
    assert asked == PEOPLE
    assert [made["letter"]["to"] for made in office.variables["made"]] == PEOPLE


@pytest.mark.parametrize("sequential", [False, True])
def test_a_deadline_takes_all_instances_and_keeps_what_was_answered(sequential: bool) -> None:
    loop = many(sequential, collection="people", element="person", results="answers")
    body = diagram(
        user("ask", loop),
        boundary("late", "ask", timer("P3D")),
        user("count"),
        flows("start > ask > end", "late > count > end"),
    )
    office = Office(body, people=PEOPLE).complete("ask", ok=True).wait(days=3)
    assert (office.tasks, office.events) == (["count"], [])
    assert office.variables["answers"] == [{"ok": True}]
    assert "$scopes" not in orjson.loads(office.stored()[1])


def test_a_message_beside_instances_that_go_on() -> None:
    body = diagram(
        user("ask", many(count="2")), boundary("news", "ask", message("news"), False), user("read"),
        flows("start > ask > end", "news > read > end"),
    )  # fmt: skip
    office = Office(body).catch("news").complete("ask").catch("news")
    assert (office.tasks, office.events) == (["ask", "read", "read"], ["news"])
    assert office.complete("ask").events == []


def test_called_processes_one_after_the_other_can_be_stopped_early() -> None:
    body = diagram(
        element(
            "callActivity", "ask", many(True, collection="people", element="person", until="answer = &quot;no&quot;"),
            calledElement="asking", qh_out="answer",
        ),
        user("then"), flows("start > ask > then > end"),
        called={"asking": (user("reply"), flows("asking_start > reply > asking_end"))},
    )  # fmt: skip
    office = Office(body, people=PEOPLE).complete("reply", answer="yes").complete("reply", answer="no")
    assert office.tasks == ["then"]


def test_an_error_in_one_instance_ends_all() -> None:
    def operation(scope: dict[str, int]) -> None:
        if scope["n"] == 2:
            raise spiff.BpmnError("full")

    body = diagram(
        sub(
            "each", user("pick"), service("book", "op"), flows("each_start > pick > book > each_end"),
            body=many(collection="numbers", element="n"),
        ),
        boundary("full", "each", error("full")), user("after"), flows("start > each > end", "full > after > end"),
    )  # fmt: skip
    office = Office(body, {"op": operation}, numbers=[1, 2, 3])
    office.complete("pick", 0)
    assert office.tasks == ["pick", "pick"]
    office.complete("pick", 0)
    assert office.tasks == ["after"]


def test_two_rounds_of_one_activity_keep_their_results_apart() -> None:
    body = diagram(
        user("work"), boundary("news", "work", message("news"), False),
        user("ask", many(count="2", results="answers", until="count(answers) >= 2")), xor("merge"),
        flows("start > work > end", "news > merge > ask > end"),
    )  # fmt: skip
    office = Office(body).catch("news").catch("news")
    office.complete("ask", 0).complete("ask", 1)
    assert office.tasks == ["ask", "ask", "work"]
