"""`python -m tests.bench.inbox [--most 1000000]`: the inbox's first page of 25 as the open tasks grow.

A clerk with one large queue, a counsellor with 61 queues, an idle student; the query alone, the answer for a
program, and the whole page with its navigation, through the Flask test client in this process.
"""

from __future__ import annotations

import argparse
from typing import Any

from flask.testing import FlaskClient

from admin.door import App
from admin.hashing import hashed
from engine import catalog, clock, db, runtime
from engine.db import InstantField
from engine.models.people import Account, Membership, Queue
from engine.models.workflow import NEVER
from tests import builders
from tests.bench.machine import machine, share, timed, told
from tests.bench.place import actor, place
from tests.bench.workload import PASSWORD

QUEUES = 61
STUDENTS = 2_000
SIZES = {10_000: 10.0, 1_000_000: 15.0}
#: Of a hundred tasks so many wait in the clerk's one queue; the rest is spread over the counsellor's.
CLERKS = 60

_stamp = InstantField().db_value


def settle() -> tuple[int, list[int]]:
    """A clerk, a counsellor of 61 classes, an idle student, and students for the cases to be about."""
    secret = hashed(PASSWORD)
    with db.step():
        school = builders.make_school()
        college = builders.make_college(school)
        classes = [builders.make_class(college) for _ in range(QUEUES)]
        first = builders.make_student(classes[0])
        for _ in range(STUDENTS - 1):
            builders.make_student(classes[0])
        clerk = Queue.of("学校", "school", school.id)
        counsellors = [Queue.of("辅导员", "school_class", one.id) for one in classes]
        idle = Queue.of("毕业生", "student", first.id)
        for login, queues in (("clerk", [clerk]), ("counsellor", counsellors), ("idle", [idle])):
            account = Account.create(login=login, name=login, password_hash=secret)
            for queue in queues:
                Membership.create(account=account, queue=queue)
    return clerk, counsellors


def fill(have: int, want: int, clerk: int, counsellors: list[int]) -> None:
    """Adds cases until `want` wait, each with one open task; a third has a due date."""
    definition = catalog.live("request")
    now = _stamp(clock.now())
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
        if not db.is_postgres()
        else "WITH n(i) AS (SELECT * FROM generate_series(?, ? - 1))"
    )
    queues = ", ".join(map(str, counsellors))
    with db.step():
        base = int(db.run_sql("SELECT COALESCE(max(id), 0) FROM process_instance").fetchone()[0]) + 1 - have
        db.run_sql(
            f"{numbers} INSERT INTO process_instance (id, definition_id, caption, state, revision, started_at)"
            f" SELECT i + {base}, {definition.id}, '申请', 'running', 1, {now} FROM n",
            (have, want),
        )
        db.run_sql(
            f"{numbers} INSERT INTO case_party (party_kind, party_id, instance_id)"
            f" SELECT 'student', (SELECT min(id) FROM student) + i % {STUDENTS}, i + {base} FROM n",
            (have, want),
        )
        places = " ".join(f"WHEN {n} THEN {queue}" for n, queue in enumerate(counsellors))
        assert queues
        db.run_sql(
            f"{numbers} INSERT INTO user_task"
            " (instance_id, kind, ref, node_id, queue_id, state, due_at, opened_at)"
            f" SELECT i + {base}, 'task', '3', 'review',"
            f" CASE WHEN i % 100 < {CLERKS} THEN {clerk} ELSE CASE i % {QUEUES} {places} END END,"
            f" 'open', CASE WHEN i % 3 = 0 THEN {now} + i * 1000000 ELSE {_stamp(NEVER)} END, {now} FROM n",
            (have, want),
        )
    db.run_sql("ANALYZE")


def signed_in(app: App, login: str) -> FlaskClient:
    client = app.test_client()
    accept = {"Accept": "application/json"}
    token = client.get("/sign-in", headers=accept).json["csrf_token"]  # type: ignore[index]
    body = {"login": login, "password": PASSWORD}
    answer = client.post("/sign-in", json=body, headers={**accept, "X-CSRFToken": token})
    assert answer.status_code == 200, answer.text
    return client


def measure(app: App, size: int, target: float, times: int) -> None:
    print(f"{size:,} open tasks, first page of 25 ({times} requests each)")
    for login in ("clerk", "counsellor", "idle"):
        who, client = actor(login), signed_in(app, login)
        query = timed(lambda who=who: runtime.inbox.page(who), times)  # type: ignore[misc]
        program: list[float] = timed(lambda c=client: _get(c, "application/json"), times)  # type: ignore[misc]
        page = timed(lambda c=client: _get(c, "text/html"), times)  # type: ignore[misc]
        for what, found in (("query", query), ("JSON", program), ("page", page)):
            told(f"{login}: {what} p50 {share(found, 0.5):.2f} ms, p95", share(found, 0.95), target)


def _get(client: FlaskClient, accept: str) -> Any:
    answer = client.get("/tasks/", headers={"Accept": accept})
    assert answer.status_code == 200
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=100)
    words = parser.parse_args()
    machine()
    with place() as app:
        clerk, counsellors = settle()
        have = 0
        for size, target in SIZES.items():
            if size <= words.most:
                fill(have, size, clerk, counsellors)
                have = size
                measure(app, size, target, words.times)


if __name__ == "__main__":
    main()
