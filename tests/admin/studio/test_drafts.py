"""Drafts through the editors' API: saved as one types, never written over silently."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import catalog, clock
from tests.admin.studio.conftest import SIGNING

NOTICES = "processes/signing/online_signing.notices.yaml"
FORM = "forms/signing/invitation.form"


def test_a_draft_begins_with_what_is_live(studio):
    draft = studio.begin()
    about = draft.about()
    assert about["state"] == "open"
    assert about["base"]["version"] == 1
    assert {f["path"] for f in about["files"]} == set(catalog.live("online_signing").content.files)
    assert not any(f["changed"] for f in about["files"])
    assert about["files"][0]["kind"] == "bpmn"
    assert about["files"][0]["title"] == "线上签约"


def test_there_is_one_draft_a_flow(studio):
    assert studio.begin().id == studio.begin(studio.gao).id


def test_what_is_typed_is_saved_and_what_is_live_stays(studio):
    draft = studio.begin()
    before = (
        catalog.live("online_signing").digest if hasattr(catalog.live("online_signing"), "digest") else None
    )
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    assert "后天到期" in draft.text(NOTICES)
    assert next(f for f in draft.about()["files"] if f["path"] == NOTICES)["changed"]
    assert "还有两天到期".encode() in catalog.live("online_signing").content.files[NOTICES]
    assert before is None or catalog.live("online_signing").digest == before


def test_a_file_that_somebody_else_saved_since_is_not_written_over(studio):
    draft = studio.begin()
    began = draft.revision(NOTICES)
    theirs = draft.of(studio.gao)
    theirs.change(NOTICES, ("还有两天到期", "高老师写的"))
    mine = draft.text(NOTICES).replace("高老师写的", "沈老师写的")
    answer = draft.put(NOTICES, mine, began)
    told = answer.get_json()
    assert answer.status_code == 409
    assert told["code"] == "stale"
    assert told["by"] == "高老师"
    assert "高老师写的" in told["theirs"]
    assert "沈老师写的" in told["yours"]
    assert "高老师写的" in draft.text(NOTICES)
    assert draft.put(NOTICES, mine, told["revision"]).status_code == 200


def test_two_people_at_two_files_do_not_meet(studio):
    draft = studio.begin()
    form = draft.revision(FORM)
    draft.of(studio.gao).change(NOTICES, ("还有两天到期", "高老师写的"))
    assert draft.put(FORM, draft.text(FORM).replace("薪资", "工资"), form).status_code == 200


def test_whoever_comes_second_is_told_who_is_editing(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    told = draft.of(studio.gao).about()["editing"]
    assert told["name"] == "沈老师"
    assert told["active"]
    assert not told["me"]
    page = studio.gao.get("/studio/online_signing/edit").get_data(as_text=True)
    assert "沈老师正在编辑这份草稿" in page
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert not draft.of(studio.gao).about()["editing"]["active"]


def test_the_same_text_again_is_no_change(studio):
    draft = studio.begin()
    answer = draft.put(NOTICES, draft.text(NOTICES), "whatever")
    assert answer.status_code == 200
    assert answer.get_json()["unchanged"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (NOTICES, b"\xff\xfe\x00"),
        (NOTICES, b"x" * 1_000_001),
        (SIGNING, b"<not xml"),
        (SIGNING, b'<!DOCTYPE x [<!ENTITY a "b">]><definitions/>'),
        ("processes/signing/../../etc/passwd.bpmn", b"<a/>"),
        ("processes/signing/evil.py", b"print(1)"),
        ("forms/signing/UPPER.form", b"{}"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(studio, path, body):
    draft = studio.begin()
    before = draft.about()["revision"]
    answer = draft.put(path, body, draft.revision(path))
    assert answer.status_code in (404, 422)
    assert draft.about()["revision"] == before


def test_what_is_merely_wrong_is_kept_and_told_by_the_check(studio):
    draft = studio.begin()
    draft.change(SIGNING, ('qh:form="signing/answer"', 'qh:form="signing/nothing"'))
    (found,) = [f for f in draft.errors() if f["code"] == "form.unknown"]
    assert found["element"] == "student_answers"
    assert "#element=student_answers" in found["url"]


def test_the_check_takes_one_file_as_it_is_being_typed(studio):
    draft = studio.begin()
    body = draft.text(SIGNING).replace('result = "pass"', "result = (")
    found = studio.shen.json(f"{draft.api}/check", {"path": SIGNING, "body": body}).get_json()
    assert any(f["code"] == "expression.wrong" and f["element"] == "passed" for f in found["findings"])
    assert draft.check()["errors"] == 0


def test_a_new_form_is_added_and_taken_out_again(studio):
    draft = studio.begin()
    path = "forms/signing/extra.form"
    assert draft.put(path, '{"type": "default", "components": []}', None).status_code == 200
    assert draft.revision(path)
    headers = {"X-CSRFToken": studio.shen.token(), "If-Match": f'"{draft.revision(path)}"'}
    assert studio.shen.client.delete(f"{draft.api}/files/{path}", headers=headers).status_code == 200
    assert draft.revision(path) is None


def test_the_diagram_cannot_be_taken_out(studio):
    draft = studio.begin()
    headers = {"X-CSRFToken": studio.shen.token(), "If-Match": f'"{draft.revision(SIGNING)}"'}
    assert studio.shen.client.delete(f"{draft.api}/files/{SIGNING}", headers=headers).status_code == 422


def test_without_a_script_a_file_is_saved_by_its_form(studio):
    draft = studio.begin()
    body = draft.text(NOTICES).replace("还有两天到期", "后天到期").replace("\n", "\r\n")
    sent = {"path": NOTICES, "body": body, "revision": draft.revision(NOTICES)}
    assert studio.shen.post(f"/studio/drafts/{draft.id}/text", sent).status_code == 303
    assert "后天到期" in draft.text(NOTICES)
    assert "\r" not in draft.text(NOTICES)


def test_without_a_script_both_texts_are_shown_where_they_meet(studio):
    draft = studio.begin()
    began = draft.revision(NOTICES)
    draft.of(studio.gao).change(NOTICES, ("还有两天到期", "高老师写的"))
    sent = {"path": NOTICES, "body": "mine: <b>", "revision": began}
    answer = studio.shen.post(f"/studio/drafts/{draft.id}/text", sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "高老师写的" in page
    assert "mine: &lt;b&gt;" in page


def test_a_dropped_draft_takes_no_more(studio):
    draft = studio.begin()
    studio.shen.post(f"/studio/drafts/{draft.id}/drop")
    answer = draft.put(NOTICES, "a: b", "x")
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "closed"
    assert studio.begin().id != draft.id


def test_the_editor_page_lets_styles_in_and_no_scripts(studio):
    studio.begin()
    policy = studio.shen.get("/studio/online_signing/edit").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
