"""Home: one card leads, then what waits for others, what has a result, and what may be begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin import case_page, door, facts, figures, starts, texts, theme
from admin.door import Answer, App, actor, page, public
from engine import db, models, runtime
from engine.actors import Actor
from engine.models.base import Model
from engine.models.organisations import Employer, School, Student
from engine.models.workflow import CaseParty, ProcessInstance
from engine.runtime.inbox import InboxRow

home = Blueprint("home", __name__)
#: Who works from the inbox; the others have a page that says what waits for them.
DESK = ("school", "school_class", "college", "province", "system")
MOST = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A thing that waits for the actor."""

    title: str
    chip: facts.Chip | None
    left: str
    until: str
    lines: list[str]
    url: str
    button: str


@dataclass(frozen=True, slots=True)
class Line:
    """A case that waits for others, or has ended."""

    title: str
    note: str
    chip: facts.Chip | None
    url: str


@home.get("/")
def index() -> Answer:
    asks = actor()
    if asks.party_kind in DESK:
        return redirect(url_for("inbox.index_view"))
    open_page = runtime.inbox.page(asks, "todo", limit=MOST, locale=door.locale())
    subjects = _subjects([row.subject for row in open_page.rows], asks)
    waits = [_card(row, asks, subjects.get(row.subject)) for row in open_page.rows]
    others, results = _cases(asks, {row.instance_id for row in open_page.rows})
    return page(
        f"homes/{'student' if asks.party_kind == 'student' else 'desk'}.html",
        waits=waits,
        waiting=runtime.inbox.counts(asks)["todo"] if open_page.next else len(waits),
        all_url=url_for("inbox.index_view") if open_page.next else None,
        others=others,
        results=results,
        offers=starts.offered(asks),
        figures=figures.of(asks),
        student=Student.get_or_none(Student.id == asks.party_id) if asks.party_kind == "student" else None,
        employer=Employer.get_or_none(Employer.id == asks.party_id) if asks.party_kind == "employer" else None,
        school=School.get_or_none(School.id == asks.school_id) if asks.school_id else None,
    )


def _card(row: InboxRow, asks: Actor, subject: Model | None) -> Card:
    assert row.task is not None  # 待办 holds tasks
    return Card(
        facts.title_of(subject, asks) or row.caption or row.step,
        facts.Chip("todo", _("等你办")),
        theme.left(row.due),
        texts.until(row.due),
        facts.lines_of(subject, asks),
        url_for("inbox.task", task_id=row.task.id),
        row.step,
    )


def _cases(asks: Actor, waiting: set[int]) -> tuple[list[Line], list[Line]]:
    """The actor's cases of late, besides those that wait for it: running ones, and ended ones."""
    rows = (
        ProcessInstance.select(ProcessInstance)
        .join(CaseParty, on=(CaseParty.instance == ProcessInstance.id))
        .where((CaseParty.party_kind == asks.party_kind) & (CaseParty.party_id == asks.party_id))
        .order_by(ProcessInstance.id.desc())
        .limit(MOST)
    )
    running: list[Line] = []
    ended: list[Line] = []
    shown = [case for case in rows if case.id not in waiting]
    subjects = _subjects([_named(case) for case in shown], asks)
    for case in shown:
        subject = subjects.get(_named(case))
        chip = facts.chip_of(subject, asks) or facts.case_chip(case.state)
        title = facts.title_of(subject, asks) or case_page.caption(case, subject) or f"#{case.id}"
        note = texts.moment(case.ended_at or case.started_at)
        line = Line(title, note, chip, url_for("cases.case", case_id=case.id))
        (running if case.state == "running" else ended).append(line)
    return running, ended


Named = tuple[str, int] | None


def _named(case: ProcessInstance) -> Named:
    return (case.subject_kind, case.subject_id) if case.subject_kind else None


def _subjects(named: Iterable[Named], asks: Actor) -> dict[Named, Model]:
    """The rows that cases are about, as far as the actor sees them. One query per kind."""
    wanted: dict[str, set[int]] = {}
    for one in named:
        if one is not None:
            wanted.setdefault(one[0], set()).add(one[1])
    found: dict[Named, Model] = {}
    for kind, ids in wanted.items():
        model = models.by_name(kind)
        rows = list(model.visible_to(asks).where(model._meta.primary_key.in_(ids)))
        prepare = facts.panel(kind).prepare
        if prepare is not None:
            prepare(rows)
        found |= {(kind, row.get_id()): row for row in rows}
    return found


@home.get("/health")
@public
def health() -> Answer:
    """200 where the database answers; what a load balancer and `qihang run` ask."""
    db.run_sql("SELECT 1").fetchone()
    return door.json_answer({"status": "ok"})


def register(app: App) -> None:
    app.register_blueprint(home)
    app.nav.add("", _l("首页"), "home.index", icon="home", kinds=("student", "employer"), order=10)
