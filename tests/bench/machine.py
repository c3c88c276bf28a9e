"""Times, and figures beside their targets; how fast and how busy the machine is."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any


def timed(call: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each call."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return found


def share(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def told(what: str, figure: float, target: float, unit: str = "ms") -> None:
    """A figure and what it may be at most, side by side."""
    word = "" if figure <= target else "   FALLS SHORT"
    print(f"  {what:<62} {figure:9.2f} {unit:<3} target {target:7.2f}{word}")


def machine() -> None:
    """How fast and how busy the machine is: figures mean nothing without."""
    with tempfile.NamedTemporaryFile() as file:
        syncs = []
        for number in range(100):
            os.pwrite(file.fileno(), b"x" * 4096, number * 4096)
            syncs += timed(lambda: os.fdatasync(file.fileno()), 1)
    loop = timed(lambda: sum(i * i % 7 for i in range(100_000)), 9)
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; fdatasync p50 {statistics.median(syncs):.2f} ms"
        f" p95 {share(syncs, 0.95):.2f} ms; a loop of 100,000 rounds {min(loop):.1f}-{max(loop):.1f} ms"
    )
