"""Decided history."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column("history_event", "decided", peewee.BlobField(null=True)))
