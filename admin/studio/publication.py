"""From draft to live, step by step: changes, check, scenarios, running cases, publish."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from admin import door
from admin.door import Answer, actor, page, toast
from admin.studio import editing, room, words
from admin.studio.room import studio
from engine.actors import Actor
from engine.catalog import DeploymentRefused
from engine.catalog.files import process_path, sibling
from engine.catalog.scenarios import read_scenarios
from engine.catalog.yaml_lines import YamlUnreadable
from engine.errors import Conflict, NotFound, Refused, Sentence
from engine.models.drafts import ProcessDraft
from engine.models.people import Account
from engine.release import changes, drafts, publishing, running

STEPS = ("changes", "check", "scenarios", "running", "publish")


class Way:
    """A draft on its way, as the page shows it: what each step says, and what has to be done next."""

    def __init__(self, draft: ProcessDraft, asks: Actor) -> None:
        self.draft = draft
        self.asks = asks
        self.looked = publishing.Examined(draft)
        self.live = room.live_or_none(draft.process_id)
        self.version = 1 if self.live is None else publishing.versions(draft.process_id)[0].version + 1
        before = self.live.content.files if self.live is not None else {}
        self.before: dict[str, bytes] = dict(before)
        self.changes = changes.changes(self.before, self.looked.own)
        self.rehearsal = self.looked.rehearsed
        self.cases = running.count(draft.process_id)
        self.overtaken = drafts.overtaken(draft)

    @property
    def scenarios(self) -> int:
        """How many scenarios the draft has."""
        if self.rehearsal is not None:
            return len(self.rehearsal.results)
        found = self.looked.content if self.looked.unreadable is None else None
        return 0 if found is None else _count(self.looked.own, found.path)

    def state(self, step: str) -> str:
        """done, bad or ahead."""
        if step == "changes":
            return "done" if self.changes else "bad"
        if step == "check":
            return "bad" if self.looked.errors else "done"
        if step == "scenarios":
            if self.rehearsal is None:
                return "ahead"
            return "bad" if self.rehearsal.failed else "done"
        return "done" if step == "running" and self.ready else "ahead"

    @property
    def ready(self) -> bool:
        """Whether nothing but the note and the button is missing."""
        return all(self.state(step) == "done" for step in STEPS[:3])

    @property
    def first(self) -> str:
        """The step that is next."""
        for step in STEPS[:3]:
            if self.state(step) != "done":
                return step
        return "publish"

    def note(self, step: str) -> str:
        """What the row of steps says below a step's name."""
        if step == "changes":
            count = len(self.changes)
            return ngettext("%(num)s 个文件", "%(num)s 个文件", count) if count else _("没有改动")
        if step == "check":
            return self._check_note()
        if step == "scenarios":
            return self._scenario_note()
        if step == "running":
            return ngettext("%(num)s 件", "%(num)s 件", self.cases)
        if self.draft.state == "submitted":
            return _("等待复核")
        return _("由第二个人复核") if self.looked.second_person else _("立刻")

    def _check_note(self) -> str:
        errors, warnings = len(self.looked.errors), len(self.looked.warnings)
        if errors:
            return ngettext("%(num)s 处错误", "%(num)s 处错误", errors)
        return ngettext("%(num)s 条提醒", "%(num)s 条提醒", warnings) if warnings else _("没有问题")

    def _scenario_note(self) -> str:
        if self.rehearsal is None:
            return _("%(num)s 个，还没有运行", num=self.scenarios)
        if self.rehearsal.failed:
            return _("%(num)s 个不符", num=self.rehearsal.failed)
        return _("%(num)s 个全部通过", num=self.scenarios) if self.scenarios else _("没有情景")

    def items(self, now: str) -> list[dict[str, Any]]:
        """The row of steps; the one that is looked at is the current one."""
        names = {
            "changes": _("改动"),
            "check": _("检查"),
            "scenarios": _("情景"),
            "running": _("在办件"),
            "publish": _("发布"),
        }
        return [
            {
                "label": names[step],
                "url": url_for("studio.publish", draft_id=self.draft.id, step=step),
                "note": self.note(step),
                "state": "now" if step == now else self.state(step),
            }
            for step in STEPS
        ]

    def checks(self) -> list[tuple[bool, str]]:
        """What stands beside the button: what holds, and what does not yet."""
        found = [
            (not self.looked.errors, _("检查：%(note)s", note=self._check_note())),
            (self.state("scenarios") == "done" and self.scenarios > 0, _("情景：%(note)s", note=self._scenario_note())),
        ]
        if not self.changes:
            found.insert(0, (False, _("改动：没有改动")))
        if self.cases:
            text = ngettext("在办的 %(num)s 件留在各自的版本", "在办的 %(num)s 件留在各自的版本", self.cases)
            found.append((True, text))
        return found


