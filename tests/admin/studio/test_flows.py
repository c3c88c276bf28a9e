"""The list of flows, a flow's page, and what a release brings beside what staff have published."""

from __future__ import annotations

from engine import catalog
from engine.models.drafts import ProcessDraft
from tests.admin.studio.conftest import shipped
from tests.people import text_of
from tests.queries import counted

NOTICES = "processes/signing/online_signing.notices.yaml"


def test_the_list_tells_versions_and_who_is_editing(studio):
    studio.begin(studio.gao)
    page = text_of(studio.shen.get("/studio/"))
    assert "线上签约" in page
    assert "第 1 版" in page
    assert "高老师正在编辑" in page


def test_the_list_costs_the_same_for_one_draft_and_for_many(studio):
    studio.shen.get("/studio/")
    studio.begin()
    with counted() as one:
        studio.shen.get("/studio/")
    for process in ("agreement_voiding", "termination", "termination_allowance"):
        studio.begin(process=process)
    with counted() as many:
        studio.shen.get("/studio/")
    assert len(one) == len(many)


def test_what_a_release_brings_can_be_taken_as_a_draft(studio):
    files = {**shipped(), NOTICES: shipped()[NOTICES].replace("还有两天到期".encode(), "后天到期".encode())}
    own = {path: files[path] for path in catalog.closure(files, "online_signing")}
    brought = ProcessDraft.create(
        process_id="online_signing", name="线上签约", source="shipped", manifest=catalog.store(own)
    )
    assert "没有覆盖你们发布的" in text_of(studio.shen.get("/studio/online_signing"))
    answer = studio.shen.post(f"/studio/drafts/{brought.id}/adopt")
    assert answer.status_code == 303
    taken = ProcessDraft.get((ProcessDraft.source == "studio") & (ProcessDraft.state == "open"))
    assert taken.manifest == brought.manifest
    assert "后天到期" in text_of(studio.shen.get(answer.location + "?step=changes"))


def test_what_a_release_brings_does_not_push_a_draft_aside(studio):
    studio.begin()
    brought = ProcessDraft.create(
        process_id="online_signing", source="shipped", manifest=dict(ProcessDraft.get().manifest)
    )
    answer = studio.shen.post(f"/studio/drafts/{brought.id}/adopt")
    assert answer.status_code == 422
    assert ProcessDraft.get_by_id(brought.id).state == "open"
