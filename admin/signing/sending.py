"""签约发送 (E-14): find a graduate, keep a list between sign-ins, one letter to all ticked, sent only after
【确认发送】 (rule 17)."""

from __future__ import annotations

import secrets as random
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from admin import case_page, door, texts, theme
from admin.door import Answer, actor, page, toast
from admin.signing import finding, send_list
from admin.signing.finding import passed_employer
from admin.signing.letter import letter_facts
from admin.signing.room import PROCESS, signing
from admin.signing.words import code_words
from engine import clock, runtime
from engine.actors import Actor
from engine.errors import Refused, Sentence, SubmissionInvalid
from engine.models.organisations import Student
from engine.models.signing import Invitation, expiry

ASKED = ("school", "year", "name", "key")


@signing.get("/signing/send")
def send() -> Answer:
    return _send_page(actor(), dict.fromkeys(ASKED, ""))


@signing.post("/signing/send")
def search() -> Answer:
    """【查找】, by POST: an ID number or a mobile belongs into no address and no log."""
    return _send_page(actor(), {name: request.form.get(name, "").strip() for name in ASKED})


def _send_page(asks: Actor, asked: dict[str, str]) -> Answer:
    try:
        passed_employer(asks)
    except Refused as refused:
        return page("signing/send.html", barred=refused.sentence), 403
    found, problem = _search(asks, asked)
    listed = send_list.page_of(asks, request.args)
    return page(
        "signing/send.html",
        barred=None,
        schools=finding.schools(),
        years=finding.years(),
        asked=asked,
        problem=problem,
        searched=any(asked[name] for name in ("name", "key")),
        found=found,
        rows=[_row(entry.student) for entry in listed.rows],
        size=send_list.size(asks),
        next_url=url_for("signing.send", after=listed.after) if listed.after else None,
        prev_url=url_for("signing.send", before=listed.before) if listed.before else None,
    ), 422 if problem else 200


def _search(asks: Actor, asked: dict[str, str]) -> tuple[dict[str, Any] | None, Sentence | None]:
    if not any(asked[name] for name in ("name", "key")):
        return None, None
    try:
        student = finding.find(asks, **asked)
    except Refused as refused:
        return None, refused.sentence
    if student is None:
        return None, None
    about = _(
        "%(school)s　%(year)s 届　%(level)s　%(major)s",
        school=student.school.name,
        year=student.graduation_year,
        level=code_words("education_level", student.education_level),
        major=student.major.name,
    )
    shown = {
        **_person(student),
        "id": finding.ticket(asks, student),
        "about": about,
        "listed": send_list.has(asks, student),
    }
    return shown, None


def _person(student: Student) -> dict[str, Any]:
    return {
        "name": student.name,
        "id_number": theme.mask(student.id_number, "id_number"),
        "status": code_words("employment_status", student.employment_status),
        # In this list 已就业 is what to mind: the graduate cannot agree before a termination.
        "status_tone": "warn" if student.employment_status == "employed" else None,
    }


def _row(student: Student) -> dict[str, Any]:
    return {
        **_person(student),
        "student_id": student.id,
        "school": student.school.name,
        "year": student.graduation_year,
        "level": code_words("education_level", student.education_level),
        "major": student.major.name,
    }


@signing.post("/signing/send/add")
def add() -> Answer:
    """【加入】: whom the ticket of a search names."""
    asks = actor()
    passed_employer(asks)
    try:
        student = Student.get_by_id(finding.named_by(asks, request.form.get("student", "")))
    except Refused as refused:
        toast(refused.sentence.text(door.locale()), "bad")
        return redirect(url_for("signing.send"), 303)
    if send_list.add(asks, student):
        toast(_("已把%(who)s加入签约发送列表。", who=student.name))
    return redirect(url_for("signing.send"), 303)


@signing.post("/signing/send/remove")
def remove() -> Answer:
    """【移出】."""
    asks = actor()
    passed_employer(asks)
    gone = send_list.remove(asks, _ticked())
    toast(
        _("已移出 %(num)s 人。", num=gone) if gone else _("先勾选要移出的毕业生。"), "ok" if gone else "bad"
    )
    return redirect(url_for("signing.send"), 303)


