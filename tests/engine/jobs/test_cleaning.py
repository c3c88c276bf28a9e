"""Finished rows of the outbox go after some days; what still keeps something from happening twice stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine import clock, jobs, secrets
from engine.models.workflow import Deployment, Outbox, ProcessDefinition, ProcessInstance


@pytest.fixture(autouse=True)
def noon(database: str) -> Iterator[None]:
    secrets.configure("1:" + "5c" * 32)
    with clock.frozen(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        yield


def case(state: str) -> ProcessInstance:
    deployment = Deployment.create(manifest={}, digest="")
    definition = ProcessDefinition.create(
        process_id=state, version=1, name="", deployment=deployment, path="", digest=""
    )
    return ProcessInstance.create(definition=definition, state=state)


def put(key: str, state: str = "done", job: str = "mail", instance: ProcessInstance | None = None) -> None:
    done_at = clock.now() if state == "done" and job != "delivered" else None
    Outbox.create(job=job, key=key, state=state, instance=instance, done_at=done_at)


def keys() -> list[str]:
    return [row.key for row in Outbox.select().order_by(Outbox.id)]


def clean(times: int = 1, batch: int = 200) -> None:
    cleaning = jobs.Cleaning(90, batch)
    for _ in range(times):
        assert cleaning.fire() == 0


def test_finished_rows_go_after_their_days_and_no_others() -> None:
    for state in ("done", "waiting", "failed"):
        put(f"old {state}", state)
    clock.move(timedelta(days=2))
    put("younger")
    clock.move(timedelta(days=88, seconds=1))
    clean()
    assert keys() == ["old waiting", "old failed", "younger"]


def test_a_row_that_waited_for_long_counts_from_when_it_was_done() -> None:
    put("waited", "waiting")
    clock.move(timedelta(days=100))
    Outbox.update(state="done", done_at=clock.now()).execute()
    clean()
    assert keys() == ["waited"]


def test_a_message_that_a_running_case_has_taken_cannot_come_again() -> None:
    put("running", job="delivered", instance=case("running"))
    put("completed", job="delivered", instance=case("completed"))
    clock.move(timedelta(days=365))
    clean()
    assert keys() == ["running"]


def test_it_goes_in_batches_and_past_what_has_to_stay() -> None:
    for number in range(7):
        put(f"k{number}", "failed" if number < 3 else "done")
    clock.move(timedelta(days=91))
    clean(times=1, batch=3)
    assert len(keys()) == 7
    clean(times=2, batch=3)
    assert keys() == ["k0", "k1", "k2", "k6"]
    clean(times=3, batch=3)
    assert keys() == ["k0", "k1", "k2"]
