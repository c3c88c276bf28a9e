"""The database: bound from a URL, one write transaction a step, instants in UTC.

SQLite (WAL, every commit durable) and PostgreSQL are the same program. SQLite knows one writer at a
time; a lock of our own in front of it makes writers queue instead of meeting its busy wait.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson
import peewee
from playhouse.pool import PooledPostgresqlDatabase

_scratch: ContextVar[peewee.Database | None] = ContextVar("scratch", default=None)


class _Database(peewee.DatabaseProxy):
    """The proxy every model is bound to. Within `scratch()` it stands for a database in memory."""

    __slots__ = ("_main",)

    def initialize(self, obj: peewee.Database | None) -> None:
        self._main = obj
        for callback in self._callbacks:
            callback(obj)

    @property
    def obj(self) -> peewee.Database | None:
        return _scratch.get() or self._main

    @obj.setter
    def obj(self, value: peewee.Database | None) -> None:
        self._main = value

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


database: Any = _Database()
_tokens = count(1)


def token() -> int:
    """A number of the database in use, never given twice: caches of one must not answer for another."""
    return int(database.obj.token)


class Field(peewee.Field):
    """Base of our own columns: to the type checker what stands in a row is Any, as peewee's own columns."""

    if TYPE_CHECKING:

        def __get__(self, row: Any, owner: Any = None) -> Any: ...

        def __set__(self, row: Any, value: Any) -> None: ...


class InstantField(Field):
    """An instant: aware in Python, microseconds since 1970 UTC in the database. A naive value raises."""

    field_type = "BIGINT"

    def db_value(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        if value.tzinfo is None:
            raise ValueError(f"{self.name}: a naive datetime is not an instant")
        seconds = value.astimezone(UTC) - _EPOCH
        return (seconds.days * 86_400 + seconds.seconds) * 1_000_000 + seconds.microseconds

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else instant(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(microseconds: int) -> datetime:
    """The aware UTC datetime of a stored instant."""
    seconds, micro = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)


class BytesField(Field):
    """Bytes as they are, on both databases."""

    field_type = "BLOB"

    def db_value(self, value: bytes | None) -> bytes | None:
        return value

    def python_value(self, value: Any) -> bytes | None:
        return None if value is None else bytes(value)


class JsonField(Field):
    """A JSON value stored as text: order of keys kept, never JSONB (engine hazard H2)."""

    field_type = "TEXT"

    def db_value(self, value: Any) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def python_value(self, value: Any) -> Any:
        return None if value is None else orjson.loads(value)


class BaseModel(peewee.Model):
    """Base of every table: bound to the one database, singular names."""

    class Meta:
        database = database
        legacy_table_names = False


def connect(url: str, lock_dir: Path | None = None) -> None:
    """Binds the database of `url`. The folder of an SQLite file is made; nothing is migrated."""
    database.initialize(make(url, lock_dir))


def make(url: str, lock_dir: Path | None = None) -> peewee.Database:
    """A database object of a URL, unbound."""
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        path = Path(unquote(parts.path[1:]))
        path.parent.mkdir(parents=True, exist_ok=True)
        return _Sqlite(str(path), (lock_dir or path.parent) / (path.name + ".writer"))
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    made = PooledPostgresqlDatabase(
        unquote(parts.path.lstrip("/")),
        user=_plain(parts.username),
        password=_plain(parts.password),
        host=options.pop("host", None) or parts.hostname,
        port=parts.port,
        max_connections=int(options.pop("pool", 64)),
        stale_timeout=300,
        prefer_psycopg3=True,
        **options,
    )
    made.token = next(_tokens)
    return made


def _plain(part: str | None) -> str | None:
    return None if part is None else unquote(part)


class _Sqlite(peewee.SqliteDatabase):
    """SQLite with foreign keys and a durable WAL, and a queue for writers of all processes."""

    def __init__(self, path: str, lock_path: Path | None) -> None:
        super().__init__(
            path,
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "busy_timeout": 10_000,
                "cache_size": -32_000,
                "temp_store": "memory",
                "wal_autocheckpoint": 4_000,
                "journal_size_limit": 64_000_000,
            },
        )
        self.token = next(_tokens)
        self.lock_path = lock_path
        self._fd = threading.local()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writers' queue: one file lock for all threads and processes of this database."""
        if self.lock_path is None or getattr(self._fd, "held", False):
            yield
            return
        fd = getattr(self._fd, "fd", None)
        if fd is None:
            fd = self._fd.fd = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX)
        self._fd.held = True
        try:
            yield
        finally:
            self._fd.held = False
            fcntl.flock(fd, fcntl.LOCK_UN)


