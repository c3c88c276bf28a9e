"""The outbox's rows: claimed under a lease, run, marked; tried again with growing pauses, then an incident.

At least once: a worker that dies leaves its lease to run out, and the row is claimed again. A job is a
function of the row's payload, registered by name at the start; rows of a name that nobody has registered
wait (mails, while no mail server is set).
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson

from engine import clock, db
from engine.db import InstantField
from engine.errors import QihangError
from engine.jobs.queue import fresh, huey, room
from engine.models.workflow import Incident, Outbox

log = logging.getLogger("qihang.jobs")

MAX_TRIES = 5
LEASE = timedelta(seconds=30)
#: A row that huey carries is left to it for this long before a poll takes it up.
GRACE = timedelta(seconds=1)

_stamp = InstantField().db_value

Payload = dict[str, Any]


Job = Callable[[Payload, Outbox], object]

_jobs: dict[str, Job] = {}
_running: set[int] = set()
_running_lock = threading.Lock()


def register(name: str, run: Job) -> None:
    """Makes a job known to this process. Raises RuntimeError where the name is taken."""
    if name in _jobs:
        raise RuntimeError(f"two jobs named {name}")
    _jobs[name] = run


def registered() -> frozenset[str]:
    """Names of the jobs that this process runs."""
    return frozenset(_jobs)


def forget(names: Iterable[str]) -> None:
    """Takes jobs out again; for tests."""
    for name in names:
        _jobs.pop(name, None)


def nudge(ids: Iterable[int]) -> None:
    """Carries new rows' ids to the workers, in the running step: rolled back, neither is there."""
    if db.is_scratch():
        return
    for row_id in ids:
        _carry(row_id)
    db.after_commit(fresh.set)


@huey.task()
def _carry(row_id: int, lease: int | None = None) -> None:
    run_one(row_id, lease)


def run_one(row_id: int, lease: int | None = None) -> bool:
    """Claims one row and runs it; False where it is not to be had: done, claimed, not due, unknown job.

    `lease` is the stamp under which a poll has claimed it already.
    """
    row = _claim(row_id, lease)
    if row is None:
        return False
    with _running_lock:
        _running.add(row_id)
    try:
        _run(row)
    finally:
        with _running_lock:
            _running.discard(row_id)
    return True


def _claim(row_id: int, lease: int | None) -> Outbox | None:
    if not _jobs:
        return None
    open_now = (Outbox.next_at <= clock.now()) if lease is None else (Outbox.next_at == lease)
    here = (Outbox.id == row_id) & (Outbox.state == "waiting") & open_now & Outbox.job.in_(list(_jobs))
    if not Outbox.select(Outbox.id).where(here).exists():
        return None  # a look without a lock: most rows that huey brings twice end here
    with db.step():
        until = clock.now() + LEASE
        claimed = Outbox.update(tries=Outbox.tries + 1, next_at=until).where(here).execute()
        return Outbox.get_by_id(row_id) if claimed else None


def _run(row: Outbox) -> None:
    try:
        if row.tries > MAX_TRIES:
            raise RuntimeError("the worker died each time it ran this job")
        _jobs[row.job](orjson.loads(row.payload), row)
        with db.step():
            _done(row)
    except Exception as error:
        log.warning("job %s (outbox row %s) failed: %s", row.job, row.id, error, exc_info=True)
        with db.step():
            _failed(row, error)


def _done(row: Outbox) -> None:
    Outbox.update(state="done", done_at=clock.now(), error="").where(
        (Outbox.id == row.id) & (Outbox.state == "waiting")
    ).execute()


def _failed(row: Outbox, error: Exception) -> None:
    """Waits longer each time (10 s, 40 s, 160 s, 640 s); after the last try it is an incident."""
    words = (error.sentence.zh if isinstance(error, QihangError) else f"{type(error).__name__}: {error}")[
        :500
    ]
    if row.tries < MAX_TRIES:
        pause = timedelta(seconds=10 * 4 ** (row.tries - 1))
        Outbox.update(next_at=clock.now() + pause, error=words).where(Outbox.id == row.id).execute()
        return
    changed = (
        Outbox.update(state="failed", error=words)
        .where((Outbox.id == row.id) & (Outbox.state == "waiting"))
        .execute()
    )
    if changed:
        Incident.create(
            instance=row.instance_id, kind="job", problem=f"{row.job}: {words}", tries=row.tries,
            detail="".join(traceback.format_exception(error)), retry=orjson.dumps({"outbox": row.id}).decode(),
        )  # fmt: skip


def retry(incident: Incident) -> None:
    """Lets a failed job run again and closes its incident. Caller has checked the right to do so."""
    row_id = int(orjson.loads(incident.retry)["outbox"])
    with db.step():
        changed = (
            Outbox.update(state="waiting", tries=0, next_at=clock.now(), error="")
            .where((Outbox.id == row_id) & (Outbox.state == "failed"))
            .execute()
        )
        Incident.update(state="closed").where(Incident.id == incident.id).execute()
        if changed:
            nudge([row_id])


def poll(limit: int = 50) -> int:
    """Claims rows that are due and that nobody carries, and hands them to the workers; how many.

    Rows of dead workers and rows whose moment has come are found here. Each is claimed under a lease. No more
    than `limit` wait for the workers: in a longer queue leases would run out before their turn.
    """
    now, limit = clock.now(), room(limit) if _jobs else 0
    if limit < 1:
        return 0
    due = (
        Outbox.select(Outbox.id)
        .where((Outbox.state == "waiting") & (Outbox.next_at <= now - GRACE) & Outbox.job.in_(list(_jobs)))
        .order_by(Outbox.next_at, Outbox.id)
        .limit(limit)
    )
    if not due.exists():
        return 0
    with db.step():
        ids = [row.id for row in db.skip_locked(due)]
        lease = clock.now() + LEASE
        Outbox.update(next_at=lease).where(Outbox.id.in_(ids)).execute()
        for row_id in ids:
            _carry(row_id, _stamp(lease))
        db.after_commit(fresh.set)
    return len(ids)


def run_due() -> int:
    """Runs here and now all rows that are due, in their order, and those that they add; how many."""
    count = 0
    while True:
        ids = [
            row.id
            for row in Outbox.select(Outbox.id)
            .where(
                (Outbox.state == "waiting")
                & (Outbox.next_at <= clock.now())
                & Outbox.job.in_(list(_jobs))
            )
            .order_by(Outbox.id)
            .limit(100)
        ]  # fmt: skip
        ran = sum(run_one(row_id) for row_id in ids)
        count += ran
        if not ran:
            return count


def hold_leases() -> None:
    """Renews the leases of the rows that this process is running; called often by the worker's clock."""
    with _running_lock:
        ids = list(_running)
    if ids:
        with db.step():
            Outbox.update(next_at=clock.now() + LEASE).where(
                Outbox.id.in_(ids) & (Outbox.state == "waiting")
            ).execute()


def next_due() -> datetime | None:
    """When the next waiting row becomes due; one indexed query."""
    row = (
        Outbox.select(Outbox.next_at)
        .where((Outbox.state == "waiting") & Outbox.job.in_(list(_jobs)))
        .order_by(Outbox.next_at, Outbox.id)
        .first()
    )
    return None if row is None else row.next_at
