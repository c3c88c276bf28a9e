import json

import pytest

from engine import forms

FIELD = {"type": "textfield", "key": "x", "label": "x"}


def codes_of(*components, **more):
    content = json.dumps({"components": list(components), **more}).encode()
    return [found.code for found in forms.check(content, "test/form", more.get("names"))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "form.not_json"),
        (b"{", "form.not_json"),
        (b"\xff\xfe", "form.not_json"),
        (b"[" * 100_000, "form.not_json"),
        (b'{"components": [NaN]}', "form.not_json"),
        (b'{"components": [' + b"9" * 5000 + b"]}", "form.not_json"),
        (b" " * 300_000, "form.too_large"),
        (b"[]", "form.no_components"),
        (b'"x"', "form.no_components"),
        (b'{"components": {}}', "form.no_components"),
        (b'{"components": [1]}', "form.component"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_a_sentence(content, code):
    assert [found.code for found in forms.check(content, "x")] == [code]
    with pytest.raises(forms.FormUnreadable) as refused:
        forms.read(content, "x")
    assert refused.value.sentence.zh.endswith("。")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "html"}, "form.html"),
        ({"type": "button"}, "form.button"),
        ({"type": "iframe"}, "form.unknown_type"),
        ({"type": None}, "form.unknown_type"),
        ({"type": ["a"]}, "form.unknown_type"),
        ({"key": ""}, "form.key"),
        ({"key": "a.b"}, "form.key"),
        ({"key": "_x"}, "form.key"),
        ({"key": 1}, "form.key"),
        ({"key": "a" * 100}, "form.key"),
        ({"key": "then"}, "form.key_reserved"),
        ({"key": "data"}, "form.key_reserved"),
        ({"key": "csrf_token"}, "form.key_reserved"),
        ({"label": ""}, "form.no_label"),
        ({"label": {"a": 1}}, "form.text"),
        ({"description": "x" * 6000}, "form.text"),
        ({"validate": []}, "form.component"),
        ({"validate": {"maxLength": "many"}}, "form.limits"),
        ({"validate": {"maxLength": -1}}, "form.limits"),
        ({"validate": {"maxLength": 1.5}}, "form.limits"),
        ({"validate": {"minLength": 9, "maxLength": 3}}, "form.limits_crossed"),
        ({"validate": {"pattern": "("}}, "form.pattern"),
        ({"validate": {"pattern": {}}}, None),
        ({"properties": {"a": []}}, "form.properties"),
        ({"properties": {"width": "huge"}}, "form.setting"),
        ({"conditional": {"hide": "=("}}, "form.expression"),
        ({"conditional": {"hide": 5}}, "form.text"),
        ({"defaultValue": {}}, "form.default"),
        ({"type": "number", "defaultValue": "viele"}, "form.default"),
        ({"type": "number", "defaultValue": 31, "validate": {"max": 30}}, "form.default"),
        ({"type": "radio", "values": [{"value": "a"}], "defaultValue": "b"}, "form.default"),
        ({"type": "radio"}, "form.no_choices"),
        ({"type": "radio", "values": []}, "form.no_choices"),
        ({"type": "radio", "values": [{"value": str(i)} for i in range(600)]}, "form.no_choices"),
        ({"type": "radio", "values": [{"label": "a"}]}, "form.choice"),
        ({"type": "radio", "values": [{"value": "a"}, {"value": "a"}]}, "form.choice_twice"),
        ({"type": "radio", "values": [{"value": "a"}], "properties": {"answer": "boolean"}}, "form.boolean"),
        ({"type": "select", "properties": {"codes": "nowhere"}}, "form.codes"),
        ({"type": "answer", "values": [{"value": "a", "confirm": {"title": "x"}}]}, "form.confirm"),
        ({"type": "answer", "values": [{"value": "a"}], "defaultValue": "a"}, "form.default_refused"),
        ({"type": "datetime", "subtype": "century"}, "form.subtype"),
        ({"type": "entity", "properties": {"model": "nothing"}}, "form.model"),
        ({"type": "upload", "properties": {"max_mb": "500"}}, "form.upload"),
        ({"type": "upload", "properties": {"count": "0"}}, "form.upload"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_at_it(change, code):
    assert codes_of({**FIELD, **change}) == ([code] if code else [])


def test_a_key_is_used_once():
    assert codes_of(FIELD, {**FIELD, "label": "y"}) == ["form.key_twice"]


def test_all_findings_come_at_once():
    assert codes_of({**FIELD, "type": "html"}, {**FIELD, "label": ""}, {"type": "radio", "key": "r", "label": "r"}) == [
        "form.html", "form.no_label", "form.no_choices",
    ]  # fmt: skip


def test_two_answers_are_one_too_many():
    answer = {"type": "answer", "label": "x", "values": [{"value": "a"}]}
    assert codes_of({**answer, "key": "a"}, {**answer, "key": "b"}) == ["form.several_answers"]


def test_groups_hold_fields_to_a_depth_and_have_no_path():
    assert codes_of({"type": "group", "components": [FIELD]}) == []
    assert codes_of({"type": "group", "path": "a", "components": [FIELD]}) == ["form.group_path"]
    assert codes_of({"type": "group"}) == ["form.group"]
    deep = FIELD
    for _ in range(6):
        deep = {"type": "group", "components": [deep]}
    assert codes_of(deep) == ["form.group"]


def test_a_form_has_an_end():
    many = [{**FIELD, "key": f"x{i}"} for i in range(301)]
    assert codes_of(*many) == ["form.too_many"]


def test_expressions_know_the_answers_and_what_is_in_scope():
    components = [
        {**FIELD, "key": "a"},
        {**FIELD, "conditional": {"hide": "=a = employer"}},
        {**FIELD, "key": "y", "conditional": {"hide": "=nobody = 1"}},
    ]
    content = json.dumps({"components": components}).encode()
    found = forms.check(content, "x", {"employer": None})
    assert [(one.element, one.code) for one in found] == [("y", "form.expression")]
    assert found[0].sentence.zh.startswith("“什么时候显示”")  # as the editor calls it
    assert forms.check(content, "x", None) == []


def test_advice_does_not_stop_a_form():
    text = {"type": "text", "text": "看 <b>这里</b>"}
    assert codes_of(text, {**FIELD, "key": "workPlace"}) == ["form.html_in_text", "form.key_untidy"]
    assert forms.read(json.dumps({"components": [text]}).encode(), "x").fields == ()
    found = forms.check(json.dumps({"components": [FIELD]}).encode(), "x", english={"z": "?", "x": "X"})
    assert [(one.element, one.code, one.severity) for one in found] == [
        ("z", "form.unused_english", "warning")
    ]


def test_names_have_the_types_that_feel_infers():
    spec = forms.read(
        json.dumps(
            {
                "components": [
                    FIELD,
                    {"type": "number", "key": "n", "label": "n"},
                    {"type": "checkbox", "key": "b", "label": "b"},
                    {"type": "datetime", "key": "d", "label": "d"},
                    {"type": "checklist", "key": "l", "label": "l", "values": [{"value": "a"}]},
                ]
            }
        ).encode(),
        "x",
    )
    assert {key: str(kind) for key, kind in spec.names().items()} == {
        "x": "string", "n": "number", "b": "boolean", "d": "date", "l": "list<string>",
    }  # fmt: skip


def test_what_form_js_writes_besides_is_kept_out_of_the_way():
    component = {
        **FIELD,
        "id": "Field_0abc",
        "layout": {"row": "Row_1", "columns": 8},
        "appearance": {"prefixAdorner": "¥", "suffixAdorner": "元"},
    }
    content = json.dumps(
        {
            "components": [component],
            "type": "default",
            "id": "Form_1",
            "schemaVersion": 18,
            "executionPlatform": "Camunda Cloud",
            "exporter": {"name": "form-js"},
        }
    ).encode()
    (field,) = forms.read(content, "x").fields
    assert (field.row, field.columns, str(field.prefix), str(field.suffix)) == ("Row_1", 8, "¥", "元")


def test_every_custom_kind_is_told_to_the_editor():
    told = forms.to_formjs_types()
    assert {kind["type"] for kind in told} == {
        "answer", "region", "id_number", "credit_code", "mobile", "postcode", "upload", "entity",
    }  # fmt: skip
    owing = {"entity": ["form.model"]}
    for kind in told:
        new = {**kind["new"], "key": "x"}
        assert codes_of(new) == owing.get(kind["type"], [])
    json.dumps(told)
