"""Which roles lanes may be named after."""

from __future__ import annotations

from collections.abc import Mapping

from engine.models.people import Role
from engine.models.seed import ROLES

#: Lanes of this name have no queue.
SYSTEM_LANE = "系统"

#: Role → kind of party, as a new database has them; staff may add more.
BUILT_IN: Mapping[str, str] = {role: kind for role, (kind, _english) in ROLES.items()}


def known_roles() -> dict[str, str]:
    """Role → kind of party, of this database. One query."""
    return {**BUILT_IN, **{row.name: row.party_kind for row in Role.select(Role.name, Role.party_kind)}}
