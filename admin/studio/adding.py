"""加文件 and 去掉这个文件: notices, scenarios, a form or a decision table in a draft, by clicks."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _

from admin.door import Answer, actor, page, toast
from admin.studio import options, room, words
from admin.studio.room import studio
from engine import catalog
from engine.errors import NotFound, QihangError, Sentence
from engine.models.drafts import ProcessDraft
from engine.release import adding, drafts


@studio.route("/drafts/<int:draft_id>/add", methods=["GET", "POST"])
def add(draft_id: int) -> Answer:
    """A new file of the draft. `what` is its kind; a form and a table are given a name first."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    what = request.values.get("what", "")
    if what not in adding.KINDS:
        abort(400)
    if request.method == "GET":
        return _asked(draft, what)
    try:
        path, body = _made(draft, what)
        adding.add(draft, path, body, asks)
    except QihangError as problem:
        return _asked(draft, what, problem.sentence), 422
    return redirect(url_for("studio.edit", process_id=draft.process_id, file=path), 303)


def _made(draft: ProcessDraft, what: str) -> tuple[str, bytes]:
    name = request.form.get("name", "").strip()
    if what != "decision":
        return adding.made(draft, what, name, roles=catalog.known_roles())
    known = {one["path"]: one for one in _known(draft)}
    inputs = [
        adding.Column(path, known[path]["label"], known[path]["type"])
        for path in request.form.getlist("inputs")
        if path in known
    ]
    label, key, kind = (request.form.get(field, "").strip() for field in ("label", "output", "type"))
    return adding.made(draft, what, name, inputs, adding.Column(key, label[:60] or key, kind))


def _known(draft: ProcessDraft) -> list[dict[str, Any]]:
    return options.names_anywhere(drafts.merged(draft), draft.process_id)


def _asked(draft: ProcessDraft, what: str, problem: Sentence | None = None) -> str:
    return page(
        "studio/add.html",
        draft=draft,
        what=what,
        known=_known(draft) if what == "decision" else [],
        typed=request.form,
        chosen=request.form.getlist("inputs"),
        problem=problem,
        area=(room.diagram_path(draft) or "").split("/")[1:-1],
    )


@studio.route("/drafts/<int:draft_id>/remove", methods=["GET", "POST"])
def remove(draft_id: int) -> Answer:
    """去掉这个文件, once it is said that nothing refers to it; what is live keeps it until the draft is published."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    path = request.values.get("file", "")
    if path not in draft.manifest:
        raise NotFound()
    title = words.shown(path, catalog.body_of(draft.manifest[path])).title
    if request.method == "GET":
        why = adding.in_use(draft, path)
        return page("studio/remove.html", draft=draft, path=path, title=title, why=why)
    try:
        adding.remove(draft, path, request.form.get("revision"), asks)
    except QihangError as problem:
        answer = page("studio/remove.html", draft=draft, path=path, title=title, why=problem.sentence)
        return answer, 422
    toast(_("已从草稿里去掉“%(title)s”。发布之后才生效。", title=title))
    return redirect(url_for("studio.edit", process_id=draft.process_id), 303)
