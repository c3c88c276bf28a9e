"""Deployments, definitions, instances, tasks, history, incidents, the outbox: what the engine itself keeps.

Instants that are compared in hot queries are stored as microseconds (InstantField). A due moment is never
null, so that lists page by (due, id): `NEVER` stands for "no due date".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson
import peewee

from engine.actors import Actor
from engine.db import BytesField, InstantField, JsonField
from engine.errors import Sentence as S
from engine.models.base import Model, now
from engine.models.organisations import School
from engine.models.people import Account, Queue
from engine.secrets import SecretField

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Content(Model):
    """A file of a deployment, by its SHA-256. Never changed, never deleted while a manifest names it."""

    label = S("内容", "Content")

    sha = peewee.CharField(max_length=64, primary_key=True)
    body = BytesField()


class Deployment(Model):
    """An immutable set of files that were checked together: path → SHA-256."""

    label = S("部署", "Deployments")
    words: ClassVar = {
        "note": S("说明", "Note"),
        "author": S("部署人", "Author"),
        "created_at": S("部署时间", "Deployed at"),
        "source": S("来源", "Source"),
    }
    listed = ("id", "source", "note", "author", "created_at")
    read_only: ClassVar = frozenset(
        {"school", "note", "author", "source", "manifest", "digest", "created_at"}
    )

    school = peewee.ForeignKeyField(School, null=True, on_delete="RESTRICT")
    source = peewee.CharField(max_length=10, default="shipped")
    note = peewee.CharField(max_length=500, default="")
    author = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    manifest = JsonField()
    digest = peewee.CharField(max_length=64, index=True)
    created_at = InstantField(default=now)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select() if actor.party_kind in ("system", "school") else super().visible_to(actor)

    def __str__(self) -> str:
        return f"#{self.id} {self.note}".strip()


class ProcessDefinition(Model):
    """A version of a process: a running number, given only when it or what it refers to has changed."""

    label = S("流程版本", "Process versions")
    words: ClassVar = {
        "process_id": S("流程标识", "Process id"),
        "name": S("流程", "Process"),
        "version": S("版本", "Version"),
        "live": S("在用", "Live"),
        "suspended": S("暂停受理", "Suspended"),
        "created_at": S("发布时间", "Published at"),
    }
    listed = ("name", "version", "live", "suspended", "created_at")
    search = ("process_id", "name")

    process_id = peewee.CharField(max_length=60)
    school = peewee.ForeignKeyField(School, null=True, on_delete="RESTRICT")
    version = peewee.IntegerField()
    name = peewee.CharField(max_length=100)
    name_en = peewee.CharField(max_length=100, default="")
    deployment = peewee.ForeignKeyField(Deployment, on_delete="RESTRICT")
    path = peewee.CharField(max_length=200)
    digest = peewee.CharField(max_length=64)
    live = peewee.BooleanField(default=False)
    suspended = peewee.BooleanField(default=False)
    created_at = InstantField(default=now)

    read_only: ClassVar = frozenset(
        {"process_id", "school", "version", "name", "name_en", "deployment", "path", "digest", "live",
         "suspended", "created_at"}
    )  # fmt: skip

    class Meta:
        indexes = ((("process_id", "version"), True),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select() if actor.party_kind in ("system", "school") else super().visible_to(actor)

    def __str__(self) -> str:
        return f"{self.name} 第{self.version}版"


ProcessDefinition.add_index(
    ProcessDefinition.index(
        ProcessDefinition.process_id,
        unique=True,
        where=ProcessDefinition.live,
        name="process_definition_one_live",
    )
)


class ProcessInstance(Model):
    """One running case: its position (`position`, an engine state), its subject, its routing answers."""

    label = S("办理件", "Cases")
    words: ClassVar = {
        "definition": S("流程", "Process"),
        "caption": S("事项", "Case"),
        "business_key": S("业务号", "Business key"),
        "state": S("状态", "State"),
        "started_by": S("发起人", "Started by"),
        "started_at": S("发起时间", "Started at"),
        "ended_at": S("办结时间", "Ended at"),
    }
    listed = ("id", "caption", "definition", "state", "started_at", "ended_at")
    search = ("caption",)

    definition = peewee.ForeignKeyField(ProcessDefinition, index=False, on_delete="RESTRICT")
    subject_kind = peewee.CharField(max_length=40, null=True)
    subject_id = peewee.IntegerField(null=True)
    caption = peewee.CharField(max_length=200, default="")
    business_key = peewee.CharField(max_length=60, null=True)
    start_key = peewee.CharField(max_length=80, null=True)
    state = peewee.CharField(
        max_length=10,
        default="running",
        constraints=[peewee.Check("state IN ('running', 'completed', 'cancelled')")],
    )
    revision = peewee.IntegerField(default=0)
    due_at = InstantField(null=True)
    position = BytesField(null=True)
    variables = JsonField(null=True)
    end_node = peewee.CharField(max_length=60, null=True)
    started_by = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    started_at = InstantField(default=now)
    ended_at = InstantField(null=True)

    read_only: ClassVar = frozenset(
        {"definition", "subject_kind", "subject_id", "caption", "business_key", "start_key", "state",
         "revision", "due_at", "position", "variables", "end_node", "started_by", "started_at", "ended_at"}
    )  # fmt: skip

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        """Cases of the actor's parties, and those of which it holds an open task, for as long."""
        if actor.party_kind in ("system", "province"):
            return cls.select()
        party = CaseParty.select().where((CaseParty.instance == cls.id) & _any_seat(actor))
        task = UserTask.select().where(
            (UserTask.instance == cls.id) & (UserTask.state == "open") & UserTask.queue.in_(actor.queue_ids)
        )
        return cls.select().where(peewee.fn.EXISTS(party) | peewee.fn.EXISTS(task))

    def __str__(self) -> str:
        return self.caption or f"#{self.id}"


