"""The workload "request" over HTTP, as bench/workload.md lays it down.

    python -m tests.bench.workload [--seconds 15] [--only sqlite|postgres]

Prints figure and target side by side. Everything is on: sign-in, permissions, CSRF, form validation, durable
commits.
"""

from __future__ import annotations

import argparse
import random
import string
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from admin.hashing import hashed
from engine import catalog, db, migrations, models, secrets, settings
from engine.models.organisations import School
from engine.models.people import Account, Membership, Queue, Role
from engine.models.seed import ensure_roles
from tests.bench.client import Person, percentile
from tests.bench.machine import machine
from tests.fixtures.postgres_server import Server, binaries
from tests.fixtures.server import LiveServer, _environment, free_port

CONTENT = Path(__file__).parent / "content"
PASSWORD = "bench-password-1"
STUDENTS = 4
#: What others reach on this workload on two cores (instances per second with 1 and 4 clients).
SPIFF_ARENA = {"sqlite": (5.3, 6.6, 184.0), "postgres": (3.6, 5.7, 268.0)}


def payload() -> dict[str, Any]:
    """Random answers, as some products store equal ones once."""
    digits = "".join(random.choices(string.digits, k=7))
    reason = "".join(random.choices(string.ascii_lowercase + " ", k=198))
    return {
        "student_name": f"Student {digits}",
        "student_id": f"S{digits}",
        "gpa": 3.6,
        "days": 5,
        "start_date": "2026-09-01",
        "reason": f"a{reason}z",
    }


def review() -> dict[str, Any]:
    comment = "".join(random.choices(string.ascii_lowercase + " ", k=98))
    return {"decision": "approved", "credits": 12, "comment": f"a{comment}z"}


def prepare(env: dict[str, str]) -> None:
    """An empty database with the process, two roles, five accounts."""
    made = settings.load(env)
    secrets.configure(made.data_keys)
    db.connect(made.database_url)
    with db.connection():
        migrations.upgrade()
        ensure_roles()
        with db.step():
            school = School.create(name="松岚理工大学", code="14002")
            for role in ("申请人", "审批人"):
                Role.create(name=role, name_en=role, party_kind="school")
            for number in range(STUDENTS):
                _account(f"student{number}", "申请人", school.id)
            _account("school", "审批人", school.id)
        catalog.deploy(catalog.read_folder(CONTENT), author=None, note="bench", source="shipped")
    db.database.obj.close()


def _account(login: str, role: str, school_id: int) -> None:
    account = Account.create(login=login, name=login, password_hash=hashed(PASSWORD))
    Membership.create(account=account, queue=Queue.of(role, "school", school_id))


@contextmanager
def server(kind: str, worker: bool = True) -> Iterator[LiveServer]:
    """The program in processes of its own on a fresh database."""
    folder = Path(tempfile.mkdtemp(prefix="qihang-bench-"))
    postgres = None
    url = f"sqlite:///{folder / 'qihang.db'}"
    if kind == "postgres":
        bin_dir = binaries()
        if bin_dir is None:
            raise SystemExit("no PostgreSQL server here")
        postgres = Server(bin_dir, durable=True)
        url = postgres.url(postgres.create())
    env = _environment(folder, url, CONTENT_DIR=str(CONTENT))
    prepare(env)
    live = LiveServer(folder, env, free_port())
    try:
        live.start("web")
        if worker:
            live.start("worker")
        yield live
    finally:
        live.stop_all()
        if postgres is not None:
            postgres.stop()


def instance(student: Person, school: Person) -> bool:
    """One whole instance: start, find, submit, find, submit."""
    began = time.perf_counter()
    started = student.call("POST", "/start/request", {}, "START")
    if started is None:
        return False
    case = started["instance"]
    found = student.call("GET", f"/tasks?instance={case}", label="find1")
    student.call("POST", f"/tasks/{found['tasks'][0]['id']}", payload(), "SUBMIT1")
    found = school.call("GET", f"/tasks?instance={case}", label="find2")
    done = school.call("POST", f"/tasks/{found['tasks'][0]['id']}", review(), "SUBMIT2")
    student.times.setdefault("whole", []).append((time.perf_counter() - began) * 1000)
    return done is not None


