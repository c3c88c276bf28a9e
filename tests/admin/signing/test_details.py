"""签约详情, the paper and what stands beside the school's audit: for each side what is its to see."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from engine import files
from engine.models.people import AuditEntry
from engine.models.signing import Agreement
from engine.models.workflow import Outbox
from reports import jobs
from tests.builders import make_school
from tests.builders_signing import Office, agreement_of, letter
from tests.people import Person, text_of


@pytest.fixture(autouse=True)
def blobs(tmp_path: Path) -> None:
    files.configure((tmp_path / "files").as_uri())


def keep_paper(agreement: Agreement, kind: str = "agreement", content: bytes = b"%PDF-1.4 paper") -> None:
    """A paper as the worker keeps it."""
    jobs.keep(agreement, kind, content, f"就业协议书-{agreement.number}.pdf")


def test_both_sides_and_the_school_read_the_details(office: Office) -> None:
    invitation = office.signed()
    number = agreement_of(invitation).number
    colleague = office.person("用人单位", office.firm)
    for person in (office.graduate, office.employer, colleague, office.clerk):
        shown = text_of(person.get(f"/invitations/{invitation.id}"))
        for words in (
            number,
            "测试工程师",
            "4,800 元 / 月",
            "双方已签约",
            "林一诺同意邀约，生成协议书",
            "罗经理发起邀约",
            "待审核",
        ):
            assert words in shown, words


def test_strangers_do_not(office: Office) -> None:
    invitation = office.effective()
    agreement = agreement_of(invitation)
    keep_paper(agreement)
    strangers = (office.rival(), office.another(), office.person("学校", make_school()))
    for person in strangers:
        for url in (
            f"/invitations/{invitation.id}", f"/agreements/{agreement.id}", f"/agreements/{agreement.id}/page",
            f"/agreements/{agreement.id}/preview", f"/agreements/{agreement.id}/download",
        ):  # fmt: skip
            assert person.get(url).status_code == 404, url


@pytest.mark.parametrize("role", ["辅导员", "学院", "省中心"])
def test_other_offices_read_the_details_but_never_the_paper(office: Office, role: str) -> None:
    invitation = office.effective()
    agreement = agreement_of(invitation)
    keep_paper(agreement)
    party = {"辅导员": office.school_class, "学院": office.college, "省中心": None}[role]
    person = office.person(role, party)
    page = person.get(f"/invitations/{invitation.id}")
    assert page.status_code == 200
    assert "查看协议书" not in page.text
    for name in ("page", "preview", "download"):
        assert person.get(f"/agreements/{agreement.id}/{name}").status_code == 404


def test_numbers_are_masked_in_the_details_and_full_on_the_paper(office: Office) -> None:
    invitation = office.signed()
    page = office.employer.get(f"/invitations/{invitation.id}").text
    assert office.student.id_number not in page
    assert office.student.mobile not in page
    paper = office.employer.get(f"/agreements/{agreement_of(invitation).id}/preview")
    assert office.student.id_number in paper.text
    assert paper.headers["Content-Security-Policy"].startswith("default-src 'none'")
    line = AuditEntry.get(AuditEntry.action == "preview")
    assert (line.account_id, line.model) == (office.employer.account.id, "agreement")


def test_there_is_no_paper_before_the_graduate_agrees(office: Office) -> None:
    invitation = office.invite()
    page = office.employer.get(f"/invitations/{invitation.id}").text
    assert "查看协议书" not in page
    assert "待应约" not in page


def test_the_paper_in_its_frame_says_why_there_is_no_download(office: Office) -> None:
    agreement = agreement_of(office.signed())
    page = office.graduate.get(f"/agreements/{agreement.id}/page")
    assert f'src="/agreements/{agreement.id}/preview"' in page.text
    assert "学校审核通过后才能下载" in text_of(page)
    office.audit(agreement.invitation, "fail", "公章不符")
    assert "不能下载" in text_of(office.graduate.get(f"/agreements/{agreement.id}/page"))
    assert office.graduate.get(f"/agreements/{agreement.id}/download").status_code == 403


def test_while_the_worker_makes_the_paper_the_page_tries_again(office: Office) -> None:
    agreement = agreement_of(office.effective())
    waiting = office.graduate.get(f"/agreements/{agreement.id}/download")
    assert waiting.status_code == 202
    assert waiting.headers["Refresh"] == "3"
    keep_paper(agreement)
    paper = office.graduate.get(f"/agreements/{agreement.id}/download")
    assert paper.data == b"%PDF-1.4 paper"
    assert agreement.number in paper.headers["Content-Disposition"]


def test_where_the_making_has_failed_the_page_says_so_and_waits_no_longer(office: Office) -> None:
    agreement = agreement_of(office.effective())
    Outbox.update(state="failed").where(Outbox.job == "agreement_document").execute()
    answer = office.graduate.get(f"/agreements/{agreement.id}/download")
    assert answer.status_code == 503
    assert "Refresh" not in answer.headers
    assert "管理员已收到" in text_of(answer)


def test_a_void_agreement_gives_its_stamped_copy(office: Office) -> None:
    agreement = agreement_of(office.effective())
    keep_paper(agreement)
    office.clerk.post(f"/start/agreement_voiding?on=agreement:{agreement.id}", {"reason_kind": "体检不合格"})
    assert office.employer.get(f"/agreements/{agreement.id}/download").status_code == 202
    keep_paper(agreement, "agreement_void", b"%PDF-1.4 stamped")
    assert office.employer.get(f"/agreements/{agreement.id}/download").data == b"%PDF-1.4 stamped"
    assert "体检不合格" in text_of(office.employer.get(f"/agreements/{agreement.id}/page"))


def test_the_trace_goes_on_with_what_happened_later(office: Office) -> None:
    invitation = office.effective()
    agreement = agreement_of(invitation)
    office.clerk.post(f"/start/agreement_voiding?on=agreement:{agreement.id}", {"reason_kind": "体检不合格"})
    shown = text_of(office.graduate.get(f"/invitations/{invitation.id}"))
    assert "沈老师声明失效" in shown
    assert "沈老师签约鉴证通过" in shown


def test_the_school_may_declare_void_from_the_details_and_nobody_else(office: Office) -> None:
    invitation = office.effective()
    assert "声明协议书失效" in text_of(office.clerk.get(f"/invitations/{invitation.id}"))
    for person in (office.graduate, office.employer):
        assert "声明协议书失效" not in text_of(person.get(f"/invitations/{invitation.id}"))


def test_before_the_pass_the_declaration_is_in_sight_with_its_reason(office: Office) -> None:
    invitation = office.signed()
    assert "只有已生效的协议书可以声明失效" in text_of(office.clerk.get(f"/invitations/{invitation.id}"))


def audit_page(office: Office, invitation: object) -> str:
    task = office.task(invitation, "school_audits")  # type: ignore[arg-type]
    assert task is not None
    return text_of(office.clerk.get(f"/tasks/{task.id}"))


def test_the_audit_has_the_facts_the_paper_and_what_was_verified(office: Office) -> None:
    shown = audit_page(office, office.signed())
    for words in (
        "双方约定", "毕业生", "用人单位", "230102*****", "138****0046", "就业协议书", "系统已核对",
        "没有别的协议约束林一诺", "单位注册已通过省中心审核", "培养方式不是定向、委培", "信息工程学院 软件工程",
    ):  # fmt: skip
        assert words in shown, words
    assert "邀请函改过" not in shown


def test_the_audit_says_that_the_letter_was_changed(office: Office) -> None:
    invitation = office.invite()
    office.act(office.employer, invitation, "employer_changes", letter(probation_pay=5200))
    office.agree(invitation)
    shown = audit_page(office, invitation)
    assert "邀请函改过 1 次" in shown
    assert "试用起薪 4800 → 5200" in shown


def test_an_employers_home_has_its_figures_as_links(office: Office) -> None:
    office.listed(office.student)
    page = office.employer.get("/")
    shown = text_of(page)
    assert "签约待办 1" in shown
    assert "解约待办 0" in shown
    assert 'href="/signing/send">1</a>' in page.text
    assert 'href="/termination/desk"' in page.text


def actions_of(person: Person, url: str) -> str:
    return text_of(person.get(url)).split("现在的状态")[0]


def test_the_employer_changes_and_withdraws_from_the_details(office: Office) -> None:
    invitation = office.invite()
    shown = actions_of(office.employer, f"/invitations/{invitation.id}")
    assert "修改邀约" in shown
    assert "撤回邀约" in shown
    for person in (office.graduate, office.clerk):
        assert "撤回邀约" not in actions_of(person, f"/invitations/{invitation.id}")
    task = office.task(invitation, "employer_changes")
    assert task is not None
    page = office.employer.get(f"/tasks/{task.id}").text
    assert 'value="4800"' in page
    assert 'value="测试工程师"' in page


def test_each_side_is_spoken_to_as_itself(office: Office) -> None:
    invitation = office.invite()
    here = f"/invitations/{invitation.id}"
    assert "等你答复" in text_of(office.graduate.get(here))
    assert "等毕业生答复" in text_of(office.employer.get(here))
    assert "晴川软件有限公司邀请你签约" in text_of(office.graduate.get(f"{here}/letter"))
    for person in (office.employer, office.clerk):
        said = text_of(person.get(f"{here}/letter"))
        assert "晴川软件有限公司给林一诺的邀请函" in said
        assert "邀请你" not in said


def test_in_english_the_flow_the_steps_and_the_case_are_named_in_english(office: Office) -> None:
    invitation = office.signed()
    case, task = office.case(invitation), office.task(invitation, "school_audits")
    assert task is not None
    office.clerk.client.set_cookie("lang", "en")
    for url in (f"/cases/{case.id}", f"/tasks/{task.id}"):
        said = text_of(office.clerk.get(url))
        assert "Signing of 林一诺 with 晴川软件有限公司" in said
        assert "Online signing" in said
        for words in ("线上签约", "签约审核", "、"):
            assert words not in said, (url, words)


def test_the_diagram_is_drawn_in_the_readers_language(office: Office) -> None:
    case = office.case(office.signed())

    def names() -> dict[str, str]:
        page = office.clerk.get(f"/cases/{case.id}").get_data(as_text=True)
        found: dict[str, str] = json.loads(unescape(page.partition('data-names="')[2].partition('"')[0]))
        return found

    assert names() == {}
    office.clerk.client.set_cookie("lang", "en")
    english = names()
    assert english["school_audits"] == "Audit the signing"
    assert english["online_signing"] == "Online signing"
    assert english["lane_system"] == "System"
    assert "employer_sends.reason" not in english


def test_a_task_has_the_page_of_its_own_step_and_no_other(office: Office) -> None:
    invitation = office.signed()
    audit = office.task(invitation, "school_audits")
    assert audit is not None
    assert office.clerk.get(f"/tasks/{audit.id}").status_code == 200
    assert office.clerk.get(f"/tasks/{audit.id}/letter").status_code == 404
    assert office.clerk.post(f"/tasks/{audit.id}/letter", {"answer": "agree"}).status_code == 404
