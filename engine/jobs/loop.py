"""The worker: huey's consumer threads for the outbox, and one clock thread for what is due.

It stops within a second of being told, and outlives a database that is away for a while.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from huey.consumer import BaseProcess, Consumer, Worker

from engine import clock, db
from engine.jobs import outbox
from engine.jobs.queue import fresh, huey

log = logging.getLogger("qihang.jobs")

#: Seconds between two looks at the clock at most, and between two looks at an empty queue.
TICK = 1.0
LOOK = 0.25
_RENEW = outbox.LEASE.total_seconds() / 3


class Ticking:
    """Work that becomes due by the clock: `fire` does some of it and says how much, `due` when the next is."""

    def __init__(self, fire: Callable[[], int], due: Callable[[], datetime | int | None]) -> None:
        self.fire = fire
        self.due = due


_ticking: list[Ticking] = []


def on_tick(fire: Callable[[], int], due: Callable[[], datetime | int | None]) -> None:
    """Registers what becomes due by itself: timers of cases. `due` may answer in microseconds since 1970."""
    _ticking.append(Ticking(fire, due))


class _Thread(Worker):
    """A thread that runs jobs; it wakes at once for what this process itself has put in."""

    def sleep(self) -> None:
        if fresh.wait(LOOK) and not self.stop_flag.is_set():
            fresh.clear()

    def loop(self, now: Any = None) -> None:
        super().loop(now)
        _mend()

    def shutdown(self) -> None:
        super().shutdown()
        _close()


class _Clock(BaseProcess):
    """In place of huey's scheduler: timers by `due_at`, outbox rows by `next_at`, leases."""

    process_name = "Clock"

    def __init__(self, huey: Any, stop_flag: Any, interval: float, periodic: bool) -> None:
        super().__init__(huey, stop_flag)
        self._renewed = time.monotonic()

    def loop(self, now: Any = None) -> None:
        pause = TICK
        try:
            worked = tick()
            if time.monotonic() - self._renewed > _RENEW:
                outbox.hold_leases()
                self._renewed = time.monotonic()
            pause = 0.0 if worked else until_due()
        except Exception:
            log.exception("the worker's clock failed; it goes on")
        _mend()
        self.stop_flag.wait(pause)

    def shutdown(self) -> None:
        _close()


class _Consumer(Consumer):
    worker_class = _Thread
    scheduler_class = _Clock

    def _set_signal_handlers(self) -> None:
        """Signals are the entry point's: it sets the event that `worker` waits for."""


def tick() -> int:
    """What the clock does once: fires what is due, hands due rows to the threads. How much there was."""
    return sum(each.fire() for each in _ticking) + outbox.poll()


def until_due() -> float:
    """Seconds until something is due, between 0.2 and TICK."""
    dues = [outbox.next_due(), *(each.due() for each in _ticking)]
    moments = [db.instant(due) if isinstance(due, int) else due for due in dues if due is not None]
    if not moments:
        return TICK
    return min(TICK, max(0.2, (min(moments) - clock.now()).total_seconds()))


def worker(stop: threading.Event, threads: int = 2) -> None:
    """Runs until `stop` is set, and a running job to its end if that takes less than a second."""
    consumer = _Consumer(
        huey, workers=threads, worker_type="thread", periodic=False, health_check_interval=5, backoff=1.0
    )
    consumer.start()
    try:
        checked = time.monotonic()
        while not stop.wait(0.2):
            if time.monotonic() - checked > 5:
                consumer.check_worker_health()
                checked = time.monotonic()
    finally:
        consumer.stop_flag.set()
        fresh.set()
        end = time.monotonic() + 0.8
        for thread in [consumer.scheduler, *(thread for _, thread in consumer.worker_threads)]:
            thread.join(max(0.0, end - time.monotonic()))
        fresh.clear()


def _mend() -> None:
    """Drops this thread's connection where it can no longer be used; the next query opens another."""
    if db.database.is_closed() or db.database.is_connection_usable():
        return
    try:
        db.database.close()
    except Exception:
        log.exception("a broken connection could not be closed")


def _close() -> None:
    if not db.database.is_closed():
        db.database.close()
