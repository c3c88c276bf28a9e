"""Rows hold personal numbers, so the keys must be there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import secrets, settings


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    """The demo's keys."""
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)
    yield
