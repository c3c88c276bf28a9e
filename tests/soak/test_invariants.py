"""The check after the kills is worth something only where it sees what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine import db, runtime
from engine.models.workflow import HistoryEvent, Outbox, ProcessInstance, UserTask
from tests.bench.place import actor, place
from tests.bench.workload import payload
from tests.soak.clients import Kept
from tests.soak.invariants import check

Tamper = Callable[[int], object]


@pytest.fixture(scope="module")
def case() -> Iterator[tuple[int, Kept]]:
    """A case at its second task, and what its clients were told."""
    before = db.database.obj
    kept, sent = Kept(), payload()
    with place():
        student = actor("student0")
        row = runtime.start(student, "request", json={}, start_key="1:k")
        task = UserTask.get(UserTask.instance == row.id)
        runtime.complete(task, student, json=sent)
        kept.started["k"], kept.done[task.id] = row.id, sent
        yield row.id, kept
    db.database.initialize(before)


def test_it_is_silent_where_nothing_is_wrong(case: tuple[int, Kept]) -> None:
    assert check(case[1], [], 0) == []


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (lambda _case: HistoryEvent.delete().where(HistoryEvent.kind == "task").execute(), "0 lines of history"),
        (
            lambda case: HistoryEvent.create(instance=case, kind="start", way="begin"),
            "3 steps in its history",
        ),
        (lambda _case: UserTask.update(state="done").execute(), "the inbox has []"),
        (lambda case: ProcessInstance.update(state="completed").execute(), "is open in a case that has ended"),
        (lambda case: ProcessInstance.update(start_key="1:other").execute(), "told"),
        (lambda _case: Outbox.post("message", "k", {}), "is waiting"),
        (lambda _case: Outbox.insert(job="mail", key="m", payload=_MAIL, state="done").execute(), "1 mails missing"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong(case: tuple[int, Kept], tamper: Tamper, sentence: str) -> None:
    with db.database.atomic() as undone:
        tamper(case[0])
        found = check(case[1], [], 0)
        undone.rollback()
    assert any(sentence in said for said in found), found


_MAIL = '{"to": "a@town.example", "subject": "s", "text": "t", "locale": "zh"}'
