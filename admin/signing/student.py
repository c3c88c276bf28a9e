"""The graduate's side (S-14), phone first and without script: the list, the letter, 同意 and 拒绝."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from admin import case_page, door, facts, texts, theme
from admin.door import Answer, actor, page, toast
from admin.facts import Chip
from admin.signing import papers, records
from admin.signing.details import LETTER_ONLY, case_of, lead, letter_title, said
from admin.signing.letter import PAPERS, WORK, letter_facts, unit_facts, values_of
from admin.signing.records import Known
from admin.signing.room import signing
from admin.signing.words import STATES, answer_chip, audit_chip, state_words, stored
from engine import clock, runtime
from engine.actors import Actor
from engine.errors import (
    Conflict,
    NotFound,
    Refused,
    Sentence,
    StateChanged,
    SubmissionInvalid,
    TaskNotOpen,
)
from engine.models.signing import Invitation
from engine.models.workflow import ProcessInstance, UserTask

BOUND = Sentence(
    "你已与一家单位签约，只能看这份邀请，不能答复。要换单位，先办解约。",
    "You are bound by another signing: you can read this letter but not answer it. End that agreement first.",
)
OVER = Sentence(
    "答复期已过，不能再答复。单位可以再发一份。", "The time to answer is over. The employer may send another."
)


@signing.get("/signing/mine")
def mine() -> Answer:
    """线上签约: every invitation of the graduate, the newest first."""
    asks = actor()
    if asks.party_kind != "student":
        raise NotFound()
    state = request.args.get("state", "")
    query = Invitation.visible_to(asks)
    if state in STATES:
        query = query.where(Invitation.state.in_(stored(state)))
    else:
        state = ""
    found = records.page_of(query, request.args)
    kept: dict[str, Any] = {"state": state} if state else {}
    return page(
        "signing/mine.html",
        rows=[_row(row, asks) for row in found.rows],
        prev_url=url_for("signing.mine", **kept, before=found.before) if found.before else None,
        next_url=url_for("signing.mine", **kept, after=found.after) if found.after else None,
        filter={"value": state, "options": [(code, state_words(code)) for code in STATES]},
    )


def _row(row: Invitation, asks: Actor) -> dict[str, Any]:
    answer, audit = answer_chip(row, asks), audit_chip(row)
    more = row.state not in LETTER_ONLY
    return {
        "employer": row.employer.name,
        "position": row.position,
        "invited_on": row.invited_on,
        "expires_on": row.expires_on,
        "state": answer.text,
        "state_tone": answer.cls,
        "audit": audit.text if audit else "",
        "audit_tone": audit.cls if audit else None,
        "letter_url": url_for("signing.letter", invitation_id=row.id),
        "details_url": url_for("signing.details", invitation_id=row.id) if more else None,
        "download_url": papers.download_url(Known.of(row).agreement, asks),
    }


@signing.get("/invitations/<int:invitation_id>/letter")
def letter(invitation_id: int) -> Answer:
    """查看邀请函: to the graduate with 同意 and 拒绝 while it may be answered, to all others to read."""
    asks = actor()
    invitation = Invitation.fetch(asks, invitation_id)
    return _letter_page(invitation, asks, _answerable(invitation, asks))


@signing.get("/tasks/<int:task_id>/letter")
def answer(task_id: int) -> Answer:
    """The same page, by its task: what the inbox leads to."""
    asks = actor()
    task = runtime.task_for(asks, task_id)
    return _letter_page(_invitation_of(task, asks), asks, task if runtime.may_do(asks, task) else None)


@signing.post("/tasks/<int:task_id>/letter")
def answer_with(task_id: int) -> Answer:
    """【同意】 leads to 【现在签约】, and only that agrees (rule 8); 【拒绝】 asks whether a reason is to be told."""
    asks, locale = actor(), door.locale()
    task = runtime.task_for(asks, task_id)
    invitation = _invitation_of(task, asks)
    if case_page.goes_back() and runtime.may_do(asks, task):
        return _letter_page(invitation, asks, task, form=_typed(task, asks))
    try:
        runtime.complete(task, asks, case_page.typed(), locale=locale)
    except runtime.ConfirmationNeeded as needed:
        return _confirm_page(invitation, task, needed.form, needed.form.confirmation())
    except SubmissionInvalid as invalid:
        refusal = _refusal(invitation, invalid.form)
        if refusal is not None:
            return _confirm_page(invitation, task, invalid.form, refusal)
        return _letter_page(invitation, asks, task, form=invalid.form), 422
    except TaskNotOpen as closed:
        return case_page.closed(task, asks, closed), 409
    except (Conflict, Refused) as conflict:
        status = 409 if isinstance(conflict, StateChanged) else door.status_of(conflict)
        form = _typed(task, asks)
        return _letter_page(invitation, asks, task, form=form, problem=conflict.sentence), status
    state = Invitation.get_by_id(invitation.id).state
    toast(_told(state))
    return redirect(
        url_for("signing.details" if state == "signed" else "signing.letter", invitation_id=invitation.id), 303
    )


def _told(state: str) -> str:
    """What an answer has led to. A flow may have steps between the answer and what follows from it."""
    if state == "signed":
        return _("已签约，等学校审核。")
    if state == "refused":
        return _("已拒绝。单位会收到你的答复。")
    return _("已提交你的答复。")


def _typed(task: UserTask, asks: Actor) -> Any:
    """The answer's form with what was typed."""
    return runtime.task_form(task, asks, case_page.typed(), locale=door.locale())


