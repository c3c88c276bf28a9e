"""Each change request: made in the studio of a running program, published there, shown on a running case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.office import Office
from tests.browser.studio import Designer


@pytest.fixture
def server(start_server: Any) -> Any:
    """The program with its demo, without a worker of its own: the test moves its clock and does its work."""
    return start_server(worker=False)


@pytest.fixture
def shen(server: Any, new_page: Any) -> Designer:
    """沈老师 at her desk, who may design the flows of signing."""
    return Designer(new_page("desk", base_url=server.url), "shen")


@pytest.fixture
def office(server: Any) -> Iterator[Office]:
    """The people of the demo, acting on the same database as the program."""
    with Office.at(server) as office:
        yield office
