"""Variables: written innermost, read outwards, handed out by name."""

from __future__ import annotations

from typing import Any

import orjson

from tests.engine.spiff.office import Office, both, diagram, element, flows, service, sub, user, xor


def _scope(office: Office, node_id: str) -> dict[str, Any]:
    run = office.again()
    return dict(run.scope_of(next(task.id for task in run.open_tasks() if task.node_id == node_id)))


def test_a_subprocess_reads_outwards_and_writes_inside() -> None:
    body = diagram(
        sub("inner", user("first"), user("second"), flows("inner_start > first > second > inner_end")), user("then"),
        flows("start > inner > then > end"),
    )  # fmt: skip
    office = Office(body, pay=1, name="Li").complete("first", pay=2)
    assert _scope(office, "second") == {"pay": 2, "name": "Li"}
    assert office.variables == {"pay": 1, "name": "Li"}
    office.complete("second")
    assert _scope(office, "then") == {"pay": 1, "name": "Li"}
    assert "$scopes" not in orjson.loads(office.stored()[1])


def test_a_subprocess_hands_out_what_it_names() -> None:
    body = diagram(
        sub("inner", user("first"), flows("inner_start > first > inner_end"), qh_out="result, reason"), xor("choice", "end"),
        user("then"), flows("start > inner > choice", "choice > then : result = 1", "choice > end", "then > end"),
    )  # fmt: skip
    office = Office(body).complete("first", result=1, secret=2)
    assert (office.tasks, office.variables) == (["then"], {"result": 1, "reason": None})


def test_a_called_process_sees_what_is_handed_in_and_writes_nothing_outside() -> None:
    body = diagram(
        element("callActivity", "call", calledElement="deep", qh_in="pay", qh_out="answer"), user("then"),
        flows("start > call > then > end"), called={"deep": (user("work"), flows("deep_start > work > deep_end"))},
    )  # fmt: skip
    office = Office(body, pay=1, name="Li")
    assert _scope(office, "work") == {"pay": 1}
    office.complete("work", pay=9, answer="yes")
    assert office.variables == {"pay": 1, "name": "Li", "answer": "yes"}


def test_the_same_process_called_twice_at_once_keeps_two_scopes() -> None:
    body = diagram(
        both("split"), element("callActivity", "one", calledElement="deep", qh_out="a"),
        element("callActivity", "two", calledElement="deep", qh_out="b"), both("join"), user("then"),
        flows("start > split", "split > one > join", "split > two > join", "join > then > end"),
        called={"deep": (user("work"), user("more"), flows("deep_start > work > more > deep_end"))},
    )  # fmt: skip
    office = Office(body).complete("work", 0, a=1, b=1).complete("work", 0, a=2, b=2)
    office.complete("more", 0).complete("more", 0)
    assert office.variables == {"a": 1, "b": 2}


def test_the_result_of_an_operation_in_a_subprocess_stays_there() -> None:
    body = diagram(
        sub(
            "inner",
            service("work", "op", "found"),
            user("see"),
            flows("inner_start > work > see > inner_end"),
        ),
        flows("start > inner > end"),
    )
    office = Office(body, {"op": lambda _scope: {"id": 5}})
    assert _scope(office, "see") == {"found": {"id": 5}}
    assert office.variables == {}


def test_a_task_tells_its_scope() -> None:
    body = diagram(sub("inner", user("work"), flows("inner_start > work > inner_end")), user("other"), both("split"), both("join"),
        flows("start > split", "split > inner > join", "split > other > join", "join > end"))  # fmt: skip
    paths = {task.node_id: task.scope_path for task in Office(body).again().open_tasks()}
    assert paths["other"] == ""
    assert paths["work"] != ""
