"""What the panels offer, and the previews."""

from __future__ import annotations

import pytest

from tests.admin.studio.conftest import SIGNING
from tests.people import text_of

FORM = "forms/signing/invitation.form"
NOTICES = "processes/signing/online_signing.notices.yaml"
AGREEMENT = "processes/signing/agreement.html"


def test_the_panels_offer_what_there_is(studio):
    draft = studio.begin()
    found = studio.shen.json(f"{draft.api}/options").get_json()
    assert {"毕业生", "学校", "系统"} <= {role["name"] for role in found["roles"]}
    form = next(f for f in found["forms"] if f["key"] == "signing/answer")
    assert {"agree", "refuse"} <= {
        v["value"] for f in form["fields"] if f["key"] == "answer" for v in f["values"]
    }
    send = next(o for o in found["operations"] if o["id"] == "signing.send_invitation")
    pay = next(p for p in send["parameters"] if p["name"] == "probation_pay")
    assert pay["type"] == "number"
    assert pay["label"] == "试用起薪"
    fail = next(o for o in found["operations"] if o["id"] == "signing.fail_agreement")
    assert [p["label"] for p in fail["parameters"]] == ["原因"]
    assert "reminder" in {notice["id"] for notice in found["notices"]}
    assert "bpmn:UserTask" in found["palette"]
    assert "bpmn:ScriptTask" not in found["palette"]
    assert "bpmn:InclusiveGateway" not in found["palette"]


def test_the_condition_builder_knows_what_is_known_on_a_flow(studio):
    draft = studio.begin()
    found = studio.shen.json(f"{draft.api}/names", {"path": SIGNING, "element": "refused"}).get_json()[
        "names"
    ]
    by_path = {one["path"]: one for one in found}
    assert {"agree", "refuse"} == {v["value"] for v in by_path["answer"]["values"]}
    assert by_path["invitation.probation_pay"]["type"] == "number"
    assert "试用起薪" in by_path["invitation.probation_pay"]["label"]


def test_names_of_what_is_being_drawn(studio):
    draft = studio.begin()
    body = (
        draft.text(SIGNING).replace('id="audited"', 'id="audited_now"').replace(">audited<", ">audited_now<")
    )
    sent = {"path": SIGNING, "element": "audited_now", "body": body}
    assert "result" in {n["path"] for n in studio.shen.json(f"{draft.api}/names", sent).get_json()["names"]}


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ('answer = "refuse"', True),
        ("= invitation.probation_pay < 4000", True),
        ("answer = ", False),
        ("nobody > 1", False),
    ],
)
def test_an_expression_is_tried_where_it_will_stand(studio, text, ok):
    draft = studio.begin()
    found = studio.shen.json(
        f"{draft.api}/feel", {"text": text, "path": SIGNING, "element": "refused"}
    ).get_json()
    assert found["ok"] is ok, found


def test_a_form_is_shown_as_the_server_renders_it(studio):
    draft = studio.begin()
    page = studio.shen.get(f"/studio/drafts/{draft.id}/preview/form?path={FORM}")
    assert "试用起薪" in text_of(page)


def test_a_form_that_is_being_typed_is_shown_unsaved(studio):
    draft = studio.begin()
    body = draft.text(FORM).replace("试用起薪", "试用期工资")
    url = f"/studio/drafts/{draft.id}/preview/form?path={FORM}"
    answer = studio.shen.post(url, body)
    assert "试用期工资" in text_of(answer)
    assert "试用期工资" not in draft.text(FORM)
    assert "不" in text_of(studio.shen.post(url, "{"))


def test_a_notice_is_filled_with_a_case(studio):
    from tests.admin.studio.test_publish import signing_under_way

    draft = studio.begin()
    case = signing_under_way(studio)
    url = f"/studio/drafts/{draft.id}/preview/notice?path={NOTICES}"
    assert "邀请你签约" in text_of(studio.shen.get(f"{url}&case={case.id}&notice=invitation_arrived"))
    body = draft.text(NOTICES).replace("邀请你签约", "<script>alert(1)</script>{{ invitation.position }}")
    page = studio.shen.post(f"{url}&case={case.id}", body).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert studio.shen.get(f"{url}&case=99999").status_code == 404


def test_another_schools_case_is_not_previewed(studio):
    from tests.admin.studio.conftest import Studio  # noqa: F401 - the fixture's type
    from tests.admin.studio.test_publish import signing_under_way
    from tests.builders import make_school

    draft = studio.begin()
    own = studio.school
    studio.school = make_school()
    case = signing_under_way(studio)
    studio.school = own
    url = f"/studio/drafts/{draft.id}/preview/notice?path={NOTICES}&case={case.id}"
    assert studio.shen.get(url).status_code == 404
    assert studio.shen.json(f"{draft.api}/cases").get_json()["cases"] == []


def test_fields_that_a_text_may_read(studio):
    draft = studio.begin()
    found = studio.shen.json(f"{draft.api}/fields?path={NOTICES}").get_json()["fields"]
    assert "{{ invitation.position }}" in {one["insert"] for one in found}
    assert {one["label"] for one in found if one["insert"] == "{{ invitation.probation_pay }}"} == {
        "试用起薪"
    }
