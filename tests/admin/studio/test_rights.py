"""Who may enter: rights stand on roles, per flow or area; a stranger finds nothing."""

from __future__ import annotations

from engine.models.people import Role


def test_a_clerk_without_the_right_finds_nothing(studio):
    draft = studio.begin()
    for url in (
        "/studio/online_signing",
        "/studio/online_signing/edit",
        draft.api,
        draft.page,
        f"{draft.api}/options",
        f"/studio/drafts/{draft.id}/export.zip",
        "/studio/versions/1",
    ):
        assert studio.clerk.get(url).status_code == 404, url
    assert studio.clerk.get("/studio/").status_code == 403
    assert studio.clerk.post("/studio/online_signing/drafts").status_code == 404
    assert draft.of(studio.clerk).put("processes/signing/x.html", "x", None).status_code == 404
    assert "流程设计" not in studio.clerk.get("/").get_data(as_text=True)


def test_a_right_for_one_flow_opens_that_flow_only(studio):
    Role.update(rights=["studio:agreement_voiding"]).where(Role.name == "流程设计").execute()
    assert studio.shen.get("/studio/agreement_voiding").status_code == 200
    assert studio.shen.get("/studio/online_signing").status_code == 404
    page = studio.shen.get("/studio/").get_data(as_text=True)
    assert "声明协议书失效" in page
    assert "/studio/online_signing" not in page


def test_another_area_stays_closed(studio):
    Role.update(rights=["studio:fairs"]).where(Role.name == "流程设计").execute()
    assert studio.shen.get("/studio/online_signing").status_code == 404


def test_rights_that_are_no_list_open_nothing(studio):
    Role.update(rights={"studio": True}).where(Role.name == "流程设计").execute()
    assert studio.shen.get("/studio/").status_code == 403


def test_an_administrator_may_all(studio):
    assert studio.admin.get("/studio/online_signing").status_code == 200


def test_graduates_and_employers_see_nothing_of_it(studio):
    for role in ("毕业生", "用人单位", "辅导员"):
        assert studio.person(role).get("/studio/").status_code == 403
