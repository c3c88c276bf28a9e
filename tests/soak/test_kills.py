"""Killed at random moments under load: nothing is lost, nothing happens twice (design, section 7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import kills


def test_five_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    assert kills.run("sqlite", 5, students=12, seed=3, folder=tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_hundred_kills_lose_nothing_and_double_nothing(kind: str, tmp_path: Path) -> None:
    assert kills.run(kind, 100, students=400, seed=1, folder=tmp_path) == []
