"""Harmful drafts: each is refused at the element, with the way there, in a sentence that a clerk understands."""

from __future__ import annotations

import pytest

from tests.engine.catalog.drafts import (
    ALLOWANCE,
    SIGNING,
    TERMINATION,
    VOIDING,
    Draft,
    _made,
    answer,
    many,
    reason,
    timer,
)

# ── the school's pass is a pass ────────────────────────────────────────────────────────────────


def without_the_audits_gateway() -> Draft:
    """Whatever the school answers, the agreement comes into force."""
    draft = Draft()
    draft.lead("audited", "approve_agreement")
    for gone in ("passed", "failed", "failed_done", "audit_gateway", "fail_agreement", "failed_end"):
        draft.drop(gone)
    return draft


def with_a_silent_audit(form: str | None) -> Draft:
    draft = without_the_audits_gateway()
    return draft.set("school_audits", form=form)


UNDECIDED = {
    "conditions swapped": (lambda: Draft().condition("passed", 'result = "fail"'), "接反"),
    "any answer passes": (lambda: Draft().condition("passed", "result != null"), "接反"),
    "the gateway is gone": (without_the_audits_gateway, "接反"),
    "the audit shows no form": (lambda: with_a_silent_audit(None), "答复"),
    "the audit's form asks nothing": (lambda: with_a_silent_audit("signing/withdraw"), "答复"),
    "no choice is negative": (
        lambda: without_the_audits_gateway().form(
            "signing/audit", answer("result", "pass", "fail"), reason()
        ),
        "标为否定",
    ),
    "no copy of the audit": (
        lambda: with_many(without_the_audits_gateway(), many("0")),
        "办几份",
    ),
    "as many audits as a list has": (
        lambda: with_many(without_the_audits_gateway(), many("0 + 0")),
        "办几份",
    ),
}


def with_many(draft: Draft, loop: str) -> Draft:
    draft.element("school_audits").append(_made(loop))
    return draft


@pytest.mark.parametrize("harm", UNDECIDED)
def test_an_agreement_comes_into_force_only_by_the_schools_yes(harm: str) -> None:
    made, word = UNDECIDED[harm]
    found = made().refused("owes.undecided")
    assert found.element_id in ("approve_agreement", "fail_agreement")
    assert word in found.sentence.zh
    assert "学校" in found.sentence.zh
    assert found.path is not None
    assert found.path[0] == "employer_sends"
    assert not any(part in found.sentence.zh for part in ("owes", "None", "_", "{"))
    assert not any(part in found.sentence.en for part in ("owes", "None", "{"))


def test_after_a_correction_the_school_looks_again() -> None:
    """退回修改 is no pass: what the student then hands in has to be looked at."""
    draft = Draft().form(
        "signing/audit", answer("result", "pass", "fail", "return", negative="fail"), reason()
    )
    draft.task("毕业生", "student_corrects", "signing/withdraw")
    draft.flow("audit_gateway", "student_corrects", 'result = "return"')
    draft.flow("student_corrects", "approve_agreement")
    found = draft.refused("owes.undecided")
    assert "退回修改" in found.sentence.zh
    assert found.path is not None
    assert "student_corrects" in found.path


def test_an_agreement_fails_only_by_an_answer() -> None:
    draft = Draft().lead("generated", "fail_agreement")
    assert draft.refused("owes.undecided").element_id == "fail_agreement"


def test_a_refusing_student_is_not_bound() -> None:
    found = Draft().condition("refused", 'answer = "agree"').refused("owes.undecided")
    assert "毕业生" in found.sentence.zh


def test_the_student_agrees_anew_where_the_letter_was_changed_meanwhile() -> None:
    """A step before the agreement, on whose boundary the employer changes the letter and the case goes on."""
    draft = Draft().task("辅导员", "counsellor_looks").lead("agreed", "counsellor_looks")
    draft.flow("counsellor_looks", "generate_agreement")
    draft.event("辅导员", "changes_again", "counsellor_looks", '<bpmn:messageEventDefinition messageRef="message_change"/>',
                action="修改邀约", by="用人单位", form="signing/invitation")  # fmt: skip
    draft.service("change_again", "signing.change_invitation", **LETTER)
    draft.flow("changes_again", "change_again").flow("change_again", "generate_agreement")
    found = draft.refused("owes.undecided")
    assert found.element_id == "generate_agreement"


