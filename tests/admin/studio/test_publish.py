"""From draft to live over HTTP: checked, tried, noted; the second person; the way back."""

from __future__ import annotations

from engine import catalog, runtime
from engine.models.people import AuditEntry
from engine.models.workflow import ProcessDefinition
from tests.admin.studio.conftest import SIGNING
from tests.builders import make_class, make_college, make_employer, make_student
from tests.people import text_of

NOTICES = "processes/signing/online_signing.notices.yaml"
FORM = "forms/signing/invitation.form"


def live() -> int:
    return catalog.live("online_signing").version


def test_a_draft_goes_live_with_a_note(studio_anywhere):
    studio = studio_anywhere
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    assert "个全部通过" in draft.rehearse()
    answer = draft.publish("提醒说得更清楚")
    assert answer.status_code == 303, text_of(answer)
    assert live() == 2
    page = text_of(studio.shen.get("/studio/online_signing"))
    assert "第 2 版" in page
    assert "提醒说得更清楚" in page
    assert "沈老师" in page
    assert (
        AuditEntry.select()
        .where(AuditEntry.action == "publish", AuditEntry.account == studio.shen.account.id)
        .count()
    )


def test_only_the_changed_flow_gets_a_version(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    draft.publish()
    assert {d.process_id: d.version for d in catalog.live_all()}["agreement_voiding"] == 1


def test_a_note_is_required(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    answer = draft.publish("")
    assert answer.status_code == 422
    assert "发布说明" in text_of(answer)
    assert live() == 1


def test_a_draft_without_changes_is_not_published(studio):
    assert studio.begin().publish().status_code == 422
    assert live() == 1


def test_a_failing_scenario_blocks_and_says_where(studio):
    draft = studio.begin()
    draft.change(
        "processes/signing/online_signing.scenarios.yaml", ("ended: refused_end", "ended: passed_end")
    )
    page = draft.rehearse()
    assert "学生拒绝" in page
    assert "结束在应是“协议书已生效”（passed_end），实际是“学生已拒绝”（refused_end）" in page
    line = int(page.split("online_signing.scenarios.yaml#line=")[1].split('"')[0])
    text = draft.text("processes/signing/online_signing.scenarios.yaml").splitlines()[line - 1]
    assert "ended: passed_end" in text
    assert "invitation.state: refused" in text
    answer = draft.publish()
    assert answer.status_code == 422
    assert "没有按写的走" in text_of(answer)
    assert live() == 1


def test_what_was_changed_meanwhile_is_not_published_unseen(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    seen = draft.about()["revision"]
    draft.of(studio.gao).change(NOTICES, ("后天到期", "坏主意"))
    answer = studio.shen.post(draft.page, {"note": "说明", "revision": seen})
    assert answer.status_code == 422
    assert "刚被改过" in text_of(answer)
    assert live() == 1


def test_the_changes_are_told_in_words(studio):
    draft = studio.begin()
    draft.change(SIGNING, ('qh:due="=working days(today(), 3)"', 'qh:due="=working days(today(), 5)"'))
    draft.change(FORM, ('"label": "职位"', '"label": "岗位"')) if '"label": "职位"' in draft.text(
        FORM
    ) else None
    page = text_of(studio.shen.get(f"{draft.page}?step=changes"))
    assert "步骤“签约审核”的办理期限" in page
    assert "5 个工作日" in page
    assert "working days" not in page


def test_running_cases_are_counted_where_they_stand(studio_anywhere):
    studio = studio_anywhere
    signing_under_way(studio)
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    page = text_of(studio.shen.get(f"{draft.page}?step=running"))
    assert "1 件在办" in page
    assert "查看邀请函" in page
    assert "留在第 1 版" in page


def signing_under_way(studio):
    employer = studio.person("用人单位", make_employer())
    student = make_student(make_class(make_college(studio.school)))
    form = runtime.start_form(employer.actor, "online_signing", student)
    from engine import forms

    answers = forms.example(form.spec, form.form.meta.context, {}, actor=employer.actor)
    return runtime.start(employer.actor, "online_signing", on=student, json=answers)


def test_a_flow_that_wants_a_second_person_gets_one(studio):
    draft = studio.begin()
    draft.change(SIGNING, ('qh:subject="invitation"', 'qh:subject="invitation" qh:second_person="true"'))
    answer = draft.publish("要两个人")
    assert answer.status_code == 303
    assert live() == 1
    assert "等待另一位同事" in text_of(studio.shen.get("/studio/online_signing"))
    mine = draft.publish("我自己来")
    assert mine.status_code == 403
    assert "提交的人自己不能复核" in text_of(mine)
    assert live() == 1
    assert draft.put(NOTICES, "x: y", draft.revision(NOTICES)).status_code == 409
    assert draft.of(studio.gao).publish("复核过").status_code == 303
    assert live() == 2


def test_the_flag_cannot_be_taken_away_by_one_person(studio):
    draft = studio.begin()
    draft.change(SIGNING, ('qh:subject="invitation"', 'qh:subject="invitation" qh:second_person="true"'))
    draft.publish("要两个人")
    draft.of(studio.gao).publish("复核过")
    again = studio.begin()
    again.change(SIGNING, (' qh:second_person="true"', ""))
    assert again.publish("不要了").status_code == 303
    assert live() == 2


def test_a_submitted_draft_can_be_given_back(studio):
    draft = studio.begin()
    draft.change(SIGNING, ('qh:subject="invitation"', 'qh:subject="invitation" qh:second_person="true"'))
    draft.publish("要两个人")
    assert studio.gao.post(f"/studio/drafts/{draft.id}/return", {"reason": "再想想"}).status_code == 303
    assert draft.about()["state"] == "open"


def test_a_version_is_rolled_back_in_one_click(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "发错了"))
    draft.publish("错了")
    first = ProcessDefinition.get(
        ProcessDefinition.process_id == "online_signing", ProcessDefinition.version == 1
    )
    answer = studio.shen.post(f"/studio/versions/{first.id}/roll-back")
    assert answer.status_code == 303
    now = catalog.live("online_signing")
    assert now.version == 3
    assert "还有两天到期".encode() in now.content.files[NOTICES]
    assert AuditEntry.select().where(AuditEntry.action == "roll_back").count() == 1
    assert studio.shen.post(f"/studio/versions/{first.id}/roll-back").status_code == 422


def test_every_version_can_be_opened_and_compared(studio):
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    draft.publish("说明")
    second = catalog.live("online_signing")
    assert "后天到期" in text_of(studio.shen.get(f"/studio/versions/{second.id}?file={NOTICES}"))
    page = text_of(studio.shen.get(f"/studio/versions/{second.id}/compare"))
    assert "标题" in page
    assert "后天到期" in page
    assert studio.shen.get(f"/studio/versions/{second.id}/diagram").mimetype == "application/xml"
