"""Waiting outbox rows by job, so that those of a job nobody runs are not walked at every look."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.drop_index("outbox", "outbox_waiting"))
    db.execute_sql(
        'CREATE INDEX "outbox_waiting_by_job" ON "outbox" ("job", "next_at", "id")'
        " WHERE (\"state\" = 'waiting')"
    )
