"""From draft to live: what the check and the scenarios say of a draft, publication, and the way back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property

import peewee

from engine import catalog, clock, db, operations
from engine.actors import Actor
from engine.bpmn import Process
from engine.catalog import DeploymentRefused, Files, Finding
from engine.catalog.definition import Lru
from engine.catalog.files import manifest_digest, manifest_of
from engine.catalog.findings import finding
from engine.catalog.references import words
from engine.errors import Conflict, QihangError, Refused, Sentence, StateChanged
from engine.models.drafts import ProcessDraft
from engine.models.people import AuditEntry
from engine.models.workflow import ProcessDefinition
from engine.release import drafts
from engine.release.beside_live import lost_scenarios, unheld_roles
from engine.release.rehearsal import Rehearsal, stored, to_store
from engine.release.rehearse import Coverage, ScenarioResult, StepResult, coverage, rehearse

NOTE = Sentence(
    "请写一句发布说明，让同事知道改了什么、为什么。", "Please say in a sentence what changed and why."
)
SAME = Sentence("草稿和在用的版本一样，没有可发布的。", "The draft is the same as what is live.")
NOT_SAME_PERSON = Sentence(
    "这个流程要由另一位同事复核发布，提交的人自己不能复核。",
    "Another person has to publish this flow, not the one who handed it over.",
)
FAILED = Sentence(
    "有 {count} 个情景没有按写的走，不能发布。先看情景一步里写着的原因。",
    "{count} of the scenarios did not go as written; the draft cannot be published.",
)


OVERTAKEN = Sentence(
    "在用的第 {version} 版不是这份草稿开始时的内容，发布会盖掉它。先看“改动”，确实要这样就勾上那一格。",
    "Version {version} is live now and is not what this draft began from; publishing undoes it. Look at the"
    " changes, and tick the box if that is meant.",
)
GONE = Sentence(
    "第 {version} 版用到了现在已没有的：{names}。从那一版开始一份草稿，改好再发布。",
    "Version {version} uses what is gone: {names}. Begin a draft from it and mend that first.",
)


class NotReady(Conflict):
    """The draft cannot go live as it is."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(code, sentence)


# ── what is known of a draft's content ─────────────────────────────────────────────────────────────


