"""Finding a graduate to invite: exact data only, so that nobody leafs through the register.

What was found is named in pages by a signed ticket, never by an id: an employer can only add whom it found.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from engine import secrets
from engine.actors import Actor
from engine.errors import NotFound, Refused, Sentence
from engine.models.organisations import Employer, School, SchoolClass, Student
from engine.models.throttle import WINDOW, Throttle

#: Searches of one account in a window. Someone who copies a list of names needs a few dozen.
SEARCHES = 60
TICKET_AGE = 3600

NOT_PASSED = Sentence(
    "单位注册还没有通过审核，暂不能查找学生，也不能发签约邀请。",
    "The employer's registration has not passed its review yet: it can neither search nor send.",
)
INCOMPLETE = Sentence(
    "四项都要填：学校、毕业年度、姓名，和手机号或身份证号。",
    "All four are needed: school, year, name, and mobile or ID number.",
)
TOO_MANY = Sentence(
    "查找得太频繁，请 {minutes} 分钟后再试。", "Too many searches. Please try again in {minutes} minutes."
).format(minutes=int(WINDOW.total_seconds() // 60))
TOO_OLD = Sentence("查找结果已过期，请再找一次。", "What was found is out of date. Please search once more.")


def passed_employer(asks: Actor) -> Employer:
    """The employer that asks. NotFound for anybody else; Refused while its registration has not passed
    (rule 22)."""
    if asks.party_kind != "employer":
        raise NotFound()
    employer: Employer | None = Employer.get_or_none(Employer.id == asks.party_id)
    if employer is None:
        raise NotFound()
    if not employer.passed:
        raise Refused(NOT_PASSED)
    return employer


def find(asks: Actor, school: str, year: str, name: str, key: str) -> Student | None:
    """The graduate whose four data are exactly these; `key` is the mobile or the ID number. Raises Refused
    where a datum is missing, or after too many searches."""
    passed_employer(asks)
    if not (school.isdecimal() and year.isdecimal() and len(year) == 4 and name.strip() and key.strip()):
        raise Refused(INCOMPLETE)
    account = str(asks.account_id)
    if Throttle.count("student_search", account) >= SEARCHES:
        raise Refused(TOO_MANY)
    Throttle.add("student_search", account)
    hashed = secrets.keyed_hash(key)
    found = list(
        Student.select()
        .where(
            (Student.school == int(school[:9]))
            & (Student.graduation_year == int(year))
            & (Student.name == name.strip())
            & ((Student.id_number_hash == hashed) | (Student.mobile_hash == hashed))
        )
        .limit(2)
    )
    return found[0] if len(found) == 1 else None


def schools() -> list[tuple[int, str]]:
    """The schools whose graduates can be invited."""
    return [(row.id, row.name) for row in School.select(School.id, School.name).order_by(School.name)]


def years() -> list[int]:
    """The years of graduation that classes have, the latest first."""
    query = SchoolClass.select(SchoolClass.graduation_year).distinct()
    return sorted((row.graduation_year for row in query), reverse=True)


def ticket(asks: Actor, student: Student) -> str:
    """What stands in the page for a found graduate."""
    return _signer().dumps([asks.party_id, student.id])


def named_by(asks: Actor, text: str) -> int:
    """Whom a ticket names. NotFound where it is another employer's or made up, Refused where it is too old."""
    try:
        employer, student = _signer().loads(text, max_age=TICKET_AGE)
    except SignatureExpired:
        raise Refused(TOO_OLD) from None
    except BadSignature:
        raise NotFound() from None
    if employer != asks.party_id:
        raise NotFound()
    return int(student)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="found student")
