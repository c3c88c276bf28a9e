"""The pages that host the editors; without their script a file is edited as text and saved by a button."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from admin import answers, door
from admin.door import Answer, actor, page, toast
from admin.studio import room, words
from admin.studio.room import studio
from engine import catalog
from engine.actors import Actor
from engine.catalog import Finding
from engine.errors import NotFound
from engine.models.drafts import ProcessDraft
from engine.models.people import Account
from engine.release import adding, drafts, publishing

#: The editors of bpmn.io write style elements while they work; scripts stay our own files.
EDITOR_CSP = answers.CSP.replace("style-src 'self';", "style-src 'self' 'unsafe-inline';")


def files_shown(draft: ProcessDraft) -> list[words.Shown]:
    """The files of a draft in their order, each with what changed."""
    bodies = drafts.files_of(draft)
    changed = drafts.manifest_changes(drafts.base_files(draft), bodies)
    return [
        words.shown(
            path,
            bodies[path],
            revision=draft.manifest[path],
            changed=path in changed,
            url=url_for("studio.edit", process_id=draft.process_id, file=path),
        )
        for path in words.ordered(bodies)
    ]


def people(draft: ProcessDraft, asks: Actor) -> dict[str, Any] | None:
    """Who saved or looked last, and whether they still are."""
    if draft.editor_id is None:
        return None
    editor = Account.get_by_id(draft.editor_id)
    return {
        "name": editor.name,
        "at": draft.edited_at.isoformat() if draft.edited_at else None,
        "me": draft.editor_id == asks.account_id,
        "active": drafts.editing(draft) is not None,
    }


def finding_json(found: Finding, process_id: str) -> dict[str, Any]:
    """A finding as the editors take it."""
    return {
        "code": found.code,
        "severity": found.severity,
        "file": found.file,
        "element": found.element_id,
        "name": found.element_name,
        "line": found.line,
        "sentence": found.sentence.text(door.locale()),
        "path": list(found.path) if found.path is not None else None,
        "url": finding_url(found, process_id),
    }


def finding_url(found: Finding, process_id: str) -> str:
    """Where a finding is mended: the editor of its file, at its element."""
    anchor = f"element={found.element_id}" if found.element_id else None
    return url_for("studio.edit", process_id=process_id, file=found.file, _anchor=anchor)


def open_draft(asks: Actor, process_id: str) -> ProcessDraft | None:
    """The draft of a flow that one may edit; None where there is none. Raises NotFound."""
    draft = drafts.open_of(process_id)
    if draft is not None:
        return room.draft(asks, draft.id)
    room.flow(asks, process_id)
    return None


@studio.get("/<process_id>/edit")
def edit(process_id: str) -> Answer:
    """The editor of a file of the flow's draft."""
    asks = actor()
    draft = open_draft(asks, process_id)
    if draft is None:
        toast(_("这个流程还没有草稿。点“开始修改”。"), "info")
        return redirect(url_for("studio.flow", process_id=process_id))
    if draft.state == "open":
        drafts.touch(draft, asks)
    path = request.args.get("file") or room.diagram_path(draft) or ""
    if path not in draft.manifest:
        raise NotFound()
    return _editor(draft, path, asks)


def _editor(
    draft: ProcessDraft,
    path: str,
    asks: Actor,
    *,
    typed: str | None = None,
    stale: drafts.Stale | None = None,
    problem: Any = None,
) -> Response:
    """The page of a file. `typed` is what could not be saved, `stale` what is there instead."""
    body = catalog.body_of(draft.manifest[path]).decode("utf-8", "replace")
    looked = publishing.Examined(draft)
    listed = files_shown(draft)
    here = next(one for one in listed if one.path == path)
    editing = people(draft, asks)
    answer = make_response(
        page(
            "studio/edit.html",
            draft=draft,
            files=listed,
            groups=_groups(listed, path),
            here=here,
            body=typed if typed is not None else body,
            revision=(stale.revision or "") if stale is not None else draft.manifest[path],
            theirs=(stale.theirs or b"").decode("utf-8", "replace") if stale is not None else None,
            stale=stale,
            problem=problem,
            findings=[(f, finding_url(f, draft.process_id)) for f in looked.findings if f.file == path],
            others=[f for f in looked.errors if f.file != path],
            unreadable=looked.unreadable,
            editing=editing,
            overtaken=drafts.overtaken(draft),
            readonly=draft.state != "open",
            addable=adding.KINDS - {one.role for one in listed if one.role in adding.ONE_EACH},
            bundled=bundled(),
            api=url_for("studio.api_draft", draft_id=draft.id),
        )
    )
    answer.headers["Content-Security-Policy"] = EDITOR_CSP
    return answer


def _groups(listed: list[words.Shown], path: str) -> list[dict[str, Any]]:
    """The files by what they are, for the row above the editor."""
    found: dict[str, list[words.Shown]] = {}
    for one in listed:
        found.setdefault(one.group, []).append(one)
    return [
        {
            "label": group,
            "files": files,
            "current": any(one.path == path for one in files),
            "changed": any(one.changed for one in files),
        }
        for group, files in found.items()
    ]


def bundled() -> bool:
    """Whether the editors' bundle was built; without it a file is edited as text."""
    manifest = answers.STATIC / "dist" / "manifest.json"
    return manifest.exists() and "studio.js" in json.loads(manifest.read_text())


@studio.post("/drafts/<int:draft_id>/text")
def save_text(draft_id: int) -> Answer:
    """保存, without a script: the whole file from a text area."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    path = request.form.get("path", "")
    if path not in draft.manifest:
        raise NotFound()
    typed = request.form.get("body", "").replace("\r\n", "\n")
    try:
        drafts.save(draft.id, path, typed.encode(), request.form.get("revision") or None, asks)
    except drafts.Stale as stale:
        answer = _editor(room.draft(asks, draft_id), path, asks, typed=typed, stale=stale)
        answer.status_code = 409
        return answer
    except drafts.Unstorable as problem:
        answer = _editor(draft, path, asks, typed=typed, problem=problem.sentence)
        answer.status_code = 422
        return answer
    toast(_("已保存。"))
    return redirect(url_for("studio.edit", process_id=draft.process_id, file=path), 303)
