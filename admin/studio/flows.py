"""流程设计: the flows one may change, a flow with its versions and drafts, and what is begun from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import peewee
from flask import redirect, request, url_for
from flask_babel import gettext as _

from admin import door
from admin.door import Answer, actor, page, toast
from admin.studio import room
from admin.studio.room import studio
from engine import catalog
from engine.actors import Actor
from engine.errors import Conflict, NotFound, Refused, Sentence
from engine.models.drafts import ProcessDraft
from engine.models.people import Account
from engine.models.workflow import ProcessDefinition
from engine.release import adopting, drafts, publishing, running

NO_RIGHT = Sentence(
    "你的角色没有这项业务的流程设计权限，请找系统管理员。",
    "Your roles do not have the right to design flows of this area; ask an administrator.",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow as the list shows it."""

    process_id: str
    name: str
    area: str
    version: int | None
    published: Any
    running: int
    draft: ProcessDraft | None
    editing: Account | None
    shipped: ProcessDraft | None


def _flows(asks: Actor) -> list[Flow]:
    """The flows that the actor may change; as many queries for one as for fifty."""
    open_drafts = list(
        ProcessDraft.select(ProcessDraft, Account)
        .join(Account, peewee.JOIN.LEFT_OUTER, on=ProcessDraft.editor)
        .where(ProcessDraft.state.in_(("open", "submitted")))
    )
    by_process = {(d.process_id, d.source): d for d in open_drafts}
    published = {row.id: row.created_at for row in ProcessDefinition.select().where(ProcessDefinition.live)}
    counts = running.counts()
    live = catalog.live_all()
    names: dict[str, tuple[str, str, int | None, Any]] = {
        d.process_id: (d.title(door.locale()), d.path, d.version, published.get(d.id)) for d in live
    }
    for draft in open_drafts:
        names.setdefault(draft.process_id, (draft.name, room.diagram_path(draft) or "", None, None))
    found = [
        _flow(process_id, *known, by_process, counts.get(process_id, 0))
        for process_id, known in names.items()
        if room.may(asks, process_id, known[1])
    ]
    return sorted(found, key=lambda flow: (flow.area, flow.name))


def _flow(
    process_id: str,
    name: str,
    path: str,
    version: int | None,
    published: Any,
    by_process: dict[tuple[str, str], ProcessDraft],
    count: int,
) -> Flow:
    draft = by_process.get((process_id, "studio"))
    return Flow(
        process_id,
        name,
        "/".join(path.split("/")[1:-1]),
        version,
        published,
        count,
        draft,
        drafts.editing(draft) if draft is not None else None,
        by_process.get((process_id, "shipped")),
    )


@studio.get("/")
def index() -> Answer:
    """The flows one may change."""
    asks = actor()
    if not room.enters(asks):
        raise Refused(NO_RIGHT)
    return page("studio/flows.html", flows=_flows(asks), me=asks.account_id)


@studio.get("/<process_id>")
def flow(process_id: str) -> Answer:
    """A flow: its draft, its versions, what may be done with them."""
    asks = actor()
    live = room.live_or_none(process_id)
    draft = drafts.open_of(process_id)
    path = live.path if live is not None else room.diagram_path(draft) if draft is not None else None
    if path is None or not room.may(asks, process_id, path):
        raise NotFound()
    versions = publishing.versions(process_id)
    return page(
        "studio/flow.html",
        process_id=process_id,
        name=live.title(door.locale()) if live is not None else draft.name,  # type: ignore[union-attr]
        live=live,
        draft=draft,
        editing=drafts.editing(draft) if draft is not None else None,
        changed=_changed(draft),
        overtaken=drafts.overtaken(draft) if draft is not None else None,
        shipped=drafts.open_of(process_id, "shipped"),
        versions=versions,
        counts=running.by_version(process_id),
        me=asks.account_id,
    )


def _changed(draft: ProcessDraft | None) -> int:
    if draft is None:
        return 0
    return len(drafts.manifest_changes(drafts.base_files(draft), drafts.files_of(draft)))


@studio.post("/<process_id>/drafts")
def begin(process_id: str) -> Answer:
    """Opens the flow's draft, begun from what is live where there is none."""
    asks = actor()
    room.flow(asks, process_id)
    drafts.begin(process_id, asks)
    return redirect(url_for("studio.edit", process_id=process_id), 303)


