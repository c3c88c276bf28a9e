"""Drafts: begun from what is live, saved file by file as one types, never written over silently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lxml import etree

from engine import bpmn, catalog, clock, db
from engine.actors import Actor
from engine.bpmn import DiagramUnreadable
from engine.catalog.files import MAX_BYTES, Files, manifest_digest, manifest_of, process_path, sha
from engine.errors import Conflict, NotFound, Sentence
from engine.models.drafts import ProcessDraft
from engine.models.people import Account, AuditEntry
from engine.models.workflow import ProcessDefinition

#: As long after the last sign of life somebody counts as editing.
EDITING = timedelta(seconds=90)

CLOSED = Sentence(
    "这份草稿已提交复核、已发布或已放弃，不能再改。回到流程页另开一份。",
    "This draft was handed over, published or dropped and takes no more changes. Begin another one.",
)
NOT_TEXT = Sentence("文件不是 UTF-8 文字，不能保存。", "The file is not UTF-8 text and cannot be stored.")
TOO_LARGE = Sentence("文件超过 1 MB，不能保存。", "The file is over 1 MB and cannot be stored.")
WRONG_NAME = Sentence(
    "文件名应为小写字母、数字和下划线，放在 processes/ 或 forms/ 下。",
    "File names are snake_case under processes/ or forms/.",
)
UNSAFE_XML = Sentence(
    "文件带有 DOCTYPE 或实体，不能保存。", "The file has a DOCTYPE or entities and cannot be stored."
)
NEEDED = Sentence("流程图不能从草稿里删去。", "The diagram of the flow cannot be removed from its draft.")


OWN_WINDOW = Sentence(
    "你在另一个窗口改过这个文件，这里的改动没有写入。请对照两份内容后再保存。",
    "You have changed this file in another window; what is here was not written. Compare both and save again.",
)


class Unstorable(Conflict):
    """Content that a draft does not take; what is merely wrong it takes, the checker tells."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__("unreadable", sentence)


class DraftClosed(Conflict):
    """The draft was handed over, published or dropped."""

    def __init__(self) -> None:
        super().__init__("closed", CLOSED)


class Stale(Conflict):
    """Somebody else has saved this file since; both contents are kept for the one who is told."""

    def __init__(
        self, path: str, by: str, theirs: bytes | None, revision: str | None, *, own: bool = False
    ) -> None:
        super().__init__(
            "stale",
            OWN_WINDOW
            if own
            else Sentence(
                f"{by or '别人'}已经改过这个文件，你的改动没有写入。请对照两份内容后再保存。",
                f"{by or 'Somebody else'} has changed this file; yours was not written. Compare both and save again.",
            ),
        )
        self.path = path
        self.by = by
        self.theirs = theirs
        self.revision = revision


# ── what a draft holds ─────────────────────────────────────────────────────────────────────────────


def files_of(draft: ProcessDraft) -> dict[str, bytes]:
    """Path → content of the draft's own files. One query each content."""
    return {path: catalog.body_of(key) for path, key in sorted(draft.manifest.items())}


def merged(draft: ProcessDraft) -> dict[str, bytes]:
    """The draft's files among those of every other live process: what the checker looks at.

    A file that the draft has left out is there only where another process uses it.
    """
    found: dict[str, bytes] = {}
    for definition in sorted(catalog.live_all(), key=lambda d: d.id):
        if definition.process_id != draft.process_id:
            found.update(definition.content.files)
    found.update(files_of(draft))
    return found


def own_files(files: Files, process_id: str) -> dict[str, bytes]:
    """What a publication of the process would consist of. Raises DiagramUnreadable, NotFound."""
    try:
        return {path: files[path] for path in catalog.closure(files, process_id)}
    except KeyError:
        raise NotFound() from None


def base_files(draft: ProcessDraft) -> dict[str, bytes]:
    """The content of the version that the draft was begun from; nothing for a new process."""
    return {} if draft.base_id is None else catalog.files_of(draft.base_id)


def open_of(process_id: str, source: str = "studio") -> ProcessDraft | None:
    """The draft of a process that is being edited, or waits for its second person."""
    found: ProcessDraft | None = ProcessDraft.get_or_none(
        (ProcessDraft.process_id == process_id)
        & (ProcessDraft.source == source)
        & ProcessDraft.state.in_(("open", "submitted"))
    )
    return found


