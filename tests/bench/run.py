"""`make bench`: every bench, one after another, each in a process of its own; figures beside their targets."""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    ("tests.bench.step", "A stored step beside SpiffWorkflow in memory"),
    ("tests.bench.looped", "An old case beside a new one"),
    ("tests.bench.feel", "FEEL and decision tables"),
    ("tests.bench.workload", "Whole instances over HTTP"),
    ("tests.bench.inbox", "The inbox at a million open tasks"),
)


def main() -> None:
    failed = []
    for module, title in BENCHES:
        print(f"\n== {title} ({module})", flush=True)
        if subprocess.run([sys.executable, "-m", module]).returncode:
            failed.append(module)
    if failed:
        raise SystemExit(f"did not run: {', '.join(failed)}")


if __name__ == "__main__":
    main()
