"""What came of a draft's scenarios, kept with the draft for every process that shows or publishes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from engine.errors import Sentence
from engine.release.rehearse import Coverage, ScenarioResult, StepResult


@dataclass(frozen=True)
class Rehearsal:
    """The scenarios of a content, run; how long it took, and what they have covered."""

    results: tuple[ScenarioResult, ...]
    covered: Coverage | None
    seconds: float

    @property
    def failed(self) -> int:
        return sum(not result.passed for result in self.results)


def to_store(done: Rehearsal, digest: str) -> dict[str, Any]:
    """As JSON, for the content of that digest."""
    covered = done.covered
    return {
        "digest": digest,
        "seconds": done.seconds,
        "results": [asdict(result) for result in done.results],
        "covered": None if covered is None else {name: sorted(ids) for name, ids in asdict(covered).items()},
    }


def stored(kept: Any, digest: str) -> Rehearsal | None:
    """What was kept, if it is about the content of that digest."""
    if not isinstance(kept, dict) or kept.get("digest") != digest:
        return None
    covered = kept["covered"]
    return Rehearsal(
        tuple(_result(one) for one in kept["results"]),
        None if covered is None else Coverage(**{name: frozenset(ids) for name, ids in covered.items()}),
        kept["seconds"],
    )


def _result(one: dict[str, Any]) -> ScenarioResult:
    steps = tuple(
        StepResult(**{**step, "problem": None if step["problem"] is None else Sentence(**step["problem"])})
        for step in one["steps"]
    )
    return ScenarioResult(**{**one, "steps": steps, "trail": tuple(one["trail"])})