def editing(draft: ProcessDraft) -> Account | None:
    """Who is editing now: gave a sign of life within EDITING."""
    if draft.editor_id is None or draft.edited_at is None:
        return None
    return draft.editor if draft.edited_at > clock.now() - EDITING else None


# ── beginning and ending ───────────────────────────────────────────────────────────────────────────


def begin(process_id: str, actor: Actor) -> ProcessDraft:
    """The open draft of a process, begun from its live version where there is none. Raises NotFound."""
    live = catalog.live(process_id)
    with db.step():
        found = open_of(process_id)
        if found is not None:
            return found
        manifest = catalog.store(dict(live.content.files))
        return _made(process_id, live.name, manifest, live.id, actor)


def begin_with(
    process_id: str, name: str, files: Files, actor: Actor, action: str, *, base: int | None = None
) -> ProcessDraft:
    """A draft with given content: imported, of a new process, or of a former version (`base`; else what is live
    counts as the base). Raises Conflict where one is open."""
    for path, body in files.items():
        storable(path, body)
    with db.step():
        if open_of(process_id) is not None:
            raise Conflict(
                "draft_open",
                Sentence(
                    "这个流程已有一份草稿。先发布或放弃那一份。",
                    "This flow has a draft already. Publish or drop that one first.",
                ),
            )
        live = (ProcessDefinition.process_id == process_id) & ProcessDefinition.live
        begun = ProcessDefinition.get_or_none(live if base is None else ProcessDefinition.id == base)
        draft = _made(process_id, name, catalog.store(files), begun, actor)
        AuditEntry.write(actor, action, draft, process=process_id, files=sorted(files))
        return draft


def begin_from(definition_id: int, actor: Actor) -> ProcessDraft:
    """A draft that goes on from a former version; what is live stays. Raises Conflict where one is open."""
    former = catalog.load(definition_id)
    files = catalog.files_of(former)
    return begin_with(former.process_id, former.name, files, actor, "draft_from_version", base=former.id)


def overtaken(draft: ProcessDraft) -> ProcessDefinition | None:
    """The live version, where it holds what the draft was not begun from: to publish the draft undoes that."""
    live: ProcessDefinition | None = ProcessDefinition.get_or_none(
        (ProcessDefinition.process_id == draft.process_id) & ProcessDefinition.live
    )
    if live is None or (draft.base_id is not None and draft.base.digest == live.digest):
        return None
    return live if draft.source == "studio" else None


def _made(process_id: str, name: str, manifest: dict[str, str], base: object, actor: Actor) -> ProcessDraft:
    made: ProcessDraft = ProcessDraft.create(
        process_id=process_id,
        name=name[:100],
        base=base,
        manifest=manifest,
        digest=manifest_digest(manifest),
        author=actor.account_id or None,
        editor=actor.account_id or None,
        edited_at=clock.now(),
    )
    return made


def adopt(draft: ProcessDraft, actor: Actor) -> ProcessDraft:
    """Goes on with what a release ships: it becomes the draft that staff edit. Raises Conflict."""
    if draft.source != "shipped" or draft.state != "open":
        raise DraftClosed()
    made = begin_with(draft.process_id, draft.name, files_of(draft), actor, "draft_adopted")
    drop(draft, actor)
    return made


def drop(draft: ProcessDraft, actor: Actor) -> None:
    """Sets a draft aside; its row stays, so that a release's content is not offered twice."""
    with db.step():
        changed = (
            ProcessDraft.update(state="dropped", updated_at=clock.now())
            .where((ProcessDraft.id == draft.id) & ProcessDraft.state.in_(("open", "submitted")))
            .execute()
        )
        if changed != 1:
            raise DraftClosed()
        AuditEntry.write(actor, "draft_dropped", draft, process=draft.process_id)


def touch(draft: ProcessDraft, actor: Actor) -> None:
    """A sign of life of whoever has the draft open; it does not push aside somebody who is editing."""
    with db.step():
        ProcessDraft.update(editor=actor.account_id or None, edited_at=clock.now()).where(
            (ProcessDraft.id == draft.id)
            & (ProcessDraft.state == "open")
            & (
                ProcessDraft.editor.is_null()
                | (ProcessDraft.editor == actor.account_id)
                | (ProcessDraft.edited_at < clock.now() - EDITING)
            )
        ).execute()


