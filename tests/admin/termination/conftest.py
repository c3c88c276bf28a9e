"""The office with an agreement to end, on a database where both flows are live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from admin.door import App
from engine import clock, secrets, settings
from tests.builders_termination import EndingOffice
from tests.fixtures.ending import ending_template, sqlite_url
from tests.people import web

__all__ = ["ending_template", "sqlite_url", "web"]


@pytest.fixture(autouse=True)
def keys() -> None:
    """The demo's keys."""
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)


@pytest.fixture
def office(sqlite: str, web: App) -> Iterator[EndingOffice]:
    """A Monday morning."""
    with clock.frozen(datetime(2026, 11, 16, 10, 2, tzinfo=clock.office_zone())):
        yield EndingOffice(web)
