"""Drafts and what is live part ways: whoever publishes knows what is undone; two persons stay two persons."""

from __future__ import annotations

import io
import zipfile

import pytest

from engine import catalog
from engine.models.drafts import ProcessDraft
from engine.models.people import Role
from engine.models.workflow import ProcessDefinition
from tests.admin.studio.conftest import SIGNING
from tests.people import text_of

NOTICES = "processes/signing/online_signing.notices.yaml"
AGREEMENT = "processes/signing/agreement.html"
SECOND = ('qh:subject="invitation"', 'qh:subject="invitation" qh:second_person="true"')


def version(number: int) -> ProcessDefinition:
    return ProcessDefinition.get(
        (ProcessDefinition.process_id == "online_signing") & (ProcessDefinition.version == number)
    )


def live() -> int:
    return catalog.live("online_signing").version


@pytest.fixture
def mistaken(studio):
    """The second version is a mistake; a draft was begun from it before `gao` went back to the first."""
    first = studio.begin()
    first.change(NOTICES, ("还有两天到期", "发错了"))
    assert first.publish("错了").status_code == 303
    draft = studio.begin()
    draft.change(NOTICES, ("发错了", "发错了一点"))
    assert studio.gao.post(f"/studio/versions/{version(1).id}/roll-back").status_code == 303
    assert live() == 3
    return draft


def test_a_draft_that_would_bring_a_mistake_back_says_so(studio, mistaken):
    said = "从第 2 版开始，在用的已是内容不同的第 3 版"
    assert said in text_of(studio.shen.get("/studio/online_signing"))
    assert said in text_of(studio.shen.get("/studio/online_signing/edit"))
    assert said in text_of(studio.shen.get(f"{mistaken.page}?step=publish"))
    answer = mistaken.publish("不知道退回过")
    assert answer.status_code == 422
    assert "发布会盖掉它" in text_of(answer)
    assert live() == 3


def test_whoever_has_seen_it_may_publish_all_the_same(studio, mistaken):
    values = {"note": "就要这样", "revision": mistaken.about()["revision"], "over": str(version(3).id)}
    assert studio.shen.post(mistaken.page, {**values, "over": str(version(2).id)}).status_code == 422
    assert studio.shen.post(mistaken.page, values).status_code == 303
    assert live() == 4


