"""Rows for tests: the least that a constraint allows, each argument saying what the test is about."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import count
from typing import Any

import argon2

from admin import hashing
from admin.demo import numbers
from engine import clock
from engine.models.base import Model
from engine.models.organisations import (
    PARTY_MODELS,
    College,
    Employer,
    Major,
    Province,
    School,
    SchoolClass,
    Student,
)
from engine.models.people import Account, Membership, Queue, Role
from engine.models.seed import ensure_roles

PASSWORD = "correct horse battery"
# argon2 takes its time by intent; tests sign in hundreds of times. What it costs else is in test_hashing.py.
hashing.hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_serial = count(1)


@cache
def password_hash() -> str:
    """The stored form of PASSWORD, made once: argon2 takes its time by intent."""
    return hashing.hashed(PASSWORD)


def make_school(**values: Any) -> School:
    n = next(_serial)
    return School.create(**{"name": f"第{n}示例学院", "code": f"{10000 + n}", **values})


def make_college(school: School | None = None, **values: Any) -> College:
    n = next(_serial)
    return College.create(**{"school": school or make_school(), "name": f"示例{n}学院", **values})


def make_class(college: College | None = None, **values: Any) -> SchoolClass:
    n = next(_serial)
    return SchoolClass.create(
        **{"college": college or make_college(), "name": f"示例{n}班", "graduation_year": 2027, **values}
    )


def make_student(school_class: SchoolClass | None = None, **values: Any) -> Student:
    """A graduate of 2027 with an ID number whose check digit is right."""
    n = next(_serial)
    school_class = school_class or make_class()
    college = school_class.college
    major, _made = Major.get_or_create(college=college, name="软件工程")
    return Student.create(
        **{
            "school": college.school,
            "school_class": school_class,
            "major": major,
            "student_number": f"2023{n:06d}",
            "name": f"学生{n}",
            "gender": "f",
            "graduation_year": school_class.graduation_year,
            "graduation_month": f"{school_class.graduation_year}07",
            "id_number": numbers.id_number("230102", date(2005, 1 + n % 12, 1 + n % 28), n),
            "mobile": numbers.mobile(n),
            **values,
        }
    )


def make_employer(**values: Any) -> Employer:
    """An employer whose registration has passed."""
    n = next(_serial)
    return Employer.create(
        **{
            "name": f"第{n}示例有限公司",
            "credit_code": numbers.credit_code(n),
            "unit_nature": "33",
            "unit_industry": "34",
            "state": "passed",
            **values,
        }
    )


def make_province(**values: Any) -> Province:
    return Province.create(**{"name": f"第{next(_serial)}省中心", **values})


def make_party(kind: str) -> Model | None:
    """A fresh party of a kind; the system has none."""
    makers = {
        "student": make_student,
        "employer": make_employer,
        "school_class": make_class,
        "college": make_college,
        "school": make_school,
        "province": make_province,
    }
    return makers[kind]() if kind in makers else None


def make_account(role: str, party: Model | None = None, **values: Any) -> Account:
    """An account that sits at a role's queue of a party (a fresh party of the role's kind by default)."""
    n = next(_serial)
    account = Account.create(
        **{"login": f"login{n}", "name": f"用户{n}", "password_hash": password_hash(), **values}
    )
    _sit(account, role, party)
    return account


def move(account: Account, role: str, party: Model | None = None) -> None:
    """The account leaves where it sits, for a role's queue of a party (a fresh one by default)."""
    Membership.update(until=clock.now()).where(Membership.account == account).execute()
    _sit(account, role, party)


def _sit(account: Account, role: str, party: Model | None) -> None:
    ensure_roles()
    kind = Role.get(Role.name == role).party_kind
    if party is None:
        party = make_party(kind)
    assert party is None or isinstance(party, PARTY_MODELS[kind])
    queue = Queue.of(role, kind, party.get_id() if party is not None else 0)
    Membership.create(account=account, queue=queue)
