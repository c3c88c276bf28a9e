"""What is shipped holds: no findings, every scenario comes out as written, every flow is taken by one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine import bpmn, catalog
from engine.catalog.library import english
from engine.release import ScenarioResult, coverage, rehearse

ROOT = Path(__file__).resolve().parents[2]
FILES = catalog.read_folder(ROOT)
PROCESSES = catalog.process_ids(FILES)


@cache
def results(process_id: str) -> list[ScenarioResult]:
    return rehearse(FILES, process_id)


def test_it_has_no_errors() -> None:
    assert [f.text() for f in catalog.check(FILES) if f.is_error] == []


def test_it_has_no_warnings_that_a_reader_could_mend() -> None:
    known = {"message.unheard", "message.unsent"}
    assert [f.text() for f in catalog.check(FILES) if not f.is_error and f.code not in known] == []


@pytest.mark.parametrize("process_id", PROCESSES)
def test_every_scenario_comes_out_as_written(process_id: str) -> None:
    ran = results(process_id)
    assert ran
    told = [
        f"{result.file}:{step.line} {result.name}: {step.said} — {step.problem}"
        for result in ran
        for step in result.steps
        if not step.passed
    ]
    assert told == []


@pytest.mark.parametrize("process_id", PROCESSES)
def test_every_flow_is_taken_by_a_scenario(process_id: str) -> None:
    assert sorted(coverage(FILES, process_id, results(process_id)).flows_not_taken) == []


@pytest.mark.parametrize("process_id", PROCESSES)
def test_every_name_of_a_flow_is_said_in_english(process_id: str) -> None:
    path = next(path for path in FILES if path.endswith(f"/{process_id}.bpmn"))
    named = [process_id]
    for process in bpmn.read(FILES[path]):
        named += [one.id for one in (*process.nodes.values(), *process.flows.values()) if one.name]
        for node in process.nodes.values():
            named += [f"{node.id}.{part}" for part in ("start", "action", "reason") if part in node.ext]
    texts = english(FILES, path)
    assert sorted(key for key in named if not texts.get(key)) == []
