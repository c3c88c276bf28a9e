"""What an installation has done once for ever, and what it must find again as it left it."""

from __future__ import annotations

from typing import Any, ClassVar

import peewee

from engine import db
from engine.actors import Actor
from engine.db import InstantField
from engine.errors import Sentence as S
from engine.models.base import Model, now


class Remembered(Model):
    """A name, noted once: a year whose holidays were put in, the key by which numbers are searched."""

    label = S("安装记录", "Notes of the installation")
    words: ClassVar = {"name": S("名称", "Name"), "value": S("内容", "Value"), "at": S("时间", "When")}

    name = peewee.CharField(max_length=40, primary_key=True)
    value = peewee.CharField(max_length=64, default="")
    at = InstantField(default=now)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select() if actor.party_kind == "system" else super().visible_to(actor)

    @classmethod
    def first(cls, name: str, value: str = "") -> bool:
        """Notes a name in the running step; False where it stands already. Of two at once, one gets True."""
        with db.step():
            query = cls.insert(name=name, value=value).on_conflict_ignore().returning(cls.name)
            return next(iter(query.execute()), None) is not None
