"""Rows hold personal numbers, so the keys must be there."""

from __future__ import annotations

import pytest

from engine import secrets, settings


@pytest.fixture(autouse=True)
def keys() -> None:
    """The demo's keys."""
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)
