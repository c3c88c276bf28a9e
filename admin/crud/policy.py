"""Who may open, change, add and remove the rows of which table. Which rows, each model says (`visible_to`)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actors import Actor
from engine.models.base import Model

NOBODY: frozenset[str] = frozenset()
SYSTEM = frozenset({"system"})
SCHOOL = frozenset({"school", "system"})
PROVINCE = frozenset({"province", "system"})
STAFF = frozenset({"school_class", "college", "school", "province", "system"})


@dataclass(frozen=True, slots=True)
class Rule:
    """The party kinds that may do each thing, and where the table stands in the navigation."""

    see: frozenset[str] = SYSTEM
    edit: frozenset[str] = NOBODY
    create: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY
    group: str = "管理"
    icon: str = "table"
    order: int = 500


#: A table that is not named here is for the system's administrators to look at. Invitations and agreements
#: are changed by their flows, never here: only the school's own number of an agreement is.
RULES: dict[str, Rule] = {
    "student": Rule(STAFF, SCHOOL, SCHOOL, SYSTEM, "资料", "user", 10),
    "employer": Rule(STAFF, PROVINCE, PROVINCE, SYSTEM, "资料", "org", 20),
    "invitation": Rule(STAFF, group="资料", icon="doc", order=30),
    "agreement": Rule(STAFF, SCHOOL, group="资料", icon="doc", order=40),
    "termination": Rule(STAFF, group="资料", icon="swap", order=45),
    "college": Rule(STAFF, SCHOOL, SCHOOL, SCHOOL, "资料", order=50),
    "school_class": Rule(STAFF, SCHOOL, SCHOOL, SCHOOL, "资料", order=60),
    "major": Rule(STAFF, SCHOOL, SCHOOL, SCHOOL, "资料", order=70),
    "school": Rule(PROVINCE | SCHOOL, PROVINCE, PROVINCE, SYSTEM, "资料", order=80),
    "office_day": Rule(PROVINCE | SCHOOL, SCHOOL, SCHOOL, SCHOOL, icon="clock", order=85),
    "province": Rule(SYSTEM, SYSTEM, order=90),
    "role": Rule(SYSTEM, SYSTEM, SYSTEM, SYSTEM, icon="gear", order=110),
    "account": Rule(SYSTEM, SYSTEM, SYSTEM, icon="user", order=120),
    "membership": Rule(SYSTEM, SYSTEM, SYSTEM, SYSTEM, order=130),
    "queue": Rule(SYSTEM, order=140),
    "incident": Rule(SCHOOL, icon="warn", order=210),
    "process_instance": Rule(SCHOOL, icon="inbox", order=220),
    "process_definition": Rule(SCHOOL, icon="table", order=230),
    "deployment": Rule(SCHOOL, icon="box", order=240),
    "outbox": Rule(SYSTEM, order=250),
    "audit_entry": Rule(SYSTEM, icon="eye", order=260),
}


#: Tables whose rows have pages of their own: a person's own messages.
ELSEWHERE = frozenset({"notification"})


def rule(model: type[Model]) -> Rule:
    """The rule of a table."""
    return RULES.get(model.model_name(), Rule())


def may(actor: Actor | None, act: str, model: type[Model]) -> bool:
    """Whether the actor, in the seat it acts from, may do `act` (see, edit, create, delete) with rows of the
    table that it sees."""
    if actor is None:
        return False
    allowed: frozenset[str] = getattr(rule(model), act)
    return actor.party_kind in allowed
