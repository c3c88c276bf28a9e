"""Messages in the house: one's own, newest first, read by being opened."""

from __future__ import annotations

import re

import pytest

from engine.models.workflow import Notification
from tests.builders import make_account
from tests.people import Person, text_of


@pytest.fixture
def person(web, sqlite):
    return Person(web, make_account("学校")).enter()


def tell(person: Person, subject: str, **values: str) -> Notification:
    return Notification.create(account=person.account, subject=subject, body=f"{subject}的内容", **values)


def test_the_newest_stands_first(person):
    tell(person, "第一条")
    tell(person, "第二条")
    page = text_of(person.get("/messages/"))
    assert page.index("第二条") < page.index("第一条")


def test_a_message_is_read_by_being_opened(person):
    message = tell(person, "一条消息")
    person.get("/messages/")
    assert Notification.get_by_id(message.id).read_at is None
    assert "一条消息的内容" in text_of(person.get(f"/messages/{message.id}"))
    assert Notification.get_by_id(message.id).read_at is not None


def test_all_are_marked_as_read_at_once(person):
    for number in range(3):
        tell(person, f"消息{number}")
    person.post("/messages/read")
    assert not Notification.select().where(Notification.read_at.is_null()).exists()


def test_an_older_page_follows_by_key(person):
    for number in range(30):
        tell(person, f"消息第{number:02d}条")
    first = person.get("/messages/").text
    assert "消息第29条" in first
    assert "消息第00条" not in first
    (after,) = re.findall(r'href="([^"]*after=[^"]*)"', first)
    second = person.get(after).text
    assert "消息第00条" in second
    (before,) = re.findall(r'href="([^"]*before=[^"]*)"', second)
    assert text_of(person.get(before)) == text_of(person.get("/messages/"))


def test_who_reads_english_gets_the_english_text_where_there_is_one(person):
    both = tell(person, "中文标题", subject_en="An English subject", body_en="An English body")
    chinese = tell(person, "只有中文")
    person.client.set_cookie("lang", "en")
    assert "An English body" in person.get(f"/messages/{both.id}").text
    assert "只有中文的内容" in person.get(f"/messages/{chinese.id}").text


def test_a_colleagues_message_is_not_found(person, web):
    message = tell(Person(web, make_account("学校")), "别人的")
    assert person.get(f"/messages/{message.id}").status_code == 404
    assert "别人的" not in person.get("/messages/").text
    person.post("/messages/read")
    assert Notification.get_by_id(message.id).read_at is None
