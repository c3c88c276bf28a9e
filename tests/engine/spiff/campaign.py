"""Plays random diagrams by the thousand: `python -m tests.engine.spiff.campaign 10000 [first seed]`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from multiprocessing import get_context

from tests.engine.spiff.playing import Outcome, _safely, played
from tests.engine.spiff.random_diagrams import draw, grow, smaller

_PROCESSES = 2


def _one(seed: int) -> tuple[int, Outcome]:
    return seed, played(seed)


def campaign(count: int, first: int = 0) -> tuple[Counter[str], int, list[tuple[int, Outcome]]]:
    """Plays `count` diagrams; gives how many went how, the steps, and what was different."""
    kinds: Counter[str] = Counter()
    steps, different = 0, []
    with get_context("fork").Pool(_PROCESSES) as pool:
        for seed, outcome in pool.imap_unordered(_one, range(first, first + count), chunksize=20):
            kinds[outcome.kind] += 1
            steps += outcome.steps
            if outcome.kind == "different":
                different.append((seed, outcome))
    return kinds, steps, different


def shrink(seed: int) -> tuple[bytes, Outcome]:
    """The smallest diagram found that still differs, by taking one thing after another away."""
    trees, outcome = grow(seed), played(seed)
    progress = True
    while progress:
        progress = False
        for candidate in smaller(trees):
            for choices in (seed, *range(6)):
                found = _safely(candidate, choices, 0.3)
                if found.kind == "different":
                    trees, outcome, progress = candidate, found, True
                    break
            if progress:
                break
    return draw(trees), outcome


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    began = time.monotonic()
    kinds, steps, different = campaign(count, first)
    _say(f"{count} diagrams, {steps} steps, {time.monotonic() - began:.0f} s: {dict(kinds)}")
    for seed, outcome in different[:10]:
        _say(f"{seed} {outcome.what[:400]} {outcome.acts}")
    if different:
        body, outcome = shrink(min(seed for seed, _ in different))
        _say(f"{outcome.what}\n{outcome.acts}\n{body.decode()}")
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