def _count(files: dict[str, bytes], diagram: str) -> int:
    body = files.get(sibling(diagram, "scenarios.yaml"))
    try:
        return 0 if body is None else len(read_scenarios(body))
    except YamlUnreadable:
        return 0


@studio.get("/drafts/<int:draft_id>/publish")
def publish(draft_id: int) -> Answer:
    """The publication page at a step; the next one where none is named."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    if draft.state not in ("open", "submitted"):
        return redirect(url_for("studio.flow", process_id=draft.process_id))
    return _page(Way(draft, asks), request.args.get("step"))


def _page(way: Way, step: str | None = None, *, problem: Sentence | None = None, note: str = "") -> str:
    step = step if step in STEPS else way.first
    draft = way.draft
    diagram = process_path(way.looked.own, draft.process_id)
    return page(
        "studio/publish.html",
        way=way,
        draft=draft,
        live=way.live,
        step=step,
        following=STEPS[STEPS.index(step) + 1] if step != "publish" else None,
        items=way.items(step),
        problem=problem,
        note=note or draft.note,
        me=way.asks.account_id,
        submitter=Account.get_or_none(Account.id == draft.submitted_by_id) if draft.submitted_by_id else None,
        marks=changes.marks(way.before.get(diagram or ""), way.looked.own.get(diagram or "")),
        standing=running.running(
            draft.process_id, None if way.looked.unreadable else way.looked.content, door.locale()
        )
        if step == "running"
        else [],
        findings=[(f, editing.finding_url(f, draft.process_id)) for f in way.looked.findings],
        url_of=lambda path: url_for("studio.edit", process_id=draft.process_id, file=path),
        title_of=lambda change: words.title_of(
            change.path, way.looked.own.get(change.path) or way.before.get(change.path), _role(change)
        ),
        english=words.english(),
    )


def _role(change: changes.Change) -> str:
    return words.role_of(change.path)


@studio.post("/drafts/<int:draft_id>/scenarios")
def run_scenarios(draft_id: int) -> Answer:
    """Runs the draft's scenarios on a scratch database; the page shows what came of them."""
    draft = room.draft(actor(), draft_id)
    looked = publishing.Examined(draft)
    if looked.unreadable is None:
        looked.rehearse()
    return redirect(url_for("studio.publish", draft_id=draft.id, step="scenarios"), 303)


@studio.post("/drafts/<int:draft_id>/publish")
def make_live(draft_id: int) -> Answer:
    """发布, or handing the draft to the second person where the flow wants one."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    note = request.form.get("note", "").strip()
    over = door.row_id(request.form.get("over"))
    revision = door.row_id(request.form.get("revision")) or 0
    looked = publishing.Examined(draft)
    try:
        if looked.second_person and draft.state == "open":
            publishing.hand_over(looked, asks, note, revision, over)
            toast(_("已提交复核。由另一位同事发布。"))
            return redirect(url_for("studio.publish", draft_id=draft.id, step="publish"), 303)
        live = publishing.publish(looked, asks, note, revision, over)
    except (Conflict, DeploymentRefused, Refused) as problem:
        status = 403 if isinstance(problem, Refused) else 422
        way = Way(room.draft(asks, draft_id), asks)
        if isinstance(problem, DeploymentRefused):
            return _page(way, "check", problem=_refused(problem), note=note), status
        return _page(way, "publish", problem=problem.sentence, note=note), status
    toast(_("第 %(version)s 版已发布，新发起的从现在起按它办理。", version=live.version))
    return redirect(url_for("studio.flow", process_id=live.process_id), 303)


def _refused(problem: DeploymentRefused) -> Sentence:
    count = sum(found.is_error for found in problem.findings)
    return Sentence(
        f"检查发现 {count} 处错误，没有发布。改好下面列出的再试。",
        f"The check found {count} error{'s' if count != 1 else ''}; nothing was published.",
    )


@studio.post("/drafts/<int:draft_id>/return")
def give_back(draft_id: int) -> Answer:
    """A draft that waits for its second person goes back to be changed."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    publishing.take_back(draft, asks, request.form.get("reason", ""))
    toast(_("草稿已退回，可以继续修改。"))
    return redirect(url_for("studio.publish", draft_id=draft.id), 303)


@studio.get("/drafts/<int:draft_id>/diagram")
def draft_diagram(draft_id: int) -> Answer:
    """The draft's diagram, or the live one it is compared with (`side=before`)."""
    draft = room.draft(actor(), draft_id)
    if request.args.get("side") == "before":
        live = room.live_or_none(draft.process_id)
        body = live.xml if live is not None else None
    else:
        body = drafts.files_of(draft).get(room.diagram_path(draft) or "")
    if body is None:
        raise NotFound()
    return Response(body, mimetype="application/xml")
