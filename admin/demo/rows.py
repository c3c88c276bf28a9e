"""Writes the demo's rows. Once: where the school is there already nothing is changed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from admin import hashing
from admin.demo import numbers
from engine import clock, db
from engine.models.base import Model
from engine.models.organisations import (
    College,
    Employer,
    Major,
    Province,
    School,
    SchoolClass,
    Student,
)
from engine.models.people import Account, Membership, Queue, Role
from engine.models.seed import ROLES, ensure_roles

PER_CLASS = 5
#: Since when everybody sits where they sit.
SEATED = timedelta(days=200)
_REGION = "230102"
_ORIGIN = "黑龙江省哈尔滨市道里区"


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    """The demo's file."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("demo.yaml").read_text("utf-8"))
    return found


def password() -> str:
    """The one password of all demo accounts."""
    return str(content()["password"])


def accounts() -> list[tuple[str, str, str]]:
    """Whom the sign-in offers: login, name, role."""
    known = {login: (name, role) for login, name, role in _all_accounts()}
    return [(login, *known[login]) for login in content()["offered"]]


def _all_accounts() -> list[tuple[str, str, str]]:
    students = [(_number(college, n), name, "毕业生") for college, n, name in _students()]
    employers = [(row["login"], row["name"], "用人单位") for row in content()["employers"]]
    staff = [(row["login"], row["name"], row["role"]) for row in content()["staff"]]
    return [*students, *employers, *staff]


def _students() -> list[tuple[int, int, str]]:
    """(number of the college, number in the college, name), both from 1."""
    return [
        (college, n, name)
        for college, one in enumerate(content()["colleges"].values(), 1)
        for n, name in enumerate(one["students"], 1)
    ]


def _number(college: int, n: int) -> str:
    """学号: year of entry, college, class, number in the class."""
    return f"{content()['graduation_year'] - 4}{college:02d}{(n - 1) // PER_CLASS + 1:02d}{(n - 1) % PER_CLASS + 1:02d}"


def load() -> bool:
    """Writes the demo in one step; False where its school is there already."""
    ensure_roles()
    wanted = content()
    if School.get_or_none(School.code == wanted["school"]["code"]) is not None:
        return False
    with db.step():
        _Writer(wanted).write()
    return True


class _Writer:
    """What is written once and looked up by name afterwards."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.wanted = wanted
        self.hash = hashing.hashed(str(wanted["password"]))
        self.colleges: dict[str, College] = {}
        self.classes: dict[str, SchoolClass] = {}

    def write(self) -> None:
        self.province = Province.create(name=self.wanted["province"])
        self.school = School.create(**self.wanted["school"])
        for number, (name, one) in enumerate(self.wanted["colleges"].items(), 1):
            self._college(number, name, one)
        for n, row in enumerate(self.wanted["employers"], 1):
            self._employer(n, row)
        for row in self.wanted["staff"]:
            self._staff(row)
        self._designers(self.wanted["studio"])

    def _account(self, login: str, name: str, role: str, parties: list[Model | None]) -> None:
        account = Account.create(
            login=login, name=name, email=f"{login}@songlan.example", password_hash=self.hash
        )
        for party in parties:
            queue = Queue.of(role, ROLES[role][0], party.get_id() if party is not None else 0)
            Membership.create(account=account, queue=queue, since=clock.now() - SEATED)

    def _college(self, number: int, name: str, one: dict[str, Any]) -> None:
        college = self.colleges[name] = College.create(school=self.school, name=name)
        year = self.wanted["graduation_year"]
        majors = []
        for n, major in enumerate(one["majors"], 1):
            majors.append(Major.create(college=college, name=major, code=f"08{number:02d}{n:02d}"))
            self.classes[major] = SchoolClass.create(
                college=college, name=f"{major}{year - 4}级", graduation_year=year
            )
        for n, student in enumerate(one["students"], 1):
            self._student(number, n, student, majors[(n - 1) // PER_CLASS])

    def _student(self, college: int, n: int, name: str, major: Major) -> None:
        serial = college * 100 + n
        year = self.wanted["graduation_year"]
        row = Student.create(
            school=self.school,
            school_class=self.classes[major.name],
            major=major,
            student_number=_number(college, n),
            candidate_number=f"23230102{serial:06d}",
            name=name,
            gender="m" if n % 3 == 0 else "f",
            ethnic_group="维吾尔族" if "·" in name else "汉族",
            political_status="league",
            training_mode="directed" if name in self.wanted["directed"] else "non_directed",
            graduation_year=year,
            graduation_month=f"{year}07",
            id_number=numbers.id_number(_REGION, date(year - 22, n, 10 + college), serial * 2 + (n % 3 == 0)),
            origin_region=_ORIGIN,
            mobile=numbers.mobile(serial),
            email=f"{_number(college, n)}@songlan.example",
            home_address=f"{_ORIGIN}示例街 {serial} 号",
            home_postcode="150010",
            home_phone=numbers.mobile(5000 + serial),
            home_contact="家长",
        )
        self._account(row.student_number, name, "毕业生", [row])

    def _employer(self, n: int, row: dict[str, Any]) -> None:
        employer = Employer.create(
            name=row["name"],
            credit_code=numbers.credit_code(n),
            unit_nature=row["nature"],
            unit_industry=row["industry"],
            region=row["region"],
            address=row["address"],
            postcode="150000",
            contact=row["contact"],
            mobile=numbers.mobile(9000 + n),
            phone=f"0451-0000 {n:04d}",
            email=f"{row['login']}@songlan.example",
            introduction=row["introduction"],
            state=row.get("state", "passed"),
        )
        self._account(row["login"], row["contact"], "用人单位", [employer])

    def _staff(self, row: dict[str, Any]) -> None:
        parties: list[Model | None] = {
            "学校": [self.school],
            "学院": [self.colleges.get(row.get("college", ""))],
            "辅导员": [self.classes[major] for major in row.get("majors", [])],
            "省中心": [self.province],
            "系统管理员": [None],
        }[row["role"]]
        self._account(row["login"], row["name"], row["role"], parties)

    def _designers(self, row: dict[str, Any]) -> None:
        """The role that opens the studio, and who has it beside their own."""
        Role.create(name=row["role"], name_en=row["role_en"], party_kind="school", rights=row["rights"])
        queue = Queue.of(row["role"], "school", self.school.get_id())
        for login in row["members"]:
            account = Account.get(Account.login == login)
            Membership.create(account=account, queue=queue, since=clock.now() - SEATED)
