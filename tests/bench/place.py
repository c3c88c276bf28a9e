"""What the benches in one process share: a fresh database and its people."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from admin.app import create_app
from admin.door import App
from engine import db, settings
from engine.actors import Actor
from engine.models.people import Account, actor_of
from tests.bench.workload import CONTENT, prepare
from tests.fixtures.server import _environment


@contextmanager
def place() -> Iterator[App]:
    """The application on a fresh SQLite file with the bench's process and people, bound in this process."""
    with tempfile.TemporaryDirectory(prefix="qihang-bench-") as name:
        folder = Path(name)
        env = _environment(folder, f"sqlite:///{folder / 'qihang.db'}", CONTENT_DIR=str(CONTENT))
        prepare(env)
        db.database.initialize(None)
        app = create_app(settings.load(env))
        try:
            with db.connection():
                yield app
        finally:
            db.database.obj.close()
            db.database.initialize(None)


def actor(login: str) -> Actor:
    found = actor_of(Account.get(Account.login == login))
    assert found is not None
    return found
