"""Jobs of a test alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine import jobs, secrets


@pytest.fixture
def job(database: str) -> Iterator[Callable[..., None]]:
    """`job("name", fn, atomic=…)` registers a job until the test ends."""
    secrets.configure("1:" + "5c" * 32)
    before = jobs.registered()

    def register(name: str, run: Callable[..., Any], **how: Any) -> None:
        jobs.register(name, run, **how)

    yield register
    jobs.forget(jobs.registered() - before)
