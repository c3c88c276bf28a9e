"""Writes the next migration from what the models have changed: `python -m engine.migrations.new add_photo`.

New tables, columns and indexes are written out; what a diff cannot see (a changed type, null or check) or
decide (how a new column that must not be empty is filled) stands in the file as a line to be answered.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import peewee
from playhouse.schema_diff import diff_models

from engine import migrations
from engine.migrations import FOLDER, ddl

_PLAIN = {
    "BIGINT": "BigIntegerField",
    "BLOB": "BlobField",
    "BOOL": "BooleanField",
    "DATE": "DateField",
    "FLOAT": "FloatField",
    "INT": "IntegerField",
    "TEXT": "TextField",
    "TIMESTAMP": "BigIntegerField",
}


def text(name: str) -> str:
    """The next migration's file. Raises SystemExit where the models have changed nothing."""
    scratch = peewee.SqliteDatabase(":memory:")
    scratch.connect()
    try:
        migrations.upgrade(scratch)
        diff = diff_models(scratch, ddl.every_table())
    finally:
        scratch.close()
    if not diff:
        raise SystemExit("The models have changed no table, column or index.")
    return _file(name, diff)


def _file(name: str, diff: Any) -> str:
    blocks, lines = [], []
    new = set(diff.create_tables)
    if new:
        for kind in ddl.KINDS:
            blocks.append(f'{kind.upper()} = """\n{ddl.laid_out(ddl.create(kind, diff.create_tables))}"""\n')
        lines.append("migrations.execute(db, SQLITE, POSTGRES)")
    lines += [f"migrator.migrate(migrator.drop_index({i.table!r}, {i.name!r}))" for i in diff.drop_indexes]
    lines += [f"migrator.migrate(migrator.drop_column({t!r}, {c!r}))" for t, c in diff.drop_columns]
    lines += [_column(field) for field in diff.add_columns]
    lines += [
        f"db.execute_sql({_index(index)!r})" for index in diff.add_indexes if not _by_column(index, diff)
    ]
    body = "\n".join(f"    {line}" for line in lines)
    return (
        f'"""{name.replace("_", " ").capitalize()}."""\n'
        "\nfrom __future__ import annotations\n\nfrom typing import Any\n\n"
        + ("import peewee\n\n" if "peewee." in body else "")
        + ("from engine import migrations\n\n" if "migrations." in body else "")
        + "\n".join(blocks)
        + f"\n\ndef up(migrator: Any, db: Any) -> None:\n{body}\n"
    )


def _column(field: Any) -> str:
    table, column = field.model._meta.table_name, field.column_name
    kind = "CharField" if field.field_type == "VARCHAR" else _PLAIN.get(field.field_type, "IntegerField")
    words = ["null=True"] if field.null else []
    if kind == "CharField":
        words.append(f"max_length={field.max_length}")
    if isinstance(field.default, str | int | bool):
        words.append(f"default={field.default!r}")
    elif not field.null:
        words.append("default=...")
    checks = ", ".join(f"peewee.Check({check.sql[7:-1]!r})" for check in field.constraints or ())
    if checks:
        words.append(f"constraints=[{checks}]")
    words += ["unique=True"] if field.unique else ["index=True"] if field.index else []
    if isinstance(field, peewee.ForeignKeyField):
        kind = "ForeignKeyField"
        target = f"migrations.table({field.rel_model._meta.table_name!r})"
        words = [target, f"field={target}.id", f"on_delete={field.on_delete!r}", *words]
    return f"migrator.migrate(migrator.add_column({table!r}, {column!r}, peewee.{kind}({', '.join(words)})))"


def _by_column(index: Any, diff: Any) -> bool:
    """Whether add_column makes the index itself."""
    return any(
        f.model._meta.table_name == index.table
        and index.columns == (f.column_name,)
        and (f.index or f.unique)
        for f in diff.add_columns
    )


def _index(index: Any) -> str:
    model = next(model for model in ddl.every_table() if model._meta.table_name == index.table)
    name = index.name or "_".join((index.table, *index.columns))
    return ddl.create_index("sqlite", model, name)


def write(name: str) -> str:
    """Writes the file and returns its path."""
    slug = re.sub(r"\W+", "_", name.strip().lower()).strip("_")
    number = max(int(known.split("_")[0]) for known in migrations.names()) + 1
    path = FOLDER / f"{number:04d}_{slug}.py"
    path.write_text(text(slug), encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    print(write(sys.argv[1]))  # noqa: T201 - a command line prints