@studio.route("/drafts/<int:draft_id>/drop", methods=["GET", "POST"])
def drop(draft_id: int) -> Answer:
    """Asks, saying whose work it is, and sets a draft aside. What is live stays as it is."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    if request.method == "GET":
        who = Account.get_or_none(Account.id == (draft.editor_id or draft.author_id))
        return page("studio/drop.html", draft=draft, who=who, me=asks.account_id, changed=_changed(draft))
    drafts.drop(draft, asks)
    toast(_("草稿已放弃。在用的版本没有变。"))
    if room.live_or_none(draft.process_id) is None:
        return redirect(url_for("studio.index"), 303)
    return redirect(url_for("studio.flow", process_id=draft.process_id), 303)


@studio.post("/versions/<int:definition_id>/draft")
def begin_from(definition_id: int) -> Answer:
    """从这一版开始修改: a draft with a former version's content; nothing goes live by it."""
    asks = actor()
    former = room.version(asks, definition_id)
    try:
        drafts.begin_from(definition_id, asks)
    except Conflict as problem:
        toast(problem.sentence.text(door.locale()), "bad")
        return redirect(url_for("studio.flow", process_id=former.process_id), 303)
    return redirect(url_for("studio.edit", process_id=former.process_id), 303)


@studio.post("/drafts/<int:draft_id>/adopt")
def adopt(draft_id: int) -> Answer:
    """Goes on with the draft that a release brought."""
    asks = actor()
    made = drafts.adopt(room.draft(asks, draft_id), asks)
    return redirect(url_for("studio.publish", draft_id=made.id), 303)


@studio.post("/versions/<int:definition_id>/roll-back")
def roll_back(definition_id: int) -> Answer:
    """一键退回: a former version's content becomes the newest version. Running cases stay on theirs."""
    asks = actor()
    former = room.version(asks, definition_id)
    live = publishing.roll_back(definition_id, asks, request.form.get("note", ""))
    toast(
        _(
            "已退回：第 %(now)s 版在用，内容同第 %(old)s 版。在办的办理件没有变。",
            now=live.version,
            old=former.version,
        )
    )
    return redirect(url_for("studio.flow", process_id=former.process_id), 303)


@studio.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """A flow made from nothing: its name, its id, its area."""
    asks = actor()
    if not room.enters(asks):
        raise Refused(NO_RIGHT)
    typed = {key: request.form.get(key, "").strip() for key in ("name", "process_id", "area")}
    if request.method == "GET":
        return page("studio/new.html", typed={**typed, "area": _first_area(asks)}, problem=None)
    path = f"processes/{typed['area']}/{typed['process_id']}.bpmn"
    try:
        if not typed["name"]:
            raise adopting.ImportRefused("请写上流程的名称。", "Give the flow a name.")
        if not room.may(asks, typed["process_id"], path):
            raise Refused(_other_area(asks))
        if room.live_or_none(typed["process_id"]) is not None:
            raise adopting.ImportRefused(
                f"已有标识为“{typed['process_id']}”的流程，请换一个。",
                f"There is a flow {typed['process_id']} already; choose another id.",
            )
        files = adopting.from_nothing(typed["process_id"], typed["area"], typed["name"])
        drafts.begin_with(typed["process_id"], typed["name"] or typed["process_id"], files, asks, "draft_new")
    except (Conflict, Refused) as problem:
        return page("studio/new.html", typed=typed, problem=problem.sentence), 422
    return redirect(url_for("studio.edit", process_id=typed["process_id"]), 303)


def _other_area(asks: Actor) -> Sentence:
    """Which areas one may choose, where there are any."""
    areas = sorted(right.partition(":")[2] for right in room.rights(asks) if ":" in right)
    if not areas:
        return NO_RIGHT
    return Sentence(
        f"你的角色不能在这项业务里新建流程。可以填的所属业务：{'、'.join(areas)}；要用别的，请找系统管理员。",
        f"Your roles may not make a flow in this area. You may choose: {', '.join(areas)}; for another one ask an "
        "administrator.",
    )


def _first_area(asks: Actor) -> str:
    areas = sorted({flow.area for flow in _flows(asks) if flow.area})
    return areas[0] if areas else "signing"
