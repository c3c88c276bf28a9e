"""The case's page, its diagram, the start page."""

from __future__ import annotations

import secrets as random
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask_babel import gettext as _

from admin import case_page, door, facts, starts
from admin.door import Answer, App, actor, page, toast
from engine import catalog, db, files, models, runtime
from engine.actors import Actor
from engine.errors import Conflict, NotFound, Refused, StateChanged, SubmissionInvalid
from engine.models.base import Model
from engine.models.people import AuditEntry
from engine.models.workflow import ProcessInstance
from engine.runtime import ConfirmationNeeded

cases = Blueprint("cases", __name__)


@cases.get("/cases/<int:case_id>")
def case(case_id: int) -> Answer:
    asks = actor()
    instance = ProcessInstance.fetch(asks, case_id)
    if door.wants_json():
        return door.json_answer(case_page.instance_json(instance))
    shown = case_page.about(instance, asks)
    locale = door.locale()
    acts = [(task, runtime.why_not(task, asks)) for task in runtime.actions(asks, instance)]
    return page(
        "cases/case.html",
        **shown,
        title=shown["caption"] or shown["flow"],
        tasks=[
            (runtime.step_name(task, locale), url_for("inbox.task", task_id=task.id), task)
            for task in runtime.open_tasks(asks, instance)
        ],
        actions=[
            (runtime.step_name(task, locale), url_for("inbox.task", task_id=task.id), task)
            for task, reason in acts
            if reason is None
        ],
        starts=[
            *(
                starts.Start(runtime.step_name(task, locale), "", None, reason.text(locale))
                for task, reason in acts
                if reason is not None
            ),
            *(starts.offered(asks, shown["subject"]) if shown["subject"] is not None else []),
        ],
        own_url=_own_url(instance, shown["subject"], asks),
    )


def _own_url(instance: ProcessInstance, subject: Model | None, asks: Actor) -> str | None:
    link = facts.panel(instance.subject_kind).link
    return link(subject, asks) if link is not None and subject is not None else None


@cases.get("/cases/<int:case_id>/diagram.bpmn")
def diagram(case_id: int) -> Answer:
    """The diagram of the case's own version, as it was deployed."""
    instance = ProcessInstance.fetch(actor(), case_id)
    xml = catalog.load(instance.definition_id).xml
    return Response(xml, mimetype="application/xml", headers={"Cache-Control": "private, max-age=3600"})


@cases.get("/cases/<int:case_id>/files/<int:attachment_id>")
def file(case_id: int, attachment_id: int) -> Answer:
    """A file that was handed in, to whoever may read the answer that it is. Who else than the one that sent it
    has it stands in the audit log."""
    asks = actor()
    found = runtime.file_for(asks, ProcessInstance.fetch(asks, case_id), attachment_id)
    if found.account_id != asks.account_id:
        with db.step():
            AuditEntry.write(asks, "download", found, case=case_id)
    content = BytesIO(files.get(found.sha))
    answer = send_file(content, found.media_type, as_attachment=True, download_name=found.file_name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@cases.get("/start/<process_id>")
def start(process_id: str) -> Answer:
    """The page that begins a case; `?on=student:12` names the row it is begun on."""
    asks = actor()
    on = _on(asks)
    form = runtime.start_form(asks, process_id, on, locale=door.locale())
    if door.wants_json():
        return door.json_answer(case_page.start_json(process_id, form))
    return _start_page(process_id, on, form)


@cases.post("/start/<process_id>")
def begin(process_id: str) -> Answer:
    asks, locale = actor(), door.locale()
    on = _on(asks)
    sent = door.json_body() if request.is_json else None
    key = request.headers.get("Idempotency-Key") or (request.form.get("_start_key") if sent is None else None)
    start_key = f"{asks.account_id}:{key[:60]}" if key else None
    if case_page.goes_back():
        return _start_page(process_id, on, _form_again(asks, process_id, on))
    try:
        instance = runtime.start(
            asks,
            process_id,
            on=on,
            data=case_page.typed() if sent is None else None,
            json=sent,
            start_key=start_key,
            locale=locale,
        )
    except ConfirmationNeeded as needed:
        return case_page.confirmation(needed.form, _label(process_id), request.full_path.rstrip("?"))
    except SubmissionInvalid as invalid:
        if door.wants_json():
            raise
        return _start_page(process_id, on, invalid.form), 422
    except (Conflict, Refused) as conflict:
        if door.wants_json():
            raise
        form = _form_again(asks, process_id, on)
        status = 409 if isinstance(conflict, StateChanged) else door.status_of(conflict)
        return _start_page(process_id, on, form, conflict.sentence.text(locale)), status
    if door.wants_json():
        return door.json_answer(case_page.instance_json(instance), 201)
    toast(_("%(what)s：已办。", what=_label(process_id)))
    return redirect(url_for("cases.case", case_id=instance.id), 303)


def _on(asks: Actor) -> Model | None:
    """The row named in the address, fetched with the permission."""
    text = request.args.get("on")
    if not text:
        return None
    kind, _colon, number = text.partition(":")
    found = door.row_id(number)
    if found is None:
        raise NotFound()
    try:
        model = models.by_name(kind)
    except KeyError:
        raise NotFound() from None
    return model.fetch(asks, found)


def _form_again(asks: Actor, process_id: str, on: Model | None) -> Any:
    """The form with what was typed; None where the start itself is refused."""
    try:
        return runtime.start_form(asks, process_id, on, case_page.typed(), locale=door.locale())
    except Refused:
        return None


def _start_page(process_id: str, on: Model | None, form: Any, problem: str | None = None) -> str:
    return page(
        "cases/start.html",
        title=_label(process_id),
        process=catalog.live(process_id).title(door.locale()),
        on=on,
        on_label=str(on) if on is not None else None,
        form=form,
        problem=problem,
        start_key=request.form.get("_start_key") or random.token_hex(12),
        back_url=door.own_path(request.args.get("next"), url_for("home.index")),
    )


def _label(process_id: str) -> str:
    definition = catalog.live(process_id)
    node = definition.start_node
    return str(
        definition.text(f"{node.id}.start", door.locale())
        or node.ext.get("start")
        or definition.title(door.locale())
    )


def register(app: App) -> None:
    app.register_blueprint(cases)
