"""Files made and taken away by clicks: notices, scenarios, forms, decision tables."""

from __future__ import annotations

import pytest

from engine import catalog
from engine.models.drafts import ProcessDraft
from engine.release import drafts
from tests.admin.studio.conftest import SIGNING, Draft
from tests.people import text_of

FLOW = "processes/signing/online_signing"


def adding(draft, what, **values):
    return draft.who.post(f"/studio/drafts/{draft.id}/add", {"what": what, **values})


def removing(draft, path):
    return draft.who.post(
        f"/studio/drafts/{draft.id}/remove", {"file": path, "revision": draft.revision(path) or ""}
    )


@pytest.fixture
def new_flow(studio):
    answer = studio.shen.post(
        "/studio/new", {"name": "就业证明", "process_id": "employment_letter", "area": "signing"}
    )
    assert answer.status_code == 303
    return Draft(studio.shen, ProcessDraft.get(ProcessDraft.process_id == "employment_letter").id)


def test_the_editor_offers_what_is_not_there(new_flow):
    page = text_of(new_flow.who.get("/studio/employment_letter/edit"))
    for words in ("加文件", "决策表", "通知", "情景"):
        assert words in page


def test_notices_begin_with_one_that_can_be_sent(studio, new_flow):
    answer = adding(new_flow, "notices")
    assert answer.status_code == 303
    path = "processes/signing/employment_letter.notices.yaml"
    assert "done:" in new_flow.text(path)
    assert [f for f in new_flow.check()["findings"] if f["file"] == path] == []
    assert adding(new_flow, "notices").status_code == 422


def test_scenarios_begin_with_the_plain_way_through(studio):
    draft = studio.begin()
    path = f"{FLOW}.scenarios.yaml"
    assert removing(draft, path).status_code == 303
    assert draft.revision(path) is None
    assert adding(draft, "scenarios").status_code == 303
    text = draft.text(path)
    assert "complete: student_answers" in text
    assert "complete: school_audits" in text
    assert "expect: {ended: passed_end}" in text
    assert "个全部通过" in draft.rehearse()


def test_a_decision_table_looks_at_what_is_chosen(studio):
    draft = studio.begin()
    page = draft.who.get(f"/studio/drafts/{draft.id}/add?what=decision").get_data(as_text=True)
    assert 'value="invitation.probation_pay"' in page
    values = {
        "name": "pay_review",
        "label": "要不要复核",
        "output": "review",
        "type": "boolean",
        "inputs": ["invitation.probation_pay"],
    }
    assert adding(draft, "decision", **values).status_code == 303
    path = "processes/signing/pay_review.dmn"
    tried = draft.who.json(
        f"{draft.api}/decision", {"path": path, "try": {"invitation": {"probation_pay": 3000}}}
    ).get_json()
    assert tried["findings"] == []
    assert tried["value"] is False
    options = draft.who.json(f"{draft.api}/options?path={SIGNING}").get_json()
    assert [d["label"] for d in options["decisions"] if d["path"] == path] == ["要不要复核"]


def test_a_table_without_inputs_or_with_a_name_that_is_none_is_refused_with_what_was_typed(studio):
    draft = studio.begin()
    answer = adding(draft, "decision", name="Pay Review", label="要不要复核", output="review", type="boolean")
    assert answer.status_code == 422
    assert "小写英文字母" in text_of(answer)
    assert 'value="要不要复核"' in answer.get_data(as_text=True)
    answer = adding(draft, "decision", name="pay_review", label="要不要复核", output="review", type="boolean")
    assert "这张表看什么" in text_of(answer)


def test_a_new_form_is_empty_and_goes_again(studio):
    draft = studio.begin()
    assert adding(draft, "form", name="parents").status_code == 303
    path = "forms/signing/parents.form"
    assert draft.revision(path)
    assert adding(draft, "form", name="parents").status_code == 422
    assert "没有用到它" in text_of(draft.who.get(f"/studio/drafts/{draft.id}/remove?file={path}"))
    assert removing(draft, path).status_code == 303
    assert draft.revision(path) is None


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("forms/signing/answer.form", "还在用：查看邀请函"),
        (f"{FLOW}.notices.yaml", "还在用"),
        ("processes/signing/agreement.html", "系统照这份文书打印"),
        (SIGNING, "流程图不能"),
    ],
)
def test_what_is_used_stays(studio, path, why):
    draft = studio.begin()
    assert why in text_of(draft.who.get(f"/studio/drafts/{draft.id}/remove?file={path}"))
    assert removing(draft, path).status_code == 422
    assert draft.revision(path)


def test_only_designers_of_the_flow_add_and_remove(studio):
    draft = studio.begin()
    assert adding(draft.of(studio.clerk), "form", name="parents").status_code == 404
    answer = studio.clerk.post(f"/studio/drafts/{draft.id}/remove", {"file": "forms/signing/answer.form"})
    assert answer.status_code == 404


def test_a_file_that_the_draft_leaves_out_is_not_published_with_it(studio):
    draft = studio.begin()
    assert removing(draft, "forms/signing/answer.en.yaml").status_code == 303
    kept = drafts.own_files(drafts.merged(ProcessDraft.get_by_id(draft.id)), "online_signing")
    assert "forms/signing/answer.form" in kept
    assert "forms/signing/answer.en.yaml" not in kept
    assert catalog.live("online_signing").version == 1
