"""Honest changes, as an office will try them: nothing is found that would keep them from going live."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.catalog.drafts import TERMINATION, Draft, _made, answer, flow_xml, many, reason, timer

CHANGES = '<bpmn:messageEventDefinition messageRef="message_change_signed"/>'


def college_first() -> Draft:
    """The college looks before the school, with the same form."""
    draft = Draft().task("学院", "college_audits", "signing/audit").gateway("college_gate", "college_no")
    draft.lead("generated", "college_audits").flow("college_audits", "college_gate")
    draft.flow("college_gate", "school_audits", 'result = "pass"')
    return draft.flow("college_gate", "fail_agreement", flow_id="college_no")


def counsellor_ticks() -> Draft:
    """The counsellor ticks a box, and the case goes on to the school."""
    tick = {"type": "checkbox", "key": "looked", "id": "f", "label": "已核对", "validate": {"required": True}}
    draft = Draft().form("signing/counsellor", tick).task("辅导员", "counsellor_looks", "signing/counsellor")
    return draft.lead("generated", "counsellor_looks").flow("counsellor_looks", "school_audits")


def counsellor_before_the_agreement() -> Draft:
    tick = {"type": "checkbox", "key": "looked", "id": "f", "label": "已核对", "validate": {"required": True}}
    draft = Draft().form("signing/counsellor", tick).task("辅导员", "counsellor_looks", "signing/counsellor")
    draft.event("辅导员", "too_late", "counsellor_looks", timer("=invitation.expires_at", "timeDate"))
    draft.flow("too_late", "expire_invitation")
    return draft.lead("agreed", "counsellor_looks").flow("counsellor_looks", "generate_agreement")


def college_beside() -> Draft:
    """College and school look at the same time, in a subprocess, on whose edge the employer may change."""
    draft = Draft().form(
        "signing/college", answer("college_result", "pass", "fail", negative="fail"), reason("college_reason")
    )
    inner = "".join(
        [
            '<bpmn:startEvent id="looking"/><bpmn:parallelGateway id="part"/>',
            '<bpmn:userTask id="college_audits" name="学院审核" qh:form="signing/college"/>',
            '<bpmn:userTask id="school_looks" name="学校审核" qh:form="signing/audit"/>',
            '<bpmn:parallelGateway id="meet"/><bpmn:endEvent id="looked"/>',
            flow_xml("looking", "part"),
            flow_xml("part", "college_audits"),
            flow_xml("part", "school_looks"),
            flow_xml("college_audits", "meet"),
            flow_xml("school_looks", "meet"),
            flow_xml("meet", "looked"),
        ]
    )
    draft.delete("employer_changes_signed")
    draft.add(
        "学校",
        f'<bpmn:subProcess id="looks" name="学院和学校审核" qh:out="result reason college_result">{inner}</bpmn:subProcess>',
    )
    lane = draft.element("lane_school")
    for lane_name, node in (("学院", "college_audits"), ("学校", "school_looks")):
        reference = _made(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>")
        if lane_name == "学校":
            lane.append(reference)
        else:
            made = _made(
                f'<bpmn:lane id="lane_college" name="学院"><bpmn:flowNodeRef>{node}</bpmn:flowNodeRef></bpmn:lane>'
            )
            lane.getparent().append(made)
    draft.event("学校", "employer_changes_signed", "looks", CHANGES,
                action="修改邀约", by="用人单位", form="signing/invitation")  # fmt: skip
    draft.flow("employer_changes_signed", "change_invitation")
    draft.lead("generated", "looks").flow("looks", "audit_gateway")
    draft.drop("audited")
    draft.drop("school_audits")
    return draft.condition("passed", 'result = "pass" and college_result = "pass"')


def sent_back() -> Draft:
    """A third answer sends the letter back to the employer, who corrects it; the student agrees anew."""
    draft = Draft().form(
        "signing/audit", answer("result", "pass", "fail", "return", negative="fail"), reason()
    )
    draft.task("用人单位", "employer_corrects", "signing/invitation")
    draft.flow("audit_gateway", "employer_corrects", 'result = "return"')
    return draft.flow("employer_corrects", "change_invitation")


def answered_anew() -> Draft:
    """The student adds something, and the school looks again."""
    draft = Draft().form(
        "signing/audit", answer("result", "pass", "fail", "return", negative="fail"), reason()
    )
    draft.task("毕业生", "student_adds", "signing/withdraw")
    draft.flow("audit_gateway", "student_adds", 'result = "return"')
    return draft.flow("student_adds", "school_audits")


def passed_with_a_remark() -> Draft:
    """A second way to pass, 有条件通过, that leads on as the first does."""
    draft = Draft().form(
        "signing/audit", answer("result", "pass", "fail", "pass_with_remark", negative="fail"), reason()
    )
    return draft.condition("passed", 'result = "pass" or result = "pass_with_remark"')


def two_signatures() -> Draft:
    """School and college sign in either order; whoever refuses ends it."""
    draft = Draft().form(
        "signing/college", answer("college_result", "pass", "fail", negative="fail"), reason("college_reason")
    )
    draft.delete("employer_changes_signed")
    draft.gateway("part", kind="parallel").gateway("meet", kind="parallel")
    draft.task("学院", "college_signs", "signing/college")
    draft.lead("generated", "part").flow("part", "school_audits").flow("part", "college_signs")
    draft.lead("audited", "meet").flow("college_signs", "meet").flow("meet", "audit_gateway")
    given = next(one for one in draft.element("fail_agreement").iter() if one.get("id") == "reason")
    given.set("value", 'if result = "fail" then "学校没有通过" else "学院没有通过"')
    return draft.condition("passed", 'result = "pass" and college_result = "pass"')


def head_is_told() -> Draft:
    """After three working days the head of office is asked to look; the school still decides."""
    draft = Draft().event("学校", "audit_late", "school_audits", timer("P3D"), cancel=False)
    draft.task("部门负责人", "head_urges", "signing/withdraw").end("urged")
    return draft.flow("audit_late", "head_urges").flow("head_urges", "urged")


def head_decides() -> Draft:
    """After three working days the audit goes to the head of office."""
    draft = Draft().event("学校", "audit_late", "school_audits", timer("P3D"))
    draft.task("部门负责人", "head_audits", "signing/audit")
    return draft.flow("audit_late", "head_audits").flow("head_audits", "audit_gateway")


def head_reverses() -> Draft:
    """What the school refuses the head of office looks at, and may pass."""
    draft = Draft().task("部门负责人", "head_audits", "signing/audit").gateway("head_gate", "head_no")
    draft.lead("failed", "head_audits").flow("head_audits", "head_gate")
    draft.flow("head_gate", "approve_agreement", 'result = "pass"')
    return draft.flow("head_gate", "fail_agreement", flow_id="head_no")


def low_pay() -> Draft:
    """Low pay needs a second reviewer of the school."""
    draft = Draft().gateway("low", "enough").gateway("second_gate", "second_no")
    draft.task("学校", "second_audit", "signing/audit", distinct="school_audits")
    draft.lead("passed", "low").flow("low", "approve_agreement", flow_id="enough")
    draft.flow("low", "second_audit", "invitation.probation_pay < 3000").flow("second_audit", "second_gate")
    draft.flow("second_gate", "approve_agreement", 'result = "pass"')
    return draft.flow("second_gate", "fail_agreement", flow_id="second_no")


DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="reviewer" namespace="urn:q">
  <decision id="reviewer" name="reviewer"><decisionTable id="t" hitPolicy="UNIQUE">
    <input id="i1"><inputExpression id="e1" typeRef="number"><text>invitation.probation_pay</text></inputExpression></input>
    <output id="o1" name="reviewer" typeRef="string" />
    <rule id="r1"><inputEntry id="n1"><text>&lt; 3000</text></inputEntry><outputEntry id="p1"><text>"college"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="n2"><text>&gt;= 3000</text></inputEntry><outputEntry id="p2"><text>"none"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


def table_decides() -> Draft:
    """A decision table says whether the college looks too."""
    draft = Draft().file("processes/signing/reviewer.dmn", DMN)
    draft.add(
        "系统",
        '<bpmn:businessRuleTask id="who_reviews" name="谁审核" qh:result="reviewer"><bpmn:extensionElements>'
        "<spiffworkflow:calledDecisionId>signing/reviewer</spiffworkflow:calledDecisionId>"
        "</bpmn:extensionElements></bpmn:businessRuleTask>",
    )
    draft.gateway("who", "school_only").gateway("college_gate", "college_no")
    draft.task("学院", "college_audits", "signing/audit")
    draft.lead("generated", "who_reviews").flow("who_reviews", "who")
    draft.flow("who", "school_audits", flow_id="school_only")
    draft.flow("who", "college_audits", 'reviewer = "college"').flow("college_audits", "college_gate")
    draft.flow("college_gate", "school_audits", 'result = "pass"')
    return draft.flow("college_gate", "fail_agreement", flow_id="college_no")


def several_reviewers(loop: str, condition: str) -> Draft:
    draft = Draft()
    draft.element("school_audits").append(_made(loop))
    for parameter in draft.root.xpath("//*[@id='fail_agreement']//*[@id='reason']"):
        parameter.set("value", '"审核组没有通过"')
    return draft.condition("passed", condition)


def two_of_the_school() -> Draft:
    return several_reviewers(many("2", results="answers"), 'every r in answers satisfies r.result = "pass"')


def a_majority_of_three() -> Draft:
    return several_reviewers(many("3", results="answers"), 'count(answers[result = "pass"]) >= 2')


def reviewers_of_a_list() -> Draft:
    loop = many(collection='["法务", "财务"]', element="role", results="answers")
    return several_reviewers(loop, 'every r in answers satisfies r.result = "pass"')


def reviewers_of_a_chosen_list() -> Draft:
    """The counsellor names who looks, one at least."""
    loop = many(collection="lookers", element="role", results="answers")
    draft = several_reviewers(loop, 'every r in answers satisfies r.result = "pass"')
    values = [{"value": v, "label": v} for v in ("法务", "财务")]
    names = {
        "type": "checklist",
        "key": "lookers",
        "id": "l",
        "label": "请谁看",
        "values": values,
        "validate": {"required": True},
    }
    form = draft.form("signing/names", names).task("辅导员", "who_looks", "signing/names")
    for parameter in draft.root.xpath("//*[@id='fail_agreement']//*[@id='reason']"):
        parameter.set("value", '"审核组没有通过"')
    return form.lead("generated", "who_looks").flow("who_looks", "school_audits")


def seven_days() -> Draft:
    draft = Draft()
    text = draft.files()["forms/signing/invitation.form"].decode()
    return draft.file("forms/signing/invitation.form", text.replace('"defaultValue": 5', '"defaultValue": 7'))


def change_without_an_interruption() -> Draft:
    return Draft(TERMINATION).plain("student_silent", cancelActivity="false")


HONEST: dict[str, Callable[[], Draft]] = {
    made.__name__: made
    for made in (
        college_first, counsellor_ticks, counsellor_before_the_agreement, college_beside, sent_back, answered_anew, passed_with_a_remark,
        two_signatures, head_is_told, head_decides, head_reverses, low_pay, table_decides, two_of_the_school,
        a_majority_of_three, reviewers_of_a_list, reviewers_of_a_chosen_list, seven_days,
        change_without_an_interruption,
    )
}  # fmt: skip


@pytest.mark.parametrize("change", HONEST)
def test_an_honest_change_is_let_through(change: str) -> None:
    draft = HONEST[change]()
    found = draft.findings({"部门负责人": "school"})
    # The scenarios name what a change has taken away; whoever makes it rewrites them.
    assert [f.text() for f in found if f.code not in ("scenario.wrong", "form.advice", "text.unknown")] == []


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ('"33"', ""),
        ('not("31", "33")', ""),
        ('starts with(?, "3")', ""),
        ('"私营企业"', '请写 "33"（私营企业）'),
        ('"31", "外星企业"', "没有“外星企业”这个值"),
    ],
)
def test_a_table_over_a_coded_field_wants_its_codes(cell: str, says: str) -> None:
    table = DMN.replace(
        'typeRef="number"><text>invitation.probation_pay', 'typeRef="string"><text>employer.unit_nature'
    )
    table = table.replace("&lt; 3000", cell).replace("&gt;= 3000", "-").replace("UNIQUE", "FIRST")
    draft = table_decides().file("processes/signing/reviewer.dmn", table)
    found = [f for f in draft.errors({"部门负责人": "school"}) if f.file.endswith(".dmn")]
    assert [f.element_id for f in found] == (["r1"] if says else [])
    assert all(says in f.sentence.zh for f in found)


def test_what_a_table_of_one_column_says_has_the_columns_type() -> None:
    table = (
        DMN.replace('typeRef="string" />', 'typeRef="boolean" />')
        .replace('"college"', "true")
        .replace('"none"', "false")
    )
    draft = table_decides().file("processes/signing/reviewer.dmn", table)
    assert "expression.type" in {f.code for f in draft.errors()}  # reviewer = "college"
