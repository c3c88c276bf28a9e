"""The token game: BPMN's rules one by one. Random diagrams hold the engine to it (tests/engine/spiff)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine import bpmn
from engine.bpmn import Choices, Flow, Node, TokenGame
from engine.bpmn.game import EndlessGameError
from tests.engine.spiff.office import (
    both,
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


class Picks(Choices):
    """Takes the flow to the node that is named, else the last one."""

    def __init__(self, *targets: str, code: str | None = None, enough: int = 99) -> None:
        self.targets, self.code, self.least = targets, code, enough

    def flow(self, gateway: Node, flows: Sequence[Flow]) -> Flow:
        return next((flow for flow in flows if flow.target in self.targets), flows[-1])

    def enough(self, activity: Node, ended: int) -> bool:
        return ended >= self.least

    def error(self, activity: Node) -> str | None:
        return self.code


PLAIN = Picks()


def _started(body: bytes, choose: Choices = PLAIN) -> TokenGame:
    processes = {process.id: process for process in bpmn.read(body)}
    game = TokenGame(processes["main"], processes)
    game.start(choose)
    return game


def _tasks(game: TokenGame) -> list[str]:
    return sorted(place.path for place in game.open_tasks())


def _complete(game: TokenGame, path: str, choose: Choices = PLAIN) -> None:
    game.complete(next(place for place in game.open_tasks() if place.path == path), choose)


def _fire(game: TokenGame, path: str, choose: Choices = PLAIN) -> None:
    game.fire(next(place for place in game.waiting() if place.path == path), choose)


def test_an_exclusive_gateway_takes_one_flow_and_merges_without_waiting() -> None:
    body = diagram(
        xor("x", "b"), user("a"), user("b"), xor("m"), flows("start > x", "x > a > m", "x > b > m", "m > end")
    )
    game = _started(body, Picks("a"))
    assert _tasks(game) == ["a"]
    _complete(game, "a")
    assert game.completed


def test_a_parallel_gateway_consumes_one_token_of_each_flow_and_leaves_the_rest() -> None:
    body = diagram(
        user("work"), boundary("news", "work", message("news"), False), both("split"), user("a"), user("b"), both("join"), user("told"),
        flows("start > work > end", "news > split", "split > a > join", "split > b > join", "join > told > end"),
    )  # fmt: skip
    game = _started(body)
    _fire(game, "news")
    _fire(game, "news")
    _complete(game, "a")
    _complete(game, "a")
    assert _tasks(game) == ["b", "b", "work"]
    _complete(game, "b")
    assert _tasks(game) == ["b", "told", "work"]
    _complete(game, "b")
    assert _tasks(game) == ["told", "told", "work"]


def test_a_join_that_no_second_token_reaches_waits_for_ever() -> None:
    body = diagram(
        xor("x", "join"),
        both("join"),
        flows("start > x", "x > join", "x > end", "join > end"),
        user("a"),
        flows("a > join"),
    )
    game = _started(body, Picks("join"))
    assert (_tasks(game), game.completed, game.size()) == ([], False, 1)


def test_an_interrupting_event_takes_the_activity_and_its_other_events_away() -> None:
    body = diagram(
        sub("inner", user("deep"), boundary("soon", "deep", timer("P1D")), flows("inner_start > deep > inner_end", "soon > inner_end")),
        boundary("stop", "inner", message("cancel")), user("after"), flows("start > inner > end", "stop > after > end"),
    )  # fmt: skip
    game = _started(body)
    assert sorted(place.path for place in game.waiting()) == ["inner/soon", "stop"]
    _fire(game, "stop")
    assert (_tasks(game), game.waiting()) == (["after"], [])


def test_a_timer_that_does_not_interrupt_fires_once_a_message_each_time() -> None:
    body = diagram(
        user("work"), boundary("news", "work", message("news"), False), boundary("late", "work", timer("P1D"), False),
        flows("start > work > end", "news > end", "late > end"),
    )  # fmt: skip
    game = _started(body)
    _fire(game, "late")
    _fire(game, "news")
    assert [place.path for place in game.waiting()] == ["news"]
    with pytest.raises(KeyError):
        game.fire(bpmn.Place(999, game.waiting()[0].node, "news"), PLAIN)


def test_an_event_gateway_takes_what_comes_first() -> None:
    body = diagram(
        element("eventBasedGateway", "first"), element("intermediateCatchEvent", "paid", message("paid")),
        element("intermediateCatchEvent", "late", timer("P3D")), user("ship"),
        flows("start > first", "first > paid > ship > end", "first > late > end"),
    )  # fmt: skip
    game = _started(body)
    _fire(game, "paid")
    assert (_tasks(game), game.waiting()) == (["ship"], [])


@pytest.mark.parametrize(("sequential", "first"), [(False, ["ask#0", "ask#1"]), (True, ["ask#0"])])
def test_instances_in_parallel_and_one_after_the_other(sequential: bool, first: list[str]) -> None:
    game = _started(
        diagram(user("ask", many(sequential, "2")), user("then"), flows("start > ask > then > end"))
    )
    assert _tasks(game) == first
    _complete(game, "ask#0")
    assert _tasks(game) == ["ask#1"]
    _complete(game, "ask#1")
    assert _tasks(game) == ["then"]


def test_a_completion_condition_ends_the_other_instances() -> None:
    game = _started(diagram(user("ask", many(count="2")), user("then"), flows("start > ask > then > end")))
    _complete(game, "ask#1", Picks(enough=1))
    assert _tasks(game) == ["then"]


def test_an_error_goes_to_the_innermost_event_and_else_out() -> None:
    body = diagram(
        sub("inner", user("go"), service("book", "op"), flows("inner_start > go > book > inner_end")),
        boundary("full", "inner", error("full")), user("after"), flows("start > inner > end", "full > after > end"),
    )  # fmt: skip
    game = _started(body)
    lost = game.copy()
    _complete(game, "inner/go", Picks(code="full"))
    assert _tasks(game) == ["after"]
    with pytest.raises(bpmn.UncaughtError):
        _complete(lost, "inner/go", Picks(code="gone"))


def test_a_terminate_end_ends_its_own_level_only() -> None:
    body = diagram(
        sub(
            "inner", both("split"), user("a"), element("endEvent", "over", "<bpmn:terminateEventDefinition />"),
            flows("inner_start > split", "split > a > inner_end", "split > over"),
        ),
        user("then"), flows("start > inner > then > end"),
    )  # fmt: skip
    assert _tasks(_started(body)) == ["then"]


def test_a_called_process_is_played_inside() -> None:
    body = diagram(
        element("callActivity", "call", calledElement="deep"), flows("start > call > end"),
        called={"deep": (user("work"), flows("deep_start > work > deep_end"))},
    )  # fmt: skip
    game = _started(body)
    assert _tasks(game) == ["call/work"]
    _complete(game, "call/work")
    assert game.completed


def test_a_copy_is_played_on_by_itself_and_keys_tell_positions_apart() -> None:
    game = _started(
        diagram(
            both("s"),
            user("a"),
            user("b"),
            both("j"),
            flows("start > s", "s > a > j", "s > b > j", "j > end"),
        )
    )
    one, other = game.copy(), game.copy()
    assert game.key() == one.key()
    _complete(one, "a")
    assert game.key() != one.key()
    assert _tasks(game) == ["a", "b"]
    _complete(one, "b")
    _complete(other, "b")
    _complete(other, "a")
    assert one.key() == other.key()
    assert hash(one.key()) == hash(other.key())


def test_a_circle_without_a_wait_is_told() -> None:
    body = diagram(xor("m"), xor("x", "end"), flows("start > m > x", "x > m : true", "x > end"))
    with pytest.raises(EndlessGameError):
        _started(body, Picks("m"))