class Examined:
    """A draft with its content, as a request looks at it. Findings depend on content and roles alone and are
    kept by their digest; another process makes them again. What came of the scenarios the draft keeps."""

    def __init__(self, draft: ProcessDraft, replaced: Mapping[str, bytes] | None = None) -> None:
        self.draft = draft
        self.process_id: str = draft.process_id
        self.files: dict[str, bytes] = {**drafts.merged(draft), **(replaced or {})}

    @cached_property
    def unreadable(self) -> Sentence | None:
        """Why the diagram cannot be read at all; None where it can."""
        try:
            drafts.own_files(self.files, self.process_id)
        except QihangError as error:
            return error.sentence
        except StopIteration:
            return Sentence(
                "流程图里没有与文件同名的流程。", "The diagram holds no process of the file's name."
            )
        return None

    @cached_property
    def own(self) -> dict[str, bytes]:
        """What would be published: the draft's files as far as the diagram refers to them."""
        if self.unreadable is not None:
            return drafts.files_of(self.draft)
        return drafts.own_files(self.files, self.process_id)

    @cached_property
    def digest(self) -> str:
        return manifest_digest(manifest_of(self.own))

    @cached_property
    def content(self) -> catalog.Content:
        return catalog.content(self.process_id, self.own)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the checker finds in what would be published, errors first, and what is wrong with it beside
        what is live: that does not follow from the content, and is looked at anew."""
        roles = catalog.known_roles()
        key = (self.process_id, manifest_digest(manifest_of(self.files)), tuple(sorted(roles.items())))
        found = list(_findings.get(key, lambda: self._check(roles)))
        beside = lost_scenarios(self.process_id, self.own)
        if self.unreadable is None:
            beside += unheld_roles(self.content)
        errors = [f for f in (*found, *beside) if f.is_error]
        return [*errors, *(f for f in (*found, *beside) if not f.is_error)]

    def _check(self, roles: Mapping[str, str]) -> tuple[Finding, ...]:
        wanted = set(self.own) | {path for path in self.draft.manifest if not catalog.known_path(path)}
        found = catalog.check(self.files, roles=roles, only=[self.process_id])
        mine = tuple(f for f in found if f.file in wanted)
        if self.unreadable is not None and not any(f.is_error for f in mine):
            path = next((p for p in self.own if p.endswith(f"/{self.process_id}.bpmn")), self.process_id)
            return (finding("xml.unreadable", self.unreadable, file=path), *mine)
        return mine

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if f.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if not f.is_error]

    @cached_property
    def rehearsed(self) -> Rehearsal | None:
        """What came of the scenarios of this very content, where they were run already."""
        return stored(self.draft.rehearsal, self.digest)

    def rehearse(self) -> Rehearsal:
        """Runs the scenarios (seconds), unless this very content was run already; the draft remembers it."""
        if self.rehearsed is None:
            done = self._rehearse()
            with db.step():
                ProcessDraft.update(rehearsal=to_store(done, self.digest)).where(
                    ProcessDraft.id == self.draft.id
                ).execute()
            self.rehearsed = done
        return self.rehearsed

    def _rehearse(self) -> Rehearsal:
        began = time.monotonic()
        try:
            results = tuple(rehearse(self.own, self.process_id, roles=catalog.known_roles()))
            covered: Coverage | None = coverage(self.own, self.process_id, results)
        except Exception as error:  # a draft that cannot run at all is a result: the check says why
            results, covered = (_cannot_run(self.process_id, error),), None
        return Rehearsal(results, covered, time.monotonic() - began)

    @cached_property
    def second_person(self) -> bool:
        """Whether another person has to publish: as the draft says, or as what was published last by the way of
        a draft. Going back to a version without the mark does not take it off. And where the diagram is too
        large to be walked to its end: the check has not seen all of it."""
        if any(f.code == "owes.limit" for f in self.findings):
            return True
        if self.unreadable is None and _marked(self.content.process):
            return True
        for row in versions(self.process_id):
            if _marked(catalog.load(row.id).process):
                return True
            if not _rolled_back(row):
                return False
        return False


def _marked(process: Process) -> bool:
    return process.ext.get("second_person") == "true"


def _rolled_back(row: ProcessDefinition) -> bool:
    """Whether a version came from going back to a former one."""
    found: bool = (
        AuditEntry.select()
        .where(
            (AuditEntry.action == "roll_back")
            & (AuditEntry.model == ProcessDefinition.model_name())
            & (AuditEntry.row_id == row.id)
        )
        .exists()
    )
    return found


def _cannot_run(process_id: str, error: Exception) -> ScenarioResult:
    sentence = (
        error.sentence
        if isinstance(error, QihangError)
        else Sentence(
            "流程图现在跑不起来，先改好“检查”里的错误。", "The diagram does not run; mend its errors first."
        )
    )
    return ScenarioResult(process_id, "", 1, (StepResult("start", 1, False, sentence),))


_findings: Lru[tuple[Finding, ...]] = Lru(64)


# ── publishing ─────────────────────────────────────────────────────────────────────────────────────


def ready(looked: Examined) -> None:
    """Raises DeploymentRefused or NotReady where the content must not go live."""
    if looked.errors:
        raise DeploymentRefused(looked.findings)
    failed = looked.rehearse().failed
    if failed:
        raise NotReady("scenarios", FAILED.format(count=failed))
    live = ProcessDefinition.get_or_none(
        (ProcessDefinition.process_id == looked.process_id) & ProcessDefinition.live
    )
    if live is not None and live.digest == looked.digest:
        raise NotReady("same", SAME)


def hand_over(looked: Examined, actor: Actor, note: str, revision: int, over: int | None = None) -> None:
    """Gives a draft to the second person: it takes no more changes. Raises as `publish` does."""
    _noted(note)
    _knows(looked.draft, over)
    ready(looked)
    with db.step():
        _move(looked.draft, "open", "submitted", revision, note=note[:500], submitted_by=actor.account_id)
        AuditEntry.write(actor, "draft_handed_over", looked.draft, process=looked.process_id, note=note)


def take_back(draft: ProcessDraft, actor: Actor, reason: str = "") -> None:
    """A draft that waits for its second person goes back to its editor."""
    with db.step():
        _move(draft, "submitted", "open", draft.revision)
        AuditEntry.write(actor, "draft_returned", draft, process=draft.process_id, reason=reason)


def publish(
    looked: Examined, actor: Actor, note: str, revision: int, over: int | None = None
) -> catalog.Definition:
    """Makes the draft the live version. `revision` is the draft's as the person saw it, `over` the version
    that the person knows to be undone by it.

    Raises NotReady, DeploymentRefused with the findings, Refused for the wrong person, StateChanged where
    somebody has changed the draft meanwhile. The check and the scenarios run before the step.
    """
    draft = looked.draft
    second = looked.second_person
    if second and draft.state != "submitted":
        raise NotReady(
            "second_person",
            Sentence(
                "这个流程要由第二个人发布：先提交复核。",
                "This flow is published by a second person: hand it over.",
            ),
        )
    if second and draft.submitted_by_id == actor.account_id:
        raise Refused(NOT_SAME_PERSON)
    _noted(note)
    _knows(draft, over)
    ready(looked)
    with db.step():
        _move(draft, draft.state, "published", revision, note=note[:500])
        deployed = catalog.deploy(
            looked.own, author=actor, note=note, source="studio", only=[looked.process_id], checked=True
        )
        if deployed is None:
            raise NotReady("same", SAME)
    return catalog.live(looked.process_id)


def _knows(draft: ProcessDraft, over: int | None) -> None:
    """Raises NotReady where what is live was not the draft's beginning, and the person has not said so."""
    live = drafts.overtaken(draft)
    if live is not None and live.id != over:
        raise NotReady("overtaken", OVERTAKEN.format(version=live.version))


