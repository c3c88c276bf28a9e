"""The command line: accounts, content, what it says and how it ends."""

from __future__ import annotations

import io
import re
import sys

import pytest

from admin import cli
from engine import catalog
from engine.models.people import Account, Membership
from tests import leave
from tests.builders import make_account, make_school
from tests.people import Person


def qihang(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(list(words))
    return ended.value.code if isinstance(ended.value.code, int) else 1


def typed(monkeypatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text + "\n"))


@pytest.fixture
def content(tmp_path):
    catalog.write_folder(tmp_path, leave.files())
    return tmp_path


def test_an_account_that_was_made_can_sign_in(web, sqlite, monkeypatch):
    school = make_school()
    typed(monkeypatch, "a password of four words")
    assert qihang("account", "create", "xin", "新老师", "--role", "学校", "--party", str(school.id)) == 0
    account = Account.get(Account.login == "xin")
    assert Person(web, account).sign_in("a password of four words").status_code == 302


@pytest.mark.parametrize(
    "words", [("--role", "无此角色"), ("--role", "学校"), ("--role", "学校", "--party", "999999")]
)
def test_an_account_without_a_seat_is_not_made(sqlite, monkeypatch, words):
    typed(monkeypatch, "a password of four words")
    assert qihang("account", "create", "xin", "新老师", *words) == 1
    assert not Account.select().where(Account.login == "xin").exists()
    assert not Membership.select().exists()


def test_a_new_password_ends_the_accounts_sessions(web, sqlite, monkeypatch):
    person = Person(web, make_account("学校")).enter()
    typed(monkeypatch, "another password")
    assert qihang("account", "password", person.account.login) == 0
    assert person.json("/messages/").status_code == 401
    assert person.sign_in("another password").status_code == 302


def test_content_that_holds_is_deployed_once(sqlite, content, capsys):
    assert qihang("deploy", str(content)) == 0
    assert "请假" in capsys.readouterr().out
    assert qihang("deploy", str(content)) == 0
    assert catalog.live(leave.PROCESS).version == 1


def test_content_that_does_not_hold_says_where_and_changes_nothing(sqlite, content, capsys):
    (content / "forms" / "leave" / "decision.form").unlink()
    for command in ("check", "deploy"):
        assert qihang(command, str(content)) == 1
        assert "leave_request.bpmn" in capsys.readouterr().out
    assert catalog.live_all() == []


def test_what_is_live_is_written_back_as_it_was(sqlite, content, tmp_path):
    leave.deploy()
    assert qihang("export", str(tmp_path / "out")) == 0
    assert catalog.read_folder(tmp_path / "out") == leave.files()


def test_a_wrong_setting_stops_the_start_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "eighty")
    assert qihang("web") == 1
    assert "PORT" in capsys.readouterr().err


@pytest.mark.parametrize(("address", "mark"), [("https://jobs.example.edu.cn", "ok "), ("", "!! ")])
def test_the_doctor_asks_for_the_address_that_papers_bear(sqlite, monkeypatch, capsys, address, mark):
    for name, value in {"DEMO": "0", "SECRET_KEY": "x" * 32, "DATA_KEYS": "1:" + "ab" * 32}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PUBLIC_URL", address)
    monkeypatch.setattr("reports.links._public_url", "")  # put back afterwards
    qihang("doctor")
    assert re.search(rf"^{mark}.*links:", capsys.readouterr().out, re.MULTILINE)


def test_migrating_a_database_of_today_does_nothing(sqlite, capsys):
    assert qihang("migrate") == 0
    assert "nothing to do" in capsys.readouterr().out
