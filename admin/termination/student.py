"""解约办理 of a graduate (S-16): the signings that passed the audit, what may be done about each, and 查看解约."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from admin import case_page, door, facts, paging
from admin.door import Answer, actor, page, toast
from admin.termination import rows
from admin.termination.room import termination
from admin.termination.rows import Standing
from admin.termination.words import chip
from engine import runtime
from engine.actors import Actor
from engine.errors import Conflict, NotFound, Refused, StateChanged, SubmissionInvalid, TaskNotOpen
from engine.models.signing import Agreement
from engine.models.termination import Termination
from engine.models.workflow import ProcessInstance, UserTask


@termination.get("/termination/mine")
def mine() -> Answer:
    asks = actor()
    if asks.party_kind != "student":
        raise NotFound()
    query = Agreement.visible_to(asks).where(Agreement.state.in_(("effective", "void")))
    found = paging.page_of(query, [Agreement.id], request.args)
    return page(
        "termination/mine.html",
        rows=[_row(one, asks) for one in rows.standing_of(found.rows, asks)],
        prev_url=url_for("termination.mine", before=found.before) if found.before else None,
        next_url=url_for("termination.mine", after=found.after) if found.after else None,
    )


def _row(one: Standing, asks: Actor) -> dict[str, Any]:
    agreement, ending = one.agreement, one.ending
    return {
        "employer": agreement.employer.name if agreement.employer is not None else "",
        "position": agreement.position,
        "number": agreement.number,
        "state": facts.chip_of(agreement, asks),
        "ending": chip(ending, asks) if ending is not None else None,
        "told": _told(one),
        "ask_url": url_for("termination.ask", agreement=agreement.id) if one.may_ask else None,
        "answer_url": one.task_url,
        "case_url": one.case_url,
        "certificate_url": _certificate(ending),
    }


def _told(one: Standing) -> str:
    """What comes next, or why nothing can be asked."""
    ending = one.ending
    if one.open and ending is not None:
        if ending.state == "waiting_audit":
            return _("双方已同意，学校审核通过后生效。在那以前协议书仍然有效。")
        if ending.asked_by == "student":
            return _("等用人单位答复。答复之前你可以撤回。")
        return _("单位申请与你解约，请看过原因再答复。")
    if one.agreement.state == "void":
        return _("协议书已失效。")
    if ending is not None and ending.state == "failed":
        return _("学校审核没有通过，协议书继续有效。原因：%(reason)s", reason=ending.audit_reason)
    if not one.chance:
        return _("解约机会仅有一次，已经用过。有特殊情况，请到学校就业指导中心说明。")
    return _("解约要单位同意、学校审核，机会只有一次。")


def _certificate(ending: Termination | None) -> str | None:
    if ending is None or ending.state != "done":
        return None
    return url_for("termination.certificate_file", termination_id=ending.id)


@termination.get("/tasks/<int:task_id>/termination")
def answer(task_id: int) -> Answer:
    """查看解约: the employer's request, and the answer; phone first and without script."""
    asks = actor()
    task = runtime.task_for(asks, task_id)
    return _answer_page(task, asks, runtime.task_form(task, asks, locale=door.locale()))


@termination.post("/tasks/<int:task_id>/termination")
def answer_with(task_id: int) -> Answer:
    """【同意】 leads to 【同意解约】, and only that agrees (rule 10); 【暂不处理】 keeps the request open."""
    asks = actor()
    task = runtime.task_for(asks, task_id)
    row = _asked(task, asks)
    if case_page.goes_back() and runtime.may_do(asks, task):
        return _answer_page(task, asks, runtime.task_form(task, asks, case_page.typed(), locale=door.locale()))
    try:
        runtime.complete(task, asks, case_page.typed(), locale=door.locale())
    except runtime.ConfirmationNeeded as needed:
        return case_page.confirmation(needed.form, row.employer.name if row.employer else "", request.path)
    except SubmissionInvalid as invalid:
        return _answer_page(task, asks, invalid.form), 422
    except TaskNotOpen as closed:
        return case_page.closed(task, asks, closed), 409
    except (Conflict, Refused) as conflict:
        form = runtime.task_form(task, asks, case_page.typed(), locale=door.locale())
        status = 409 if isinstance(conflict, StateChanged) else door.status_of(conflict)
        return _answer_page(task, asks, form, conflict.sentence.text(door.locale())), status
    toast(_("已答复。"))
    return redirect(url_for("termination.mine"), 303)


def _asked(task: UserTask, asks: Actor) -> Termination:
    case = ProcessInstance.get_by_id(task.instance_id)
    if case.subject_kind != "termination" or task.node_id not in facts.panel(case.subject_kind).task_pages:
        raise NotFound()
    return Termination.fetch(asks, case.subject_id)


def _answer_page(task: UserTask, asks: Actor, form: Any, problem: str | None = None) -> str:
    row = _asked(task, asks)
    may = runtime.may_do(asks, task)
    return page(
        "termination/answer.html",
        title=facts.title_of(row, asks),
        sections=facts.sections_of(row, asks),
        why_due=runtime.why_due(task) if may else None,
        form=form if may else None,
        problem=problem,
        action=url_for("termination.answer_with", task_id=task.id),
        case_url=url_for("cases.case", case_id=task.instance_id),
    )