for _index in (
    ProcessInstance.index(
        ProcessInstance.definition,
        where=ProcessInstance.state == "running",
        name="process_instance_running_by_definition",
    ),
    ProcessInstance.index(
        ProcessInstance.subject_kind,
        ProcessInstance.subject_id,
        where=ProcessInstance.subject_id.is_null(False),
        name="process_instance_by_subject",
    ),
    ProcessInstance.index(
        ProcessInstance.due_at,
        where=ProcessInstance.due_at.is_null(False),
        name="process_instance_due",
    ),
    ProcessInstance.index(
        ProcessInstance.start_key,
        unique=True,
        where=ProcessInstance.start_key.is_null(False),
        name="process_instance_one_per_start_key",
    ),
    ProcessInstance.index(ProcessInstance.started_by, ProcessInstance.id, name="process_instance_by_starter"),
):
    ProcessInstance.add_index(_index)


class CaseParty(Model):
    """A party of a case, fixed at the start."""

    label = S("办理件当事方", "Parties of cases")

    instance = peewee.ForeignKeyField(
        ProcessInstance, backref="case_parties", index=False, on_delete="CASCADE"
    )
    party_kind = peewee.CharField(max_length=20)
    party_id = peewee.IntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("party_kind", "party_id", "instance")
        without_rowid = True


CaseParty.add_index(CaseParty.index(CaseParty.instance, name="case_party_by_instance"))


def _any_seat(actor: Actor) -> Any:
    where: Any = peewee.SQL("1 = 0")
    for seat in actor.seats:
        where |= (CaseParty.party_kind == seat.party_kind) & (CaseParty.party_id == seat.party_id)
    return where


class UserTask(Model):
    """An open or closed work item (`kind` task), or an act that the diagram allows meanwhile (`action`)."""

    label = S("待办任务", "Tasks")
    words: ClassVar = {
        "instance": S("事项", "Case"),
        "node_id": S("环节", "Step"),
        "queue": S("队列", "Queue"),
        "assignee": S("办理人", "Assignee"),
        "state": S("状态", "State"),
        "due_at": S("到期", "Due"),
        "opened_at": S("到达时间", "Since"),
        "closed_at": S("办理时间", "Closed at"),
    }

    instance = peewee.ForeignKeyField(ProcessInstance, backref="tasks", on_delete="CASCADE")
    kind = peewee.CharField(
        max_length=6, default="task", constraints=[peewee.Check("kind IN ('task', 'action')")]
    )
    ref = peewee.CharField(max_length=60)
    node_id = peewee.CharField(max_length=60)
    queue = peewee.ForeignKeyField(Queue, null=True, index=False, on_delete="RESTRICT")
    assignee = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    state = peewee.CharField(
        max_length=9,
        default="open",
        constraints=[peewee.Check("state IN ('open', 'done', 'cancelled')")],
    )
    due_at = InstantField(default=NEVER)
    opened_at = InstantField(default=now)
    closed_at = InstantField(null=True)
    closed_by = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")

    read_only: ClassVar = frozenset(
        {"instance", "kind", "ref", "node_id", "queue", "assignee", "state", "due_at", "opened_at",
         "closed_at", "closed_by"}
    )  # fmt: skip

    @property
    def due(self) -> datetime | None:
        """The due moment, or None."""
        return None if self.due_at >= NEVER else self.due_at

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        """Tasks of the actor's queues that nobody else has claimed."""
        free = cls.assignee.is_null() | (cls.assignee == actor.account_id)
        return cls.select().where(cls.queue.in_(actor.queue_ids) & free)

    def __str__(self) -> str:
        return f"{self.node_id} #{self.id}"


