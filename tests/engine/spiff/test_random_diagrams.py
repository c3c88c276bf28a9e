"""Random diagrams: after every step the engine waits where BPMN's token game waits.

`python -m tests.engine.spiff.campaign 10000` plays more of them; `make soak` does.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

import orjson
import pytest

from engine import bpmn, spiff
from tests.engine.spiff.campaign import campaign, shrink
from tests.engine.spiff.playing import Game, played
from tests.engine.spiff.random_diagrams import draw, grow


def test_random_diagrams_wait_where_the_token_game_waits() -> None:
    outcomes = {seed: played(seed) for seed in range(400)}
    wrong = {seed: outcome.what for seed, outcome in outcomes.items() if outcome.kind == "different"}
    assert not wrong, shrink(min(wrong))
    assert sum(outcome.steps for outcome in outcomes.values()) > 1_000
    assert Counter(outcome.kind for outcome in outcomes.values())["ok"] > 300


class ForkedGame(Game):
    """Each step of the engine in a process of its own, which has parsed the diagram itself."""

    def _both(self, game: Any, engine: Any) -> bool:
        if self.outcome.steps == 0:
            return super()._both(game, engine)
        results = _FORK.Queue()
        child = _FORK.Process(target=self._away, args=(engine, results))
        child.start()
        error, state, variables, way, timers = results.get(timeout=60)
        child.join()

        def take_over() -> None:
            self.player.timers, self.player.way = timers, way
            if error:
                raise spiff.BpmnError("E")
            self.run = self.program.restore(state, orjson.loads(variables), self.player)

        return super()._both(game, take_over)

    def _away(self, engine: Any, results: Any) -> None:
        self.program = spiff.load({"random.bpmn": self.body}, "main")
        state, variables = self.run.dump()
        fresh = self.program.restore(state, orjson.loads(orjson.dumps(variables)), self.player)
        self.run.__dict__.update(fresh.__dict__)
        self.run._instance.run = self.run
        error = False
        try:
            engine()
        except spiff.BpmnError:
            error = True
        state, variables = self.run.dump() if not error else (b"", {})
        results.put((error, state, orjson.dumps(variables), self.player.way, self.player.timers))


_FORK = multiprocessing.get_context("fork")


def test_each_step_in_a_process_of_its_own() -> None:
    wrong, steps = {}, 0
    for seed in range(500, 540):
        body = draw(grow(seed))
        if any(spiff.unsupported(process) for process in bpmn.read(body)):
            continue
        outcome = ForkedGame(body, seed, 0.0).play(8)
        steps += outcome.steps
        if outcome.kind == "different":
            wrong[seed] = outcome.what
    assert not wrong
    assert steps > 50


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_thousand_random_diagrams() -> None:
    kinds, steps, different = campaign(10_000, first=1_000_000)
    assert not different, shrink(different[0][0])
    assert steps > 30_000
    assert kinds["ok"] > 8_000