# ── saving ─────────────────────────────────────────────────────────────────────────────────────────


def save(draft_id: int, path: str, body: bytes | None, began_from: str | None, actor: Actor) -> ProcessDraft:
    """Writes a file of a draft (None: removes it) if it is still as the editor took it over.

    `began_from` is the file's SHA-256 then, None for a file that was not there. Raises Stale with what is
    there now, DraftClosed, Unstorable.
    """
    if body is not None:
        storable(path, body)
    with db.step():
        draft = _locked(draft_id)
        now = draft.manifest.get(path)
        if now == (None if body is None else sha(body)):
            return draft
        if now != began_from:
            own = draft.editor_id is not None and draft.editor_id == actor.account_id
            theirs = None if now is None else catalog.body_of(now)
            raise Stale(path, _name(draft.editor_id), theirs, now, own=own)
        manifest = dict(draft.manifest)
        if body is None:
            if path == process_path(manifest, draft.process_id):
                raise Unstorable(NEEDED)
            manifest.pop(path, None)
        else:
            manifest[path] = catalog.store({path: body})[path]
        saved = draft.save_files(
            draft.revision,
            manifest,
            manifest_digest(manifest),
            editor=actor.account_id or None,
            edited_at=clock.now(),
            **_renamed(draft, path, body),
        )
        if not saved:
            raise DraftClosed()
    found: ProcessDraft = ProcessDraft.get_by_id(draft_id)
    return found


def _renamed(draft: ProcessDraft, path: str, body: bytes | None) -> dict[str, str]:
    """A draft is called what its diagram is called."""
    if body is None or path != process_path(draft.manifest, draft.process_id):
        return {}
    try:
        name = next((p.name for p in bpmn.read(body) if p.id == draft.process_id), None)
    except DiagramUnreadable:
        return {}
    return {"name": name[:100]} if name and name[:100] != draft.name else {}


def _locked(draft_id: int) -> ProcessDraft:
    rows = list(db.for_update(ProcessDraft.select().where(ProcessDraft.id == draft_id)))
    if not rows:
        raise NotFound()
    draft: ProcessDraft = rows[0]
    if draft.state != "open":
        raise DraftClosed()
    return draft


def _name(account_id: int | None) -> str:
    account = None if account_id is None else Account.get_or_none(Account.id == account_id)
    return "" if account is None else str(account.name)


def storable(path: str, body: bytes) -> None:
    """Raises Unstorable for a name or content that a draft does not take: nothing of it is kept."""
    if not catalog.known_path(path):
        raise Unstorable(WRONG_NAME)
    if len(body) > MAX_BYTES:
        raise Unstorable(TOO_LARGE)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unstorable(NOT_TEXT) from None
    if "\0" in text:
        raise Unstorable(NOT_TEXT)
    if path.endswith((".bpmn", ".dmn")):
        _safe_xml(path, body)


def _safe_xml(path: str, body: bytes) -> None:
    """Well-formed and without a document type: what an editor could open. Raises Unstorable."""
    try:
        if path.endswith(".bpmn"):
            bpmn.parse(body)
        elif b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise Unstorable(UNSAFE_XML)
        else:
            etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except DiagramUnreadable as error:
        raise Unstorable(error.sentence) from None
    except (etree.XMLSyntaxError, ValueError):
        raise Unstorable(Sentence("不是正确的 XML。", "Not well-formed XML.")) from None


def manifest_changes(base: Mapping[str, bytes], files: Files) -> dict[str, str]:
    """Path → added, removed or changed, against the version that a draft was begun from."""
    before, after = manifest_of(base), manifest_of(files)
    found = {}
    for path in sorted({*before, *after}):
        if path not in before:
            found[path] = "added"
        elif path not in after:
            found[path] = "removed"
        elif before[path] != after[path]:
            found[path] = "changed"
    return found


__all__ = [
    "EDITING",
    "DiagramUnreadable",
    "DraftClosed",
    "Stale",
    "Unstorable",
    "adopt",
    "base_files",
    "begin",
    "begin_from",
    "begin_with",
    "drop",
    "editing",
    "files_of",
    "manifest_changes",
    "merged",
    "open_of",
    "overtaken",
    "own_files",
    "save",
    "storable",
    "touch",
]
