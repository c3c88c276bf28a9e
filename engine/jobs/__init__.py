"""What happens after the commit: the outbox's jobs, and what becomes due by the clock.

jobs.register("mail", mail.deliver)           at the start: which function runs rows of a name
Outbox.post("report", key, {...})             inside a step: the row and its id in huey, or neither
jobs.worker(stop, threads=2)                  the loop of the worker process
"""

from engine.jobs.cleaning import Cleaning
from engine.jobs.loop import on_tick, worker
from engine.jobs.outbox import (
    forget,
    nudge,
    poll,
    register,
    registered,
    retry,
    run_due,
    run_one,
)
from engine.notify import mail

__all__ = [
    "Cleaning",
    "forget",
    "nudge",
    "on_tick",
    "poll",
    "register",
    "register_mail",
    "registered",
    "retry",
    "run_due",
    "run_one",
    "worker",
]


def register_mail() -> None:
    """The job that sends mails, where a mail server is set; else its rows wait."""
    if mail.configured():
        register("mail", mail.deliver)
