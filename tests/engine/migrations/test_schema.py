"""The migrated schema is the models' schema, on both databases; rows of the schema before survive a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import peewee
import pytest
from playhouse.migrate import SchemaMigrator

from engine import db, migrations
from engine.migrations import ddl, new

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
Row = dict[str, Any]
_NO_BYTES = {"sqlite": "x''", "postgres": "''::bytea"}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(empty_url: Callable[[str], str], kind: str) -> Iterator[Any]:
    database = db.make(empty_url(kind))
    database.connect()
    yield database
    database.close()
    if hasattr(database, "close_all"):
        database.close_all()


def test_the_migrated_schema_is_the_models_schema(empty: Any, kind: str) -> None:
    migrations.upgrade(empty)
    migrated = _schema(empty)
    for table in reversed(ddl.every_table()):
        empty.execute_sql(
            f'DROP TABLE "{table._meta.table_name}"' + (" CASCADE" if kind == "postgres" else "")
        )
    for statement in ddl.create(kind, ddl.every_table()):
        empty.execute_sql(statement)
    assert migrated == _schema(empty)


def test_nothing_is_pending_after_an_upgrade_and_a_second_one_does_nothing(empty: Any) -> None:
    assert migrations.pending(empty) == migrations.names()
    assert migrations.upgrade(empty) == migrations.names()
    assert migrations.pending(empty) == []
    assert migrations.upgrade(empty) == []


@pytest.mark.parametrize("name", migrations.names()[1:])
def test_rows_of_the_schema_before_survive(empty: Any, kind: str, name: str, tmp_path: Path) -> None:
    before = migrations.names()[migrations.names().index(name) - 1]
    rows = _example_rows(before, tmp_path)
    migrations.upgrade(empty, to=before)
    for table, row in rows:
        _insert(empty, kind, table, row)
    migrations.upgrade(empty, to=name)
    for table, row in rows:
        if table not in empty.get_tables():
            continue
        kept = set(row) & {column.name for column in empty.get_columns(table)}
        columns = ", ".join(f'"{column}"' for column in kept)
        found = empty.execute_sql(f'SELECT {columns} FROM "{table}"').fetchall()
        assert [[_plain(value) for value in each] for each in found] == [[row[column] for column in kept]]


def test_the_calendar_and_the_incidents_before_0009_are_put_in_order(empty: Any, kind: str) -> None:
    migrations.upgrade(empty, to="0008_outbox_by_job")
    works = "1" if kind == "sqlite" else "true"
    for day in ("2025-10-01", "2025-10-01", "2026-01-01"):
        empty.execute_sql(f"INSERT INTO office_day (day, works, name) VALUES ('{day}', {works}, 'x')")
    for state in ("open", "closed", "resolved", "retrying"):
        empty.execute_sql(
            "INSERT INTO incident (at, kind, problem, detail, retry, tries, state)"
            f" VALUES (1, 'step', 'x', {_NO_BYTES[kind]}, {_NO_BYTES[kind]}, 1, '{state}')"
        )
    migrations.upgrade(empty)

    def of(sql: str) -> list[Any]:
        return [row[0] for row in empty.execute_sql(sql).fetchall()]

    assert [str(day) for day in of("SELECT day FROM office_day ORDER BY id")] == ["2025-10-01", "2026-01-01"]
    assert of("SELECT name FROM remembered ORDER BY name") == ["calendar 2025", "calendar 2026"]
    assert of("SELECT state FROM incident ORDER BY id") == ["open", "closed", "closed", "open"]


def test_example_rows_fit_the_schema_on_both_databases(empty: Any, kind: str, tmp_path: Path) -> None:
    """The filler that the test above relies on fills every table, so that it tests something."""
    migrations.upgrade(empty)
    rows = _example_rows(migrations.names()[-1], tmp_path)
    for table, row in rows:
        _insert(empty, kind, table, row)
    assert {table for table, _ in rows} == {model._meta.table_name for model in ddl.every_table()}


def test_a_new_migration_is_written_from_the_models_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    class Photo(peewee.Model):
        """A table that no migration knows."""

        file_name = peewee.CharField(max_length=80)
        state = peewee.CharField(max_length=8, constraints=[peewee.Check("state IN ('new', 'old')")])

        class Meta:
            legacy_table_names = False

    Photo.add_index(
        Photo.index(Photo.file_name, unique=True, where=Photo.state == "new", name="photo_one_new")
    )
    tables = ddl.every_table()
    monkeypatch.setattr(ddl, "every_table", lambda: [*tables, Photo])
    written = new.text("photos")
    scratch = peewee.SqliteDatabase(":memory:")
    scratch.connect()
    migrations.upgrade(scratch)
    code: Row = {}
    exec(compile(written, "photos.py", "exec"), code)
    code["up"](SchemaMigrator.from_database(scratch), scratch)
    monkeypatch.setattr(ddl, "every_table", lambda: tables)
    with pytest.raises(SystemExit):
        new.text("nothing")
    assert {column.name for column in scratch.get_columns("photo")} == {"id", "file_name", "state"}
    assert [index.unique for index in scratch.get_indexes("photo")] == [True]
    scratch.close()
    assert "WHERE (\"state\" = 'new')" in written
    assert "CHECK (state IN ('new', 'old'))" in written


def _schema(database: Any) -> dict[str, Any]:
    found = {}
    for table in sorted(set(database.get_tables()) - {"schema_migration"}):
        columns = {c.name: (c.data_type, c.null, c.primary_key) for c in database.get_columns(table)}
        indexes = sorted(
            (i.name, tuple(i.columns), i.unique, _flat(i.sql)) for i in database.get_indexes(table)
        )
        keys = sorted((k.column, k.dest_table, k.dest_column) for k in database.get_foreign_keys(table))
        found[table] = (columns, indexes, keys, _promises(database, table))
    return found


def _promises(database: Any, table: str) -> list[str]:
    """CHECKs, what a deleted parent does, WITHOUT ROWID."""
    if isinstance(database, peewee.SqliteDatabase):
        sql = _flat(
            database.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        )
        return sorted(
            re.findall(r"CHECK \(.*?\)(?=,| FOREIGN|\)$| \)| NOT)|FOREIGN KEY[^,]*|WITHOUT ROWID", sql)
        )
    rows = database.execute_sql(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass", (f'"{table}"',)
    ).fetchall()
    return sorted(row[0] for row in rows)


def _flat(sql: str | None) -> str:
    return " ".join((sql or "").split()).replace("( ", "(").replace(" )", ")")


def _example_rows(upto: str, folder: Path) -> list[tuple[str, Row]]:
    """A row for every table of the schema after `upto`, parents first, guessed from the schema alone."""
    database = db.make(f"sqlite:///{folder / 'example.db'}")
    database.connect()
    migrations.upgrade(database, to=upto)
    tables = [table for table in database.get_tables() if table != "schema_migration"]
    parents = {t: {k.dest_table for k in database.get_foreign_keys(t)} - {t} for t in tables}
    rows: list[tuple[str, Row]] = []
    while parents:
        ready = sorted(table for table, needs in parents.items() if not needs & set(parents))
        assert ready, f"a circle of tables: {sorted(parents)}"
        for table in ready:
            rows.append((table, _example(database, table)))
            del parents[table]
    database.close()
    return rows


def _example(database: Any, table: str) -> Row:
    sql = database.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    words = dict(re.findall(r"CHECK \(\"?(\w+)\"? IN \('(\w+)'", sql))
    lengths = {name: "x" * int(size) for name, size in re.findall(r"length\((\w+)\) = (\d+)", sql)}
    keys = {key.column for key in database.get_foreign_keys(table)}
    by_type: Row = {"INTEGER": 1, "REAL": 1.5, "BLOB": b"\x01bytes", "DATE": "2026-02-28", "TEXT": '{"a": 1}'}
    row = {}
    for column in database.get_columns(table):
        kind = column.data_type.upper()
        sized = re.fullmatch(r"VARCHAR\((\d+)\)", kind)
        row[column.name] = (
            1 if column.name in keys else by_type.get(kind, "文"[: int(sized[1])] if sized else "x")
        )
    return row | words | lengths


def _insert(database: Any, kind: str, table: str, row: Row) -> None:
    mark = "%s" if kind == "postgres" else "?"
    booleans = {c.name for c in database.get_columns(table) if c.data_type.lower() == "boolean"}
    values = [bool(value) if column in booleans else value for column, value in row.items()]
    columns = ", ".join(f'"{column}"' for column in row)
    database.execute_sql(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(mark for _ in row)})', values)


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
