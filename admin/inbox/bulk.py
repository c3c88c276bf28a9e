"""Approve or fail many at once: a page that asks once, a step for each, a result per row.

An answer with a second page of its own (同意 → 【现在签约】) is given one by one: that page is read for each.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from admin import case_page, door
from admin.door import Answer, page
from engine import runtime
from engine.actors import Actor
from engine.errors import NotFound, Sentence
from engine.models.workflow import ProcessInstance, UserTask
from engine.runtime.inbox import MOST
from engine.runtime.tasks import definition_of

NOT_ALIKE = Sentence(
    "这一项要单独办：它的表单和其他项不一样。", "This one has another form and is done by itself."
)


def answer(asks: Actor, locale: str) -> Answer:
    """POST of the list's form (`task`…, `outcome`), then of the page that asks (`_asked`)."""
    tasks = _tasks(asks)
    if not tasks:
        door.toast(_("先选中要办的事项。"), "warn")
        return redirect(url_for("inbox.index_view"))
    leading, others = _alike(tasks)
    if leading is None:
        return _results(asks, [(task, NOT_ALIKE) for task in tasks])
    spec = definition_of(leading[0]).form(_form_key(leading[0]))
    data = MultiDict(case_page.typed())
    for name in ("task", "_confirmed"):
        data.poplist(name)
    outcome = data.pop("outcome", None)
    if outcome is not None and spec.step_field is not None:
        data[spec.step_field.key] = outcome
    asked = data.pop("_asked", None) is not None
    form = runtime.task_form(leading[0], asks, data, locale=locale)
    if not asked or not form.validate():
        return _ask(leading, others, form, asked), 422 if asked else 200
    results = runtime.complete_many(leading, asks, data, locale=locale)
    return _results(asks, [*results, *((task, NOT_ALIKE) for task in others)])


def _tasks(asks: Actor) -> list[UserTask]:
    """The ticked tasks, as far as the actor may see them; at most a page of them."""
    found = []
    for text in list(dict.fromkeys(request.form.getlist("task")))[:MOST]:
        task_id = door.row_id(text)
        try:
            found += [runtime.task_for(asks, task_id)] if task_id is not None else []
        except NotFound:
            continue
    return found


def _form_key(task: UserTask) -> str:
    return str(definition_of(task).nodes[task.node_id].ext.get("form", ""))


def _alike(tasks: list[UserTask]) -> tuple[list[UserTask] | None, list[UserTask]]:
    """The tasks of the first one's form, and the others; None where it has none that asks for an answer."""
    first = next((task for task in tasks if task.state == "open" and _form_key(task)), None)
    if first is None:
        return None, tasks
    key = (definition_of(first).id, _form_key(first))
    alike = [task for task in tasks if (definition_of(task).id, _form_key(task)) == key]
    return alike, [task for task in tasks if task not in alike]


def _ask(tasks: list[UserTask], others: list[UserTask], form: Any, asked: bool) -> str:
    locale = door.locale()
    field = form.spec.step_field
    chosen = request.form.get("outcome") or (request.form.get(field.key) if field else None)
    choice = next((c for c in field.choices if c.value == chosen), None) if field is not None else None
    if not asked:
        form.form.process(MultiDict({field.key: chosen}) if field and chosen else None)
    return page(
        "inbox/bulk.html",
        here=url_for("inbox.index_view"),
        tasks=_captioned(tasks),
        others=_captioned(others),
        outcome=choice.label.text(locale) if choice is not None else "",
        negative=bool(choice and choice.negative),
        form=form,
        step_key=field.key if field is not None else None,
    )


def _captioned(tasks: list[UserTask]) -> list[tuple[UserTask, str]]:
    """The tasks with their cases' captions. One query."""
    ids = [task.instance_id for task in tasks]
    query = ProcessInstance.select(ProcessInstance.id, ProcessInstance.caption)
    captions = {row.id: row.caption for row in query.where(ProcessInstance.id.in_(ids))}
    return [(task, captions.get(task.instance_id) or f"#{task.instance_id}") for task in tasks]


def _results(asks: Actor, results: list[tuple[UserTask, Sentence | None]]) -> str:
    sentences = {task.id: sentence for task, sentence in results}
    rows = [(task, caption, sentences[task.id]) for task, caption in _captioned([t for t, _s in results])]
    following = runtime.inbox.first(asks)
    return page(
        "inbox/bulk_result.html",
        here=url_for("inbox.index_view"),
        rows=rows,
        done=sum(1 for row in rows if row[2] is None),
        failed=sum(1 for row in rows if row[2] is not None),
        next_url=url_for("inbox.task", task_id=following) if following else None,
    )
