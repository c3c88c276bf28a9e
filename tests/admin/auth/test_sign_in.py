"""Signing in and out, and what keeps others out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from admin.app import create_app
from admin.auth import passwords
from engine import clock, settings
from engine.errors import SettingInvalid
from engine.models.people import Account, Membership
from tests.builders import PASSWORD, make_account, make_employer
from tests.people import Person, text_of

NEW = "new and better words"


@pytest.fixture
def person(web, sqlite):
    return Person(web, make_account("学校"))


def signed_in(person: Person) -> bool:
    return person.json("/messages/").status_code == 200


def test_the_right_password_opens_the_house(person):
    assert not signed_in(person)
    assert person.sign_in().status_code == 302
    assert signed_in(person)


def test_a_page_asked_for_before_is_where_the_sign_in_leads(person):
    asked = person.get("/messages/?before=7")
    assert asked.status_code == 302
    answer = person.post(asked.location, {"login": person.account.login, "password": PASSWORD})
    assert answer.location == "/messages/?before=7"


@pytest.mark.parametrize(
    "target", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"]
)
def test_the_sign_in_leads_nowhere_else(person, target):
    answer = person.client.post(
        "/sign-in",
        query_string={"next": target},
        data={"login": person.account.login, "password": PASSWORD},
        headers={"X-CSRFToken": person.token()},
    )
    assert answer.location == "/"


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(person):
    wrong = person.sign_in("wrong password")
    nobody = person.post("/sign-in", {"login": "nobody-here", "password": "wrong password"})
    assert wrong.status_code == nobody.status_code == 403
    assert str(passwords.WRONG) in wrong.text
    assert str(passwords.WRONG) in nobody.text


def test_five_failures_in_a_row_lock_for_a_quarter_of_an_hour(person):
    start = clock.now()
    with clock.frozen(start):
        for _ in range(passwords.FAILURES):
            person.sign_in("wrong password")
        assert str(passwords.LOCKED) in person.sign_in().text
        clock.move(timedelta(minutes=14, seconds=59))
        assert not signed_in(person)
        assert person.sign_in().status_code == 403
        clock.move(timedelta(seconds=2))
        assert person.sign_in().status_code == 302


def test_a_login_that_nobody_has_locks_alike(person):
    for _ in range(passwords.FAILURES):
        answer = person.post("/sign-in", {"login": "nobody-here", "password": "x"})
    assert str(passwords.LOCKED) in answer.text


def test_a_success_ends_the_row_of_failures(person):
    for _ in range(passwords.FAILURES - 1):
        person.sign_in("wrong password")
    person.sign_in()
    person.post("/sign-out")
    person.sign_in("wrong password")
    assert person.sign_in().status_code == 302


def test_many_failures_from_one_address_pause_the_address(person, monkeypatch):
    monkeypatch.setattr(passwords, "FAILURES_PER_ADDRESS", 3)
    for n in range(3):
        person.post("/sign-in", {"login": f"nobody{n}", "password": "x"})
    assert str(passwords.TOO_MANY) in person.sign_in().text


@pytest.mark.parametrize(("proxies", "told_apart"), [("127.0.0.1", True), ("10.0.0.0/8", False), ("", False)])
def test_behind_a_trusted_proxy_each_client_has_its_own_address(sqlite, monkeypatch, proxies, told_apart):
    monkeypatch.setattr(passwords, "FAILURES_PER_ADDRESS", 3)
    app = create_app(settings.load({"DEMO": "1", "TRUSTED_PROXIES": proxies}), testing=True)
    guesser, clerk = Person(app, make_account("学校")), Person(app, make_account("学校"))
    guesser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "192.0.2.7, 198.51.100.1"
    clerk.client.environ_base["HTTP_X_FORWARDED_FOR"] = "192.0.2.7, 198.51.100.2"  # the first one is made up
    for n in range(3):
        guesser.post("/sign-in", {"login": f"nobody{n}", "password": "x"})
    assert guesser.sign_in().status_code == 403
    assert (clerk.sign_in().status_code == 302) is told_apart


def test_a_proxy_that_is_no_address_stops_the_start():
    with pytest.raises(SettingInvalid, match="TRUSTED_PROXIES"):
        settings.load({"DEMO": "1", "TRUSTED_PROXIES": "127.0.0.1, *"})


def test_a_form_that_came_too_late_leads_back_to_its_page_with_a_word(person):
    answer = person.client.post("/messages/read", headers={"Referer": "http://localhost/account?x=1"})
    assert "没有提交" in text_of(person.get(answer.location))
    answer = person.post(answer.location, {"login": person.account.login, "password": PASSWORD})
    assert answer.location == "/account?x=1"


@pytest.mark.parametrize("page", ["http://elsewhere.example/account", "http://localhost/messages/read", ""])
def test_a_form_of_no_page_of_ours_leads_home(person, page):
    assert person.client.post("/messages/read", headers={"Referer": page}).location == "/sign-in"


def test_a_sign_in_without_a_password_says_so_above_the_form_too(person):
    answer = person.post("/sign-in", {"login": "x", "password": ""})
    assert (answer.status_code, "有 1 处要改" in text_of(answer).split("账号")[0]) == (422, True)


def test_nul_is_refused_wherever_it_stands(person):
    assert person.post("/sign-in", {"login": ["x", "\0"], "password": "x"}).status_code == 400


def test_signing_in_begins_a_session_of_its_own(person):
    with person.client.session_transaction() as session:
        session["planted"] = "by somebody before"
    token = person.token()
    person.sign_in()
    with person.client.session_transaction() as session:
        assert "planted" not in session
    assert person.client.post("/sign-out", headers={"X-CSRFToken": token}).status_code == 400


def test_a_post_without_the_token_changes_nothing(person):
    person.sign_in()
    assert person.client.post("/sign-out").status_code == 400
    assert signed_in(person)


def test_signing_out_ends_the_session(person):
    person.sign_in()
    person.post("/sign-out")
    assert not signed_in(person)


def test_signing_out_everywhere_ends_the_others_at_once(person, web):
    elsewhere = Person(web, person.account)
    person.sign_in()
    elsewhere.sign_in()
    person.post("/sign-out-everywhere")
    assert not signed_in(person)
    assert not signed_in(elsewhere)


def test_a_membership_that_ends_closes_the_house_at_once(person):
    person.sign_in()
    Membership.update(until=clock.now()).where(Membership.account == person.account.id).execute()
    assert not signed_in(person)


def test_a_closed_account_is_out_at_once(person):
    person.sign_in()
    Account.update(active=False).where(Account.id == person.account.id).execute()
    assert not signed_in(person)
    assert person.sign_in().status_code == 403


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("pending", passwords.WAITING), ("failed", passwords.REFUSED), ("disabled", passwords.REFUSED)],
)
def test_p01_rule_1_an_employer_not_passed_cannot_sign_in(web, sqlite, state, sentence):
    employer = Person(web, make_account("用人单位", make_employer(state=state)))
    answer = employer.sign_in()
    assert answer.status_code == 403
    assert str(sentence) in answer.text
    assert str(sentence) not in employer.sign_in("wrong password").text


def test_p01_rule_2_after_the_pass_the_same_password_signs_in(web, sqlite):
    company = make_employer(state="pending")
    employer = Person(web, make_account("用人单位", company))
    employer.sign_in()
    company.change_state("passed")
    assert employer.sign_in().status_code == 302


def test_an_employer_that_is_disabled_is_out_at_once(web, sqlite):
    company = make_employer()
    employer = Person(web, make_account("用人单位", company)).enter()
    assert signed_in(employer)
    company.change_state("disabled")
    assert not signed_in(employer)


def test_an_employer_may_sign_in_by_its_credit_code(web, sqlite):
    company = make_employer()
    employer = Person(web, make_account("用人单位", company))
    answer = employer.post("/sign-in", {"login": company.credit_code, "password": PASSWORD})
    assert answer.status_code == 302
    assert signed_in(employer)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(person, web):
    elsewhere = Person(web, person.account)
    person.sign_in()
    elsewhere.sign_in()
    answer = person.post("/account", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert signed_in(person)
    assert not signed_in(elsewhere)
    assert elsewhere.sign_in().status_code == 403
    assert elsewhere.sign_in(NEW).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("not the old one", NEW, NEW),
        (PASSWORD, NEW, "something else"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "aaaaaaaa", "aaaaaaaa"),
        (PASSWORD, PASSWORD, PASSWORD),
    ],
)
def test_a_password_that_does_not_hold_is_not_set(person, old, new, again):
    person.sign_in()
    assert person.post("/account", {"old": old, "new": new, "again": again}).status_code == 422
    assert person.sign_in().status_code == 302


def test_a_client_without_pages_signs_in_by_json(person):
    answer = person.json("/sign-in", {"login": person.account.login, "password": PASSWORD})
    assert answer.status_code == 200
    assert signed_in(person)
    assert person.json("/sign-in", {"login": "x", "password": "y"}).mimetype == "application/problem+json"
