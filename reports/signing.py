"""The papers of signing: the agreement (D01), its void copy, and the invitation (D09)."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from engine import codes
from engine.errors import Sentence
from engine.models.agreement_paper import WORDS, read_printed
from engine.models.signing import Agreement, Invitation
from engine.notify.texts import Text
from reports import layouts, pdf

#: Where the agreement's text lies in a deployment.
AGREEMENT_TEXT = "processes/signing/agreement.html"
#: What the text may read: the paper's values, and the code lists of clause 6 to repeat over.
TEXT_NAMES = {
    **WORDS,
    "unit_natures": Sentence("单位性质代码表", "Codes of natures"),
    "unit_industries": Sentence("单位行业代码表", "Codes of industries"),
    "position_categories": Sentence("工作职位类别代码表", "Codes of positions"),
}

_MARGINS = (12, 14, 8, 14)
_VOID = "已失效"


def agreement_html(agreement: Agreement, text: str, preview: bool = True, size: str = "") -> str:
    """Both pages from the agreement's copy of its values, with the deployment's text (its source).

    `preview`: as sheets on a screen, stamped where the agreement is void.
    """
    values = read_printed(agreement)
    void = preview and agreement.state == "void"
    return layouts.render(
        "agreement", v=values, text=_text(text, values), preview=preview, size=size,
        upright=layouts.upright, seal=lambda: layouts.part("seal"),
        stamp=_stamp() if void else "", stamp_css=Markup(_STAMP_CSS) if void else "",
    )  # fmt: skip


def agreement_pdf(agreement: Agreement, text: str) -> bytes:
    """The paper of two pages; set smaller where long words would need a third."""
    content = b""
    for size in ("", "tight", "tightest"):
        html = agreement_html(agreement, text, preview=False, size=size)
        content = pdf.render(
            html, margins_mm=_MARGINS, title=f"就业协议书 {agreement.number}", made_at=agreement.signed_at
        )
        if pdf.page_count(content) <= 2:
            break
    return content


def void_copy(agreement: Agreement, original: bytes) -> bytes:
    """The paper as it was issued, stamped 已失效 on every page."""
    style = f"<style>{_STAMP_CSS}.stamp{{top:105mm;left:52mm}}</style>"
    return pdf.overlay(
        original,
        lambda page, _: (style if page == 1 else "") + str(_stamp()),
        title=f"就业协议书 {agreement.number}（{_VOID}）",
        made_at=agreement.void_at,
    )


def invitation_html(invitation: Invitation) -> str:
    """The employer's letter as it stands now."""
    return layouts.render("invitation", **_letter(invitation))


def _text(source: str, values: dict[str, str]) -> Markup:
    lists = {
        "unit_natures": "unit_nature",
        "unit_industries": "unit_industry",
        "position_categories": "position_category",
    }
    facts: dict[str, Any] = dict(values)
    for name, code_list in lists.items():
        facts[name] = [{"code": code, "name": words} for code, words in codes.choices(code_list)]
    return Markup(Text(source, html=True).render(facts))


_STAMP_CSS = (
    ".stamp{position:absolute;width:100mm;padding:4mm 0;border:1.6mm solid #b3261e;border-radius:3mm;"
    "color:#b3261e;font:bold 44pt/1.2 'Noto Sans CJK SC','Noto Sans SC',sans-serif;"
    "text-align:center;-webkit-transform:rotate(-24deg);transform:rotate(-24deg)}"
)


def _stamp() -> Markup:
    return Markup('<div class="stamp">{}</div>').format(" ".join(_VOID))


def _letter(invitation: Invitation) -> dict[str, Any]:
    """The letter's groups of (label, value), in D09's order."""
    student, employer = invitation.student, invitation.employer
    yes = {True: "是", False: "否"}
    archive = [("档案去向", codes.name("archive_route", invitation.archive_route))]
    if employer.unit_nature == "31":
        archive.append(("是否分公司", yes[invitation.branch_office]))
    archive.append(("档案转寄详细地址", invitation.archive_address))
    relation = [("是否接收组织关系", yes[invitation.takes_party_relation])]
    if invitation.takes_party_relation:
        relation.append(("组织关系接收单位", invitation.party_relation_unit))
    groups = [
        ("学生", [
            ("姓名", student.name), ("学校", invitation.school.name), ("专业", student.major.name),
            ("学历", codes.name("education_level", student.education_level)),
        ]),
        ("职位", [
            ("拟聘用职位", invitation.position),
            ("工作职位类别", codes.name("position_category", invitation.position_category)),
            ("工作地点", invitation.work_place),
        ]),
        ("薪资", [
            ("试用起薪", f"{invitation.probation_pay} 元/月"), ("转正起薪", f"{invitation.regular_pay} 元/月"),
        ]),
        ("单位", [
            ("单位性质", codes.name("unit_nature", employer.unit_nature)),
            ("单位行业", codes.name("unit_industry", employer.unit_industry)),
            ("统一社会信用代码", employer.credit_code), ("通讯地址", employer.address),
            ("邮政编码", employer.postcode), ("联系人", employer.contact),
            ("联系电话", employer.phone or employer.mobile),
        ]),
        ("档案", archive),
        ("户口", [("户口迁移地址", invitation.household_address)]),
        ("组织关系", relation),
        ("其他", [("具体约定事项", invitation.agreed_matters.strip() or "无")]),
    ]  # fmt: skip
    return {
        "student": student.name,
        "employer": employer.name,
        "groups": groups,
        "invited_on": _dotted(invitation.invited_on),
        "expires_on": _dotted(invitation.expires_on),
        "days": invitation.answer_days,
    }


def _dotted(day: Any) -> str:
    """Dates of signing are written without leading zeros: 2020.9.18."""
    return f"{day.year}.{day.month}.{day.day}"
