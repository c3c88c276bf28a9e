"""A case of any age costs the same: cost is counted in calls of Python, not in seconds, so that nothing flickers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.spiff.office import (
    Office,
    both,
    boundary,
    diagram,
    element,
    flows,
    many,
    message,
    timer,
    user,
    xor,
)

_LOOP = ("merge > work > choice", "choice > merge : again")


def _alone() -> bytes:
    return diagram(
        xor("merge"), user("work"), xor("choice", "end"), flows("start > merge", *_LOOP, "choice > end")
    )


def _with_events() -> bytes:
    return diagram(
        xor("merge"), user("work"), boundary("late", "work", timer("P9D")), boundary("news", "work", message("news"), False),
        xor("choice", "end"), flows("start > merge", *_LOOP, "choice > end", "late > merge", "news > end"),
    )  # fmt: skip


def _beside_a_branch() -> bytes:
    return diagram(
        both("split"), user("open"), both("join"), xor("merge"), user("work"), xor("choice", "join"),
        flows("start > split", "split > open > join", "split > merge", *_LOOP, "choice > join", "join > end"),
    )  # fmt: skip


def _around_a_call() -> bytes:
    return diagram(
        xor("merge"), element("callActivity", "call", calledElement="deep", qh_out="again"), xor("choice", "end"),
        flows("start > merge > call > choice", "choice > merge : again", "choice > end"),
        called={"deep": (user("work"), flows("deep_start > work > deep_end"))},
    )  # fmt: skip


def _around_instances() -> bytes:
    return diagram(
        xor("merge"), user("work", many(count="1", results="answers")), xor("choice", "end"),
        flows("start > merge > work > choice", "choice > merge : answers[1].again", "choice > end"),
    )  # fmt: skip


def _calls(act: Callable[[], Any]) -> int:
    """How many calls of Python functions an act takes."""
    count = 0

    def note(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("body", [_alone, _with_events, _beside_a_branch, _around_a_call, _around_instances])
def test_the_thousandth_round_costs_what_the_second_did(body: Callable[[], bytes]) -> None:
    office = Office(body())
    program = office.program()

    def step() -> None:
        office.run = program.restore(*office.run.dump(), office)
        work = next(task for task in office.run.open_tasks() if task.node_id == "work")
        office.run.complete(work.id, {"again": True})

    step()
    young, small = _calls(step), len(office.stored()[0])
    for _ in range(1000):
        step()
    assert _calls(step) <= young * 1.1
    assert len(office.stored()[0]) <= small + 40  # longer numbers
    assert len(office.way) > 2000
