"""An entity field offers the rows that its filler may see, and takes no other."""

from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from engine import secrets
from engine.models.people import actor_of
from tests.builders import make_account, make_class, make_student

PICK = {
    "type": "entity",
    "key": "student",
    "label": "毕业生",
    "properties": {"model": "student"},
    "validate": {"required": True},
}


@pytest.fixture
def rows(sqlite):
    secrets.configure("1:" + "5c" * 32)
    mine, other = make_class(), make_class()
    return {
        "actor": actor_of(make_account("辅导员", mine)),
        "own": make_student(mine, name="林一诺"),
        "foreign": make_student(other, name="陈晚晴"),
    }


@pytest.fixture
def pick(form, rows):
    def send(actor=rows["actor"], **data):
        return form(PICK).bind(MultiDict(data), actor=actor)

    return send


def test_a_row_that_the_actor_may_see_is_taken(pick, rows):
    bound = pick(student=str(rows["own"].id))
    assert bound.validate()
    assert bound.answers() == {"student": Decimal(rows["own"].id)}
    assert bound.form["student"].text.startswith("林一诺")


def test_a_strangers_row_is_not_found(pick, rows):
    bound = pick(student=str(rows["foreign"].id))
    assert not bound.validate()
    assert bound.errors == {"student": ["没有找到这一项，请从列出的结果里选。"]}
    assert "陈晚晴" not in bound.form["student"].text


def test_without_an_actor_nothing_is_found(pick, rows):
    assert not pick(actor=None, student=str(rows["own"].id)).validate()


def test_what_was_typed_without_script_is_looked_up(pick, rows):
    assert pick(student="", student__text="林一诺").answers() == {"student": Decimal(rows["own"].id)}
    assert not pick(student="", student__text="陈晚晴").validate()
    assert not pick(student="", student__text="林").validate()


@pytest.mark.parametrize("hell", ["0", "-1", "1.5", "1 OR 1=1", "9" * 30, "\x00", "٣", "\ud800"])
def test_an_id_from_hell_is_not_found(pick, hell):
    assert not pick(student=hell).validate()
    assert not pick(student="", student__text=hell).validate()


def test_nothing_chosen_is_missing(pick):
    assert pick(student="", student__text=" ").errors == {}
    bound = pick(student="", student__text=" ")
    assert not bound.validate()
    assert bound.errors == {"student": ["请选一项。"]}


def test_ids_come_as_numbers_in_json(form, rows):
    bound = form(PICK).bind_json({"student": rows["own"].id}, actor=rows["actor"])
    assert bound.validate()
    assert not form(PICK).bind_json({"student": True}, actor=rows["actor"]).validate()
