"""The models as the statements that make their tables, in the words of both databases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee

from engine import models
from engine.jobs import queue

Model = type[peewee.Model]
KINDS = ("sqlite", "postgres")


def every_table() -> list[Model]:
    """All tables of the program, huey's included, each after those it refers to."""
    return list(peewee.sort_models([*models.all_models(), *queue.TABLES]))


def create(kind: str, tables: Iterable[Model]) -> list[str]:
    """CREATE TABLE and CREATE INDEX of the tables, for "sqlite" or "postgres"."""
    database = _dialect(kind)
    statements = []
    for model in tables:
        with model.bind_ctx(database, bind_refs=False, bind_backrefs=False):
            manager = model._schema
            table = _text(manager._create_table(safe=False))
            statements.append(table if kind == "sqlite" else table.removesuffix(" WITHOUT ROWID"))
            statements += [_text(index) for index in manager._create_indexes(safe=False)]
    return statements


def create_index(kind: str, model: Model, name: str) -> str:
    """CREATE INDEX of one index of a model, by its name."""
    with model.bind_ctx(_dialect(kind), bind_refs=False, bind_backrefs=False):
        texts = [_text(index) for index in model._schema._create_indexes(safe=False)]
    return next(text for text in texts if f'INDEX "{name}"' in text)


def _dialect(kind: str) -> Any:
    return peewee.SqliteDatabase(None) if kind == "sqlite" else peewee.PostgresqlDatabase(None)


def _text(context: Any) -> str:
    sql, params = context.query()
    for value in params:
        sql = sql.replace("%s" if "%s" in sql else "?", _literal(value), 1)
    return str(sql)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def laid_out(statements: Iterable[str]) -> str:
    """The statements as SQL text, a column a line, each ended by `;` at the end of a line."""
    return "".join(_lines(statement) + ";\n" for statement in statements)


def _lines(statement: str) -> str:
    if not statement.startswith("CREATE TABLE"):
        return statement.replace(" WHERE ", "\n    WHERE ")
    head, _, rest = statement.partition("(")
    inside, _, tail = rest.rpartition(")")
    columns, depth, start = [], 0, 0
    for at, letter in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            columns.append(inside[start:at].strip())
            start = at + 1
    columns.append(inside[start:].strip())
    body = ",\n".join(f"    {column}".replace(" CHECK (", "\n        CHECK (") for column in columns)
    return f"{head}(\n{body}\n){tail}"
