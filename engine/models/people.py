"""Accounts, roles, queues and who sits there."""

from __future__ import annotations

from typing import Any, ClassVar

import peewee

from engine import clock, db
from engine.actors import PARTY_KINDS, Actor, Seat
from engine.db import InstantField, JsonField
from engine.errors import Sentence as S
from engine.models.base import Model, now
from engine.models.organisations import PARTY_MODELS

_KINDS = ", ".join(f"'{kind}'" for kind in PARTY_KINDS)


class Role(Model):
    """A role: the name that lanes bear. Staff may add more (部门负责人)."""

    label = S("角色", "Roles")
    words: ClassVar = {
        "name": S("角色名称", "Name"),
        "name_en": S("英文名称", "English name"),
        "party_kind": S("所属类别", "Kind of party"),
        "rights": S("权限", "Rights"),
    }
    search = ("name",)

    name = peewee.CharField(max_length=30, unique=True)
    name_en = peewee.CharField(max_length=50, default="")
    party_kind = peewee.CharField(max_length=20, constraints=[peewee.Check(f"party_kind IN ({_KINDS})")])
    rights = JsonField(default=list)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return (
            cls.select()
            if actor.party_kind in ("system", "province", "school")
            else super().visible_to(actor)
        )

    def __str__(self) -> str:
        return self.name


class Account(Model):
    """Someone who can sign in. Raising `epoch` ends every session of the account."""

    label = S("账号", "Accounts")
    words: ClassVar = {
        "login": S("账号", "Login"),
        "name": S("姓名", "Name"),
        "email": S("电子邮箱", "E-mail"),
        "active": S("启用", "Active"),
        "last_sign_in": S("最近登录", "Last sign-in"),
        "locked_until": S("锁定到", "Locked until"),
    }
    search = ("login", "name")
    listed = ("login", "name", "email", "active", "last_sign_in")
    read_only: ClassVar = frozenset({"password_hash", "epoch", "failures", "last_sign_in", "created_at"})
    masked: ClassVar = {"email": "email"}

    login = peewee.CharField(max_length=50, unique=True)
    name = peewee.CharField(max_length=50)
    email = peewee.CharField(max_length=100, default="")
    password_hash = peewee.CharField(max_length=200)
    active = peewee.BooleanField(default=True)
    locale = peewee.CharField(max_length=5, default="zh")
    epoch = peewee.IntegerField(default=0)
    failures = peewee.IntegerField(default=0)
    locked_until = InstantField(null=True)
    last_sign_in = InstantField(null=True)
    created_at = InstantField(default=now)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        if actor.party_kind == "system":
            return cls.select()
        return cls.select().where(cls.id == actor.account_id)

    def __str__(self) -> str:
        return f"{self.name} ({self.login})"


class Queue(Model):
    """A role at a party: where tasks wait."""

    label = S("队列", "Queues")
    words: ClassVar = {
        "role": S("角色", "Role"),
        "party_kind": S("类别", "Kind"),
        "party_id": S("当事方", "Party"),
    }

    role = peewee.ForeignKeyField(Role, on_delete="RESTRICT")
    party_kind = peewee.CharField(max_length=20)
    party_id = peewee.IntegerField()

    class Meta:
        indexes = ((("role", "party_kind", "party_id"), True),)

    @classmethod
    def of(cls, role: str, party_kind: str, party_id: int) -> int:
        """The id of a role's queue at a party; made where it is asked for the first time."""
        found = run_queue(role, party_kind, party_id)
        if found is not None:
            return found
        row = Role.get_or_none(Role.name == role)
        if row is None:
            raise KeyError(f"no role named {role}")
        cls.insert(role=row, party_kind=party_kind, party_id=party_id).on_conflict_ignore().execute()
        made = run_queue(role, party_kind, party_id)
        assert made is not None
        return made

    @property
    def party(self) -> Model | None:
        """The party's row. One query."""
        model = PARTY_MODELS.get(self.party_kind)
        return None if model is None else model.get_or_none(model._meta.primary_key == self.party_id)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return (
            cls.select() if actor.party_kind == "system" else cls.select().where(cls.id.in_(actor.queue_ids))
        )

    def __str__(self) -> str:
        return f"{self.role.name} · {self.party or self.party_kind}"


