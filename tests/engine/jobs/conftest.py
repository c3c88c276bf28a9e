"""Jobs of a test alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine import jobs, secrets
from engine.models.workflow import Outbox


@pytest.fixture
def job(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`job("name", fn)` registers a job until the test ends. New rows are carried to the workers."""
    monkeypatch.setattr(Outbox, "carry", jobs.nudge)
    secrets.configure("1:" + "5c" * 32)
    before = jobs.registered()

    def register(name: str, run: Callable[..., Any]) -> None:
        jobs.register(name, run)

    yield register
    jobs.forget(jobs.registered() - before)