def _noted(note: str) -> None:
    if len(note.strip()) < 2:
        raise NotReady("note", NOTE)


def _move(draft: ProcessDraft, before: str, after: str, revision: int, **values: object) -> None:
    changed = (
        ProcessDraft.update(state=after, updated_at=clock.now(), **values)
        .where(
            (ProcessDraft.id == draft.id)
            & (ProcessDraft.state == before)
            & (ProcessDraft.revision == revision)
        )
        .execute()
    )
    if changed != 1:
        raise StateChanged(
            Sentence(
                "草稿刚被改过，没有发布。请再看一遍改动。",
                "The draft was changed just now and was not published. Look at the changes again.",
            )
        )


def roll_back(definition_id: int, actor: Actor, note: str = "") -> catalog.Definition:
    """Publishes a former version's content as a new version, at once. Running cases stay where they are.

    Not walked again: it was live. Raises NotFound, NotReady where it is live or uses what is gone since.
    """
    former = catalog.load(definition_id)
    gone = _gone(former)
    if gone:
        raise NotReady("gone", GONE.format(version=former.version, names="、".join(gone)))
    words = f"退回第{former.version}版" + (f"：{note.strip()}" if note.strip() else "")
    with db.step():
        deployed = catalog.deploy(
            catalog.files_of(former),
            author=actor,
            note=words,
            source="studio",
            only=[former.process_id],
            checked=True,
        )
        if deployed is None:
            raise NotReady(
                "same",
                Sentence("在用的就是这一版的内容。", "What is live has the content of this version already."),
            )
        row = ProcessDefinition.get(
            (ProcessDefinition.process_id == former.process_id) & ProcessDefinition.live
        )
        AuditEntry.write(actor, "roll_back", row, to=former.version, version=row.version, note=note)
    return catalog.live(former.process_id)


def _gone(former: catalog.Definition) -> list[str]:
    """Operations and roles of a version that are there no more."""
    nodes = list(former.process.all_nodes())
    roles = {lane for lane in former.content.lanes if lane and lane != catalog.SYSTEM_LANE}
    roles |= {role for node in nodes for role in words(node.ext.get("by"))}
    calls = {node.operation for node in nodes if node.operation}
    return sorted(calls - set(operations.names())) + sorted(roles - set(catalog.known_roles()))


def versions(process_id: str) -> list[ProcessDefinition]:
    """All versions with who published them, newest first. One query."""
    from_deployment = ProcessDefinition.deployment.rel_model
    account = from_deployment.author.rel_model
    return list(
        ProcessDefinition.select(ProcessDefinition, from_deployment, account)
        .join(from_deployment)
        .join(account, peewee.JOIN.LEFT_OUTER)
        .where(ProcessDefinition.process_id == process_id)
        .order_by(ProcessDefinition.version.desc())
        .limit(200)
    )


__all__ = [
    "Examined",
    "Files",
    "NotReady",
    "Rehearsal",
    "hand_over",
    "publish",
    "ready",
    "roll_back",
    "take_back",
    "versions",
]
