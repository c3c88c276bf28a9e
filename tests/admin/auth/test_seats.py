"""One account with seats at two parties acts from the one it chose; the language goes with the account."""

from __future__ import annotations

from typing import Any

import pytest

from engine.models.people import Account, Membership, Queue
from tests.builders import make_school
from tests.people import Person, new_person, text_of, web

__all__ = ["new_person", "web"]


@pytest.fixture
def two_seats(new_person: Any) -> Any:
    """A school's clerk who is also an administrator."""
    clerk = new_person("学校", make_school())
    Membership.create(account=clerk.account, queue=Queue.of("系统管理员", "system", 0))
    return clerk


def test_whoever_has_one_seat_is_offered_none(new_person):
    assert "现在的身份" not in text_of(new_person("学校", make_school()).get("/tasks/"))


def test_the_chosen_seat_is_acted_from(two_seats):
    clerks = two_seats.get("/account")
    assert "现在：学校" in text_of(clerks)
    assert "/admin/outbox/" not in clerks.text
    assert two_seats.get("/admin/outbox/").status_code == 403
    two_seats.post("/seat", {"seat": Queue.of("系统管理员", "system", 0)})
    administrators = two_seats.get("/account")
    assert "现在：系统管理员" in text_of(administrators)
    assert "/admin/outbox/" in administrators.text
    assert two_seats.get("/admin/outbox/").status_code == 200


def test_nobody_takes_a_seat_that_is_not_his(two_seats, new_person):
    stranger = new_person("学校", make_school())
    assert stranger.post("/seat", {"seat": two_seats.actor.queue_ids[0]}).status_code == 404
    assert stranger.post("/seat", {"seat": "x"}).status_code == 404


def test_a_seat_that_has_ended_is_left(two_seats):
    queue = Queue.of("系统管理员", "system", 0)
    two_seats.post("/seat", {"seat": queue})
    Membership.delete().where(Membership.queue == queue).execute()
    assert "学校" in text_of(two_seats.get("/account"))


def test_the_language_is_kept_with_the_account(two_seats):
    two_seats.post("/preferences", {"lang": "en", "next": "/account"})
    assert Account.get_by_id(two_seats.account.id).locale == "en"
    other_browser = Person(two_seats.app, two_seats.account).enter()
    assert "Change password" in text_of(other_browser.get("/account"))
