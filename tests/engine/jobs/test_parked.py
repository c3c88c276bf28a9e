"""Mails wait for a mail server, for weeks where none is set: the worker's looks do not grow with them."""

from __future__ import annotations

from datetime import timedelta

from engine import clock, db, jobs, secrets
from engine.models.workflow import Outbox


def steps_of_a_look() -> int:
    """What a look costs, in hundreds of SQLite's own steps."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection = db.database.connection()
    connection.set_progress_handler(count, 100)
    try:
        jobs.poll()
        jobs.run_due()
        jobs.outbox.next_due()
    finally:
        connection.set_progress_handler(None, 0)
    return steps


def test_a_look_does_not_walk_the_rows_of_jobs_that_nobody_runs(sqlite: str) -> None:
    secrets.configure("1:" + "5c" * 32)
    jobs.register("known", lambda payload, row: None)
    try:
        before = steps_of_a_look()
        ago = clock.now() - timedelta(days=1)
        rows = [{"job": "unknown", "key": f"k{number}", "next_at": ago} for number in range(2_000)]
        Outbox.insert_many(rows).execute()
        assert steps_of_a_look() <= before + 5
    finally:
        jobs.forget(["known"])
