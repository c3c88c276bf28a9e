"""What the editors ask: a draft's files, saved as one types, and the checker's findings. JSON only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from werkzeug.http import quote_etag, unquote_etag

from admin import door
from admin.door import actor, json_answer
from admin.studio import editing, room
from admin.studio.room import studio
from engine import catalog
from engine.actors import Actor
from engine.errors import Conflict, NotFound, QihangError
from engine.models.drafts import ProcessDraft
from engine.release import adding, drafts, publishing

View = Callable[..., Response]


def problem(error: QihangError, status: int, **more: Any) -> Response:
    """An error as the editors read it (problem+json), whatever they accept."""
    body = {
        "title": error.sentence.text(door.locale()),
        "status": status,
        "detail": error.sentence.text(door.locale()),
        **({"code": error.code} if isinstance(error, Conflict) else {}),
        **more,
    }
    answer = json_answer(body, status)
    answer.mimetype = "application/problem+json"
    return answer


def api(view: View) -> View:
    """A view of the editors: errors are problem+json."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except drafts.Stale as stale:
            return _stale(stale)
        except drafts.DraftClosed as closed:
            return problem(closed, 409)
        except QihangError as error:
            return problem(error, door.status_of(error))

    return answered


def _stale(stale: drafts.Stale) -> Response:
    return problem(
        stale,
        409,
        by=stale.by,
        revision=stale.revision,
        theirs=None if stale.theirs is None else stale.theirs.decode("utf-8", "replace"),
        yours=request.get_data().decode("utf-8", "replace"),
    )


def draft_json(draft: ProcessDraft, asks: Actor) -> dict[str, Any]:
    """A draft with its files."""
    base = None if draft.base_id is None else {"id": draft.base_id, "version": draft.base.version}
    return {
        "id": draft.id,
        "process": draft.process_id,
        "name": draft.name,
        "state": draft.state,
        "base": base,
        "revision": draft.revision,
        "editing": editing.people(draft, asks),
        "files": [
            {
                name: getattr(one, name)
                for name in ("path", "kind", "title", "role", "revision", "changed", "url")
            }
            for one in editing.files_shown(draft)
        ],
    }


@studio.get("/api/drafts/<int:draft_id>")
@api
def api_draft(draft_id: int) -> Response:
    """The draft and its files."""
    asks = actor()
    return json_answer(draft_json(room.draft(asks, draft_id), asks))


@studio.post("/api/drafts/<int:draft_id>/editing")
@api
def api_editing(draft_id: int) -> Response:
    """A sign of life of whoever has the editor open; says who else has."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    drafts.touch(draft, asks)
    return json_answer({"editing": editing.people(room.draft(asks, draft_id), asks)})


@studio.get("/api/drafts/<int:draft_id>/files/<path:path>")
@api
def api_file(draft_id: int, path: str) -> Response:
    """A file as it is stored, with its revision as ETag."""
    draft = room.draft(actor(), draft_id)
    key = draft.manifest.get(path)
    if key is None:
        raise NotFound()
    answer = Response(catalog.body_of(key), mimetype="text/plain")
    answer.headers["ETag"] = quote_etag(key)
    answer.headers["Content-Disposition"] = "inline"
    return answer


@studio.put("/api/drafts/<int:draft_id>/files/<path:path>")
@api
def api_save(draft_id: int, path: str) -> Response:
    """Writes a file if it is as the editor took it over, else 409 with both contents."""
    asks = actor()
    before = room.draft(asks, draft_id)
    saved = drafts.save(draft_id, path, request.get_data(), _began_from(), asks)
    return json_answer(
        {
            "revision": saved.manifest[path],
            "draft_revision": saved.revision,
            "saved_at": saved.updated_at.isoformat(),
            "unchanged": saved.revision == before.revision,
        }
    )


@studio.delete("/api/drafts/<int:draft_id>/files/<path:path>")
@api
def api_remove(draft_id: int, path: str) -> Response:
    """Takes a file out of the draft; what is live keeps it."""
    asks = actor()
    saved = adding.remove(room.draft(asks, draft_id), path, _began_from(), asks)
    return json_answer({"draft_revision": saved.revision})


def _began_from() -> str | None:
    """The revision that the editor took over: If-Match; a new file says If-None-Match: *."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return None
    found, _weak = unquote_etag(request.headers.get("If-Match"))
    return found or ""


@studio.post("/api/drafts/<int:draft_id>/check")
@api
def api_check(draft_id: int) -> Response:
    """The checker's findings for the draft, or for it with one file as it is being typed."""
    draft = room.draft(actor(), draft_id)
    looked = publishing.Examined(draft, unsaved(draft))
    return json_answer(
        {
            "errors": len(looked.errors),
            "warnings": len(looked.warnings),
            "limit": any(f.code == "owes.limit" for f in looked.findings),
            "findings": [editing.finding_json(f, draft.process_id) for f in looked.findings],
        }
    )


def unsaved(draft: ProcessDraft) -> dict[str, bytes]:
    """The one file that the editor sends along unsaved: {path, body}. Raises Unstorable."""
    sent = door.json_body() if request.is_json and request.get_data() else {}
    path, body = sent.get("path"), sent.get("body")
    if not isinstance(path, str) or not isinstance(body, str):
        return {}
    drafts.storable(path, body.encode())
    return {path: body.encode()}
