"""What the agreement's paper prints (D01), copied at agreeing: preview and PDF read only this copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from engine import clock, codes
from engine.errors import Sentence as S
from engine.models.signing import Agreement, Invitation

#: Every value of the paper, as D01 calls it; the agreement's text (processes/signing/agreement.html) may name these.
WORDS = {
    "number": S("编号", "Number"),
    "school_number": S("学校编号", "School's number"),
    "signed_on": S("签约日期", "Signed on"),
    "name": S("毕业生姓名", "Graduate"),
    "gender": S("性别", "Gender"),
    "ethnic_group": S("民族", "Ethnic group"),
    "political_status": S("政治面貌", "Political status"),
    "training_mode": S("培养方式", "Mode of training"),
    "schooling_years": S("学制", "Years of schooling"),
    "education_level": S("学历", "Education"),
    "graduation_month": S("毕业时间", "Month of graduation"),
    "major": S("专业", "Major"),
    "id_number": S("身份证号", "Identity number"),
    "origin_region": S("生源地", "Place of origin"),
    "mobile": S("毕业生联系方式", "Graduate's mobile"),
    "home_address": S("家庭地址", "Home address"),
    "email": S("电子邮箱", "E-mail"),
    "specialties": S("特长及其它", "Specialties"),
    "employer_name": S("单位名称", "Employer"),
    "unit_nature": S("单位性质代码", "Code of the unit's nature"),
    "employer_contact": S("单位联系人", "Employer's contact"),
    "employer_phone": S("单位联系电话", "Employer's phone"),
    "employer_postcode": S("单位邮政编码", "Employer's postcode"),
    "credit_code": S("组织机构代码", "Credit code"),
    "unit_industry": S("单位行业代码", "Code of the industry"),
    "position_category": S("工作职位类别代码", "Code of the position"),
    "employer_address": S("单位通讯地址", "Employer's address"),
    "household_address": S("户口迁移地址", "Household goes to"),
    "party_relation_unit": S("组织关系接收单位", "Party relation goes to"),
    "archive_address": S("档案转寄详细地址", "Archive goes to"),
    "agreed_matters": S("具体约定事项", "Agreed matters"),
    "school_name": S("学校名称", "School"),
    "school_contact": S("学校联系人", "School's contact"),
    "school_phone": S("学校联系电话", "School's phone"),
    "school_postcode": S("学校邮政编码", "School's postcode"),
    "agreement_address": S("协议书邮寄地址", "Agreements go to"),
}
KEYS = tuple(WORDS)


def printed_values(
    invitation: Invitation, number: str, signed_at: datetime, said: Mapping[str, str]
) -> dict[str, str]:
    """The values as they are now, words for codes where the paper prints words. A dozen queries at most.

    `said`: what else the forms of the case have asked (field → words), for a text that names it. It never
    stands in for a value of the paper's own.
    """
    values = {
        "number": number,
        "school_number": "",
        "signed_on": clock.office_date(signed_at).isoformat(),
        **_of_student(invitation),
        **_of_employer(invitation),
        **_of_school(invitation),
    }
    return {**said, **{key: str(values[key]) for key in KEYS}}


def read_printed(agreement: Agreement) -> dict[str, str]:
    """The stored copy; what an older copy lacks is empty."""
    stored = json.loads(agreement.printed)
    return {**dict.fromkeys(KEYS, ""), **{key: str(value) for key, value in stored.items()}}


def _of_student(invitation: Invitation) -> dict[str, object]:
    student = invitation.student
    return {
        "name": student.name,
        "gender": codes.name("gender", student.gender),
        "ethnic_group": student.ethnic_group,
        "political_status": codes.name("political_status", student.political_status),
        "training_mode": codes.name("training_mode", student.training_mode),
        "schooling_years": student.schooling_years,
        "education_level": codes.name("education_level", student.education_level),
        "graduation_month": student.graduation_month,
        "major": student.major.name,
        "id_number": student.id_number,
        "origin_region": student.origin_region,
        "mobile": student.mobile,
        "home_address": student.home_address,
        "email": student.email,
        "specialties": student.specialties,
    }


def _of_employer(invitation: Invitation) -> dict[str, object]:
    """The three classifications stand on the paper as codes of its printed lists (clause 6)."""
    employer = invitation.employer
    return {
        "employer_name": employer.name,
        "unit_nature": employer.unit_nature,
        "employer_contact": employer.contact,
        "employer_phone": employer.phone or employer.mobile,
        "employer_postcode": employer.postcode,
        "credit_code": employer.credit_code,
        "unit_industry": employer.unit_industry,
        "position_category": invitation.position_category,
        "employer_address": employer.address,
        "household_address": invitation.household_address,
        "party_relation_unit": invitation.party_relation_unit
        if invitation.takes_party_relation
        else "不接收",
        "archive_address": invitation.archive_address,
        "agreed_matters": invitation.agreed_matters.strip() or "无",
    }


def _of_school(invitation: Invitation) -> dict[str, object]:
    school = invitation.school
    return {
        "school_name": school.name,
        "school_contact": school.contact,
        "school_phone": school.phone,
        "school_postcode": school.postcode,
        "agreement_address": school.agreement_address,
    }
