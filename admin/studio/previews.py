"""Previews: a form as the server renders it, a notice and a document over a chosen case. Pages for a frame."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from admin import answers, door
from admin.door import Answer, actor, json_answer, page
from admin.studio import room
from admin.studio.api import api
from admin.studio.room import studio
from engine import catalog, db, forms, models, notify
from engine.actors import Actor
from engine.catalog.library import english
from engine.errors import NotFound, QihangError, Refused, Sentence
from engine.models.base import Model
from engine.models.drafts import ProcessDraft
from engine.models.people import AuditEntry
from engine.models.signing import Agreement
from engine.models.workflow import ProcessDefinition, ProcessInstance
from engine.notify.texts import TextWrong
from engine.release import drafts
from engine.runtime.told import Told
from reports import signing as papers

NO_CASE = Sentence(
    "先选一个办理件，预览里填的是它的内容。", "Choose a case first; the preview is filled with its values."
)
NO_PAPER = Sentence(
    "这个办理件还没有协议书，换一个已签约的。", "This case has no agreement yet; choose one that is signed."
)
NOT_YOURS = Sentence(
    "协议书上有个人信息，只有当事学校能预览。",
    "The agreement shows personal data; only its own school may look.",
)


def _body(draft: ProcessDraft, path: str) -> bytes:
    """The file to preview: what was sent along unsaved, else as it is stored. Raises NotFound, Unstorable."""
    if request.method == "POST":
        body = request.get_data()
        drafts.storable(path, body)
        return body
    key = draft.manifest.get(path)
    if key is None:
        raise NotFound()
    return catalog.body_of(key)


def _told(problem: Sentence, status: int = 422) -> Answer:
    """A preview that cannot be made says why, inside its frame."""
    return page("studio/preview_problem.html", problem=problem), status


# ── forms ──────────────────────────────────────────────────────────────────────────────────────────


@studio.route("/drafts/<int:draft_id>/preview/form", methods=["GET", "POST"])
def preview_form(draft_id: int) -> Answer:
    """A form as the server renders it, to be tried: what it shows follows what is typed, nothing is kept."""
    draft = room.draft(actor(), draft_id)
    path = request.args.get("path", "forms/preview.form")
    try:
        body = _body(draft, path)
        files = {**drafts.files_of(draft), path: body}
        key = path.removeprefix("forms/").removesuffix(".form")
        spec = forms.read(body, key=key, english=english(files, path))
        bound = spec.bind(None, {}, {}, door.locale(), actor=actor())
        return page("studio/preview_form.html", form=bound, key=key)
    except NotFound:
        raise
    except QihangError as problem:
        return _told(problem.sentence)


# ── cases to preview on ────────────────────────────────────────────────────────────────────────────


@studio.get("/api/drafts/<int:draft_id>/cases")
@api
def api_cases(draft_id: int) -> Response:
    """The newest cases of the flow that the person may see."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    return json_answer(
        {
            "cases": [
                {"id": case.id, "label": f"{case.caption or draft.name} #{case.id}"}
                for case in cases(asks, draft.process_id, request.args.get("q", ""))
            ]
        }
    )


def cases(asks: Actor, process_id: str, text: str = "") -> list[ProcessInstance]:
    """The newest cases of a flow that the actor may see, twenty at most."""
    query = (
        ProcessInstance.visible_to(asks)
        .join(ProcessDefinition)
        .where(ProcessDefinition.process_id == process_id)
        .order_by(ProcessInstance.id.desc())
        .limit(20)
    )
    if text:
        query = query.where(ProcessInstance.caption.contains(text[:50]))
    return list(query)


def _case(asks: Actor, process_id: str) -> ProcessInstance | None:
    """The case that was asked for, else the newest one. Raises NotFound for a stranger's."""
    wanted = door.row_id(request.args.get("case"))
    if wanted is None:
        found = cases(asks, process_id)
        return found[0] if found else None
    case = ProcessInstance.fetch(asks, wanted)
    if case.definition.process_id != process_id:
        raise NotFound()
    return case


def _subject(case: ProcessInstance) -> Model | None:
    if case.subject_kind is None:
        return None
    model = models.by_name(case.subject_kind)
    found: Model | None = model.get_or_none(model._meta.primary_key == case.subject_id)
    return found


# ── notices ────────────────────────────────────────────────────────────────────────────────────────


@studio.route("/drafts/<int:draft_id>/preview/notice", methods=["GET", "POST"])
def preview_notice(draft_id: int) -> Answer:
    """A notice as its receivers would read it, over a case."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    path = request.args.get("path", "")
    wanted = request.args.get("notice")
    locale = "en" if request.args.get("lang") == "en" else "zh"
    try:
        notices = notify.read(_body(draft, path))
        if notices.findings:
            return _told(notices.findings[0].sentence)
        case = _case(asks, draft.process_id)
        if case is None:
            return _told(NO_CASE)
        facts = Told(case, catalog.load(case.definition_id))
        shown = [
            _notice(notice, facts, locale) for notice in notices.values() if wanted in (None, "", notice.id)
        ]
    except NotFound:
        raise
    except QihangError as problem:
        return _told(problem.sentence)
    return page("studio/preview_notice.html", notices=shown, case=case)


def _notice(notice: notify.Notice, facts: Told, locale: str) -> dict[str, Any]:
    subject = notice.subject_en if locale == "en" and notice.subject_en else notice.subject
    body = notice.body_en if locale == "en" and notice.body_en else notice.body
    return {
        "id": notice.id,
        "to": notice.to,
        "channels": notice.channels,
        "subject": subject.render(facts, locale),
        "body": body.render(facts, locale).strip(),
    }


# ── documents ──────────────────────────────────────────────────────────────────────────────────────


@studio.route("/drafts/<int:draft_id>/preview/document", methods=["GET", "POST"])
def preview_document(draft_id: int) -> Answer:
    """A document with the draft's text over a case's values: as a sheet, or as the real PDF (as=pdf)."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    path = request.args.get("path", "")
    try:
        text = _body(draft, path).decode()
        case = _case_with_paper(asks, draft.process_id)
        agreement = _agreement(asks, case)
        if request.args.get("as") == "pdf":
            body = papers.agreement_pdf(agreement, text)
        else:
            body = papers.agreement_html(agreement, text, preview=True).encode()
    except NotFound:
        raise
    except (QihangError, TextWrong) as problem:
        return _told(problem.sentence)
    with db.step():
        AuditEntry.write(asks, "preview", agreement)
    if request.args.get("as") == "pdf":
        return Response(body, mimetype="application/pdf")
    return Response(body, mimetype="text/html", headers={"Content-Security-Policy": answers.PAPER_CSP})


def _case_with_paper(asks: Actor, process_id: str) -> ProcessInstance:
    """The case asked for, else the newest that has a paper."""
    if request.args.get("case"):
        case = _case(asks, process_id)
        if case is not None:
            return case
    for case in cases(asks, process_id):
        if _paper(_subject(case)) is not None:
            return case
    raise Refused(NO_CASE)


def _paper(subject: Model | None) -> Agreement | None:
    """The agreement that a subject is or has, once its values are copied."""
    found = subject if isinstance(subject, Agreement) else getattr(subject, "agreement", None)
    return found if isinstance(found, Agreement) and found.state != "draft" else None


def _agreement(asks: Actor, case: ProcessInstance) -> Agreement:
    found = _paper(_subject(case))
    if found is None:
        raise Refused(NO_PAPER)
    if not asks.sits_at("school", found.school_id):
        raise Refused(NOT_YOURS)
    return found
