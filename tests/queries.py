"""Counting what a page asks of the database."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def counted() -> Iterator[list[str]]:
    """`with counted() as queries:` collects the SELECTs that peewee runs inside."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            text = str(record.msg[0] if isinstance(record.msg, tuple) else record.msg)
            if text.lstrip().upper().startswith("SELECT"):
                found.append(text)

    logger, handler, level = logging.getLogger("peewee"), Collector(), logging.getLogger("peewee").level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
