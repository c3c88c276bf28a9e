"""Cookies and tokens that were checked before are checked again in what can change."""

from __future__ import annotations

import time

import pytest

from tests.people import NewPerson

JSON = {"Accept": "application/json"}


def _as(person, cookie: str):  # type: ignore[no-untyped-def]
    """A browser that sends just this cookie."""
    client = person.app.test_client(use_cookies=False)
    return client.get("/tasks/", headers={**JSON, "Cookie": f"qihang={cookie}"})


def _cookie(person) -> str:  # type: ignore[no-untyped-def]
    return str(person.client.get_cookie("qihang").value)


def test_a_cookie_seen_before_still_lets_in(new_person: NewPerson) -> None:
    person = new_person("学校")
    cookie = _cookie(person)
    assert [_as(person, cookie).status_code for _ in range(3)] == [200, 200, 200]


def test_a_cookie_seen_before_ends_with_its_age(
    new_person: NewPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = new_person("学校")
    cookie = _cookie(person)
    assert _as(person, cookie).status_code == 200
    later = time.time() + person.app.permanent_session_lifetime.total_seconds() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert _as(person, cookie).status_code == 401


def test_a_cookie_altered_by_a_letter_is_nobodys(new_person: NewPerson) -> None:
    person = new_person("学校")
    cookie = _cookie(person)
    assert _as(person, cookie).status_code == 200
    middle = len(cookie) // 2
    other = "A" if cookie[middle] != "A" else "B"
    assert _as(person, cookie[:middle] + other + cookie[middle + 1 :]).status_code == 401


def test_a_token_that_passed_for_one_session_does_not_pass_for_another(new_person: NewPerson) -> None:
    one, two = new_person("学校"), new_person("学校")
    token = one.token()
    two.token()  # its session has a secret of its own
    for _ in range(2):
        mine = one.client.post("/tasks/1", json={}, headers={**JSON, "X-CSRFToken": token})
        theirs = two.client.post("/tasks/1", json={}, headers={**JSON, "X-CSRFToken": token})
        assert mine.status_code == 404
        assert (theirs.status_code, theirs.get_json().get("code")) == (400, "csrf")


def test_without_a_token_nothing_passes_however_often_one_passed(new_person: NewPerson) -> None:
    person = new_person("学校")
    assert person.json("/tasks/1", {}).status_code == 404
    answer = person.client.post("/tasks/1", json={}, headers=JSON)
    assert (answer.status_code, answer.get_json().get("code")) == (400, "csrf")
