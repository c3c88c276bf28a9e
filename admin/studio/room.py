"""The room's blueprint, and who may enter: rights stand on roles, per flow or per area of work.

`studio` opens every flow, `studio:signing` those of an area (the folder of its diagram), `studio:online_signing`
one flow. A system administrator may all. Whoever may edit a flow may publish it and be the second person.
"""

from __future__ import annotations

from flask import Blueprint, g

from engine import catalog
from engine.actors import Actor
from engine.catalog.files import process_path
from engine.errors import NotFound
from engine.models.drafts import ProcessDraft
from engine.models.people import Role
from engine.models.workflow import ProcessDefinition

studio = Blueprint("studio", __name__, url_prefix="/studio")
RIGHT = "studio"
#: Party kinds whose roles can hold the right; nobody else is asked for it.
KINDS = ("school", "province", "system")


def rights(asks: Actor) -> frozenset[str]:
    """The studio's rights of the actor's roles; one query a request."""
    known: frozenset[str] | None = g.get("studio_rights")
    if known is None:
        known = g.studio_rights = _rights(asks)
    return known


def _rights(asks: Actor) -> frozenset[str]:
    if any(seat.party_kind == "system" for seat in asks.seats):
        return frozenset({RIGHT})
    names = [seat.role for seat in asks.seats if seat.party_kind in KINDS]
    if not names:
        return frozenset()
    rows = Role.select(Role.rights).where(Role.name.in_(names))
    found = {str(right) for row in rows for right in (row.rights if isinstance(row.rights, list) else ())}
    return frozenset(right for right in found if right == RIGHT or right.startswith(f"{RIGHT}:"))


def enters(asks: Actor) -> bool:
    """Whether the actor has anything to do here."""
    return bool(rights(asks))


def may(asks: Actor, process_id: str, path: str | None) -> bool:
    """Whether the actor may edit and publish a flow; `path` is its diagram's."""
    area = (path or "").split("/")[1:-1]
    wanted = {RIGHT, f"{RIGHT}:{process_id}", *(f"{RIGHT}:{part}" for part in area)}
    return bool(rights(asks) & wanted)


def live_or_none(process_id: str) -> catalog.Definition | None:
    """The live version of a flow; None for one that was never published."""
    try:
        return catalog.live(process_id)
    except NotFound:
        return None


def flow(asks: Actor, process_id: str) -> catalog.Definition:
    """The live version, fetched with the permission. Raises NotFound."""
    found = catalog.live(process_id)
    if not may(asks, process_id, found.path):
        raise NotFound()
    return found


def draft(asks: Actor, draft_id: int) -> ProcessDraft:
    """A draft, fetched with the permission to its flow. Raises NotFound."""
    found: ProcessDraft | None = ProcessDraft.get_or_none(ProcessDraft.id == draft_id)
    if found is None or not may(asks, found.process_id, diagram_path(found)):
        raise NotFound()
    return found


def diagram_path(found: ProcessDraft) -> str | None:
    """Where the diagram of a draft lies."""
    return process_path(found.manifest, found.process_id)


def version(asks: Actor, definition_id: int) -> catalog.Definition:
    """A version, fetched with the permission to its flow. Raises NotFound."""
    found = catalog.load(definition_id)
    if not may(asks, found.process_id, found.path):
        raise NotFound()
    return found


def row_of(definition: catalog.Definition) -> ProcessDefinition:
    """The row of a version."""
    found: ProcessDefinition = ProcessDefinition.get_by_id(definition.id)
    return found
