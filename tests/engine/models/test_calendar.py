"""The office calendar: holidays and make-up days as data, closures of one school, and why a date falls there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine import db, feel
from engine.models.calendar import OfficeDay, explain, noting, office_of, seed_calendar, working_days
from tests.builders import make_school


@pytest.fixture
def calendar(sqlite: str) -> None:
    seed_calendar()


def test_a_weekend_does_not_count(calendar: None) -> None:
    assert working_days(date(2026, 3, 6), 1) == date(2026, 3, 9)  # Friday → Monday
    assert working_days(date(2026, 3, 5), 5) == date(2026, 3, 12)


def test_a_holiday_does_not_count_and_a_make_up_sunday_does(calendar: None) -> None:
    # 2025: 1–8 October closed, Sunday 28 September and Saturday 11 October worked.
    assert working_days(date(2025, 9, 27), 1) == date(2025, 9, 28)
    assert working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert working_days(date(2025, 9, 30), 3) == date(2025, 10, 11)


def test_it_counts_backwards_too(calendar: None) -> None:
    assert working_days(date(2026, 3, 9), -1) == date(2026, 3, 6)


def test_after_the_published_years_monday_to_friday_count(calendar: None) -> None:
    assert working_days(date(2041, 10, 4), 1) == date(2041, 10, 7)  # a Friday before a Monday


def test_seeding_again_changes_nothing_that_stands(calendar: None) -> None:
    OfficeDay.update(works=True, name="照常上班").where(OfficeDay.day == date(2025, 10, 1)).execute()
    before = OfficeDay.select().count()
    seed_calendar()
    assert OfficeDay.select().count() == before
    assert OfficeDay.get(OfficeDay.day == date(2025, 10, 1)).name == "照常上班"


def test_a_day_that_somebody_has_taken_out_does_not_come_back(calendar: None) -> None:
    OfficeDay.delete().where(OfficeDay.day == date(2025, 10, 1)).execute()
    seed_calendar()
    assert not OfficeDay.select().where(OfficeDay.day == date(2025, 10, 1)).exists()


def test_a_day_stands_once_in_everybodys_calendar(database: str) -> None:
    OfficeDay.create(day=date(2026, 3, 9), works=False, name="停电")
    with pytest.raises(db.IntegrityError), db.step():
        OfficeDay.create(day=date(2026, 3, 9), works=True, name="上班")


def test_a_closure_is_the_schools_own_and_comes_before_everybodys(calendar: None) -> None:
    school, other = make_school(), make_school()
    OfficeDay.create(school=school, day=date(2026, 3, 9), works=False, name="校庆")
    with office_of(lambda: school.id):
        assert working_days(date(2026, 3, 6), 1) == date(2026, 3, 10)
    with office_of(lambda: other.id):
        assert working_days(date(2026, 3, 6), 1) == date(2026, 3, 9)
    OfficeDay.create(school=other, day=date(2026, 3, 8), works=True, name="值班")
    with office_of(lambda: other.id):
        assert working_days(date(2026, 3, 6), 1) == date(2026, 3, 8)


def test_a_due_date_says_why_it_falls_where_it_falls(calendar: None) -> None:
    told = explain(date(2025, 9, 30), 1)
    assert told.zh == (
        "应在 10 月 9 日 23:59 前办完：9 月 30 日之后的第 1 个工作日"
        "（10 月 1 日至 5 日国庆节、10 月 6 日中秋节、10 月 7 日至 8 日国庆节，不上班）"
    )
    assert told.en.startswith("Due by the end of 9 Oct: working day 1 after 30 Sep (closed: 1 Oct")
    plain = explain(date(2026, 3, 5), 5)
    assert plain.zh == "应在 3 月 12 日 23:59 前办完：3 月 5 日之后的第 5 个工作日"


def test_feel_counts_from_a_day_or_from_the_offices_day_of_an_instant(calendar: None) -> None:
    counted = feel.compile("working days(from, 5)")
    assert counted.evaluate({"from": date(2026, 3, 5)}) == date(2026, 3, 12)
    late = datetime(2026, 3, 5, 17, 30, tzinfo=UTC)  # 01:30 of the 6th at the office
    assert counted.evaluate({"from": late}) == date(2026, 3, 13)


@pytest.mark.parametrize(
    "text", ['working days("x", 1)', "working days(null, 1)", "working days(today, 1.5)"]
)
def test_what_is_no_day_or_no_whole_number_gives_null(calendar: None, text: str) -> None:
    assert feel.compile(text, ["today"]).evaluate({"today": date(2026, 3, 5)}) is None


def test_what_an_expression_counted_can_be_noted(calendar: None) -> None:
    with noting() as noted:
        feel.compile("working days(from, 5)").evaluate({"from": date(2026, 3, 5)})
    assert noted == [(date(2026, 3, 5), 5)]
