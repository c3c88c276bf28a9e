import json

import pytest

from engine import forms

CHOICES = [{"value": "a"}, {"value": "b"}]


@pytest.mark.parametrize(
    "component",
    [
        {"type": "textfield", "validate": {"required": True, "minLength": 30, "maxLength": 40}},
        {"type": "textfield", "validate": {"required": True, "maxLength": 2}},
        {"type": "textfield", "validate": {"required": True, "validationType": "email"}},
        {"type": "textfield", "validate": {"required": True, "validationType": "phone"}},
        {"type": "textfield", "validate": {"required": True, "pattern": "^E"}, "properties": {"example": "E1"}},
        {"type": "textarea", "validate": {"required": True}},
        {"type": "textarea", "validate": {"required": True, "minLength": 10}, "properties": {"example": "已满"}},
        {"type": "number", "validate": {"required": True, "min": 3}},
        {"type": "number", "validate": {"required": True, "max": -3}},
        {"type": "number", "validate": {"required": True}, "defaultValue": 5},
        {"type": "checkbox", "validate": {"required": True}},
        {"type": "checklist", "validate": {"required": True}, "values": CHOICES},
        {"type": "radio", "validate": {"required": True}, "values": CHOICES},
        {"type": "radio", "validate": {"required": True}, "properties": {"codes": "yes_no", "answer": "boolean"}},
        {"type": "select", "validate": {"required": True}, "properties": {"codes": "position_category"}},
        {"type": "datetime", "subtype": "date", "validate": {"required": True}, "disallowPassedDates": True},
        {"type": "datetime", "subtype": "time", "validate": {"required": True}},
        {"type": "datetime", "subtype": "datetime", "validate": {"required": True}, "disallowPassedDates": True},
        {"type": "answer", "values": [{"value": "a", "confirm": {"title": "?", "button": "!"}}]},
        *({"type": kind, "validate": {"required": True}} for kind in (
            "id_number", "credit_code", "mobile", "postcode", "region",
        )),
    ],
)  # fmt: skip
def test_examples_hold(component):
    content = json.dumps({"components": [{"key": "x", "label": "一项", **component}]}).encode()
    spec = forms.read(content, "x")
    answers = forms.example(spec)
    bound = spec.bind_json(answers)
    assert bound.validate(), (answers, bound.errors)
    assert bound.confirmation() is None
    assert bound.answers()["x"] is not None
