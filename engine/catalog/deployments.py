"""Deployments: checked sets of files as versions, content-addressed; the database is the live source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import db, operations
from engine.actors import Actor
from engine.catalog.check import check
from engine.catalog.definition import Content, Definition, Lru, content
from engine.catalog.files import (
    Files,
    manifest_digest,
    manifest_of,
    process_ids,
    read_folder,
)
from engine.catalog.findings import DeploymentRefused
from engine.catalog.references import closure, operations_of
from engine.catalog.roles import known_roles
from engine.errors import NotFound, QihangError, Sentence
from engine.models.drafts import ProcessDraft
from engine.models.organisations import School
from engine.models.people import AuditEntry
from engine.models.workflow import Content as ContentRow
from engine.models.workflow import Deployment, ProcessDefinition, ProcessInstance

_definitions: Lru[Definition] = Lru(512)

_LOCK = 7_215_002  # PostgreSQL: an advisory lock of this number is held while something is deployed
_COLUMNS = "id, process_id, version, name, name_en, suspended, deployment_id, digest"


class OperationsMissing(QihangError):
    """Unfinished versions name operations that this release no longer has: the start refuses."""

    def __init__(self, missing: Mapping[str, list[str]]) -> None:
        lines = "；".join(f"{name}（{'、'.join(where)}）" for name, where in sorted(missing.items()))
        super().__init__(
            Sentence(
                f"还有未办结的流程版本要用这些系统操作，本程序里却没有：{lines}",
                f"Versions with unfinished cases name operations this release does not have: {lines}",
            )
        )
        self.missing = missing


# ── reading ────────────────────────────────────────────────────────────────────────────────────


def load(definition_id: int) -> Definition:
    """A version by id, read once and shared by threads. Raises NotFound. No query once it is known."""
    return _definitions.get((db.token(), int(definition_id)), lambda: _read(_row("id = ?", (definition_id,))))


def live(process_id: str) -> Definition:
    """The version in use now. Raises NotFound. One indexed query."""
    return _flagged(_row("process_id = ? AND live", (process_id,)))


def live_all() -> list[Definition]:
    """The versions in use of every process, by process id. One query."""
    rows = db.run_sql(f"SELECT {_COLUMNS} FROM process_definition WHERE live ORDER BY process_id").fetchall()
    return [_flagged(row) for row in rows]


def _row(where: str, params: tuple[Any, ...]) -> tuple[Any, ...]:
    row = db.run_sql(f"SELECT {_COLUMNS} FROM process_definition WHERE {where}", params).fetchone()
    if row is None:
        raise NotFound()
    return tuple(row)


def _flagged(row: tuple[Any, ...]) -> Definition:
    known = _definitions.get((db.token(), int(row[0])), lambda: _read(row))
    return known if known.suspended == bool(row[5]) else _made(row, known.content)


def _read(row: tuple[Any, ...]) -> Definition:
    return _made(row, content(row[1], _LazyFiles(int(row[6])), row[7]))


def _made(row: tuple[Any, ...], of: Content) -> Definition:
    return Definition(int(row[0]), row[1], int(row[2]), row[3], row[4], bool(row[5]), int(row[6]), of)


class _LazyFiles(Mapping[str, bytes]):
    """The files of a deployment, each read from the database when it is asked for."""

    def __init__(self, deployment_id: int) -> None:
        self._manifest: dict[str, str] = Deployment.get_by_id(deployment_id).manifest

    def __getitem__(self, path: str) -> bytes:
        return body_of(self._manifest[path])

    def __contains__(self, path: object) -> bool:
        return path in self._manifest

    def __iter__(self) -> Any:
        return iter(self._manifest)

    def __len__(self) -> int:
        return len(self._manifest)


def body_of(sha: str) -> bytes:
    """The bytes of a stored file. Raises NotFound."""
    row = ContentRow.get_or_none(ContentRow.sha == sha)
    if row is None:
        raise NotFound()
    return bytes(row.body)


def store(files: Files) -> dict[str, str]:
    """Stores the files' contents and gives their manifest. Caller is inside a step."""
    manifest = manifest_of(files)
    known = {
        row.sha
        for row in ContentRow.select(ContentRow.sha).where(ContentRow.sha.in_(list(manifest.values())))
    }
    for path, sha in manifest.items():
        if sha not in known:
            ContentRow.insert(sha=sha, body=files[path]).on_conflict_ignore().execute()
            known.add(sha)
    return manifest


