"""What the letter 签约邀请函 (D09), the graduate and the employer are, as labelled values for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from admin import door, theme
from admin.facts import Fact
from admin.signing.words import code_words, yes_no
from engine.models.organisations import Employer, Student
from engine.models.signing import Invitation

WORK = ("position", "position_category", "work_place", "agreed_matters")
PAPERS = (
    "archive_route", "branch_office", "archive_address", "household_address", "takes_party_relation",
    "party_relation_unit",
)  # fmt: skip
PAY = ("probation_pay", "regular_pay")
AGREED = ("position", *PAY, "position_category", "work_place", *PAPERS, "agreed_matters")


def values_of(invitation: Invitation) -> dict[str, Any]:
    """The letter as it stands."""
    return {name: getattr(invitation, name) for name in Invitation.letter}


def letter_facts(values: Mapping[str, Any], names: Iterable[str], employer: Employer) -> list[Fact]:
    """Parts of a letter. Whether it is a branch office only state-owned enterprises (31) are asked."""
    skipped = set() if employer.unit_nature == "31" else {"branch_office"}
    if not values.get("takes_party_relation"):
        skipped.add("party_relation_unit")
    return [_fact(name, values.get(name)) for name in names if name not in skipped]


def _fact(name: str, value: Any) -> Fact:
    label = Invitation.words[name].text(door.locale())
    if name in PAY:
        return Fact(label, _("%(sum)s 元 / 月", sum=theme.money(int(value))), "num")
    if name in Invitation.codes:
        return Fact(label, code_words(Invitation.codes[name], str(value)))
    if name in ("branch_office", "takes_party_relation"):
        return Fact(label, yes_no(bool(value)))
    if name == "answer_days":
        return Fact(label, _("%(days)s 天", days=int(value)), "num")
    text = str(value or (_("无") if name == "agreed_matters" else ""))
    return Fact(label, text, "wide long" if name == "agreed_matters" else "")


def pay_line(invitation: Invitation) -> str:
    """测试工程师　试用 4,800 元，转正 6,000 元."""
    return _(
        "%(position)s　试用 %(probation)s 元，转正 %(regular)s 元",
        position=invitation.position,
        probation=theme.money(invitation.probation_pay),
        regular=theme.money(invitation.regular_pay),
    )


def unit_facts(employer: Employer) -> list[Fact]:
    """The employer, from its account."""
    nature = code_words("unit_nature", employer.unit_nature)
    industry = code_words("unit_industry", employer.unit_industry)
    return [
        Fact(_("单位名称"), employer.name),
        Fact(_("统一社会信用代码"), employer.credit_code, "code"),
        Fact(_("性质与行业"), _two(nature, industry)),
        Fact(_("联系人"), employer.contact),
        Fact(_("联系电话"), employer.phone or employer.mobile, "code"),
        Fact(_("通讯地址"), employer.address),
        Fact(_("邮政编码"), employer.postcode, "code"),
    ]


def student_facts(student: Student) -> list[Fact]:
    """The graduate, with numbers masked as lists mask them."""
    college = student.school_class.college.name
    month = student.graduation_month
    return [
        Fact(_("姓名"), _two(student.name, code_words("gender", student.gender))),
        Fact(_("学号"), student.student_number, "code"),
        Fact(_("身份证号"), theme.mask(student.id_number, "id_number"), "code"),
        Fact(_("学院与专业"), _two(college, student.major.name)),
        Fact(_("学历"), code_words("education_level", student.education_level)),
        Fact(_("毕业时间"), f"{month[:4]}-{month[4:]}", "num"),
        Fact(_("培养方式"), code_words("training_mode", student.training_mode)),
        Fact(_("手机"), theme.mask(student.mobile, "mobile"), "code"),
    ]


def _two(first: str, second: str) -> str:
    return f"{first}　{second}" if second else first
