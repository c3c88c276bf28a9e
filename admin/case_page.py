"""What task and case pages share: the case as it is shown, what was typed, the second page, the closed task."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from admin import door, facts, texts
from admin.door import page
from engine import catalog, clock, models, runtime
from engine.actors import Actor
from engine.errors import TaskNotOpen
from engine.forms import FieldSpec, in_words
from engine.models.base import Model
from engine.models.workflow import Attachment, ProcessInstance, UserTask
from engine.runtime.inbox import InboxRow
from engine.runtime.tasks import definition_of


def subject_of(instance: ProcessInstance, asks: Actor) -> Model | None:
    """The row a case is about, with what its model joins for lists. Whoever holds a task of the case sees it
    though it is none of its rows. One query, or two."""
    if instance.subject_kind is None:
        return None
    model = models.by_name(instance.subject_kind)
    here = model._meta.primary_key == instance.subject_id
    found: Model | None = model.visible_to(asks).where(here).first() or model.get_or_none(here)
    return found


def caption(instance: ProcessInstance, subject: Model | None) -> str:
    """What a case about this row is called, in the reader's language; what is stored is Chinese."""
    if door.locale() == "zh":
        return str(instance.caption)
    if subject is not None:
        return subject.case_title().text(door.locale())
    return instance.caption if instance.subject_kind else catalog.load(instance.definition_id).title("en")


def about(instance: ProcessInstance, asks: Actor) -> dict[str, Any]:
    """The case's facts, documents, checks, trace and diagram, for a page."""
    locale = door.locale()
    subject = subject_of(instance, asks)
    said = facts.panel(instance.subject_kind)
    drawn = runtime.diagram(instance)
    return {
        "instance": instance,
        "subject": subject,
        "caption": caption(instance, subject),
        "flow": drawn.definition.title(locale),
        "code": said.code(subject) if said.code and subject is not None else None,
        "sections": [*facts.sections_of(subject, asks), *answers_given(instance, asks)],
        "chip": facts.chip_of(subject, asks),
        "documents": said.documents(subject, asks) if said.documents and subject is not None else [],
        "checks": said.checks(subject, asks) if said.checks and subject is not None else [],
        "trace": runtime.trace(instance, locale),
        "since": texts.span((instance.ended_at or clock.now()) - instance.started_at),
        "diagram": drawn,
        "diagram_url": url_for("cases.diagram", case_id=instance.id),
        "diagram_name": _(
            "%(name)s，第 %(version)s 版",
            name=drawn.definition.title(locale),
            version=drawn.definition.version,
        ),
        "diagram_sentence": _sentence(drawn, locale),
    }


def answers_given(instance: ProcessInstance, asks: Actor) -> list[facts.Section]:
    """What the forms of the case have asked and no fact tells, step by step. Two queries; three with files."""
    locale, definition = door.locale(), catalog.load(instance.definition_id)
    known = runtime.facts_named(instance.subject_kind)
    found = []
    handed_in = cache(lambda: runtime.attachments(instance.id))
    for form in runtime.shown_to(asks, runtime.said(instance.id, definition)):
        shown = [
            _files(field, value, handed_in(), locale)
            if field.kind == "upload"
            else _answer(field, value, locale)
            for field, value in form.fields(known)
        ]
        if shown:
            found.append(facts.Section(definition.node_name(form.node_id, locale), shown))
    return found


def _answer(field: FieldSpec, value: Any, locale: str) -> facts.Fact:
    words = in_words(field, value, locale)
    return facts.Fact(field.label.text(locale), words, "wide long" if len(words) > 40 else "")


def _files(
    field: FieldSpec, value: Any, rows: Mapping[tuple[str, str], Attachment], locale: str
) -> facts.Fact:
    found = [row for each in value if (row := rows.get(runtime.file_key(field.key, each["blob"])))]
    files = tuple(
        facts.File(
            row.file_name,
            url_for("cases.file", case_id=row.subject_id, attachment_id=row.id),
            row.size,
        )
        for row in found
    )
    return facts.Fact(field.label.text(locale), in_words(field, value, locale), "wide", files=files)


def _sentence(drawn: runtime.Diagram, locale: str) -> str:
    """The diagram for those who do not see it: where the case has been and where it is."""
    definition = drawn.definition

    def names(ids: list[str]) -> str:
        named = [
            definition.node_name(i, locale) for i in ids if i in definition.nodes and definition.nodes[i].name
        ]
        return texts.joined(dict.fromkeys(named)) or _("无")

    return _("已走：%(gone)s。现在：%(here)s。", gone=names(drawn.gone), here=names(drawn.here))


