"""Errors that operations raise on purpose, caught by error boundary events."""

from __future__ import annotations

import pytest

from engine import spiff
from tests.engine.spiff.office import (
    Office,
    boundary,
    diagram,
    element,
    error,
    fails,
    flows,
    message,
    service,
    sub,
    user,
)


def _one(*events: str) -> bytes:
    return diagram(
        user("go"), service("book", "op"), *events, user("full"), user("other"),
        flows("start > go > book > end", "on_full > full > end"),
        flows("on_any > other > end") if len(events) > 1 else "",
    )  # fmt: skip


def test_the_event_of_its_code_catches_it() -> None:
    office = Office(_one(boundary("on_full", "book", error("full"))), {"op": fails("full")}).complete("go")
    assert (office.tasks, office.way[-2:]) == (["full"], ["on_full", "full"])


def test_its_own_code_goes_before_any() -> None:
    events = boundary("on_any", "book", error()), boundary("on_full", "book", error("full"))
    assert Office(_one(*events), {"op": fails("full")}).complete("go").tasks == ["full"]
    assert Office(_one(*events), {"op": fails("gone")}).complete("go").tasks == ["other"]


def test_another_code_is_not_caught_and_the_stored_case_stays() -> None:
    office = Office(_one(boundary("on_full", "book", error("full"))), {"op": fails("gone")})
    stored = office.stored()
    with pytest.raises(spiff.BpmnError) as caught:
        office.complete("go")
    assert caught.value.code == "gone"
    run = office.program().restore(stored[0], {}, office)
    assert [task.node_id for task in run.open_tasks()] == ["go"]


def test_the_error_goes_outwards_through_subprocess_and_called_process() -> None:
    body = diagram(
        sub(
            "outer", element("callActivity", "call", calledElement="deep"), user("beside"), element("parallelGateway", "split"),
            flows("outer_start > split", "split > call > outer_end", "split > beside > outer_end"),
        ),
        boundary("on_full", "outer", error("full")), boundary("cancel", "outer", message("cancel")), user("after"),
        flows("start > outer > end", "on_full > after > end", "cancel > end"),
        called={"deep": (user("try"), service("book", "op"), flows("deep_start > try > book > deep_end"))},
    )  # fmt: skip
    office = Office(body, {"op": fails("full")})
    assert office.tasks == ["beside", "try"]
    office.complete("try")
    assert (office.tasks, office.events) == (["after"], [])
    assert office.complete("after").completed


def test_the_inner_event_catches_it_first() -> None:
    body = diagram(
        sub(
            "outer", user("try"), service("book", "op"), boundary("inner_full", "book", error("full")), user("again"),
            flows("outer_start > try > book > outer_end", "inner_full > again > outer_end"),
        ),
        boundary("outer_full", "outer", error()), flows("start > outer > end", "outer_full > end"),
    )  # fmt: skip
    office = Office(body, {"op": fails("full")}).complete("try")
    assert office.tasks == ["again"]


def test_a_path_of_the_event_that_leads_back_to_the_operation() -> None:
    answers = [spiff.BpmnError("full"), spiff.BpmnError("full"), None]

    def operation(_scope: object) -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    body = diagram(
        service("book", "op"), boundary("full", "book", error("full")), user("other_date"),
        flows("start > book > end", "full > other_date > book"),
    )  # fmt: skip
    office = Office(body, {"op": operation})
    assert office.tasks == ["other_date"]
    assert office.complete("other_date").complete("other_date").completed


def test_a_decision_gives_its_outputs_by_name() -> None:
    rule = "<bpmn:extensionElements><spiffworkflow:calledDecisionId>award</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
    body = diagram(
        element("businessRuleTask", "grade", rule), user("then"), flows("start > grade > then > end")
    )
    office = Office(body, gpa=4)
    assert (office.decisions, office.variables) == (["award"], {"gpa": 4, "grade": "A"})
