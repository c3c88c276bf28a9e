"""The rows without which nothing works: the roles that the shipped diagrams name in their lanes."""

from __future__ import annotations

from engine import db
from engine.models.calendar import seed_calendar
from engine.models.people import Role

#: Role → the kind of party where it sits, English name. Staff may add more.
ROLES = {
    "毕业生": ("student", "Graduate"),
    "用人单位": ("employer", "Employer"),
    "辅导员": ("school_class", "Counsellor"),
    "学院": ("college", "College"),
    "学校": ("school", "School"),
    "省中心": ("province", "Provincial centre"),
    "系统管理员": ("system", "System administrator"),
}


def ensure_roles() -> None:
    """Adds missing roles and published holidays; changes none that is there. Every start calls it."""
    have = {row.name for row in Role.select(Role.name)}
    missing = [
        {"name": name, "party_kind": kind, "name_en": english}
        for name, (kind, english) in ROLES.items()
        if name not in have
    ]
    if missing:
        with db.step():
            Role.insert_many(missing).on_conflict_ignore().execute()
    with db.step():
        seed_calendar()