def typed() -> MultiDict[str, Any]:
    """What the form on the page sent, files among it."""
    if not request.files:
        return request.form
    both: list[Any] = [request.form, request.files]
    return MultiDict(CombinedMultiDict(both))


def confirmation(form: Any, title: str, action: str) -> str:
    """The second page of an answer: the question, what follows, the verb; what was typed travels along. Who
    takes what it posts shows the first page again where it `goes_back`."""
    asked = form.confirmation()
    return page(
        "inbox/confirm.html",
        form=form,
        confirmation=asked,
        case_title=title,
        hidden=[*form.carried(), *_carried_along()],
        action=action,
        back_url=request.path,
    )


def goes_back() -> bool:
    """Whether the second page was left by 回去再看看: the first is shown again, with what was typed."""
    return "_back" in request.form


def _carried_along() -> list[tuple[str, str]]:
    return [("_start_key", request.form["_start_key"])] if "_start_key" in request.form else []


def closed(task: UserTask, asks: Actor, error: TaskNotOpen) -> str:
    """What the second of two reads: by whom and when it was done, and what they typed."""
    instance = ProcessInstance.get_by_id(task.instance_id)
    step = runtime.step_name(task, door.locale())
    following = runtime.inbox.first(asks)
    return page(
        "inbox/closed.html",
        title=_("%(name)s已经办完这一项", name=error.by) if error.by else _("这一项已经关闭"),
        text=error.sentence.text(door.locale()),
        caption=caption(instance, subject_of(instance, asks)),
        step=step,
        at=error.at,
        typed=_typed_facts(task),
        next_url=url_for("inbox.task", task_id=following) if following else None,
        case_url=url_for("cases.case", case_id=task.instance_id),
        trace=runtime.trace(instance, door.locale())[:5],
    )


def _typed_facts(task: UserTask) -> list[facts.Fact]:
    """What was sent, under the words of the form's fields."""
    definition = definition_of(task)
    key = definition.nodes[task.node_id].ext.get("form")
    if not key:
        return []
    locale = door.locale()
    found = []
    for spec in definition.form(key).fields:
        words = {choice.value: choice.label.text(locale) for choice in spec.choices}
        values = [words.get(value, value) for value in request.form.getlist(spec.key) if value]
        if spec.kind == "upload":
            values = [file.filename for file in request.files.getlist(spec.key) if file.filename]
        if values:
            found.append(facts.Fact(spec.label.text(locale), texts.joined(values)))
    return found


# ── for programs ───────────────────────────────────────────────────────────────────────────────────


def row_json(row: InboxRow) -> dict[str, Any]:
    """A line of the list."""
    task = row.task
    return {
        "id": task.id if task is not None else None,
        "instance": row.instance_id,
        "process": row.definition.process_id,
        "version": row.definition.version,
        "node": task.node_id if task is not None else None,
        "step": row.step,
        "caption": row.caption,
        "state": row.state,
        "since": row.since.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "assignee": task.assignee_id if task is not None else None,
    }


def task_json(task: UserTask, form: Any) -> dict[str, Any]:
    """A task with its form's fields and what is known of them."""
    return {
        "id": task.id,
        "instance": task.instance_id,
        "kind": task.kind,
        "node": task.node_id,
        "step": runtime.step_name(task, door.locale()),
        "state": task.state,
        "due": task.due.isoformat() if task.due else None,
        "form": _form_json(form) if form is not None else None,
    }


def _form_json(form: Any) -> dict[str, Any]:
    locale = door.locale()
    return {
        "key": form.spec.key,
        "fields": [
            {
                "key": spec.key,
                "kind": spec.kind,
                "label": spec.label.text(locale),
                "required": spec.required,
                **({"choices": [choice.value for choice in spec.choices]} if spec.choices else {}),
            }
            for spec in form.spec.fields
        ],
    }


def instance_json(row: ProcessInstance) -> dict[str, Any]:
    """A case: where it stands."""
    return {
        "instance": row.id,
        "state": row.state,
        "caption": row.caption,
        "end": row.end_node,
        "url": url_for("cases.case", case_id=row.id),
    }


def start_json(process_id: str, form: Any) -> dict[str, Any]:
    """A process that may be begun, with its form."""
    return {"process": process_id, "form": _form_json(form) if form is not None else None}


def after_json(done: runtime.Done) -> dict[str, Any]:
    """A case after a step, and what of it is the actor's to do next."""
    return {**instance_json(done.instance), "tasks": list(done.tasks)}
