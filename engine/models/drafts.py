"""Drafts of processes: what staff are changing, or what a release ships beside what staff have published."""

from __future__ import annotations

from typing import Any, ClassVar

import peewee

from engine import clock
from engine.actors import Actor
from engine.db import InstantField, JsonField
from engine.errors import Sentence as S
from engine.models.base import Model, now
from engine.models.people import Account
from engine.models.workflow import ProcessDefinition


class ProcessDraft(Model):
    """The files of one process on their way: path → SHA-256 of Content, over all it refers to.

    `source` studio is what staff edit, shipped what came with a release. `base` is the version it was
    begun from, None for a new process. `revision` is carried by the editor: a save with another one is
    somebody else's. `rehearsal` is what came of its scenarios, with the digest of the content that was
    run. A shipped draft that was published or set aside stays as a row, so that the next
    start does not offer the same content again.
    """

    label = S("流程草稿", "Drafts")
    words: ClassVar = {
        "process_id": S("流程标识", "Process id"),
        "name": S("流程", "Process"),
        "source": S("来源", "Source"),
        "state": S("状态", "State"),
        "author": S("作者", "Author"),
        "editor": S("正在编辑", "Being edited by"),
        "revision": S("修订", "Revision"),
        "updated_at": S("修改时间", "Changed at"),
    }
    listed = ("name", "source", "state", "author", "editor", "updated_at")
    search = ("process_id", "name")

    process_id = peewee.CharField(max_length=60)
    name = peewee.CharField(max_length=100, default="")
    source = peewee.CharField(
        max_length=10, default="studio", constraints=[peewee.Check("source IN ('studio', 'shipped')")]
    )
    state = peewee.CharField(
        max_length=10,
        default="open",
        constraints=[peewee.Check("state IN ('open', 'submitted', 'published', 'dropped')")],
    )
    base = peewee.ForeignKeyField(ProcessDefinition, null=True, on_delete="RESTRICT")
    manifest = JsonField(default=dict)
    digest = peewee.CharField(max_length=64, default="")
    note = peewee.CharField(max_length=500, default="")
    revision = peewee.IntegerField(default=1)
    author = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    rehearsal = JsonField(null=True)
    submitted_by = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    editor = peewee.ForeignKeyField(Account, null=True, index=False, on_delete="SET NULL")
    edited_at = InstantField(null=True)
    created_at = InstantField(default=now)
    updated_at = InstantField(default=now)

    read_only: ClassVar = frozenset(
        {"process_id", "name", "source", "state", "base", "manifest", "digest", "note", "revision", "author",
         "rehearsal", "submitted_by", "editor", "edited_at", "created_at", "updated_at"}
    )  # fmt: skip

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select() if actor.party_kind in ("system", "school") else super().visible_to(actor)

    def save_files(self, revision: int, manifest: dict[str, str], digest: str, **values: Any) -> bool:
        """Stores new content if the draft is still at `revision`; False where somebody else was faster."""
        cls = type(self)
        changed = (
            cls.update(
                manifest=manifest, digest=digest, revision=revision + 1, updated_at=clock.now(), **values
            )
            .where((cls.id == self.id) & (cls.revision == revision) & (cls.state == "open"))
            .execute()
        )
        return bool(changed == 1)

    def __str__(self) -> str:
        return f"{self.name or self.process_id} · {self.source}"


# Per process, one draft that staff edit and one that came with a release.
ProcessDraft.add_index(
    ProcessDraft.index(
        ProcessDraft.process_id,
        ProcessDraft.source,
        unique=True,
        where=ProcessDraft.state.in_(("open", "submitted")),
        name="process_draft_one_open_per_source",
    )
)