def _invitation_of(task: UserTask, asks: Actor) -> Invitation:
    case = ProcessInstance.get_by_id(task.instance_id)
    if case.subject_kind != "invitation" or task.node_id not in facts.panel(case.subject_kind).task_pages:
        raise NotFound()
    return Invitation.fetch(asks, case.subject_id)


def _answerable(invitation: Invitation, asks: Actor) -> UserTask | None:
    """The graduate's open task about the letter."""
    if asks.party_kind != "student" or invitation.state != "sent":
        return None
    case = case_of(invitation)
    tasks = runtime.open_tasks(asks, case) if case is not None else []
    return tasks[0] if tasks else None


def _letter_page(
    invitation: Invitation,
    asks: Actor,
    task: UserTask | None,
    *,
    form: Any = None,
    problem: Sentence | None = None,
) -> str:
    """The letter; with the answer's form while the graduate may answer, else with the reason why not."""
    why = _why_not(invitation, asks, task)
    if task is None or why is not None:
        form = None
    elif form is None:
        form = runtime.task_form(task, asks, locale=door.locale())
    employer, values = invitation.employer, values_of(invitation)
    waits = form is not None
    return page(
        "signing/letter.html",
        invitation=invitation,
        employer=employer,
        chip=Chip("todo", _("等你答复")) if waits else answer_chip(invitation, asks),
        left=theme.left(invitation.expires_at) if waits else "",
        title=letter_title(invitation, asks),
        lead=_lead(invitation, asks, waits),
        changed=waits and invitation.revision > 0,
        work=letter_facts(values, WORK, employer),
        papers=letter_facts(values, PAPERS, employer),
        unit=unit_facts(employer),
        said=said(invitation, asks),
        form=form,
        action=url_for("signing.answer_with", task_id=task.id) if task is not None and waits else None,
        why=why,
        problem=problem if waits else None,
        details_url=_details_url(invitation, asks),
        print_url=url_for("signing.print_letter", invitation_id=invitation.id),
    )


def _why_not(invitation: Invitation, asks: Actor, task: UserTask | None) -> Sentence | None:
    """What to tell a graduate who cannot answer an open letter. The operations refuse it in any case."""
    if asks.party_kind != "student" or invitation.state != "sent":
        return None
    if clock.now() >= invitation.expires_at:
        return OVER
    return BOUND if invitation.student.bound else None


def _lead(invitation: Invitation, asks: Actor, waits: bool) -> str:
    if waits:
        last = theme.last_moment(invitation.expires_on)
        return _("请在 %(moment)s 前答复。同意后还要学校审核，审核通过协议才生效。", moment=last)
    steps = _with_others(invitation, asks)
    if steps:
        return _("你已答复。现在的环节：%(steps)s。", steps=texts.joined(steps))
    return lead(invitation, asks)


def _with_others(invitation: Invitation, asks: Actor) -> list[str]:
    """The steps at which a letter that the graduate has answered waits for somebody else."""
    case = case_of(invitation) if asks.party_kind == "student" and invitation.state == "sent" else None
    if case is None:
        return []
    rows = UserTask.select().where(
        (UserTask.instance == case) & (UserTask.state == "open") & (UserTask.kind == "task")
    )
    tasks = list(rows)
    if any(runtime.may_do(asks, task) for task in tasks):
        return []
    return list(dict.fromkeys(runtime.step_name(task, door.locale()) for task in tasks))


def _details_url(invitation: Invitation, asks: Actor) -> str | None:
    if asks.party_kind == "student" and invitation.state in LETTER_ONLY:
        return None
    return url_for("signing.details", invitation_id=invitation.id)


def _confirm_page(invitation: Invitation, task: UserTask, form: Any, confirmation: Any) -> str:
    """The second page. A refusal's carries the fields that it has brought up, if there are any."""
    new = form.newly_shown
    asked = [form.form.component(spec) for spec in form.spec.fields if spec.key in new]
    return page(
        "signing/confirm.html",
        form=form,
        confirmation=confirmation,
        negative=confirmation.negative if hasattr(confirmation, "negative") else False,
        employer=invitation.employer,
        invitation=invitation,
        asked=asked,
        hidden=[*form.carried(), ("_shown", form.shown)],
        action=url_for("signing.answer_with", task_id=task.id),
    )


def _refusal(invitation: Invitation, form: Any) -> SimpleNamespace | None:
    """【拒绝】 pressed on the letter brings up the field for a reason: that is the second page's question."""
    step = form.spec.step_field
    field = form.form.component(step) if step is not None else None
    if field is None or not form.newly_shown:
        return None
    chosen = next((one for one in field.outcomes if one["value"] == field.data and one["negative"]), None)
    if chosen is None:
        return None
    return SimpleNamespace(
        value=chosen["value"],
        title=_("拒绝%(who)s的邀请吗？", who=invitation.employer.name),
        text=str(chosen["consequence"] or ""),
        button=str(chosen["label"]),
        negative=True,
    )