def loop(live: LiveServer, clients: int, seconds: float) -> dict[str, Any]:
    """`clients` closed loops without think time; throughput and times."""
    pairs = [
        (Person(live.port, f"student{n % STUDENTS}", PASSWORD), Person(live.port, "school", PASSWORD))
        for n in range(clients)
    ]
    for pair in pairs:
        for _ in range(3):
            instance(*pair)
        for person in pair:
            person.times.clear()
    counts = [0] * clients
    end = time.perf_counter() + seconds

    def run(number: int) -> None:
        while time.perf_counter() < end:
            counts[number] += instance(*pairs[number])

    began = time.perf_counter()
    threads = [threading.Thread(target=run, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    times: dict[str, list[float]] = {}
    for pair in pairs:
        for person in pair:
            for label, values in person.times.items():
                times.setdefault(label, []).extend(values)
    errors = sum(person.errors for pair in pairs for person in pair)
    return {"rate": sum(counts) / wall, "count": sum(counts), "times": times, "errors": errors}


def size(live: LiveServer) -> int:
    """Bytes of the database, without its log."""
    if live.database_url.startswith("sqlite"):
        db.connect(live.database_url)
        with db.connection():
            db.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return (live.folder / "qihang.db").stat().st_size
    db.connect(live.database_url)
    with db.connection():
        return int(db.run_sql("SELECT pg_database_size(current_database())").fetchone()[0])


def levels(live: LiveServer) -> int:
    """How many instances of the run did not end at `done` with level gold."""
    db.connect(live.database_url)
    with db.connection():
        rows = db.run_sql("SELECT state, end_node, variables FROM process_instance").fetchall()
    return sum(not (row[0] == "completed" and row[1] == "done" and "gold" in row[2]) for row in rows)


def report(kind: str, seconds: float) -> None:
    base_one, base_four, base_p50 = SPIFF_ARENA[kind]
    with server(kind) as live:
        before, runs = size(live), {}
        for clients in (1, 4):
            runs[clients] = loop(live, clients, seconds)
        time.sleep(1)
        count = sum(run["count"] for run in runs.values()) + 3 * 5
        per_instance = (size(live) - before) / count
        wrong = levels(live)
    print(f"\n{kind}: instances/s over HTTP")
    for clients, base in ((1, base_one), (4, base_four)):
        run = runs[clients]
        whole = run["times"]["whole"]
        print(
            f"  {clients} client{'s' if clients > 1 else ' '}  {run['rate']:7.1f}/s  target {20 * base:6.1f}"
            f"  ({run['rate'] / base:5.1f} x spiff-arena)  whole p50 {percentile(whole, 0.5):6.2f} ms"
            f" p95 {percentile(whole, 0.95):6.2f} ms  errors {run['errors']}"
        )
        for label in ("START", "find1", "SUBMIT1", "find2", "SUBMIT2"):
            values = run["times"][label]
            print(
                f"    {label:8} p50 {percentile(values, 0.5):6.2f}  p95 {percentile(values, 0.95):6.2f}"
                f"  max {max(values):7.2f} ms"
            )
    p50 = percentile(runs[1]["times"]["whole"], 0.5)
    print(f"  whole instance p50 {p50:.2f} ms, target {base_p50 / 15:.2f} ms")
    print(f"  bytes per instance {per_instance:,.0f}, target 2,000; not ended right: {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    words = parser.parse_args()
    machine()
    models.all_models()
    for kind in (words.only,) if words.only else ("sqlite", "postgres"):
        report(kind, words.seconds)


if __name__ == "__main__":
    main()
