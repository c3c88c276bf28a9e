"""A draft keeps what came of its scenarios: any process of the program may show and publish it."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.add_column("process_draft", "rehearsal", peewee.TextField(null=True)))
