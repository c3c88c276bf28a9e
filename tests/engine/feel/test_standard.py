"""The standard's own examples, and what follows from its tables: each line of standard.txt is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import feel

LINES = [
    line
    for line in (Path(__file__).parent / "standard.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES)
def test_it_is_true(line: str) -> None:
    assert feel.evaluate(line) is True
