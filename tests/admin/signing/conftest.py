"""An office with signings, on a Monday morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from admin.door import App
from engine import clock
from tests.builders_signing import Office
from tests.fixtures.shipped import shipped_template, sqlite_url

__all__ = ["shipped_template", "sqlite_url"]

MONDAY = datetime(2026, 11, 16, 10, 2, tzinfo=clock.office_zone())


@pytest.fixture
def office(sqlite: str, web: App) -> Iterator[Office]:
    with clock.frozen(MONDAY):
        yield Office(web)
