"""The schema's steps: numbered files, applied in order, each in a transaction of its own.

    python -m engine.migrations.new add_photo     writes the next file from what the models have changed

A file is frozen once it is released: it imports no model of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import peewee
from playhouse.migrations import Runner

from engine import db

FOLDER = Path(__file__).parent
_LOCK = 7_215_001  # PostgreSQL: an advisory lock of this number is held while the schema changes


def upgrade(database: Any = None, to: str | None = None) -> list[str]:
    """Applies what is pending (up to the file named `to`). Returns the names of what was applied.

    Several processes may start at once: one applies, the others wait and find nothing left.
    """
    database = database or db.database.obj
    with _alone(database):
        return list(_runner(database).up(to))


def pending(database: Any = None) -> list[str]:
    """Names of the migrations that the database has not seen."""
    return [m.name for m in _runner(database or db.database.obj).status() if m.path and not m.applied]


def names() -> list[str]:
    """Every migration there is, in order."""
    return [m.name for m in _runner(peewee.SqliteDatabase(":memory:")).migrations()]


def execute(database: Any, sqlite: str, postgres: str) -> None:
    """For migration files: runs the statements for the database at hand, each ended by `;` and a line's end."""
    statements = sqlite if isinstance(database, peewee.SqliteDatabase) else postgres
    for statement in statements.strip().removesuffix(";").split(";\n"):
        database.execute_sql(statement)


def table(name: str) -> type[peewee.Model]:
    """For migration files: a stand-in for a table that a new column refers to."""
    meta = type("Meta", (), {"table_name": name})
    return type(name, (peewee.Model,), {"Meta": meta})


def _runner(database: Any) -> Any:
    return Runner(database, str(FOLDER))


@contextmanager
def _alone(database: Any) -> Iterator[None]:
    opened = database.connect(reuse_if_open=True)
    try:
        if isinstance(database, peewee.SqliteDatabase):
            with database.writing() if hasattr(database, "writing") else nullcontext():
                yield
            return
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK,))
    finally:
        if opened:
            database.close()
