"""Versions: each can be opened, compared with another, exported; and what may be brought in from outside."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _

from admin import door
from admin.door import Answer, actor, as_file, page, toast
from admin.studio import flows, room, words
from admin.studio.room import studio
from engine import bpmn, catalog, db
from engine.errors import NotFound, QihangError, Refused, Sentence
from engine.models.people import AuditEntry
from engine.release import adopting, changes, drafts, exporting, publishing

NO_FILE = Sentence("请选一个文件。", "Choose a file.")


@studio.get("/versions/<int:definition_id>")
def version(definition_id: int) -> Answer:
    """A version as it was published: its diagram and its files, to read."""
    found = room.version(actor(), definition_id)
    row = room.row_of(found)
    files = catalog.files_of(found)
    chosen = request.args.get("file", found.path)
    if chosen not in files:
        raise NotFound()
    return page(
        "studio/version.html",
        definition=found,
        row=row,
        live=row.live,
        files=[words.shown(path, files[path]) for path in words.ordered(files)],
        chosen=chosen,
        body=files[chosen].decode("utf-8", "replace"),
        others=[v for v in publishing.versions(found.process_id) if v.id != found.id],
    )


@studio.get("/versions/<int:definition_id>/diagram")
def version_diagram(definition_id: int) -> Answer:
    """The diagram of a version."""
    return Response(room.version(actor(), definition_id).xml, mimetype="application/xml")


@studio.get("/versions/<int:definition_id>/compare")
def compare(definition_id: int) -> Answer:
    """Two versions of a flow beside each other; the other is the one before where none is named."""
    asks = actor()
    new = room.version(asks, definition_id)
    other = door.row_id(request.args.get("with"))
    listed = publishing.versions(new.process_id)
    before = [v for v in listed if v.version < new.version]
    if other is None and not before:
        toast(_("这是第一版，没有可对照的。"), "info")
        return redirect(url_for("studio.version", definition_id=new.id))
    old = room.version(asks, other if other is not None else before[0].id)
    if old.process_id != new.process_id:
        raise NotFound()
    files_old, files_new = catalog.files_of(old), catalog.files_of(new)
    return page(
        "studio/compare.html",
        old=old,
        new=new,
        versions=listed,
        changes=changes.changes(files_old, files_new),
        marks=changes.marks(old.xml, new.xml),
        title_of=lambda change: words.title_of(
            change.path,
            files_new.get(change.path) or files_old.get(change.path),
            words.role_of(change.path),
        ),
        english=words.english(),
    )


@studio.get("/versions/<int:definition_id>/export.zip")
def export_version(definition_id: int) -> Answer:
    """A version's files as an archive that can be imported elsewhere."""
    asks = actor()
    found = room.version(asks, definition_id)
    body = exporting.to_zip(
        found.process_id, catalog.files_of(found), {"name": found.name, "version": found.version}
    )
    with db.step():
        AuditEntry.write(asks, "export", room.row_of(found), version=found.version)
    return _archive(body, f"{found.process_id}-{found.version}.zip")


@studio.get("/drafts/<int:draft_id>/export.zip")
def export_draft(draft_id: int) -> Answer:
    """A draft's files as an archive."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    body = exporting.to_zip(draft.process_id, drafts.files_of(draft), {"name": draft.name})
    with db.step():
        AuditEntry.write(asks, "export", draft, process=draft.process_id)
    return _archive(body, f"{draft.process_id}-draft.zip")


def _archive(body: bytes, name: str) -> Response:
    answer = Response(body, mimetype="application/zip")
    return as_file(answer, name)


@studio.route("/import", methods=["GET", "POST"])
def bring_in() -> Answer:
    """A flow from outside becomes a draft: an archive of ours, or a diagram of any BPMN tool."""
    asks = actor()
    if not room.enters(asks):
        raise Refused(flows.NO_RIGHT)
    if request.method == "GET":
        return page("studio/import.html", typed={"area": flows._first_area(asks)}, problem=None)
    typed = {key: request.form.get(key, "").strip() for key in ("process_id", "area")}
    try:
        process_id, name, files = _read(typed)
        path = next(p for p in files if p.endswith(f"/{process_id}.bpmn"))
        if not room.may(asks, process_id, path):
            raise Refused(flows.NO_RIGHT)
        live = room.live_or_none(process_id)
        if live is not None and not room.may(asks, process_id, live.path):
            raise Refused(flows.NO_RIGHT)
        drafts.begin_with(process_id, name, files, asks, "import")
    except QihangError as problem:
        return page("studio/import.html", typed=typed, problem=problem.sentence), 422
    toast(_("已导入为草稿。检查过、发布后才会生效。"))
    return redirect(url_for("studio.edit", process_id=process_id), 303)


def _read(typed: dict[str, str]) -> tuple[str, str, dict[str, bytes]]:
    """(process id, name, files) of what was sent. Raises ImportRefused, bpmn.DiagramUnreadable."""
    sent = request.files.get("file")
    body = b"" if sent is None else sent.read(exporting.MOST_BYTES + 1)
    if sent is None or not body:
        raise QihangError(NO_FILE)
    if len(body) > exporting.MOST_BYTES:
        raise exporting.ImportRefused("文件超过 10 MB。", "The file is over 10 MB.")
    if body[:2] == b"PK":
        process_id, files = exporting.from_zip(body)
        return process_id, _name(files, process_id), files
    if (sent.filename or "").lower().endswith(".zip"):
        raise exporting.ImportRefused(
            "这个文件打不开，不是 zip。请重新导出再选。",
            "This file cannot be opened: it is no zip. Export it again.",
        )
    process_id = typed["process_id"] or adopting.process_name(sent.filename or "flow")
    name, files = adopting.adopted(process_id, typed["area"] or "imported", body)
    return process_id, name, files


def _name(files: dict[str, bytes], process_id: str) -> str:
    """What an imported diagram calls itself. Raises bpmn.DiagramUnreadable."""
    path = next(p for p in files if p.endswith(f"/{process_id}.bpmn"))
    found = bpmn.read(files[path])
    return (found[0].name if found else "") or process_id
