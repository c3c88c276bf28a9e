"""An administrator opens accounts and resets passwords; a one-time password opens nothing but its own end."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.models.people import Account, AuditEntry, Membership, Queue, Role
from tests.people import Person, text_of


@pytest.fixture
def opened(school: Any) -> tuple[str, str]:
    """A clerk's account made by the administrator: login, one-time password."""
    answer = open_account(school, "qiao", "学校", str(school.school))
    assert answer.status_code == 200, text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    return "qiao", password_in(answer)


def open_account(school: Any, login: str, role: str, party: str) -> Any:
    number = Role.get(Role.name == role).id
    form = {"login": login, "name": "乔老师", "email": "", "party": "", "party__text": party}
    return school.system.post(f"/admin/account/new/?role={number}", form)


def password_in(answer: Any) -> str:
    found = re.search(r"\b(?:[a-z2-9]{4}-){2}[a-z2-9]{4}\b", text_of(answer))
    assert found is not None
    return found[0]


def browser(web: Any, login: str) -> Any:
    return Person(web, Account.get(Account.login == login))


def test_the_account_sits_at_the_party_that_was_named(school, opened):
    queue = Queue.select().join(Membership).join(Account).where(Account.login == opened[0]).get()
    assert (queue.role.name, queue.party_kind, queue.party_id) == ("学校", "school", school.school.id)
    entry = AuditEntry.select().where(AuditEntry.action == "create", AuditEntry.model == "account").get()
    assert opened[1] not in str(entry.detail)


def test_a_role_without_a_party_needs_none(school):
    assert open_account(school, "root2", "系统管理员", "").status_code == 200


def test_a_party_that_is_not_found_is_refused(school):
    answer = open_account(school, "qiao", "学校", "没有这所学校")
    assert answer.status_code == 422
    assert Account.get_or_none(Account.login == "qiao") is None


def test_a_login_is_given_once(school, opened):
    answer = open_account(school, "qiao", "学校", str(school.school))
    assert answer.status_code == 422
    assert "已有这个账号" in text_of(answer)


def test_the_one_time_password_opens_only_the_page_that_replaces_it(web, opened):
    login, password = opened
    clerk = browser(web, login)
    clerk.sign_in(password)
    assert clerk.get("/tasks/").location == "/account"
    assert "一次性密码" in text_of(clerk.get("/account"))
    own = "四条腿的板凳"
    clerk.post("/account", {"old": password, "new": own, "again": own})
    assert clerk.get("/tasks/").status_code == 200
    again = browser(web, login)
    assert again.sign_in(password).status_code == 403
    again.sign_in(own)
    assert again.get("/tasks/").status_code == 200


def test_a_reset_ends_every_session_and_the_lock(web, school, opened):
    account = Account.get(Account.login == opened[0])
    clerk = browser(web, opened[0]).enter()
    assert clerk.get("/tasks/").status_code == 200
    answer = school.system.post(f"/admin/account/reset/?id={account.id}")
    assert clerk.get("/tasks/").location.startswith("/sign-in")
    assert browser(web, opened[0]).sign_in(password_in(answer)).status_code == 302


def test_a_clerk_opens_no_account_and_resets_none(school, opened):
    for act in ("new", "reset"):
        assert school.clerk.get(f"/admin/account/{act}/?id={school.clerk.account.id}").status_code == 403
        assert school.clerk.post(f"/admin/account/{act}/?id={school.clerk.account.id}").status_code == 403