@signing.get("/signing/send/invite")
def invite() -> Answer:
    """The letter to all ticked; to one who was invited before it begins as the last letter was."""
    asks = actor()
    passed_employer(asks)
    students = send_list.ticked(asks, _ticked())
    if not students:
        toast(_("先勾选要邀请的毕业生。"), "bad")
        return redirect(url_for("signing.send"))
    last = send_list.last_letter(asks, students)
    form = runtime.start_form(asks, PROCESS, students[0], locale=door.locale(), prefill=last)
    return _letter_page(students, form, random.token_hex(12))


@signing.post("/signing/send/invite")
def invite_all() -> Answer:
    """The letter filled in → what it says once more → sent, by 【确认发送】 and by nothing else."""
    asks = actor()
    passed_employer(asks)
    key = f"{asks.account_id}:{request.form.get('_start_key', '')[:40] or random.token_hex(12)}"
    students = send_list.ticked(asks, _ticked(), key)
    if not students:
        toast(_("他们已不在签约发送列表里，没有发出邀请。"), "bad")
        return redirect(url_for("signing.send"), 303)
    data = _letter_data()
    if "_confirmed" in request.form and "_back" not in request.form:
        return _sent(asks, students, data, key)
    form = runtime.start_form(asks, PROCESS, students[0], data, locale=door.locale())
    if "_back" in request.form:
        return _letter_page(students, form, request.form.get("_start_key", ""))
    if not form.validate():
        return _letter_page(students, form, request.form.get("_start_key", "")), 422
    return _confirm_page(asks, students, form)


def _sent(asks: Actor, students: list[Student], data: MultiDict[str, Any], key: str) -> Answer:
    try:
        results = runtime.start_many(asks, PROCESS, students, data, start_key=key, locale=door.locale())
    except SubmissionInvalid as invalid:
        return _letter_page(students, invalid.form, request.form.get("_start_key", "")), 422
    send_list.remove(asks, [one.row.id for one in results if one.instance is not None])
    rows = [
        {
            "name": one.row.name,
            "note": _("毕业生会收到消息；登记了邮箱的还会收到邮件。"),
            "url": url_for("signing.details", invitation_id=one.instance.subject_id)
            if one.instance
            else None,
            "sentence": one.sentence,
        }
        for one in results
    ]
    failed = sum(one.sentence is not None for one in results)
    here = url_for("signing.send")
    return page("signing/invite_result.html", rows=rows, sent=len(rows) - failed, failed=failed, here=here)


def _letter_page(students: list[Student], form: Any, start_key: str) -> str:
    return page(
        "signing/invite.html",
        title=_("发给 %(num)s 名毕业生的邀请函", num=len(students)),
        lead=_("一封邀请函发给所选的每一个人，每人各有一份邀约。"),
        students=[{"id": student.id, "name": student.name} for student in students],
        form=form,
        submit=_("发送给 %(num)s 人", num=len(students)),
        action=url_for("signing.invite_all"),
        cancel_url=url_for("signing.send"),
        start_key=start_key,
        here=url_for("signing.invite", student=[student.id for student in students]),
    )


def _confirm_page(asks: Actor, students: list[Student], form: Any) -> str:
    answers = form.answers()
    employed = [student.name for student in students if student.employment_status == "employed"]
    warnings = [_("%(names)s已就业，解约之前不能同意。", names=texts.joined(employed))] if employed else []
    last = expiry(clock.today(), int(answers["answer_days"]))
    return page(
        "signing/invite_confirm.html",
        students=[
            {"id": student.id, "name": student.name, "note": f"{student.school.name}　{student.major.name}"}
            for student in students
        ],
        facts=letter_facts(answers, Invitation.letter, passed_employer(asks)),
        until=theme.last_moment(last),
        form=form,
        hidden=[
            *form.carried(),
            *[("student", str(student.id)) for student in students],
            ("_start_key", request.form.get("_start_key", "")),
            ("_confirmed", "send"),
        ],
        action=url_for("signing.invite_all"),
        back_url=url_for("signing.invite_all"),
        here=url_for("signing.invite", student=[student.id for student in students]),
        warnings=warnings,
    )


def _ticked() -> list[int]:
    return [int(text) for text in request.values.getlist("student") if text.isdecimal() and len(text) < 10]


def _letter_data() -> MultiDict[str, Any]:
    """What was typed, without the names of the page's own that do not begin with _."""
    return MultiDict(
        (name, value) for name, value in case_page.typed().items(multi=True) if name != "student"
    )
