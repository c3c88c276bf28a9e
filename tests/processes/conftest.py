"""Rows hold personal numbers, so the keys must be there; some rules are proved through HTTP."""

from __future__ import annotations

import pytest

from engine import secrets, settings
from tests.people import new_person, web

__all__ = ["new_person", "web"]


@pytest.fixture(autouse=True)
def keys() -> None:
    """The demo's keys."""
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)
