"""A last day for everybody, written at the step that sends the letter: the flow says it, the letter keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from admin.door import App
from engine import catalog, clock
from engine.errors import Conflict
from engine.models.signing import Invitation
from tests.builders_signing import ROOT, Office
from tests.people import text_of

PATH = "processes/signing/online_signing.bpmn"
DAYS = '<spiffworkflow:parameter id="answer_days" type="number" value="answer_days" />'
UNTIL = f"""{DAYS}<spiffworkflow:parameter id="expires_on" type="date" value='date("2027-06-30")' />"""


def with_a_last_day() -> dict[str, bytes]:
    files = catalog.read_folder(ROOT)
    wanted = {path: files[path] for path in catalog.closure(files, "online_signing")}
    assert wanted[PATH].decode().count(DAYS) == 2
    wanted[PATH] = wanted[PATH].decode().replace(DAYS, UNTIL).encode()
    return wanted


def test_a_letter_can_be_answered_until_the_day_that_is_fixed_for_everybody(database: str, web: App) -> None:
    office = Office(web)
    catalog.deploy(with_a_last_day(), note="统一截止", source="studio")
    invitation = office.invite(answer_days=5)
    assert invitation.expires_on == date(2027, 6, 30)
    assert "6 月 30 日" in text_of(office.graduate.get(f"/invitations/{invitation.id}/letter"))


def test_no_letter_is_sent_after_that_day(database: str, web: App) -> None:
    office = Office(web)
    catalog.deploy(with_a_last_day(), note="统一截止", source="studio")
    with clock.frozen(datetime(2027, 7, 1, 1, tzinfo=UTC)), pytest.raises(Conflict, match="截止日期已经过了"):
        office.invite(answer_days=5)
    assert Invitation.select().count() == 0
