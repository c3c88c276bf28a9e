"""What must stand before anything works: the roles that the shipped diagrams name, the calendar, the keys."""

from __future__ import annotations

from engine import db, secrets
from engine.errors import Sentence, SettingInvalid
from engine.models.calendar import seed_calendar
from engine.models.people import Role
from engine.models.remembered import Remembered

#: Under this name stands which key the stored hashes are of.
HASH_KEY = "hash key"

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


def check_hash_key() -> None:
    """Raises SettingInvalid where the stored hashes are of another key than the settings': searching for a
    number would find nothing, and say nothing."""
    if Remembered.first(HASH_KEY, secrets.hash_key_name()):
        return
    if Remembered.get_by_id(HASH_KEY).value != secrets.hash_key_name():
        raise SettingInvalid(
            Sentence(
                "设置 DATA_KEYS 里最早的密钥换了，按证件号和手机号就查不到人。停下各进程，运行 qihang rotate-keys，再启动。",
                "The oldest key of the setting DATA_KEYS is another one, so nobody would be found by number."
                " Stop the processes, run `qihang rotate-keys`, and start again.",
            )
        )