_open_task = (UserTask.state == "open") & (UserTask.kind == "task")
for _index in (
    UserTask.index(
        UserTask.queue,
        UserTask.due_at,
        UserTask.id,
        where=_open_task & UserTask.assignee.is_null(),
        name="user_task_claimable_by_due",
    ),
    UserTask.index(
        UserTask.queue,
        UserTask.id,
        where=_open_task & UserTask.assignee.is_null(),
        name="user_task_claimable",
    ),
    UserTask.index(
        UserTask.assignee, UserTask.due_at, UserTask.id, where=_open_task, name="user_task_mine_by_due"
    ),
    UserTask.index(UserTask.assignee, UserTask.id, where=_open_task, name="user_task_mine"),
    # Each step asks for what its case has open, whatever the case has behind it.
    UserTask.index(UserTask.instance, where=UserTask.state == "open", name="user_task_open_of_case"),
    UserTask.index(
        UserTask.closed_by,
        UserTask.closed_at,
        UserTask.id,
        where=UserTask.state == "done",
        name="user_task_done_by",
    ),
):
    UserTask.add_index(_index)


class HistoryEvent(Model):
    """A line of the trace 流程追踪, append-only: who did what, when, with which submission.

    `kind` is what moved the case (start, task, act, timer, message, cancel), or "refusal" of a line that says
    no. `way` are the elements that tokens entered in the step, in order: the gone part of the diagram. `decided`
    is what decision tables answered in it and by which rule (engine.decisions.kept).
    """

    label = S("办理记录", "History")
    words: ClassVar = {
        "at": S("时间", "When"),
        "account": S("用户", "Who"),
        "operation": S("操作", "Operation"),
        "remark": S("备注", "Remark"),
    }

    instance = peewee.ForeignKeyField(ProcessInstance, backref="history", on_delete="CASCADE")
    at = InstantField(default=now)
    kind = peewee.CharField(max_length=8)
    node_id = peewee.CharField(max_length=60, null=True)
    account = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    role = peewee.CharField(max_length=30, null=True)
    operation = peewee.CharField(max_length=60, null=True)
    remark = SecretField(null=True)
    submission = SecretField(null=True)
    way = peewee.TextField(null=True)
    decided = SecretField(null=True)

    read_only: ClassVar = frozenset(
        {"instance", "at", "kind", "node_id", "account", "role", "operation", "remark", "submission", "way",
         "decided"}
    )  # fmt: skip


class Incident(Model):
    """A step that failed 故障: the instance stays at its last good revision; what was sent is kept."""

    label = S("故障", "Incidents")
    words: ClassVar = {
        "instance": S("事项", "Case"),
        "at": S("时间", "When"),
        "node_id": S("环节", "Step"),
        "problem": S("问题", "Problem"),
        "state": S("状态", "State"),
        "tries": S("次数", "Tries"),
    }
    listed = ("at", "instance", "node_id", "problem", "tries", "state")

    instance = peewee.ForeignKeyField(ProcessInstance, null=True, on_delete="CASCADE")
    at = InstantField(default=now)
    kind = peewee.CharField(max_length=10, default="step")
    node_id = peewee.CharField(max_length=60, null=True)
    problem = peewee.TextField()
    detail = SecretField(default="")
    retry = SecretField(default="")
    tries = peewee.IntegerField(default=1)
    state = peewee.CharField(max_length=8, default="open", index=True)
    account = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")

    read_only: ClassVar = frozenset(
        {"instance", "at", "kind", "node_id", "problem", "detail", "retry", "tries", "state", "account"}
    )

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        if actor.party_kind == "system":
            return cls.select()
        if actor.party_kind != "school":
            return super().visible_to(actor)
        case = ProcessInstance.visible_to(actor).where(ProcessInstance.id == cls.instance)
        return cls.select().where(peewee.fn.EXISTS(case))

    def __str__(self) -> str:
        return self.problem


