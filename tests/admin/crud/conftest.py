"""A school with a clerk, and a stranger school beside it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import make_class, make_college, make_school
from tests.people import new_person, web

__all__ = ["new_person", "web"]


@pytest.fixture
def school(new_person: Any) -> SimpleNamespace:
    own, other = make_school(), make_school()
    return SimpleNamespace(
        school=own,
        school_class=make_class(make_college(own)),
        other_class=make_class(make_college(other)),
        clerk=new_person("学校", own),
        system=new_person("系统管理员"),
    )
