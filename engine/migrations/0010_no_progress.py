"""A job's row told how far it was, and no job ever said."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql('ALTER TABLE "outbox" DROP COLUMN "progress"')
