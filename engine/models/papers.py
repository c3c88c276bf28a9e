"""Papers that anybody may check by number and code (PUB-11): what is told of them, copied when they are issued."""

from __future__ import annotations

import hmac
from datetime import datetime
from secrets import choice, token_hex
from typing import Any, ClassVar

import peewee

from engine import clock, db
from engine.db import InstantField, JsonField
from engine.errors import Sentence as S
from engine.models.base import Model, now
from engine.models.organisations import School
from engine.secrets import SecretField

#: Letters and digits that are not mistaken for one another when copied from paper.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 12


class PaperSerial(Model):
    """The last serial given per kind, year and school; a number is never given twice."""

    label = S("文书流水号", "Paper serials")

    kind = peewee.CharField(max_length=30)
    year = peewee.IntegerField()
    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    last = peewee.IntegerField(default=0, constraints=[peewee.Check("last <= 99999")])

    class Meta:
        indexes = ((("kind", "year", "school"), True),)

    @classmethod
    def next(cls, kind: str, year: int, school: School) -> int:
        """The next serial. Caller is inside a step, so that it is given once."""
        cls.insert(kind=kind, year=year, school=school).on_conflict_ignore().execute()
        here = (cls.kind == kind) & (cls.year == year) & (cls.school == school)
        db.for_update(cls.select(cls.id).where(here)).execute()
        cls.update(last=cls.last + 1).where(here).execute()
        return int(cls.get(here).last)


class IssuedPaper(Model):
    """A numbered paper of a row. The code is typed from the paper; the token stands in its QR code."""

    label = S("已出具文书", "Issued papers")
    words: ClassVar = {
        "number": S("编号", "Number"),
        "kind": S("文书", "Paper"),
        "issued_at": S("出具时间", "Issued at"),
        "void_at": S("失效时间", "Void since"),
    }

    kind = peewee.CharField(max_length=30)
    number = peewee.CharField(max_length=30, unique=True)
    code = SecretField()
    token = peewee.CharField(max_length=32, unique=True)
    subject_kind = peewee.CharField(max_length=40)
    subject_id = peewee.IntegerField()
    school = peewee.ForeignKeyField(School, on_delete="RESTRICT")
    told = JsonField()
    issued_at = InstantField(default=now)
    void_at = InstantField(null=True)

    class Meta:
        indexes = ((("subject_kind", "subject_id", "kind"), True),)

    @classmethod
    def issue(
        cls, kind: str, prefix: str, subject: Model, school: School, told: dict[str, Any]
    ) -> IssuedPaper:
        """Gives a paper its number, code and token; the paper's own again where it has them.

        `told` is all that a check answers (JSON): title, school, employer, family_name, dates. The number is
        prefix + year + school's code + serial. Caller is inside a step.
        """
        known = cls.of(subject, kind)
        if known is not None:
            return known
        year = clock.today().year
        serial = PaperSerial.next(kind, year, school)
        paper: IssuedPaper = cls.create(
            kind=kind,
            number=f"{prefix}{year}{school.code}{serial:05d}",
            code="".join(choice(_ALPHABET) for _ in range(_LENGTH)),
            token=token_hex(16),
            subject_kind=subject.model_name(),
            subject_id=subject.get_id(),
            school=school,
            told=told,
        )
        return paper

    @classmethod
    def of(cls, subject: Model, kind: str) -> IssuedPaper | None:
        """The paper of a row, if it was issued. One indexed query."""
        found: IssuedPaper | None = cls.get_or_none(
            (cls.subject_kind == subject.model_name())
            & (cls.subject_id == subject.get_id())
            & (cls.kind == kind)
        )
        return found

    @classmethod
    def checked(cls, number: str, code: str) -> IssuedPaper | None:
        """The paper of this number, if the code is its own; None alike for a wrong code and for no such number.

        Spaces, hyphens and small letters of what was typed do not count.
        """
        typed = "".join(sign for sign in code.upper() if sign.isalnum())
        paper: IssuedPaper | None = cls.get_or_none(cls.number == "".join(number.upper().split()))
        own = paper.code if paper is not None else "-" * _LENGTH
        same = hmac.compare_digest(own.encode(), typed.encode())
        return paper if same and paper is not None else None

    @property
    def spaced_code(self) -> str:
        """The code in groups of four, as the paper prints it."""
        code = str(self.code)
        return " ".join(code[at : at + 4] for at in range(0, len(code), 4))

    def state_at(self, moment: datetime) -> str:
        """ "valid", or "void" from the moment on at which it ceased to be."""
        return "void" if self.void_at is not None and self.void_at <= moment else "valid"

    def __str__(self) -> str:
        return str(self.number)
