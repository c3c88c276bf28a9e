"""Anything at all, as a file or as a submission, ends in findings or sentences."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine import forms

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TEXT = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["\x00", "\ud800", "=1+", "=x", "true", "9" * 99]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
PARTS = [
    "label", "description", "validate", "values", "valuesKey", "valuesExpression", "defaultValue", "conditional",
    "properties", "layout", "appearance", "subtype", "readonly", "decimalDigits", "text", "path", "components",
]  # fmt: skip
COMPONENT = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(forms.KINDS)) | TEXT, "key": st.sampled_from(["a", "b", "c"]) | TEXT},
    optional=dict.fromkeys(PARTS, JSON),
)
ALL_KINDS = [
    {"type": kind.name, "key": f"f_{kind.name}", "label": "一项", "values": [{"value": "a"}, {"value": "b"}]}
    for kind in forms.KINDS.values()
    if not kind.static and kind.name != "entity"
]
SPEC = forms.read(json.dumps({"components": ALL_KINDS}).encode(), "all")


@QUIET
@given(st.lists(COMPONENT, max_size=4))
def test_any_file_is_read_or_refused(components):
    content = json.dumps({"components": components}).encode()
    found = forms.check(content, "x", {})
    for finding in found:
        assert finding.sentence.zh
        assert finding.sentence.en
    try:
        spec = forms.read(content, "x")
    except forms.FormUnreadable:
        return
    bound = spec.bind(MultiDict({spec.key: "x" for spec in spec.fields}))
    bound.validate()
    for field in bound:
        assert field.kind in forms.KINDS


@QUIET
@given(st.lists(st.tuples(st.sampled_from(sorted(SPEC.by_key)) | TEXT, TEXT), max_size=12))
def test_any_submission_is_taken_or_told(pairs):
    bound = SPEC.bind(MultiDict(pairs))
    assert bound.validate() or bound.errors
    for field in bound.form.inputs:
        field._value().encode()
    for name, text in bound.carried():
        (name + text).encode()


@QUIET
@given(st.dictionaries(st.sampled_from(sorted(SPEC.by_key)) | TEXT, JSON, max_size=8))
def test_any_object_is_taken_or_told(data):
    bound = SPEC.bind_json(data)
    assert bound.validate() or bound.errors
    for sentences in bound.errors.values():
        "".join(sentences).encode()
