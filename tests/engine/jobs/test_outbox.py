"""Rows of the outbox: there with the step, run at least once, tried again, at last an incident."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import clock, db, jobs
from engine.errors import QihangError, Sentence
from engine.jobs import outbox
from engine.jobs.queue import HueyTask, huey
from engine.models.workflow import Incident, Outbox

Register = Callable[..., None]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        yield


def add(job: str = "print", key: str = "k", delay: timedelta | None = None) -> int | None:
    with db.step():
        return Outbox.post(job, key, {"copies": 2}, at=clock.now() + delay if delay else None)


def row() -> Outbox:
    found: Outbox = Outbox.get()
    return found


def work() -> int:
    """What a worker's threads do with what huey carries. Returns how many ids there were."""
    count = 0
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
        count += 1
    return count


def test_a_job_gets_its_payload_and_its_row_is_marked_done(job: Register) -> None:
    seen: list[Any] = []
    job("print", lambda payload, row: seen.append((payload, row.key)))
    add()
    assert work() == 1
    assert seen == [({"copies": 2}, "k")]
    assert (row().state, row().done_at) == ("done", clock.now())


def test_a_step_that_is_rolled_back_leaves_neither_row_nor_id(job: Register) -> None:
    job("print", lambda payload, row: None)
    try:
        with db.step():
            Outbox.post("print", "k", {})
            raise LookupError("the step failed later")
    except LookupError:
        pass
    assert Outbox.select().count() == 0
    assert HueyTask.select().count() == 0


def test_a_key_stands_once(job: Register) -> None:
    job("print", lambda payload, row: None)
    assert add() is not None
    assert add() is None
    assert Outbox.select().count() == 1
    assert work() == 1


def test_an_id_carried_twice_runs_once(job: Register) -> None:
    seen: list[str] = []
    job("print", lambda payload, row: seen.append(row.key))
    row_id = add()
    assert row_id is not None
    with db.step():
        jobs.nudge([row_id, row_id])
    work()
    assert seen == ["k"]


def test_a_row_waits_for_its_delay(job: Register) -> None:
    seen: list[str] = []
    job("print", lambda payload, row: seen.append(row.key))
    add(delay=timedelta(minutes=5))
    clock.move(timedelta(minutes=4))
    assert jobs.poll() == 0
    assert work() == 0
    clock.move(timedelta(minutes=1, seconds=1))
    assert jobs.poll() == 1
    work()
    assert seen == ["k"]


def test_a_row_whose_job_nobody_knows_waits_without_a_try(job: Register) -> None:
    add("unheard_of")
    work()
    clock.move(timedelta(hours=1))
    assert jobs.poll() == 0
    assert (row().state, row().tries) == ("waiting", 0)
    job("unheard_of", lambda payload, row: None)
    assert jobs.poll() == 1
    work()
    assert row().state == "done"


def test_a_failed_job_is_tried_again_with_growing_pauses_and_ends_as_an_incident(job: Register) -> None:
    moments: list[datetime] = []

    def fail(payload: Any, row: Outbox) -> None:
        moments.append(clock.now())
        raise RuntimeError("no paper")

    job("print", fail)
    add()
    for _ in range(1200):
        work()
        jobs.poll()
        clock.move(timedelta(seconds=1))
    pauses = [(after - before).total_seconds() for before, after in itertools.pairwise(moments)]
    assert [round(pause, -1) for pause in pauses] == [10, 40, 160, 640]
    assert (row().state, row().tries, row().error) == ("failed", 5, "RuntimeError: no paper")
    incident = Incident.get()
    assert (incident.kind, incident.state, incident.tries) == ("job", "open", 5)
    assert incident.problem == "print: RuntimeError: no paper"
    assert "raise RuntimeError" in incident.detail


def test_a_sentence_for_people_is_what_the_row_says(job: Register) -> None:
    def fail(payload: Any, row: Outbox) -> None:
        raise QihangError(Sentence("打印机没有纸。", "The printer is out of paper."))

    job("print", fail)
    add()
    work()
    assert row().error == "打印机没有纸。"


def test_a_failed_job_can_be_retried_from_its_incident(job: Register) -> None:
    broken = [True]

    def run(payload: Any, row: Outbox) -> None:
        if broken[0]:
            raise RuntimeError

    job("print", run)
    add()
    for _ in range(outbox.MAX_TRIES):
        jobs.run_due()
        clock.move(timedelta(hours=1))
    assert row().state == "failed"
    broken[0] = False
    jobs.retry(Incident.get())
    work()
    assert row().state == "done"
    assert Incident.get().state == "closed"


def test_the_row_of_a_dead_worker_is_run_again_when_its_lease_is_over(job: Register) -> None:
    seen: list[str] = []
    job("print", lambda payload, row: seen.append(row.key))
    row_id = add()
    assert row_id is not None
    huey.dequeue()  # what the dead worker had taken from huey is gone with it
    assert outbox._claim(row_id, None) is not None
    clock.move(outbox.LEASE - timedelta(seconds=1))
    assert jobs.poll() == 0
    clock.move(timedelta(seconds=3))
    assert jobs.poll() == 1
    assert jobs.poll() == 0, "a row that one poll has claimed is not handed out again"
    work()
    assert seen == ["k"]
    assert row().tries == 2


def test_a_job_that_kills_its_worker_each_time_is_given_up(job: Register) -> None:
    job("print", lambda payload, row: None)
    row_id = add()
    assert row_id is not None
    for _ in range(outbox.MAX_TRIES):
        assert outbox._claim(row_id, None) is not None
        clock.move(outbox.LEASE)
    jobs.run_due()
    assert row().state == "failed"
    assert Incident.select().count() == 1


def test_the_leases_of_running_rows_are_held(job: Register) -> None:
    def slow(payload: Any, row: Outbox) -> None:
        clock.move(outbox.LEASE - timedelta(seconds=1))
        outbox.hold_leases()
        clock.move(outbox.LEASE - timedelta(seconds=1))
        assert jobs.poll() == 0

    job("print", slow)
    add()
    work()
    assert row().state == "done"


def test_two_jobs_of_one_name_are_refused(job: Register) -> None:
    job("print", lambda payload, row: None)
    with pytest.raises(RuntimeError):
        jobs.register("print", lambda payload, row: None)


def test_a_poll_claims_in_batches_in_the_order_of_their_moments(job: Register) -> None:
    seen: list[str] = []
    job("print", lambda payload, row: seen.append(row.key))
    for number in range(5):
        add(key=f"k{number}", delay=timedelta(seconds=10 - number))
    clock.move(timedelta(minutes=1))
    assert jobs.poll(limit=3) == 3
    work()
    assert seen == ["k4", "k3", "k2"]


def test_a_crowd_that_becomes_due_at_once_does_not_pile_up_before_the_workers(job: Register) -> None:
    seen: list[str] = []
    job("print", lambda payload, row: seen.append(row.key))
    for number in range(120):
        add(key=f"k{number}", delay=timedelta(minutes=1))
    clock.move(timedelta(minutes=2))
    for _ in range(10):
        jobs.poll()
        clock.move(outbox.LEASE + outbox.GRACE)
    assert HueyTask.select().count() == 50
    while jobs.poll() or work():
        clock.move(outbox.LEASE + outbox.GRACE)
    assert sorted(seen) == sorted(f"k{number}" for number in range(120))


def test_nothing_leaves_a_scratch_database() -> None:
    from engine import models

    with db.scratch(models.all_models()), db.step():
        assert Outbox.post("print", "k", {}) is not None
