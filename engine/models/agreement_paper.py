"""What the agreement's paper prints (D01), copied at agreeing: preview and PDF read only this copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from engine import clock, codes
from engine.models.signing import Agreement, Invitation

#: Every value of the paper; the agreement's text (processes/signing/agreement.html) may name these.
KEYS = (
    "number", "school_number", "signed_on",
    "name", "gender", "ethnic_group", "political_status", "training_mode", "schooling_years",
    "education_level", "graduation_month", "major", "id_number", "origin_region", "mobile", "home_address",
    "email", "specialties",
    "employer_name", "unit_nature", "employer_contact", "employer_phone", "employer_postcode",
    "credit_code", "unit_industry", "position_category", "employer_address", "household_address",
    "party_relation_unit", "archive_address", "agreed_matters",
    "school_name", "school_contact", "school_phone", "school_postcode", "agreement_address",
)  # fmt: skip


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