class Outbox(Model):
    """Work after the commit: one row per recipient and channel, per document, per message. At least once.

    `carry` is given by the wiring: it takes the ids of new rows to the workers, inside the step.
    """

    carry: ClassVar[Callable[[list[int]], None] | None] = None

    label = S("发件箱", "Outbox")
    words: ClassVar = {
        "job": S("任务", "Job"),
        "state": S("状态", "State"),
        "tries": S("次数", "Tries"),
        "created_at": S("产生时间", "Created at"),
        "done_at": S("完成时间", "Done at"),
        "error": S("问题", "Problem"),
    }
    listed = ("id", "job", "state", "tries", "created_at", "done_at", "error")

    job = peewee.CharField(max_length=40)
    key = peewee.CharField(max_length=120, unique=True)
    payload = SecretField(default="{}")
    instance = peewee.ForeignKeyField(ProcessInstance, null=True, on_delete="CASCADE")
    state = peewee.CharField(
        max_length=8,
        default="waiting",
        constraints=[peewee.Check("state IN ('waiting', 'done', 'failed')")],
    )
    tries = peewee.IntegerField(default=0)
    next_at = InstantField(default=now)
    error = peewee.CharField(max_length=500, default="")
    created_at = InstantField(default=now)
    done_at = InstantField(null=True)

    read_only: ClassVar = frozenset(
        {"job", "key", "payload", "instance", "state", "tries", "next_at", "error", "created_at", "done_at"}
    )  # fmt: skip

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select() if actor.party_kind == "system" else super().visible_to(actor)

    def __str__(self) -> str:
        return f"#{self.id}"

    @classmethod
    def post(
        cls, job: str, key: str, payload: Any, instance: int | None = None, at: datetime | None = None
    ) -> int | None:
        """Adds a row inside the running step; None where the key stands already. `at`: not before then."""
        query = cls.insert(
            job=job,
            key=cls.fitting(key),
            payload=orjson.dumps(payload).decode(),
            instance=instance,
            next_at=at or now(),
        )
        row = next(iter(query.on_conflict_ignore().returning(cls.id).execute()), None)
        if row is not None and at is None and cls.carry is not None:
            cls.carry([int(row.id)])
        return None if row is None else int(row.id)

    @classmethod
    def fitting(cls, key: str) -> str:
        """The key, or its hash where it is longer than the column."""
        return key if len(key) <= cls.key.max_length else hashlib.sha256(key.encode()).hexdigest()


# By job first: a worker looks for the jobs that it knows, and mails may wait for a server for weeks.
Outbox.add_index(
    Outbox.index(
        Outbox.job, Outbox.next_at, Outbox.id, where=Outbox.state == "waiting", name="outbox_waiting_by_job"
    )
)


class Notification(Model):
    """A message in the house 站内消息: what happened, to whom, with a link."""

    label = S("消息", "Messages")
    words: ClassVar = {
        "subject": S("标题", "Subject"),
        "at": S("时间", "When"),
        "read_at": S("已读", "Read at"),
    }

    account = peewee.ForeignKeyField(Account, index=False, on_delete="CASCADE")
    instance = peewee.ForeignKeyField(ProcessInstance, null=True, on_delete="CASCADE")
    subject = peewee.CharField(max_length=200)
    body = SecretField(default="")
    subject_en = peewee.CharField(max_length=200, default="")
    body_en = SecretField(default="")
    at = InstantField(default=now)
    read_at = InstantField(null=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select().where(cls.account == actor.account_id)


Notification.add_index(
    Notification.index(Notification.account, Notification.id, name="notification_by_account")
)
Notification.add_index(
    Notification.index(Notification.account, where=Notification.read_at.is_null(), name="notification_unread")
)


class Attachment(Model):
    """A file that belongs to a row: a blob, its kind, by whom, when. Opened through its subject's rows."""

    label = S("附件", "Attachments")

    subject_kind = peewee.CharField(max_length=40)
    subject_id = peewee.IntegerField()
    kind = peewee.CharField(max_length=30)
    sha = peewee.CharField(max_length=64)
    file_name = peewee.CharField(max_length=200)
    media_type = peewee.CharField(max_length=60)
    size = peewee.IntegerField()
    account = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    at = InstantField(default=now)

    class Meta:
        indexes = ((("subject_kind", "subject_id", "kind"), False),)
