"""PUB-11: anybody checks a certificate; a wrong code and an unknown number answer alike; tries are limited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.termination.verify import TRIES
from engine import clock, db
from engine.models.papers import IssuedPaper
from tests.builders_termination import AGREE, EndingOffice
from tests.people import text_of


@pytest.fixture
def paper(office: EndingOffice) -> IssuedPaper:
    office.ended()
    return IssuedPaper.get()


@pytest.fixture
def anybody(office: EndingOffice) -> FlaskClient:
    """Nobody is signed in."""
    return office.web.test_client()


def check(client: FlaskClient, number: str, code: str, address: str = "203.0.113.9") -> TestResponse:
    token = client.get("/sign-in", headers={"Accept": "application/json"}).get_json()["csrf_token"]
    return client.post(
        "/verify",
        data={"number": number, "code": code},
        headers={"X-CSRFToken": token},
        environ_base={"REMOTE_ADDR": address},
    )


def test_number_and_code_tell_the_paper_and_no_more_of_the_graduate_than_the_family_name(
    paper: IssuedPaper, anybody: FlaskClient
) -> None:
    answer = check(anybody, paper.number.lower(), paper.spaced_code.lower().replace(" ", "-"))
    assert answer.status_code == 200
    said = text_of(answer)
    for words in ("解约证明", paper.number, "有效", "松岚理工大学", "晴川软件有限公司", "林", "2026-11-16"):
        assert words in said, words
    for personal in ("林一诺", "家里有变故", "13800000046"):
        assert personal not in answer.text


def test_the_qr_code_fills_in_both(paper: IssuedPaper, anybody: FlaskClient) -> None:
    answer = anybody.get(f"/verify/{paper.token}")
    assert f'value="{paper.number}"' in answer.text
    assert f'value="{paper.spaced_code}"' in answer.text
    assert "有效" in text_of(answer)
    assert len(bytes.fromhex(paper.token)) * 8 == 128


def test_a_wrong_code_answers_like_an_unknown_number(paper: IssuedPaper, anybody: FlaskClient) -> None:
    wrong = check(anybody, paper.number, "AAAA AAAA AAAA")
    unknown = check(anybody, "JY20269999900009", "AAAA AAAA AAAA")
    assert wrong.status_code == unknown.status_code == 422
    assert "没有核对上" in text_of(wrong)
    assert wrong.text.count(paper.number) == unknown.text.count("JY20269999900009")  # what was typed, no more
    assert anybody.get("/verify/" + "0" * 32).status_code == 404


def test_tries_in_vain_are_limited_per_address_for_a_while(paper: IssuedPaper, anybody: FlaskClient) -> None:
    for _ in range(TRIES):
        assert check(anybody, paper.number, "x").status_code == 422
    right = (paper.number, paper.code)
    assert check(anybody, *right).status_code == 429
    token = anybody.get(f"/verify/{paper.token}", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert token.status_code == 429
    assert check(anybody, *right, address="203.0.113.77").status_code == 200
    clock.move(timedelta(minutes=16))
    assert check(anybody, *right).status_code == 200


def test_checking_right_uses_up_no_try(paper: IssuedPaper, anybody: FlaskClient) -> None:
    for _ in range(TRIES + 2):
        assert check(anybody, paper.number, paper.code).status_code == 200


def test_empty_fields_are_asked_for(anybody: FlaskClient) -> None:
    assert "请填编号和校验码" in text_of(check(anybody, "", ""))


def test_numbers_are_given_once_and_a_paper_keeps_its_own(office: EndingOffice, paper: IssuedPaper) -> None:
    other = office.another()
    letter = office.invite(other.student)
    office.agree(letter, other)
    office.audit(letter)
    row = office.asked(office.employer, letter.agreement)
    office.do(other, row, "student_answers", **AGREE)
    office.decide(row)
    numbers = [one.number for one in IssuedPaper.select().order_by(IssuedPaper.id)]
    assert numbers == [f"JY2026{office.school.code}0000{n}" for n in (1, 2)]


def test_the_code_is_not_in_the_database_as_it_is_printed(paper: IssuedPaper) -> None:
    stored = db.run_sql("SELECT code FROM issued_paper").fetchone()[0]
    assert paper.code.encode() not in bytes(stored)
