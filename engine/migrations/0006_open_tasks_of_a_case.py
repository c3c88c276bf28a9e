"""Open tasks of a case: an index that closed ones do not lengthen."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        'CREATE INDEX "user_task_open_of_case" ON "user_task" ("instance_id") WHERE ("state" = \'open\')'
    )
