"""签约发送列表: whom an employer has found and not yet invited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import peewee

from admin import paging
from engine import clock, db
from engine.actors import Actor
from engine.errors import Refused, Sentence
from engine.models.organisations import Major, School, Student
from engine.models.signing import Invitation, SendListEntry
from engine.models.workflow import ProcessInstance

PAGE = 100
#: As many are invited by one letter.
MOST = 100

TOO_MANY = Sentence(
    "一次最多发给 {most} 人，请分几次发。", "At most {most} at once; please send in several goes."
).format(most=MOST)


def _students() -> Any:
    return Student.select(Student, School, Major).join(School).switch(Student).join(Major).switch(Student)


def page_of(asks: Actor, args: Mapping[str, str]) -> paging.Page:
    """Who was added last first. One query."""
    query = (
        SendListEntry.select(SendListEntry, Student, School, Major)
        .join(Student)
        .join(School)
        .switch(Student)
        .join(Major)
        .where(SendListEntry.employer == asks.party_id)
    )
    return paging.page_of(query, [SendListEntry.id], args, PAGE)


def has(asks: Actor, student: Student) -> bool:
    """Whether the graduate is on the list."""
    return bool(_mine(asks).where(SendListEntry.student == student).exists())


def size(asks: Actor) -> int:
    """How many; counting stops at 1000."""
    return int(_mine(asks).select(SendListEntry.id).limit(1000).count())


def add(asks: Actor, student: Student) -> bool:
    """Adds a graduate; False where it was there already."""
    with db.step():
        row = {"employer": asks.party_id, "student": student.id, "added_at": clock.now()}
        query = SendListEntry.insert(**row).on_conflict_ignore()
        return bool(query.as_rowcount().execute())


def remove(asks: Actor, students: Iterable[int]) -> int:
    """Takes graduates off the list; gives how many were on it."""
    with db.step():
        query = SendListEntry.delete().where(
            (SendListEntry.employer == asks.party_id) & SendListEntry.student.in_(list(students))
        )
        return int(query.execute())


def ticked(asks: Actor, students: list[int], start_key: str | None = None) -> list[Student]:
    """Those of the list that were ticked, in that order; and those whom this very sending, named by its start
    key, has reached already (a double click)."""
    if len(students) > MOST:
        raise Refused(TOO_MANY)
    if not students:
        return []
    listed = _mine(asks).select(SendListEntry.student).where(SendListEntry.student.in_(students))
    known = {row.student_id for row in listed}
    if start_key is not None:
        keys = [f"{start_key}:{student}" for student in students]
        sent = ProcessInstance.select(ProcessInstance.start_key).where(ProcessInstance.start_key.in_(keys))
        known |= {int(row.start_key.rpartition(":")[2]) for row in sent}
    found = {row.id: row for row in _students().where(Student.id.in_(known))} if known else {}
    return [found[student] for student in dict.fromkeys(students) if student in found]


def last_letter(asks: Actor, students: list[Student]) -> dict[str, Any]:
    """What the employer wrote to the only graduate ticked the last time; nothing for several."""
    if len(students) != 1:
        return {}
    last = (
        Invitation.select()
        .where((Invitation.employer == asks.party_id) & (Invitation.student == students[0]))
        .order_by(Invitation.id.desc())
        .first()
    )
    return {} if last is None else {name: getattr(last, name) for name in Invitation.letter}


def _mine(asks: Actor) -> peewee.ModelSelect:
    return SendListEntry.select().where(SendListEntry.employer == asks.party_id)
