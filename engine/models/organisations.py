"""Schools, colleges, classes, majors, employers, students: the parties of every case."""

from __future__ import annotations

from typing import Any, ClassVar

import peewee
from stdnum.cn import ric, uscc

from engine import secrets
from engine.actors import Actor
from engine.db import InstantField
from engine.errors import Sentence as S
from engine.models.base import Model, StateField, code_field, now
from engine.secrets import SecretField


class Province(Model):
    """The provincial centre 省中心."""

    label = S("省中心", "Provincial centre")
    words: ClassVar = {"name": S("名称", "Name")}
    readable = ("name",)

    name = peewee.CharField(max_length=100, unique=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return cls.select()

    def __str__(self) -> str:
        return self.name


class School(Model):
    """A school, with what the foot of the agreement prints (D01 block 3)."""

    label = S("学校", "Schools")
    words: ClassVar = {
        "name": S("学校名称", "Name"),
        "code": S("学校代码", "School code"),
        "contact": S("联系人", "Contact"),
        "phone": S("联系电话", "Phone"),
        "postcode": S("邮政编码", "Postcode"),
        "agreement_address": S("协议书邮寄地址", "Where agreements are mailed"),
    }
    search = ("name", "code")
    readable = ("name", "code")

    name = peewee.CharField(max_length=100, unique=True)
    code = peewee.CharField(max_length=5, unique=True, constraints=[peewee.Check("length(code) = 5")])
    contact = peewee.CharField(max_length=50, default="")
    phone = peewee.CharField(max_length=30, default="")
    postcode = peewee.CharField(max_length=6, default="")
    agreement_address = peewee.CharField(max_length=200, default="")

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        if actor.party_kind in ("student", "employer", "province", "system"):
            return cls.select()
        return cls.select().where(cls.id == actor.school_id)

    def __str__(self) -> str:
        return self.name


class College(Model):
    """A college 学院 of a school."""

    label = S("学院", "Colleges")
    words: ClassVar = {"school": S("学校", "School"), "name": S("学院名称", "Name")}
    search = ("name",)
    read_only: ClassVar = frozenset({"school"})
    readable = ("name",)

    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    name = peewee.CharField(max_length=100)

    class Meta:
        indexes = ((("school", "name"), True),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        return within_school(cls.select(), cls.school, actor)

    def __str__(self) -> str:
        return self.name


class SchoolClass(Model):
    """A graduating class 班级; counsellors sit here."""

    label = S("班级", "Classes")
    words: ClassVar = {
        "college": S("学院", "College"),
        "name": S("班级", "Name"),
        "graduation_year": S("毕业年度", "Graduation year"),
    }
    search = ("name",)
    read_only: ClassVar = frozenset({"college"})
    readable = ("name", "graduation_year")

    college = peewee.ForeignKeyField(College, on_delete="RESTRICT")
    name = peewee.CharField(max_length=100)
    graduation_year = peewee.IntegerField()

    class Meta:
        indexes = ((("college", "name"), True),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        query = cls.select(cls, College).join(College)
        return within_school(query, College.school, actor)

    def __str__(self) -> str:
        return self.name


class Major(Model):
    """A major 专业 of a college."""

    label = S("专业", "Majors")
    words: ClassVar = {
        "college": S("学院", "College"),
        "name": S("专业名称", "Name"),
        "code": S("代码", "Code"),
    }
    search = ("name", "code")
    read_only: ClassVar = frozenset({"college"})
    readable = ("name", "code")

    college = peewee.ForeignKeyField(College, on_delete="RESTRICT")
    name = peewee.CharField(max_length=100)
    code = peewee.CharField(max_length=10, default="")

    class Meta:
        indexes = ((("college", "name"), True),)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        query = cls.select(cls, College).join(College)
        return within_school(query, College.school, actor)

    def __str__(self) -> str:
        return self.name


class Employer(Model):
    """An employer 用人单位. Name and credit code are never changed by itself (P04 rule 1)."""

    label = S("用人单位", "Employers")
    words: ClassVar = {
        "name": S("单位名称", "Name"),
        "credit_code": S("统一社会信用代码", "Credit code"),
        "unit_nature": S("单位性质", "Nature"),
        "unit_industry": S("单位行业", "Industry"),
        "region": S("单位所在地", "Place"),
        "address": S("通讯地址", "Address"),
        "postcode": S("邮政编码", "Postcode"),
        "contact": S("联系人", "Contact"),
        "mobile": S("手机号码", "Mobile"),
        "phone": S("联系电话", "Phone"),
        "email": S("企业邮箱", "E-mail"),
        "introduction": S("单位简介", "About"),
        "state": S("注册审核", "Registration"),
        "on_watch_list": S("重点关注", "On the watch list"),
        "passed": S("注册已通过", "Registration has passed"),
        "created_at": S("注册时间", "Registered at"),
    }
    search = ("name", "credit_code")
    listed = ("name", "credit_code", "unit_nature", "unit_industry", "region", "contact", "state")
    read_only: ClassVar = frozenset({"state", "credit_code", "created_at"})
    codes: ClassVar = {
        "unit_nature": "unit_nature",
        "unit_industry": "unit_industry",
        "state": "employer_account_state",
    }
    masked: ClassVar = {"mobile": "mobile", "email": "email"}
    readable = (
        "name", "credit_code", "unit_nature", "unit_industry", "region", "state", "passed", "on_watch_list",
    )  # fmt: skip

    name = peewee.CharField(max_length=100)
    credit_code = peewee.CharField(max_length=18)
    unit_nature = code_field()
    unit_industry = code_field()
    region = peewee.CharField(max_length=100, default="")
    address = peewee.CharField(max_length=200, default="")
    postcode = peewee.CharField(max_length=6, default="")
    contact = peewee.CharField(max_length=50, default="")
    mobile = SecretField(default="")
    phone = peewee.CharField(max_length=30, default="")
    email = peewee.CharField(max_length=100, default="")
    introduction = peewee.TextField(default="")
    state = StateField(
        {
            "pending": ["passed", "failed"],
            "passed": ["disabled"],
            "failed": ["pending"],
            "disabled": ["passed"],
        },
        finished=["passed", "failed", "disabled"],
        default="pending",
    )
    on_watch_list = peewee.BooleanField(default=False)
    created_at = InstantField(default=now)

    @property
    def passed(self) -> bool:
        """Whether the registration has passed its review (P11 precondition)."""
        return bool(self.state == "passed")

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        if actor.party_kind == "employer":
            return cls.select().where(cls.id.in_(actor.parties("employer")))
        if actor.party_kind == "student":
            return cls.select().where(cls.state == "passed")
        return cls.select()

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.credit_code = uscc.validate(self.credit_code)
        return super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name


# Two registrations of one credit code or name are never both open or passed (P01 rule 3).
_alive = Employer.state.in_(("pending", "passed", "disabled"))
Employer.add_index(
    Employer.index(Employer.credit_code, unique=True, where=_alive, name="employer_one_per_credit_code")
)
Employer.add_index(Employer.index(Employer.name, unique=True, where=_alive, name="employer_one_per_name"))


class Student(Model):
    """A graduate 毕业生: the school's list, the origin form (S-11) and what D01 prints."""

    label = S("学生库", "Students")
    words: ClassVar = {
        "school": S("学校", "School"),
        "school_class": S("班级", "Class"),
        "major": S("专业", "Major"),
        "major_direction": S("专业方向", "Direction"),
        "student_number": S("学号", "Student number"),
        "candidate_number": S("考生号", "Candidate number"),
        "name": S("姓名", "Name"),
        "gender": S("性别", "Gender"),
        "ethnic_group": S("民族", "Ethnic group"),
        "political_status": S("政治面貌", "Political status"),
        "training_mode": S("培养方式", "Training mode"),
        "contract_dissolved": S("定向/委培合同已解除", "Directed contract dissolved"),
        "schooling_years": S("学制", "Years of schooling"),
        "education_level": S("学历", "Level"),
        "graduation_year": S("毕业年度", "Graduation year"),
        "graduation_month": S("毕业时间", "Graduation month"),
        "id_number": S("身份证号", "ID number"),
        "origin_region": S("生源所在地", "Place of origin"),
        "mobile": S("本人手机", "Mobile"),
        "email": S("电子邮箱", "E-mail"),
        "qq": S("QQ号码", "QQ"),
        "home_address": S("家庭地址", "Home address"),
        "home_postcode": S("家庭邮编", "Home postcode"),
        "home_phone": S("家庭电话", "Home phone"),
        "home_contact": S("家庭联系人", "Home contact"),
        "specialties": S("特长及其它", "Strengths and other"),
        "employment_status": S("就业状态", "Employment status"),
        "bound": S("有签约在身", "Bound by a signing"),
    }
    search = ("name", "student_number")
    listed = (
        "student_number", "name", "school_class", "major", "education_level", "graduation_year", "id_number",
        "employment_status",
    )  # fmt: skip
    read_only: ClassVar = frozenset(
        {"school", "student_number", "employment_status", "id_number", "contract_dissolved"}
    )
    codes: ClassVar = {
        "gender": "gender",
        "political_status": "political_status",
        "training_mode": "training_mode",
        "education_level": "education_level",
        "employment_status": "employment_status",
    }
    masked: ClassVar = {"id_number": "id_number", "mobile": "mobile", "email": "email"}
    readable = (
        "name", "student_number", "gender", "training_mode", "contract_dissolved", "education_level",
        "graduation_year", "employment_status", "bound",
    )  # fmt: skip

    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    school_class = peewee.ForeignKeyField(SchoolClass, on_delete="RESTRICT")
    major = peewee.ForeignKeyField(Major, on_delete="RESTRICT")
    major_direction = peewee.CharField(max_length=100, default="无")
    student_number = peewee.CharField(max_length=20)
    candidate_number = peewee.CharField(max_length=20, default="")
    name = peewee.CharField(max_length=50)
    gender = code_field()
    ethnic_group = peewee.CharField(max_length=20, default="汉族")
    political_status = code_field(default="mass")
    training_mode = code_field(default="non_directed")
    contract_dissolved = peewee.BooleanField(default=False)
    schooling_years = peewee.IntegerField(default=4)
    education_level = code_field(default="bachelor")
    graduation_year = peewee.IntegerField()
    graduation_month = peewee.CharField(max_length=6)
    id_number = SecretField()
    id_number_hash = peewee.CharField(max_length=32)
    origin_region = peewee.CharField(max_length=100, default="")
    mobile = SecretField(default="")
    mobile_hash = peewee.CharField(max_length=32, default="")
    email = peewee.CharField(max_length=100, default="")
    qq = peewee.CharField(max_length=20, default="")
    home_address = peewee.CharField(max_length=200, default="")
    home_postcode = peewee.CharField(max_length=6, default="")
    home_phone = peewee.CharField(max_length=30, default="")
    home_contact = peewee.CharField(max_length=50, default="")
    specialties = peewee.CharField(max_length=200, default="")
    employment_status = code_field(
        default="not_employed",
        constraints=[peewee.Check("employment_status IN ('not_employed', 'employed')")],
    )

    class Meta:
        indexes = ((("school", "student_number"), True), (("school", "graduation_year", "name"), False))

    def change_state_of_employment(self, to: str) -> None:
        """就业状态, set by what the school decides about an agreement (P11 rule 18)."""
        Student.update(employment_status=to).where(Student.id == self.id).execute()
        self.employment_status = to

    @property
    def bound(self) -> bool:
        """Whether a signing binds the student: one in audit or in force (P11 rule 6). One query."""
        return bool(self.agreements.where(peewee.SQL("state IN ('generated', 'effective')")).exists())

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        query = cls.select(cls, SchoolClass, Major).join(SchoolClass).switch(cls).join(Major)
        if actor.party_kind == "student":
            return query.where(cls.id.in_(actor.parties("student")))
        if actor.party_kind == "employer":
            return query.where(peewee.SQL("1 = 0"))
        if actor.party_kind == "school_class":
            return query.where(cls.school_class.in_(actor.parties("school_class")))
        if actor.party_kind == "college":
            return query.where(SchoolClass.college.in_(actor.parties("college")))
        return within_school(query, cls.school, actor)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.id_number = ric.validate(self.id_number)
        self.id_number_hash = secrets.keyed_hash(self.id_number)
        self.mobile_hash = secrets.keyed_hash(self.mobile) if self.mobile else ""
        return super().save(*args, **kwargs)

    def __str__(self) -> str:
        return f"{self.name} {self.student_number}"


Student.add_index(Student.index(Student.id_number_hash, name="student_by_id_number"))
Student.add_index(Student.index(Student.mobile_hash, name="student_by_mobile"))
Student.add_index(Student.index(Student.student_number, name="student_by_number"))
Student.add_index(Student.index(Student.name, name="student_by_name"))


def within_school(query: Any, school_column: Any, actor: Actor) -> Any:
    """Rows of the actor's school; all for the province; none for parties outside the schools."""
    if actor.party_kind in ("province", "system"):
        return query
    if actor.party_kind in ("school", "college", "school_class") and actor.school_id is not None:
        return query.where(school_column == actor.school_id)
    return query.where(peewee.SQL("1 = 0"))


PARTY_MODELS: dict[str, type[Model]] = {
    "student": Student,
    "employer": Employer,
    "school_class": SchoolClass,
    "college": College,
    "school": School,
    "province": Province,
}