def run_queue(role: str, party_kind: str, party_id: int) -> int | None:
    """The id of a role's queue at a party, or None. One indexed query of plain SQL: a step asks it often."""
    row = db.run_sql(
        "SELECT q.id FROM queue q JOIN role r ON r.id = q.role_id"
        " WHERE r.name = ? AND q.party_kind = ? AND q.party_id = ?",
        (role, party_kind, party_id),
    ).fetchone()
    return None if row is None else int(row[0])


class Membership(Model):
    """Who sits at a queue, from when until when (until: excluded; empty: open)."""

    label = S("成员", "Memberships")
    words: ClassVar = {
        "account": S("账号", "Account"),
        "queue": S("队列", "Queue"),
        "since": S("从", "From"),
        "until": S("到", "Until"),
    }

    account = peewee.ForeignKeyField(Account, backref="memberships", on_delete="CASCADE")
    queue = peewee.ForeignKeyField(Queue, backref="memberships", index=False, on_delete="CASCADE")
    since = InstantField(default=now)
    until = InstantField(null=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        if actor.party_kind == "system":
            return cls.select()
        return cls.select().where(cls.account == actor.account_id)


Membership.add_index(
    Membership.index(
        Membership.account,
        Membership.queue,
        unique=True,
        where=Membership.until.is_null(),
        name="membership_one_open_seat",
    )
)
Membership.add_index(Membership.index(Membership.queue, name="membership_by_queue"))


def actor_of(account: Account) -> Actor | None:
    """The account at work now, with all its seats; None where it sits nowhere or is closed. Two queries."""
    if not account.active:
        return None
    stamp = Membership.since.db_value(clock.now())
    rows = db.run_sql(
        "SELECT q.id, r.name, q.party_kind, q.party_id FROM membership m"
        " JOIN queue q ON q.id = m.queue_id JOIN role r ON r.id = q.role_id"
        " WHERE m.account_id = ? AND m.since <= ? AND (m.until IS NULL OR m.until > ?) ORDER BY m.id",
        (account.id, stamp, stamp),
    ).fetchall()
    if not rows:
        return None
    seats = tuple(Seat(*row) for row in rows)
    first = seats[0]
    school_id = _school_of(first)
    return Actor(account.id, account.name, first.role, first.party_kind, first.party_id, school_id, seats)


_SCHOOL_SQL = {
    "student": "SELECT school_id FROM student WHERE id = ?",
    "college": "SELECT school_id FROM college WHERE id = ?",
    "school_class": "SELECT c.school_id FROM school_class s JOIN college c ON c.id = s.college_id WHERE s.id = ?",
}


def _school_of(seat: Seat) -> int | None:
    if seat.party_kind == "school":
        return seat.party_id
    sql = _SCHOOL_SQL.get(seat.party_kind)
    if sql is None:
        return None
    row = db.run_sql(sql, (seat.party_id,)).fetchone()
    return None if row is None else int(row[0])


class AuditEntry(Model):
    """Append-only: CRUD changes (masked), sign-ins, exports, unmasked reads, publications."""

    label = S("审计日志", "Audit log")
    words: ClassVar = {
        "at": S("时间", "When"),
        "account": S("账号", "Who"),
        "action": S("操作", "Action"),
        "model": S("对象", "Thing"),
        "row_id": S("编号", "Row"),
        "detail": S("内容", "Detail"),
    }
    listed = ("at", "account", "action", "model", "row_id", "detail")

    at = InstantField(default=now, index=True)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    action = peewee.CharField(max_length=30)
    model = peewee.CharField(max_length=40, default="")
    row_id = peewee.IntegerField(null=True)
    detail = JsonField(default=dict)

    read_only: ClassVar = frozenset({"at", "account", "action", "model", "row_id", "detail"})

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select() if actor.party_kind == "system" else super().visible_to(actor)

    def __str__(self) -> str:
        return f"#{self.id}"

    @classmethod
    def write(cls, actor: Actor | None, action: str, row: Model | None = None, **detail: Any) -> None:
        """Adds a line. Caller is inside the step of what it tells about, so that neither exists alone."""
        cls.insert(
            account=(actor.account_id or None) if actor else None,
            action=action,
            model=row.model_name() if row is not None else "",
            row_id=row.get_id() if row is not None else None,
            detail=detail,
            at=clock.now(),
        ).execute()