def files_of(definition: Definition | int) -> dict[str, bytes]:
    """All that a version consists of: path → bytes."""
    found = definition if isinstance(definition, Definition) else load(definition)
    return dict(found.content.files)


def live_files() -> dict[str, bytes]:
    """What is live now, as `processes/` and `forms/` would hold it. A file that two processes share and that
    differs is given as the later publication has it."""
    files: dict[str, bytes] = {}
    for definition in sorted(live_all(), key=lambda d: d.id):
        files.update(definition.content.files)
    return files


# ── deploying ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Change:
    """A process whose files differ from what is live."""

    process_id: str
    paths: tuple[str, ...]
    digest: str


def deploy(
    files: Files,
    *,
    author: Actor | None = None,
    note: str = "",
    source: str = "shipped",
    school: School | None = None,
    only: Iterable[str] | None = None,
    checked: bool = False,
) -> Deployment | None:
    """Checks the files and makes what has changed live, in one step; None where nothing has.

    A process gets a new version only where it or something it refers to differs from what is live; `only`
    leaves other processes of the set as they are. `checked`: the caller has checked just these files, outside
    the writers' queue. Raises DeploymentRefused with all findings.
    """
    if not checked:
        findings = check(files, roles=known_roles())
        if any(f.is_error for f in findings):
            raise DeploymentRefused(findings)
    wanted = process_ids(files) if only is None else sorted(only)
    return _place(files, wanted, author, note, source, school)


def place(files: Files) -> Deployment | None:
    """Makes files live without checking them: in a scratch database, for scenarios of what may yet be wrong."""
    if not db.is_scratch():
        raise RuntimeError("unchecked content goes into a scratch database only")
    return _place(files, process_ids(files), None, "", "shipped", None)


def _place(
    files: Files,
    wanted: Iterable[str],
    author: Actor | None,
    note: str,
    source: str,
    school: School | None,
) -> Deployment | None:
    with db.step():
        _alone()
        changes = [change for change in _changes(files, wanted) if not _is_live(change)]
        if not changes:
            return None
        manifest = store(files)
        deployment = Deployment.create(
            school=school,
            source=source,
            note=note[:500],
            author=(author.account_id or None) if author else None,
            manifest=manifest,
            digest=manifest_digest(manifest),
        )
        for change in changes:
            _publish(change, files, deployment, author)
    return deployment


def _alone() -> None:
    """Only one deployment at a time, until the step ends; on SQLite a step is alone anyway."""
    if db.is_postgres():
        db.run_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _changes(files: Files, wanted: Iterable[str]) -> list[_Change]:
    found = []
    for process_id in wanted:
        paths = closure(files, process_id)
        found.append(_Change(process_id, tuple(paths), manifest_digest(manifest_of(files, paths))))
    return found


def _is_live(change: _Change) -> bool:
    return bool(
        ProcessDefinition.select(ProcessDefinition.id)
        .where(
            (ProcessDefinition.process_id == change.process_id)
            & ProcessDefinition.live
            & (ProcessDefinition.digest == change.digest)
        )
        .exists()
    )


def _publish(change: _Change, files: Files, deployment: Deployment, author: Actor | None) -> None:
    read = content(change.process_id, files, change.digest)
    last = (
        ProcessDefinition.select(ProcessDefinition.version, ProcessDefinition.suspended)
        .where(ProcessDefinition.process_id == change.process_id)
        .order_by(ProcessDefinition.version.desc())
        .first()
    )
    ProcessDefinition.update(live=False).where(
        (ProcessDefinition.process_id == change.process_id) & ProcessDefinition.live
    ).execute()
    row = ProcessDefinition.create(
        process_id=change.process_id,
        school=deployment.school_id,
        version=1 if last is None else last.version + 1,
        name=(read.process.name or change.process_id)[:100],
        name_en=read.english.get(change.process_id, "")[:100],
        deployment=deployment,
        path=read.path,
        digest=change.digest,
        live=True,
        suspended=False if last is None else last.suspended,
    )
    AuditEntry.write(
        author, "publish", row, version=row.version, note=deployment.note, source=deployment.source
    )