LETTER = {
    name: name
    for name in (
        "position", "position_category", "work_place", "probation_pay", "regular_pay", "archive_route",
        "archive_address", "household_address", "answer_days",
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "start", "by", "who"),
    [
        (VOIDING, "school_declares", "用人单位", "学校"),
        (VOIDING, "school_declares", "学校, 用人单位", "学校"),
        (ALLOWANCE, "school_allows", "毕业生", "学校"),
    ],
)
def test_nobody_but_the_school_ends_or_allows(path: str, start: str, by: str, who: str) -> None:
    assert who in Draft(path).set(start, by=by).refused("owes.undecided").sentence.zh


@pytest.mark.parametrize(
    ("act", "by"), [("employer_changes", "毕业生"), ("employer_withdraws", "毕业生, 用人单位")]
)
def test_nobody_but_the_employer_changes_the_letter(act: str, by: str) -> None:
    assert "用人单位" in Draft().set(act, by=by).refused("owes.undecided").sentence.zh


# ── several at once ────────────────────────────────────────────────────────────────────────────


def both_sign(college_form: str, condition: str) -> Draft:
    """College and school look at the same time; the employer changes nothing meanwhile."""
    draft = Draft().delete("employer_changes_signed")
    assert isinstance(draft, Draft)
    draft.gateway("part", kind="parallel").gateway("meet", kind="parallel")
    draft.task("学院", "college_audits", college_form)
    draft.lead("generated", "part").flow("part", "school_audits").flow("part", "college_audits")
    draft.lead("audited", "meet").flow("college_audits", "meet").flow("meet", "audit_gateway")
    return draft.condition("passed", condition)


def test_two_who_fill_in_the_same_field_at_once_overwrite_each_other() -> None:
    draft = both_sign("signing/audit", 'result = "pass"')
    found = next(f for f in draft.errors() if f.code == "expression.overwritten" and f.element_id == "passed")
    assert "审核结果" in found.sentence.zh
    assert "签约审核" in found.sentence.zh
    assert "换一张表单" in found.sentence.zh
    assert "owes.undecided" in {f.code for f in draft.errors()}


def test_a_text_of_the_way_that_came_first_is_gone_at_the_join() -> None:
    draft = both_sign("signing/college", 'result = "pass" and college_result = "pass"')
    draft.form("signing/college", answer("college_result", "pass", "fail", negative="fail"))
    found = next(f for f in draft.errors() if f.element_id == "fail_agreement")
    assert found.code == "expression.unknown_name"
    assert "原因 / " in found.sentence.zh  # what the forms call it
    assert "只在填它的那一步用得到" in found.sentence.zh


COMPARED = {
    "result > 5": "文字",
    'invitation.probation_pay > "x"': "文字",
    'invitation.expires_on < "2026-07-01"': "日期",
    'invitation.expires_at = date("2026-07-01")': "日期和时间",
    'invitation.probation_pay between "1" and "2"': "不能比",
    'invitation.probation_pay in ("1", "2")': "不能比",
    "if result then true else false": "是或否",
    'result = "pass" and invitation.probation_pay': "是或否",
    'invitation.probation_pay + "1" = "41"': "总是空的",
}


@pytest.mark.parametrize("text", COMPARED)
def test_what_cannot_be_compared_is_refused(text: str) -> None:
    draft = Draft().condition("passed", f'result = "pass" and ({text})')
    found = draft.refused("expression.type")
    assert found.element_id == "passed"
    assert COMPARED[text] in found.sentence.zh


