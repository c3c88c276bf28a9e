import json
from datetime import date
from decimal import Decimal

import pytest

COMPONENTS = [
    {"type": "textfield", "key": "name", "label": "名称", "validate": {"required": True}},
    {"type": "number", "key": "pay", "label": "薪资"},
    {"type": "number", "key": "days", "label": "天数", "defaultValue": 5},
    {"type": "checkbox", "key": "box", "label": "勾选"},
    {"type": "checklist", "key": "many", "label": "多选", "values": [{"value": "a"}, {"value": "b"}]},
    {"type": "radio", "key": "yes", "label": "是否", "properties": {"codes": "yes_no", "answer": "boolean"}},
    {"type": "datetime", "key": "day", "subtype": "date", "label": "日期"},
]


@pytest.fixture
def spec(form):
    return form(*COMPONENTS)


def test_an_object_of_the_api_becomes_the_same_answers(spec):
    sent = {"name": "晴川", "pay": 3500, "box": True, "many": ["b", "a"], "yes": False, "day": "2026-11-21"}
    bound = spec.bind_json(sent)
    assert bound.validate(), bound.errors
    assert bound.answers() == {
        "name": "晴川",
        "pay": Decimal(3500),
        "days": Decimal(5),
        "box": True,
        "many": ["a", "b"],
        "yes": False,
        "day": date(2026, 11, 21),
    }


def test_absent_keeps_what_stands_and_null_empties(spec):
    assert spec.bind_json({"name": "晴川"}, prefill={"pay": 4800}).answers()["pay"] == Decimal(4800)
    assert spec.bind_json({"name": "晴川", "pay": None}, prefill={"pay": 4800}).answers()["pay"] is None


@pytest.mark.parametrize("number", [3500, 3500.0, Decimal("3500.00"), "3500"])
def test_json_knows_one_kind_of_number(spec, number):
    assert spec.bind_json({"name": "晴川", "pay": number}).answers()["pay"] == Decimal(3500)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pay", 3500.5),
        ("pay", float("nan")),
        ("pay", float("inf")),
        pytest.param("pay", 10**5000, id="huge"),
        ("pay", 1e300),
        ("pay", True),
        ("pay", [3500]),
        ("pay", {"$number": "1"}),
        ("pay", "3500元"),
        ("name", 5),
        ("name", ["a"]),
        ("name", {"a": 1}),
        ("name", "\ud800"),
        ("name", True),
        ("box", "maybe"),
        ("box", 1),
        ("box", [True]),
        ("many", "a"),
        ("many", {"a": 1}),
        ("many", [["a"]]),
        ("many", ["a"] * 100_000),
        ("yes", "perhaps"),
        ("yes", []),
        ("day", 20261121),
        ("day", "2026-13-01"),
    ],
)
def test_values_from_hell_end_in_a_sentence_at_their_field(spec, key, value):
    bound = spec.bind_json({"name": "晴川", key: value})
    assert not bound.validate()
    assert list(bound.errors) == [key]
    assert bound.errors[key][0].endswith("。")
    bound.form[key]._value().encode()


def test_unknown_keys_are_refused(spec):
    bound = spec.bind_json({"name": "晴川", "state": {"deep": [1]}})
    assert not bound.validate()
    assert "state" in bound.errors[""][0]


def test_a_plain_object_at_the_other_door_is_json(spec):
    assert spec.bind({"name": "晴川", "pay": 3500}).validate()
    assert not spec.bind({}).validate()


def test_every_json_value_is_taken_or_told(spec):
    values = json.loads('[null, true, 0, -1.5, "", "x", [], [1], {}, {"a": []}]')
    for key in [component["key"] for component in COMPONENTS]:
        for value in values:
            bound = spec.bind_json({"name": "晴川", key: value})
            assert bound.validate() or bound.errors