def test_a_draft_is_told_nothing_where_what_is_live_is_what_it_began_from(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    assert "发布会盖掉" not in text_of(studio.shen.get(f"{draft.page}?step=publish"))
    assert draft.publish("说明").status_code == 303


def test_a_draft_goes_on_from_a_former_version_and_nothing_goes_live(studio):
    first = studio.begin()
    first.change(NOTICES, ("还有两天到期", "后天到期"))
    first.publish("说明")
    page = text_of(studio.shen.get(f"/studio/versions/{version(1).id}"))
    assert "从这一版开始修改" in page
    answer = studio.shen.post(f"/studio/versions/{version(1).id}/draft")
    assert answer.status_code == 303
    assert live() == 2
    made = ProcessDraft.get(ProcessDraft.state == "open")
    assert made.base_id == version(1).id
    assert made.manifest[NOTICES] == version(1).deployment.manifest[NOTICES]


def test_a_draft_that_is_there_is_not_pushed_aside_by_a_former_version(studio):
    studio.begin()
    answer = studio.gao.post(f"/studio/versions/{version(1).id}/draft", follow_redirects=True)
    assert "已有一份草稿" in text_of(answer)
    assert ProcessDraft.select().count() == 1


def test_going_back_does_not_take_the_second_person_off(studio):
    marked = studio.begin()
    marked.change(SIGNING, SECOND)
    marked.publish("要两个人")
    assert marked.of(studio.gao).publish("复核过").status_code == 303
    assert studio.shen.post(f"/studio/versions/{version(1).id}/roll-back").status_code == 303
    alone = studio.begin()
    alone.change(NOTICES, ("还有两天到期", "后天到期"))
    assert alone.publish("我自己发").status_code == 303
    assert live() == 3, "it was handed over, not published"
    assert alone.publish("我自己发").status_code == 403
    assert alone.of(studio.gao).publish("复核过").status_code == 303
    assert live() == 4


def test_a_former_version_that_names_a_role_that_is_gone_does_not_come_back(studio):
    draft = studio.begin()
    Role.create(name="部门负责人", party_kind="school")
    draft.change(SIGNING, ('name="学校"', 'name="部门负责人"'))
    files = {path: draft.text(path).encode() for path in ProcessDraft.get().manifest}
    catalog.deploy(files, only=["online_signing"], checked=True)
    studio.shen.post(f"/studio/versions/{version(1).id}/roll-back")
    Role.delete().where(Role.name == "部门负责人").execute()
    answer = studio.shen.post(f"/studio/versions/{version(2).id}/roll-back")
    assert answer.status_code == 422
    assert "部门负责人" in text_of(answer)


def test_a_draft_is_dropped_after_a_question_that_says_whose_it_is(studio):
    draft = studio.begin(studio.gao)
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    page = text_of(studio.shen.get(f"/studio/drafts/{draft.id}/drop"))
    assert "这是高老师改的" in page
    assert "改了 1 个文件" in page
    assert ProcessDraft.get_by_id(draft.id).state == "open"
    assert studio.clerk.get(f"/studio/drafts/{draft.id}/drop").status_code == 404
    assert studio.shen.post(f"/studio/drafts/{draft.id}/drop").status_code == 303
    assert ProcessDraft.get_by_id(draft.id).state == "dropped"


def test_an_archive_with_flipped_bits_is_refused(studio):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SIGNING, catalog.live("online_signing").xml)
    body = bytearray(out.getvalue())
    body[200:210] = bytes(10)
    answer = studio.shen.client.post(
        "/studio/import",
        data={"file": (io.BytesIO(bytes(body)), "x.zip"), "area": "signing"},
        headers={"X-CSRFToken": studio.shen.token()},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert "不是能打开的 zip" in text_of(answer)


def test_a_new_flow_of_a_name_that_a_draft_has_keeps_what_was_typed(studio):
    values = {"name": "就业证明", "process_id": "employment_letter", "area": "signing"}
    assert studio.shen.post("/studio/new", values).status_code == 303
    again = studio.shen.post("/studio/new", values)
    assert again.status_code == 422
    assert "已有一份草稿" in text_of(again)
    assert 'value="就业证明"' in again.get_data(as_text=True)


def test_a_paper_belongs_to_the_flow_that_makes_it(studio):
    assert AGREEMENT in catalog.live("online_signing").content.files
    assert AGREEMENT not in catalog.live("termination").content.files
    draft = studio.begin(process="termination")
    assert draft.revision(AGREEMENT) is None


def test_ones_own_second_window_is_not_a_colleague(studio):
    draft = studio.begin()
    taken = draft.revision(NOTICES)
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    mine = draft.put(NOTICES, "x: y", taken)
    assert mine.status_code == 409
    assert "你在另一个窗口" in mine.get_json()["detail"]
    theirs = draft.of(studio.gao).put(NOTICES, "x: y", taken)
    assert "沈老师已经改过" in theirs.get_json()["detail"]


def test_a_draft_is_called_what_its_diagram_is_called(studio):
    draft = studio.begin()
    draft.change(
        SIGNING,
        (
            '<bpmn:process id="online_signing" name="线上签约"',
            '<bpmn:process id="online_signing" name="网上签约"',
        ),
    )
    assert ProcessDraft.get_by_id(draft.id).name == "网上签约"
    assert "网上签约" in text_of(studio.shen.get("/studio/online_signing/edit"))


@pytest.mark.parametrize("name", ["new", "import"])
def test_a_flow_is_not_called_like_a_page(studio, name):
    answer = studio.shen.post("/studio/new", {"name": "新", "process_id": name, "area": "signing"})
    assert answer.status_code == 422
    assert "请换一个流程标识" in text_of(answer)