RIGHT = (
    "invitation.probation_pay < 3000",
    'invitation.expires_on < date("2026-07-01")',
    "invitation.expires_on < today()",
    'invitation.expires_at < @"2026-07-01T00:00:00+08:00"',
    'invitation.expires_on - duration("P2D") > today()',
    "invitation.party_relation_unit = null",
    'student.name in ("a", "b")',
    "invitation.probation_pay in [1000..3000]",
    "some x in [1, 2] satisfies x = invitation.probation_pay",
    "count([1, 2][item > 1]) = 1",
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_can_be_compared_is_let_be(text: str) -> None:
    draft = Draft().condition("passed", f'result = "pass" and ({text})')
    assert [f.text() for f in draft.errors()] == []


# ── circles, limits ────────────────────────────────────────────────────────────────────────────


def test_a_circle_through_a_gateway_that_nobody_acts_on_is_refused() -> None:
    draft = Draft().gateway("low", "enough").gateway("again")
    draft.lead("generated", "again").flow("again", "low").flow("low", "school_audits", flow_id="enough")
    draft.flow("low", "again", "invitation.probation_pay < 3000")
    found = draft.refused("owes.circle")
    assert found.element_id in ("low", "again")
    assert "绕圈" in found.sentence.zh
    assert found.path is not None
    assert "generate_agreement" in found.path


@pytest.mark.parametrize("span", ["PT0S", "-P1D", "P0D"])
def test_a_span_of_nothing_is_no_deadline(span: str) -> None:
    draft = Draft()
    event = draft.element("answer_period_over")
    event.remove(event[-1])
    event.append(_made(timer(span)))
    assert "大于零" in draft.refused("timer.wrong").sentence.zh


# ── who can be reached ─────────────────────────────────────────────────────────────────────────


def test_a_role_that_the_case_has_no_party_of_is_refused() -> None:
    draft = Draft(ALLOWANCE).task("用人单位", "employer_reads").lead("allowed_done", "employer_reads")
    found = draft.flow("employer_reads", "allowed_end").refused("lane.no_party")
    assert found.element_id == "employer_reads"
    assert "用人单位" in found.sentence.zh


def test_before_the_letter_only_the_employer_is_known() -> None:
    draft = Draft().task("学院", "college_looks").lead("sent", "college_looks")
    draft.flow("college_looks", "send_invitation")
    assert draft.refused("lane.no_party").element_id == "college_looks"
    assert draft.refused("owes.too_late").element_id == "send_invitation"


def test_an_operation_on_a_row_that_the_flow_is_not_about_is_refused() -> None:
    draft = Draft(VOIDING).service("withdraw_it", "signing.withdraw_invitation")
    draft.lead("voided", "withdraw_it").flow("withdraw_it", "voided_end")
    found = draft.refused("operation.no_row")
    assert found.element_id == "withdraw_it"
    assert "签约邀请" in found.sentence.zh


def test_an_operation_of_the_employers_is_for_the_employer_to_begin() -> None:
    assert Draft().set("employer_sends", by="学校").refused("owes.actor").element_id == "send_invitation"


def test_a_start_on_another_row_than_its_operation_needs_is_refused() -> None:
    assert (
        Draft().set("employer_sends", on="agreement").refused("operation.no_row").element_id
        == "send_invitation"
    )


def test_a_flow_that_nobody_can_begin_is_told() -> None:
    draft = Draft(ALLOWANCE).set("school_allows", start=None, by=None)
    assert "start.nobody" in {f.code for f in draft.findings()}


def test_scenarios_that_were_emptied_are_refused() -> None:
    draft = Draft().file("processes/signing/online_signing.scenarios.yaml", "scenarios: []\n")
    assert draft.refused("scenario.empty").file.endswith("scenarios.yaml")


def test_a_party_of_another_kind_than_the_role_is_refused() -> None:
    assert Draft().set("lane_school", party="=employer").refused("lane.party").element_id == "lane_school"
    assert "学校" in Draft().set("lane_school", party='="信息学院"').refused("lane.party").sentence.zh
    assert Draft().set("lane_school", party="=school").errors() == []


def test_two_lanes_of_one_role_say_the_same_party() -> None:
    draft = Draft()
    other = _made('<bpmn:lane id="lane_more" name="学校" qh:party="=school"/>')
    for reference in draft.root.xpath("//*[text()='audit_gateway']"):
        other.append(reference)
    draft.element("lane_school").getparent().append(other)
    assert draft.refused("lane.party").element_id == "lane_more"


def test_what_an_operation_needs_may_not_be_left_empty() -> None:
    draft = Draft().form(
        "signing/audit", answer("result", "pass", "fail", negative="fail"), {**reason(), "validate": {}}
    )
    found = draft.refused("parameter.empty")
    assert found.element_id == "fail_agreement"
    assert "必填" in found.sentence.zh


def test_a_case_does_not_wait_for_what_nobody_sends() -> None:
    draft = Draft().add(
        "学校",
        '<bpmn:intermediateCatchEvent id="waits" name="等"><bpmn:messageEventDefinition '
        'messageRef="message_change_signed"/></bpmn:intermediateCatchEvent>',
    )
    found = draft.lead("generated", "waits").flow("waits", "school_audits").refused("message.unsent")
    assert "永远" in found.sentence.zh


def test_an_answer_that_is_hidden_at_times_is_no_answer_then() -> None:
    hidden = answer(
        "result", "pass", "fail", negative="fail", conditional={"hide": "=invitation.probation_pay > 9"}
    )
    draft = Draft().form("signing/audit", hidden, reason())
    assert "不显示" in draft.refused("owes.undecided").sentence.zh


def test_a_moment_that_has_passed_is_told() -> None:
    draft = Draft()
    event = draft.element("answer_period_over")
    event.remove(event[-1])
    event.append(_made(timer("2020-01-01T00:00:00+08:00", "timeDate")))
    assert ("timer.past", "warning") in {(f.code, f.severity) for f in draft.findings()}


BROKEN = {
    "no word of the student's is waited for": (
        SIGNING, lambda d: d.lead("to_student", "generate_agreement"), "owes.undecided"),
    "the letter ends in the middle": (SIGNING, lambda d: d.lead("over", "expired_end"), "owes.unfinished"),
    "thirty days of silence pass it": (
        SIGNING,
        lambda d: d.event("学校", "auto", "school_audits", timer("P30D")).flow("auto", "approve_agreement"),
        "owes.undecided"),
    "the employer passes it by a button": (
        SIGNING,
        lambda d: d.set("employer_changes_signed", action="直接生效").lead("change_signed", "approve_agreement"),
        "owes.undecided"),
    "approved again and again": (
        SIGNING, lambda d: d.lead("passed_done", "school_audits"), "owes.state"),
    "one side ends both": (
        SIGNING,
        lambda d: d.gateway("part", kind="parallel")
        .add("系统", '<bpmn:endEvent id="kill" name="k"><bpmn:terminateEventDefinition/></bpmn:endEvent>')
        .lead("generated", "part").flow("part", "school_audits").flow("part", "kill"),
        "owes.unfinished"),
    "put on hold and agreed": (
        TERMINATION, lambda d: d.lead("student_held", "student_agreed"), "owes.undecided"),
    "the school asks for a termination": (TERMINATION, lambda d: d.set("asks", by="学校"), "owes.actor"),
    "no audit of a termination": (
        TERMINATION, lambda d: d.lead("consented", "approve_termination"), "owes.undecided"),
    "a refused termination is passed": (
        TERMINATION, lambda d: d.condition("passed", 'result = "fail"'), "owes.undecided"),
    "a void letter by a refusal": (
        VOIDING,
        lambda d: d.set("school_declares", by="毕业生").task("学校", "agrees", "signing/audit")
        .lead("declared", "agrees").flow("agrees", "void_agreement"),
        "owes.undecided"),
    "due in three words": (SIGNING, lambda d: d.set("school_audits", due='="三天"'), "expression.type"),
    "a button by a text": (SIGNING, lambda d: d.set("employer_sends", when="employer.name"), "expression.type"),
    "offered on nothing": (SIGNING, lambda d: d.set("employer_sends", on=None), "operation.no_row"),
    "the audit is the system's": (
        SIGNING, lambda d: d.plain("lane_school", name="系统"), "task.no_lane"),
}  # fmt: skip


@pytest.mark.parametrize("harm", BROKEN)
def test_a_broken_draft_is_refused(harm: str) -> None:
    path, change, code = BROKEN[harm]
    draft = Draft(path)
    change(draft)
    found = draft.refused(code)
    assert found.element_id
    assert len(found.sentence.zh) > 15
