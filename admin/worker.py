"""The worker: timers, mails, messages between cases, documents."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from engine import jobs, runtime
from engine.models.workflow import Outbox
from engine.settings import Settings
from reports import jobs as documents

log = logging.getLogger("qihang.worker")


def register_jobs() -> None:
    """What runs after the commit, and what becomes due by the clock."""
    jobs.register_mail()
    jobs.register("message", _deliver)
    documents.register_all()
    jobs.on_tick(runtime.fire_due, runtime.next_due)
    jobs.on_tick(_each_minute(runtime.release_claims), lambda: None)


def _each_minute(work: Callable[[], int]) -> Callable[[], int]:
    """What need not be looked for at every tick."""
    latest = -60.0

    def tick() -> int:
        nonlocal latest
        if time.monotonic() - latest < 60:
            return 0
        latest = time.monotonic()
        return work()

    return tick


def _deliver(payload: Mapping[str, Any], row: Outbox) -> None:
    """Hands a thrown message to the cases about its key, each in its own step, once."""
    runtime.deliver(payload["message"], payload["kind"], payload["id"], row.key)


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    register_jobs()
    jobs.on_tick(jobs.Cleaning(settings.outbox_days).fire, lambda: None)
    log.info("the worker runs with %s threads", settings.worker_threads)
    jobs.worker(stop, threads=settings.worker_threads)