def make_live(definition_id: int, actor: Actor | None, note: str = "") -> Definition:
    """Makes a version that is there the live one (roll back, or forth). Cases stay on their versions."""
    with db.step():
        row = ProcessDefinition.get_or_none(ProcessDefinition.id == definition_id)
        if row is None:
            raise NotFound()
        ProcessDefinition.update(live=False).where(
            (ProcessDefinition.process_id == row.process_id) & ProcessDefinition.live
        ).execute()
        ProcessDefinition.update(live=True).where(ProcessDefinition.id == row.id).execute()
        AuditEntry.write(actor, "make_live", row, version=row.version, note=note)
    return live(row.process_id)


def suspend(process_id: str, actor: Actor, suspended: bool) -> None:
    """Stops or lets again new cases of a process; cases that run go on."""
    with db.step():
        row = ProcessDefinition.get_or_none(
            (ProcessDefinition.process_id == process_id) & ProcessDefinition.live
        )
        if row is None:
            raise NotFound()
        ProcessDefinition.update(suspended=suspended).where(ProcessDefinition.id == row.id).execute()
        AuditEntry.write(actor, "suspend" if suspended else "resume", row)


# ── what a release ships ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of a release's content at the start: what went live, what lies beside staff's as drafts."""

    deployment: Deployment | None
    published: tuple[str, ...]
    drafted: tuple[str, ...]


def deploy_shipped(content_dir: Path | str) -> Shipped:
    """Deploys what a release ships and this database has never seen; called at the start.

    Where staff have published a process since, the shipped content becomes a draft beside theirs. Raises
    DeploymentRefused, and OperationsMissing where an unfinished version needs what the release lacks.
    """
    files = read_folder(content_dir)
    changes = [change for change in _changes(files, process_ids(files)) if not _seen(change)]
    theirs = [change for change in changes if _staff_published(change.process_id)]
    ours = [change.process_id for change in changes if change not in theirs]
    deployment = deploy(files, note="", source="shipped", only=ours) if ours else None
    for change in theirs:
        _draft(change, files)
    check_operations()
    return Shipped(deployment, tuple(ours), tuple(change.process_id for change in theirs))


def _seen(change: _Change) -> bool:
    """Whether this content of the process was ever a version here, or was offered as a draft."""
    version = ProcessDefinition.select(ProcessDefinition.id).where(
        (ProcessDefinition.process_id == change.process_id) & (ProcessDefinition.digest == change.digest)
    )
    draft = ProcessDraft.select(ProcessDraft.id).where(
        (ProcessDraft.process_id == change.process_id)
        & (ProcessDraft.source == "shipped")
        & (ProcessDraft.digest == change.digest)
    )
    return bool(version.exists() or draft.exists())


def _staff_published(process_id: str) -> bool:
    """Whether what is live was published by staff."""
    return bool(
        ProcessDefinition.select(ProcessDefinition.id)
        .join(Deployment)
        .where(
            (ProcessDefinition.process_id == process_id)
            & ProcessDefinition.live
            & (Deployment.source == "studio")
        )
        .exists()
    )


def _draft(change: _Change, files: Files) -> None:
    with db.step():
        _alone()
        if _seen(change):
            return
        ProcessDraft.update(state="dropped").where(
            (ProcessDraft.process_id == change.process_id)
            & (ProcessDraft.source == "shipped")
            & ProcessDraft.state.in_(("open", "submitted"))
        ).execute()
        base = ProcessDefinition.get(
            (ProcessDefinition.process_id == change.process_id) & ProcessDefinition.live
        )
        ProcessDraft.create(
            process_id=change.process_id,
            name=content(change.process_id, files, change.digest).process.name or change.process_id,
            source="shipped",
            base=base,
            manifest=store({path: files[path] for path in change.paths}),
            digest=change.digest,
        )


def check_operations() -> None:
    """Raises OperationsMissing where a live version, or one with open cases, names an unknown operation."""
    running = ProcessInstance.select(ProcessInstance.definition).where(ProcessInstance.state == "running")
    rows = ProcessDefinition.select(ProcessDefinition.id).where(
        ProcessDefinition.live | ProcessDefinition.id.in_(running)
    )
    missing: dict[str, list[str]] = {}
    for row in rows:
        definition = load(row.id)
        for process in (definition.process, *definition.content.called.values()):
            for name in operations_of(process) - operations.names():
                missing.setdefault(name, []).append(f"{definition.name} 第{definition.version}版")
    if missing:
        raise OperationsMissing(missing)
