"""Names, labels, templates, FEEL and XML from hell: shown as text, or told by the check; never run, never a crash."""

from __future__ import annotations

import pytest

from tests.admin.studio.conftest import SIGNING
from tests.admin.studio.test_publish import signing_under_way
from tests.people import text_of

NOTICES = "processes/signing/online_signing.notices.yaml"
AGREEMENT = "processes/signing/agreement.html"
FORM = "forms/signing/invitation.form"
SCENARIOS = "processes/signing/online_signing.scenarios.yaml"
EVIL = "&lt;img src=x onerror=alert(1)&gt;&quot;&apos;"
STEPS = ("changes", "check", "scenarios", "running", "publish")


def pages(studio, draft, path):
    yield studio.shen.get(f"/studio/online_signing/edit?file={path}")
    for step in STEPS:
        yield studio.shen.get(f"{draft.page}?step={step}")
    yield studio.shen.get("/studio/online_signing")
    yield studio.shen.get("/studio/")


def test_names_of_elements_are_shown_as_text(studio):
    draft = studio.begin()
    draft.change(
        SIGNING,
        ('name="签约审核"', f'name="{EVIL}"'),
        ('name="线上签约" isExecutable', f'name="{EVIL}" isExecutable'),
    )
    for page in pages(studio, draft, SIGNING):
        assert page.status_code == 200
        assert "<img src=x" not in page.get_data(as_text=True)
    shown = text_of(studio.shen.get(f"{draft.page}?step=changes"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_labels_of_forms_are_shown_as_text(studio):
    draft = studio.begin()
    draft.change(FORM, ('"label": "', '"label": "<img src=x onerror=alert(1)>'))
    for page in pages(studio, draft, FORM):
        assert page.status_code == 200
        assert "<img src=x" not in page.get_data(as_text=True)
    preview = studio.shen.get(f"/studio/drafts/{draft.id}/preview/form?path={FORM}").get_data(as_text=True)
    assert "<img src=x" not in preview


def test_a_text_area_cannot_be_left_by_its_text(studio):
    draft = studio.begin()
    draft.put(AGREEMENT, "</textarea><script>alert(1)</script>")
    page = studio.shen.get(f"/studio/online_signing/edit?file={AGREEMENT}").get_data(as_text=True)
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "text",
    [
        "{% for x in range(1000000000) %}a{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ config }}",
        "<script>alert(1)</script>",
        "<img src=http://evil.example/x.png>",
        "{{ name | attr('__class__') }}",
        "{% set x = 1 %}",
        "{{",
    ],
)
def test_a_document_that_reaches_out_is_refused_by_the_check(studio, text):
    draft = studio.begin()
    draft.put(AGREEMENT, text)
    assert any(f["file"] == AGREEMENT for f in draft.errors()), text
    preview = studio.shen.get(f"/studio/drafts/{draft.id}/preview/document?path={AGREEMENT}")
    assert preview.status_code in (200, 422)


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ student.__init__.__globals__ }}"])
def test_a_text_reaches_no_object_behind_its_values(studio, text):
    case = signing_under_way(studio)
    draft = studio.begin()
    body = f"a:\n  to: [毕业生]\n  subject: '甲{text.replace(chr(39), chr(34))}乙'\n  body: x\n"
    url = f"/studio/drafts/{draft.id}/preview/notice?path={NOTICES}&case={case.id}"
    page = text_of(studio.shen.post(url, body))
    assert "甲乙" in page


@pytest.mark.parametrize(
    "text",
    [
        "for x in 1..1000000000 return x",
        "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
        "import os",
        "invitation.__class__",
        "string join(for a in 1..100000 return string(a))",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
        "\u202eevil",
    ],
)
def test_expressions_from_hell_end_in_findings_or_nothing(studio, text):
    draft = studio.begin()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    draft.change(SIGNING, ('result = "pass"', escaped))
    assert draft.check()["findings"] is not None
    answer = studio.shen.json(f"{draft.api}/feel", {"text": text, "element": "passed", "path": SIGNING})
    assert answer.status_code == 200
    for step in STEPS:
        assert studio.shen.get(f"{draft.page}?step={step}").status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (NOTICES, "a: &a [*a, *a]"),
        (NOTICES, "[1, 2"),
        (NOTICES, "- 1\n- 2"),
        (NOTICES, "!!python/object/apply:os.system [ls]"),
        (SCENARIOS, "scenarios: 7"),
        (SCENARIOS, "scenarios: [{name: [1], start: 3}]"),
        (SCENARIOS, "!!python/name:os.system"),
        (FORM, "[]"),
        (FORM, '{"components": [{"type": "nothing"}, 7, null]}'),
        (FORM, '{"components": ' + "[" * 500 + "]" * 500 + "}"),
        (SIGNING, '<a xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'),
        (SIGNING, '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'),
        (
            SIGNING,
            '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="other"/></definitions>',
        ),
        (
            SIGNING,
            '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="online_signing"/></definitions>',
        ),
        ("processes/signing/seals.dmn", "<definitions/>"),
        ("processes/signing/online_signing.en.yaml", "7"),
    ],
)
def test_files_that_are_not_what_they_claim_break_no_page(studio, path, body):
    draft = studio.begin()
    answer = draft.put(path, body)
    assert answer.status_code in (200, 422)
    assert studio.shen.json(f"{draft.api}/check", {}).status_code == 200
    assert studio.shen.json(f"{draft.api}/options").status_code == 200
    assert studio.shen.json(f"{draft.api}/names", {"element": "refused"}).status_code == 200
    if answer.status_code == 200:
        assert studio.shen.get(f"/studio/online_signing/edit?file={path}").status_code == 200
    for step in STEPS:
        assert studio.shen.get(f"{draft.page}?step={step}").status_code == 200
    studio.shen.post(f"/studio/drafts/{draft.id}/scenarios")
    assert draft.publish("说明").status_code in (303, 422)


@pytest.mark.parametrize(
    "sent", ["", "7", "[]", '{"element": 7}', '{"text": 7}', '{"path": 1, "body": 2}', "{"]
)
def test_requests_that_no_editor_sends_are_answered(studio, sent):
    draft = studio.begin()
    for name in ("names", "feel", "check", "decision", "editing"):
        answer = studio.shen.client.post(
            f"{draft.api}/{name}",
            data=sent,
            content_type="application/json",
            headers={"X-CSRFToken": studio.shen.token(), "Accept": "application/json"},
        )
        assert answer.status_code < 500, name
