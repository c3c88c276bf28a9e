"""Stored positions: what earlier releases wrote is finished by this one, by several threads on one program."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest

from engine import spiff
from tests.engine.spiff.office import (
    Office,
    both,
    boundary,
    diagram,
    element,
    flows,
    many,
    message,
    sub,
    timer,
    user,
    xor,
)

_SIMPLE = diagram(
    user("work"), boundary("late", "work", timer("P5D")), flows("start > work > end", "late > end")
)
_PARALLEL = diagram(
    both("split"), user("a"), user("b"), both("join"), user("then"),
    flows("start > split", "split > a > join", "split > b > join", "join > then > end"),
)  # fmt: skip
_NESTED = diagram(
    sub(
        "outer", user("deep"), flows("outer_start > deep > outer_end"),
        body=many(collection="people", element="person", results="answers"),
    ),
    boundary("stop", "outer", message("cancel")), flows("start > outer > end", "stop > end"),
)  # fmt: skip
_CALL = diagram(
    element("callActivity", "call", calledElement="deep", qh_out="answer"), user("then"), flows("start > call > then > end"),
    called={"deep": (user("work"), flows("deep_start > work > deep_end"))},
)  # fmt: skip
_GATEWAY = diagram(
    element("eventBasedGateway", "first"), element("intermediateCatchEvent", "paid", message("paid")),
    element("intermediateCatchEvent", "late", timer("P3D")), flows("start > first", "first > paid > end", "first > late > end"),
)  # fmt: skip
_SEQUENTIAL = diagram(
    user("ask", many(True, collection="people", element="person", results="answers")),
    flows("start > ask > end"),
)

#: Format 1, written by the first release. Never change a line; a new format gets lines of its own.
_STORED: list[tuple[str, bytes, bytes, dict[str, Any], list[tuple[str, str]]]] = [
    (
        "a task with a deadline", _SIMPLE,
        b'[1,4,0,[],[[2,"work:split",32,0,[[3,"work",16],[4,"late",8,{"d":1772845200000000}]]]]]', {}, [("complete", "work")],
    ),
    (
        "its deadline", _SIMPLE,
        b'[1,4,0,[],[[2,"work:split",32,0,[[3,"work",16],[4,"late",8,{"d":1772845200000000}]]]]]', {}, [("wait", "")],
    ),
    (
        "a token before a join", _PARALLEL,
        b'[1,5,0,[],[[4,"b",16],[5,"join",8,{"f":0}]]]', {}, [("complete", "b"), ("complete", "then")],
    ),
    (
        "instances of a subprocess", _NESTED,
        b'[1,9,0,[],[[2,"outer:split",32,0,[[3,"outer",32,{"n":2,"k":2,"o":[]},[[4,"outer:one",32,{"i":0},0,[[8,"deep",16]]],'
        b'[6,"outer:one",32,{"i":1},0,[[9,"deep",16]]]]],[7,"stop",8]]]]]',
        {
            "people": ["Li", "Wang"], "answers": [],
            "$scopes": {"3": {"answers": [], "$scopes": {"4": {"person": "Li"}, "6": {"person": "Wang"}}}},
        },
        [("complete", "deep"), ("complete", "deep")],
    ),
    (
        "a called process", _CALL, b'[1,4,0,[],[[2,"call",32,0,0,[[4,"work",16]]]]]',
        {"pay": {"$number": "1.20"}, "$scopes": {"2c": {"pay": {"$number": "1.20"}, "$closed": True}}},
        [("complete", "work"), ("complete", "then")],
    ),
    (
        "an event gateway", _GATEWAY,
        b'[1,4,0,[],[[2,"first",32,0,[[3,"paid",8],[4,"late",8,{"d":1772672400000000}]]]]]', {}, [("catch", "paid")],
    ),
    (
        "instances one after the other", _SEQUENTIAL,
        b'[1,4,0,[],[[2,"ask",32,{"n":2,"k":2,"o":[0]},[[4,"ask:one",16,{"i":1}]]]]]',
        {
            "people": ["Li", "Wang"], "answers": [{"ok": 1}],
            "$scopes": {"2": {"answers": [{"ok": 1}], "elements left": [], "$scopes": {"4": {"person": "Wang"}}}},
        },
        [("complete", "ask")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "position", "variables", "acts"),
    [case[1:] for case in _STORED],
    ids=[case[0] for case in _STORED],
)
def test_a_position_of_the_first_release_is_finished(
    body: bytes, position: bytes, variables: dict[str, Any], acts: list[tuple[str, str]]
) -> None:
    office = Office(body, people=[])
    office.run = office.program().restore(position, variables, office)
    for act, name in acts:
        if act == "wait":
            office.wait(days=9)
        else:
            getattr(office, act)(name)
    assert office.completed


def test_a_position_is_written_as_the_first_release_wrote_it() -> None:
    assert Office(_SIMPLE).stored()[0] == _STORED[0][2]
    assert Office(_PARALLEL).complete("a").stored()[0] == _STORED[2][2]


def test_a_position_keeps_no_past() -> None:
    body = diagram(
        user("work"),
        boundary("news", "work", message("news"), False),
        element("endEvent", "told"),
        flows("start > work > end", "news > told"),
    )
    office = Office(body)
    for _ in range(50):
        office.catch("news")
    assert len(office.stored()[0]) < 110
    assert office.complete("work").run.end_nodes == ["told", "end"]


def test_a_circle_of_timers_without_any_time_is_stopped() -> None:
    body = diagram(
        user("go"), xor("merge"), element("intermediateCatchEvent", "now", timer("PT0S")), xor("choice", "end"),
        flows("start > go > merge > now > choice", "choice > merge : true", "choice > end"),
    )  # fmt: skip
    with pytest.raises(spiff.NotRunnable):
        Office(body).complete("go")


def test_one_program_runs_many_cases_at_once() -> None:
    body = diagram(
        both("split"), user("a", many(count="3", results="done")), xor("merge"), user("b"), xor("choice", "join"), both("join"),
        flows("start > split", "split > a > join", "split > merge > b > choice", "choice > merge : again", "choice > join", "join > end"),
    )  # fmt: skip
    program = spiff.load({"main.bpmn": body}, "main")

    def case(number: int) -> list[Any]:
        office = Office(body)
        office.run = program.start(office, {"number": number})
        office.run.advance()
        for turn in range(40):
            office.run = program.restore(office.run.dump()[0], orjson.loads(office.stored()[1]), office)
            task = next(t for t in office.run.open_tasks() if t.node_id == "b")
            office.run.complete(task.id, {"again": turn < 39, "last": number * turn})
        for _ in range(3):
            office.run.complete(office.run.open_tasks()[0].id, {"by": number})
        return [office.run.completed, office.variables["last"], office.variables["done"]]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(case, range(24)))
    assert results == [[True, number * 39, [{"by": number}] * 3] for number in range(24)]
