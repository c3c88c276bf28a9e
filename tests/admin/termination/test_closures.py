"""Closures that the school's office enters move its own deadlines (工作日历)."""

from __future__ import annotations

import re
from datetime import date

from engine import clock
from engine.models.calendar import OfficeDay
from engine.models.organisations import School
from tests.builders import make_school
from tests.builders_termination import EndingOffice


def enter(office: EndingOffice, school: School | None) -> int:
    text = (
        {"school": str(school.id), "school__text": school.name}
        if school is not None
        else {"school__text": ""}
    )
    data = {"day": "2026-11-18", "name": "校庆停课", **text}
    return office.clerk.post("/admin/office_day/new/", data).status_code


def test_a_clerk_enters_a_closure_and_the_next_request_is_due_a_day_later(office: EndingOffice) -> None:
    assert enter(office, office.school) in (302, 303)
    row = OfficeDay.get(OfficeDay.name == "校庆停课")
    assert (row.school, row.day, row.works) == (office.school, date(2026, 11, 18), False)
    task = office.open_at(office.asked(office.graduate, office.agreement()), "employer_answers")
    assert task is not None
    assert task.due_at == clock.end_of_day(date(2026, 11, 24))


def test_it_cannot_enter_one_for_another_school_or_for_all(office: EndingOffice) -> None:
    for school in (make_school(), None):
        assert enter(office, school) == 422
    assert not OfficeDay.select().where(OfficeDay.name == "校庆停课").exists()


def test_it_cannot_change_or_remove_what_holds_for_all(office: EndingOffice) -> None:
    everybodys = OfficeDay.get(OfficeDay.school.is_null() & ~OfficeDay.works)
    page = office.clerk.get(f"/admin/office_day/edit/?id={everybodys.id}")
    seen = re.search(r'name="seen" value="([^"]*)"', page.text)
    data = {"day": everybodys.day.isoformat(), "name": "照常上班", "works": "y", "school__text": ""}
    data["seen"] = seen[1] if seen is not None else ""
    assert office.clerk.post(f"/admin/office_day/edit/?id={everybodys.id}", data).status_code == 422
    assert office.clerk.post(f"/admin/office_day/delete/?id={everybodys.id}", {}).status_code == 422
    assert OfficeDay.get_by_id(everybodys.id).works is False
