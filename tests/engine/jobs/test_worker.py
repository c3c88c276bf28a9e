"""The worker's loop: at once, by the clock, through a lost database, to a stop within a second."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine import clock, db, jobs
from engine.jobs import loop
from engine.models.workflow import Outbox

ROOT = Path(__file__).resolve().parents[3]
Register = Callable[..., None]


@pytest.fixture
def running(job: Register) -> Iterator[Register]:
    """A worker in this process; gives what registers jobs."""
    stop = threading.Event()
    thread = threading.Thread(target=jobs.worker, args=(stop, 2))
    thread.start()
    yield job
    started = time.monotonic()
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert time.monotonic() - started < 10


def until(holds: Callable[[], bool], seconds: float = 20) -> float:
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, "it did not happen"
        time.sleep(0.01)
    return time.monotonic() - started


def test_a_job_is_run_at_once_after_the_commit(running: Register) -> None:
    done = threading.Event()
    running("print", lambda payload, row: done.set())
    with db.step():
        Outbox.post("print", "k", {})
    assert until(done.is_set) < 0.5
    until(lambda: Outbox.get().state == "done")


def test_jobs_run_beside_each_other(running: Register) -> None:
    both = threading.Barrier(2, timeout=3)
    running("meet", lambda payload, row: both.wait())
    with db.step():
        Outbox.post("meet", "a", {})
        Outbox.post("meet", "b", {})
    until(lambda: Outbox.select().where(Outbox.state == "done").count() == 2)


def test_what_becomes_due_by_the_clock_is_fired_when_it_is_due(
    running: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = clock.now() + timedelta(seconds=0.6)
    fired: list[datetime] = []

    def fire() -> int:
        if fired or clock.now() < due:
            return 0
        fired.append(clock.now())
        return 1

    monkeypatch.setattr(loop, "_ticking", [loop.Ticking(fire, lambda: None if fired else due)])
    until(lambda: bool(fired))
    assert fired[0] - due < timedelta(seconds=0.5)


def test_a_clock_that_fails_goes_on(running: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fire() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("once")
        return 0

    monkeypatch.setattr(loop, "_ticking", [loop.Ticking(fire, lambda: clock.now())])
    until(lambda: len(calls) > 1)


@pytest.mark.postgres
def test_the_worker_outlives_a_lost_connection(running: Register, database: str) -> None:
    if not db.is_postgres():
        pytest.skip("SQLite has no connection to lose")
    seen: list[str] = []
    running("print", lambda payload, row: seen.append(row.key))
    with db.step():
        Outbox.post("print", "before", {})
    until(lambda: seen == ["before"])
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    db.database.close()
    db.database.obj.close_all()
    db.database.connect()
    with db.step():
        Outbox.post("print", "after", {})
    until(lambda: seen == ["before", "after"])


SCRIPT = """
import signal, sys, threading, time
from pathlib import Path
from engine import clock, db, jobs, secrets
from datetime import timedelta

url, marks, offset = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
secrets.configure("1:" + "5c" * 32)
db.connect(url)
clock.set_offset(timedelta(seconds=offset))
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())

def slow(payload, row):
    (marks / f"begun-{row.tries}").touch()
    time.sleep(payload["seconds"] if row.tries == 1 else 0)
    (marks / f"ended-{row.tries}").touch()

jobs.register("slow", slow)
(marks / "ready").touch()
jobs.worker(stop, threads=1)
"""


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[[float], subprocess.Popen[bytes]]]:
    """Starts a worker process whose clock is so many seconds ahead."""
    processes: list[subprocess.Popen[bytes]] = []

    def begin(offset: float = 0) -> subprocess.Popen[bytes]:
        (tmp_path / "ready").unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, database, str(tmp_path), str(offset)], cwd=ROOT
        )
        processes.append(process)
        until((tmp_path / "ready").exists, 20)
        return process

    yield begin
    for process in processes:
        process.kill()
        process.wait()


def test_a_worker_stops_within_a_second_of_sigterm(start: Any) -> None:
    process = start()
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert time.monotonic() - began < 15


def test_the_job_of_a_killed_worker_is_run_again(start: Any, job: Register, tmp_path: Path) -> None:
    with db.step():
        Outbox.post("slow", "k", {"seconds": 60})
    process = start()
    until((tmp_path / "begun-1").exists)
    process.kill()
    process.wait()
    start(offset=40)  # past the lease
    until((tmp_path / "ended-2").exists, 10)
    assert not (tmp_path / "ended-1").exists()
    until(lambda: Outbox.get().state == "done")