@contextmanager
def step() -> Iterator[None]:
    """One write transaction. Nested, it is a savepoint of the outer one.

    SQLite: BEGIN IMMEDIATE behind the writers' queue, so that what is read inside stays true.
    PostgreSQL: BEGIN; the caller locks the rows it depends on (`for_update`).
    """
    db = database.obj
    if db.in_transaction():
        with db.savepoint():
            yield
        return
    if isinstance(db, _Sqlite):
        with db.writing(), db.transaction("IMMEDIATE"):
            yield
    else:
        with db.transaction():
            yield


def savepoint() -> Any:
    """A savepoint of the running step; an exception inside undoes what was done inside."""
    return database.obj.savepoint()


def after_commit(fn: Callable[[], object]) -> None:
    """Calls `fn` once the running step is committed; at once where none runs."""
    database.obj.after_commit(fn)


def is_postgres() -> bool:
    """Whether the database is PostgreSQL; SQLite else."""
    return isinstance(database.obj, peewee.PostgresqlDatabase)


def is_scratch() -> bool:
    """Whether this thread is within `scratch()`: what is written now is thrown away."""
    return _scratch.get() is not None


def for_update(query: Any) -> Any:
    """Locks the rows of a SELECT until the step ends. On SQLite the step holds the only writer anyway."""
    return query.for_update() if is_postgres() else query


def skip_locked(query: Any) -> Any:
    """Locks the rows that nobody else holds and passes over the others."""
    return query.for_update("FOR UPDATE SKIP LOCKED") if is_postgres() else query


@contextmanager
def connection() -> Iterator[None]:
    """A connection for a request or a job, given back at the end; the open one where there is one."""
    if not database.obj.is_closed():
        yield
        return
    database.obj.connect()
    try:
        yield
    finally:
        if not database.obj.is_closed():
            database.obj.close()


def let_go() -> None:
    """Closes what the pool of this process holds. Before a fork: two processes on one connection read each
    other's answers."""
    if isinstance(database.obj, PooledPostgresqlDatabase):
        database.obj.close_all()


class _Memory(_Sqlite):
    """A database in memory on one connection."""

    def __init__(self) -> None:
        super().__init__(":memory:", None)

    def load(self, image: bytes) -> None:
        """Replaces all content by a serialized image."""
        self.connection().deserialize(image)
        self.connection().execute("PRAGMA foreign_keys=1")


_image: dict[tuple[str, ...], bytes] = {}
_image_lock = threading.Lock()


@contextmanager
def scratch(models: list[type[peewee.Model]], seed: Callable[[], None] | None = None) -> Iterator[None]:
    """Within the block (and this thread) all models live in a fresh database in memory.

    The tables are made once and copied afterwards; `seed` fills the copy. Scenarios run in it.
    """
    memory = _Memory()
    token = _scratch.set(memory)
    try:
        memory.connect()
        key = tuple(sorted(model._meta.table_name for model in models))
        with _image_lock:
            if key not in _image:
                memory.create_tables(models)
                _image[key] = bytes(memory.connection().serialize())
            else:
                memory.load(_image[key])
        if seed is not None:
            seed()
        yield
    finally:
        memory.close()
        _scratch.reset(token)


def run_sql(sql: str, params: tuple[Any, ...] = ()) -> Any:
    """Runs SQL text written with `?`; the step's few hot statements use it. Returns the cursor."""
    db = database.obj
    if isinstance(db, peewee.PostgresqlDatabase):
        return db.execute_sql(sql.replace("?", "%s"), params)
    return db.execute_sql(sql, params)


def violates(error: peewee.IntegrityError, model: type[peewee.Model], *names: str) -> bool:
    """Whether it was one of these unique indexes of the model that refused a row. SQLite tells the columns only."""
    found = getattr(getattr(error, "orig", None), "diag", None)
    if found is not None:
        return found.constraint_name in names
    refused = str(error).removeprefix("UNIQUE constraint failed: ").split(", ")
    table = model._meta.table_name
    indexes = [index for index in model._meta.fields_to_index() if index._name in names]
    return any(
        refused == [f"{table}.{field.column_name}" for field in index._expressions] for index in indexes
    )


IntegrityError = peewee.IntegrityError
OperationalError = peewee.OperationalError
