"""`python -m tests.conformance.run [--tck DIR]`: the DMN Technology Compatibility Kit, scored by folder.

DIR is laid out like the kit: compliance-level-2/<folder>/…, compliance-level-3/<folder>/…. Prints a line per
folder, the failures with what was expected, and totals by level. `--page FILE` writes the published page.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from engine import decisions, feel
from engine.errors import QihangError
from tests.conformance.cases import Case, Expectation, Suite, same, suites

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "dmn-tck"
# What must be reached, in percent: the exit status says whether it was.
WANTED = {"2": 100.0, "3": 99.5}


@dataclass
class Failure:
    """A result that was not the expected one."""

    suite: str
    case: str
    node: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        return f"{self.suite} {self.case} {self.node}: expected {self.expected}, got {self.actual}"


#: Stands for a test that calls Java.
JAVA = Failure("", "", "", None, None)


@dataclass
class Score:
    """Results of one folder. A test is a result node of a test case, as the kit's reports count them."""

    level: str
    name: str
    passed: int = 0
    failures: list[Failure] = field(default_factory=list)
    java: int = 0

    @property
    def total(self) -> int:
        return self.passed + len(self.failures)


def score(folder: Path) -> Score:
    """Runs all test files of a folder."""
    found = Score(folder.parent.name.rpartition("-")[2], folder.name)
    for suite in suites(folder):
        bodies = {path: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
        for result in _results(suite, bodies):
            if result is None:
                found.passed += 1
            elif result is JAVA:
                found.java += 1
            else:
                found.failures.append(result)
    return found


def calls_java(model: decisions.Model, name: str) -> bool:
    """Whether a decision, or what it requires in its file, is a function in Java."""
    by_name = {element.name: element for element in model.definitions.elements.values()}
    todo, seen = [name], set()
    while todo:
        element = by_name.get(todo.pop())
        if element is None or element.id in seen:
            continue
        seen.add(element.id)
        logic = repr(getattr(element, "logic", None) or getattr(element, "function", None))
        if "kind='Java'" in logic or ("external" in logic and "java" in logic):
            return True
        for href in getattr(element, "requires", ()):
            link = model.find(href)
            todo += [link.element.name] if link is not None else []
    return False


def _results(suite: Suite, bodies: dict[Path, bytes]) -> Iterator[Failure | None]:
    try:
        others = [body for path, body in bodies.items() if path != suite.model and _readable(body)]
        model = decisions.read(bodies[suite.model], others)
    except (KeyError, QihangError) as error:
        for case in suite.cases:
            for expected in case.expected:
                yield Failure(
                    suite.path.name, case.id, expected.name, _shown(expected.value), f"unreadable: {error}"
                )
        return
    for case in suite.cases:
        for expected in case.expected:
            yield JAVA if calls_java(model, expected.name) else _result(model, suite, case, expected)


def _readable(body: bytes) -> bool:
    try:
        decisions.read(body)
    except QihangError:
        return False
    return True


def _result(model: decisions.Model, suite: Suite, case: Case, expected: Expectation) -> Failure | None:
    try:
        actual = _evaluated(model, case, expected)
    except QihangError as error:
        if expected.value is None and expected.error:
            return None
        return Failure(
            suite.path.name, case.id, expected.name, _shown(expected.value), f"error: {error.sentence.en}"
        )
    if same(expected.value, actual):
        return None
    return Failure(suite.path.name, case.id, expected.name, _shown(expected.value), _shown(actual))


def _evaluated(model: decisions.Model, case: Case, expected: Expectation) -> Any:
    if case.kind in ("decisionService", "bkm") and case.invocable:
        found = model.evaluate(case.invocable, case.inputs)
        service = next((s for s in model.services.values() if s.name == case.invocable), None)
        if (
            service is not None
            and len(service.outputs) > 1
            and isinstance(found, dict)
            and expected.name in found
        ):
            return found[expected.name]
        return found
    return model.evaluate(expected.name, case.inputs)


def _shown(value: Any) -> str:
    text = "null" if value is None else feel.value_text(value, None, True)
    return text if len(text) < 200 else text[:197] + "…"


def folders(root: Path) -> list[Path]:
    """The kit's folders, level by level; the root may also be one level."""
    levels = sorted(p for p in root.iterdir() if p.is_dir() and p.name.startswith("compliance-level-"))
    return [folder for level in levels or [root] for folder in sorted(level.iterdir()) if folder.is_dir()]


def table(scores: list[Score]) -> list[str]:
    """The table by folder and the totals, the last line being those by level."""
    lines = [f"{'level':5}  {'folder':50}  {'passed':>6}  {'of':>6}  {'%':>6}"]
    lines += [
        f"{s.level:5}  {s.name:50}  {s.passed:6}  {s.total:6}  {_percent(s.passed, s.total):>6}"
        + (f"  ({s.java} Java externals left out)" if s.java else "")
        for s in scores
    ]
    totals = []
    for level in sorted({s.level for s in scores}):
        passed = sum(s.passed for s in scores if s.level == level)
        total = sum(s.total for s in scores if s.level == level)
        totals.append(f"level {level}: {passed} of {total} ({_percent(passed, total)} %)")
    return [*lines, "total  " + "; ".join(totals)]


def _percent(passed: int, total: int) -> str:
    return f"{int(passed * 10_000 / total) / 100:.2f}" if total else "–"


def page(scores: list[Score]) -> str:
    """The published page, in Markdown."""
    lines = [
        "# Conformance of our DMN and FEEL",
        "",
        "Results of the [DMN Technology Compatibility Kit](https://github.com/dmn-tck/tck) "
        f"(commit 0dbcaf9b; all of level 2, about half of level 3), run on {date.today()} "  # noqa: DTZ011 – a stamp
        "by `make conformance`. A test is one result of one test case. Functions in Java are left out.",
        "",
        "| level | folder | passed | of |",
        "| --- | --- | ---: | ---: |",
    ]
    lines += [f"| {s.level} | {s.name} | {s.passed} | {s.total} |" for s in scores]
    failures = [f for s in scores for f in s.failures]
    lines += ["", f"**{table(scores)[-1].removeprefix('total').strip()}**", "", "## Failures", ""]
    lines += [
        f"- `{f.suite}` {f.case} ({f.node}): expected {f.expected}, got {f.actual}" for f in failures
    ] or ["None."]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 where a level stays below what is WANTED."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tck", type=Path, default=DEFAULT)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args(arguments)
    begun = time.perf_counter()
    scores = [found for folder in folders(options.tck) if (found := score(folder)).total or found.java]
    for found in scores:
        for failure in found.failures:
            print(f"failed  {failure}")
    print(f"{time.perf_counter() - begun:.1f} s")
    print("\n".join(table(scores)))
    if options.page:
        options.page.write_text(page(scores), encoding="utf-8")
    return int(any(_share(scores, level) < wanted for level, wanted in WANTED.items()))


def _share(scores: list[Score], level: str) -> float:
    total = sum(s.total for s in scores if s.level == level)
    return 100 * sum(s.passed for s in scores if s.level == level) / total if total else 100.0


if __name__ == "__main__":
    sys.exit(main())
