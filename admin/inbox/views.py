"""The list, the task's page, claiming, the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from admin import case_page, door, facts, starts
from admin.crud import QihangModelView
from admin.door import Answer, App, actor, page, toast
from admin.inbox import bulk, filters, rows
from engine import runtime
from engine.actors import Actor
from engine.errors import Conflict, NotFound, Refused, StateChanged, SubmissionInvalid, TaskNotOpen
from engine.models.workflow import ProcessInstance, UserTask
from engine.runtime import ConfirmationNeeded
from engine.runtime.inbox import VIEWS

PAGE_SIZE = 25
_BETWEEN = "~"


class InboxView(QihangModelView):
    """待办, 待认领, 已办, 我发起的 and what is done from there. A task's form is its edit page."""

    # What a table's screens have besides, tasks have not: these addresses are not there.
    create_view = delete_view = export = lookup = action_view = ajax_lookup = ajax_update = None

    def __init__(self) -> None:
        super().__init__(UserTask, name=_l("待办"), endpoint="inbox", url="/tasks")

    def is_accessible(self) -> bool:
        return actor() is not None

    def _run_view(self, fn: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        """Flask-Admin's own calls a view that raised TypeError once more, and hides what was wrong."""
        return fn(self, *args, **kwargs)

    @expose("/details/")
    def details_view(self) -> Answer:
        return redirect(_task_url(self.get_one(request.args.get("id")).id))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Answer:
        return self.details_view()

    @expose("/")
    def index_view(self) -> Answer:
        asks, locale = actor(), door.locale()
        view = request.args.get("view", "todo")
        view = view if view in VIEWS else "todo"
        if door.wants_json():
            return _json_list(asks, view)
        wanted = filters.read(request.args, asks, view, locale)
        after = request.args.get("after")
        found = runtime.inbox.page(asks, view, after, PAGE_SIZE, wanted.for_runtime(), locale=locale)
        shown = rows.dressed(found.rows, view)
        outcomes: list[rows.Outcome] = []
        if view in ("todo", "claimable"):
            shown, outcomes = rows.together(shown, found.rows, locale)
        groups = rows.grouped(shown, view, first=after is None, last=found.next is None)
        counts = _counts(asks)
        previous, following = _pager(wanted, view, after, found.next)
        return page(
            "inbox/list.html",
            view=view,
            tabs=_tabs(view, counts),
            groups=groups,
            summary=rows.summary(groups) if view == "todo" and after is None and not wanted.values else "",
            filters=wanted,
            total=counts.get(view) if not wanted.values else None,
            prev_url=previous,
            next_url=following,
            first_url=url_for("inbox.first") if view == "todo" and groups else None,
            starts=starts.offered(asks) if view == "todo" else [],
            bulk=outcomes,
            empty=_empty(view, bool(wanted.values), counts),
        )

    @expose("/first")
    def first(self) -> Answer:
        """从最急的开始办."""
        task_id = runtime.inbox.first(actor())
        return redirect(_task_url(task_id) if task_id else url_for("inbox.index_view"))

    @expose("/<int:task_id>", methods=["GET"])
    def task(self, task_id: int) -> Answer:
        asks = actor()
        task = runtime.task_for(asks, task_id)
        form = None
        instance = _case(task)
        if task.state == "open" and runtime.may_do(asks, task):
            own_page = _own_page(task, instance)
            if own_page and not door.wants_json():
                return redirect(own_page)
            form = runtime.task_form(task, asks, locale=door.locale())
        elif not door.wants_json() and task.state != "open":
            return redirect(url_for("cases.case", case_id=task.instance_id))
        if door.wants_json():
            return door.json_answer(case_page.task_json(task, form))
        return _task_page(task, instance, asks, form)

    @expose("/<int:task_id>", methods=["POST"])
    def complete(self, task_id: int) -> Answer:
        asks, locale = actor(), door.locale()
        task = runtime.task_for(asks, task_id)
        sent = door.json_body() if request.is_json else None
        if case_page.goes_back() and runtime.may_do(asks, task):
            form = runtime.task_form(task, asks, case_page.typed(), locale=locale)
            return _task_page(task, _case(task), asks, form)
        try:
            if sent is not None:
                done = runtime.complete(task, asks, json=sent, locale=locale)
            else:
                done = runtime.complete(task, asks, case_page.typed(), locale=locale)
        except ConfirmationNeeded as needed:
            case = _case(task)
            title = _title(task, case_page.caption(case, case_page.subject_of(case, asks)))
            return case_page.confirmation(needed.form, title, url_for("inbox.complete", task_id=task.id))
        except SubmissionInvalid as invalid:
            if door.wants_json():
                raise
            return _task_page(task, _case(task), asks, invalid.form), 422
        except TaskNotOpen as closed:
            if door.wants_json():
                raise
            return case_page.closed(task, asks, closed), 409
        except (Conflict, Refused) as conflict:
            if door.wants_json() or not runtime.may_do(asks, task):
                raise
            status = 409 if isinstance(conflict, StateChanged) else door.status_of(conflict)
            return _with_problem(task, _case(task), asks, conflict.sentence.text(locale)), status
        if door.wants_json():
            return door.json_answer(case_page.after_json(done))
        toast(_("%(step)s：已办好。", step=runtime.step_name(task, locale)))
        return redirect(after_completing(asks, task), 303)

    @expose("/<int:task_id>/claim", methods=["POST"])
    def claim(self, task_id: int) -> Answer:
        runtime.claim(runtime.task_for(actor(), task_id), actor())
        toast(_("已认领，只有你能办这一项。"))
        return redirect(_task_url(task_id))

    @expose("/<int:task_id>/unclaim", methods=["POST"])
    def unclaim(self, task_id: int) -> Answer:
        runtime.unclaim(runtime.task_for(actor(), task_id), actor())
        toast(_("已放回待认领，同事也能办。"))
        return redirect(url_for("inbox.index_view"))

    @expose("/bulk", methods=["POST"])
    def bulk(self) -> Answer:
        return bulk.answer(actor(), door.locale())


def _task_page(
    task: UserTask, instance: ProcessInstance, asks: Actor, form: Any, problem: str | None = None
) -> str:
    before, after = runtime.inbox.neighbours(asks, task) if task.kind == "task" else (None, None)
    mine = task.assignee_id == asks.account_id
    about = case_page.about(instance, asks)
    return page(
        "inbox/task.html",
        **about,
        task=task,
        step=runtime.step_name(task, door.locale()),
        why_due=runtime.why_due(task),
        title=_title(task, about["caption"]),
        form=form,
        may_do=runtime.may_do(asks, task),
        problem=problem,
        claim=None if task.kind != "task" or task.queue_id is None else "unclaim" if mine else "claim",
        prev_url=_task_url(before) if before else None,
        next_url=_task_url(after) if after else None,
        goes_on=_at_the_desk(asks, task) and bool(before or after),
        in_inbox=_at_the_desk(asks, task),
    )


def _case(task: UserTask) -> ProcessInstance:
    found: ProcessInstance = ProcessInstance.get_by_id(task.instance_id)
    return found


def _with_problem(task: UserTask, instance: ProcessInstance, asks: Actor, problem: str) -> str:
    form = runtime.task_form(task, asks, case_page.typed(), locale=door.locale())
    return _task_page(task, instance, asks, form, problem)


def _title(task: UserTask, caption: str) -> str:
    step = runtime.step_name(task, door.locale())
    return _("%(case)s：%(step)s", case=caption, step=step) if caption else step


def _own_page(task: UserTask, instance: ProcessInstance) -> str | None:
    """Where an area shows this task on a page of its own."""
    make = facts.panel(instance.subject_kind).task_pages.get(task.node_id)
    return make(task.id) if make is not None else None


def _at_the_desk(asks: Actor, task: UserTask) -> bool:
    """Whether the actor works through an inbox: one task leads to the next."""
    return task.kind == "task" and asks.party_kind not in ("student", "employer")


def _task_url(task_id: int | None) -> str:
    return url_for("inbox.task", task_id=task_id)


def after_completing(asks: Actor, task: UserTask) -> str:
    """Where a person goes on: the next task by due date at the desk, else the case, else the list."""
    if _at_the_desk(asks, task):
        _before, after = runtime.inbox.neighbours(asks, task)
        after = after or runtime.inbox.first(asks, but=task.id)
        if after is not None:
            return _task_url(after)
    try:
        ProcessInstance.fetch(asks, task.instance_id)
    except NotFound:
        return url_for("inbox.index_view")
    return url_for("cases.case", case_id=task.instance_id)


def _tabs(view: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {"todo": _("待办"), "claimable": _("待认领"), "done": _("已办"), "started": _("我发起的")}
    return [
        {
            "key": key,
            "label": label,
            "url": filters.address(key, {}),
            "count": counts.get(key),
            "current": key == view,
        }
        for key, label in labels.items()
    ]


def _pager(
    wanted: filters.Filters, view: str, after: str | None, following: str | None
) -> tuple[str | None, str | None]:
    """Addresses of the pages around this one. The keys of the pages before travel in the address."""
    trail = [key for key in request.args.get("back", "").split(_BETWEEN) if key][-40:]
    before = None
    if after is not None:
        earlier = {"after": trail[-1], "back": _BETWEEN.join(trail[:-1]) or None} if trail else {}
        before = filters.address(view, wanted.values, **earlier)
    then = None
    if following is not None:
        back = _BETWEEN.join([*trail, after] if after is not None else trail) or None
        then = filters.address(view, wanted.values, after=following, back=back)
    return before, then


def _empty(view: str, filtered: bool, counts: dict[str, int]) -> tuple[str, str, list[tuple[str, str, bool]]]:
    here = url_for("inbox.index_view")
    if filtered:
        return _("没有符合条件的"), _("去掉一个条件再看。"), [(_("去掉全部条件"), here, True)]
    if view == "todo":
        return _("都办完了"), _("新的事项一到就会出现在这里。"), []
    if view == "claimable":
        return _("没有待认领的"), _("队列里的每一项都有人在办。"), [(_("看待办"), here, True)]
    if view == "done":
        return _("还没有办过"), _("你办完的每一项都会列在这里。"), [(_("看待办"), here, True)]
    return _("还没有发起过"), _("你发起的每一件事都会列在这里，能看到它走到哪一步。"), []


def _json_list(asks: Actor, view: str) -> Answer:
    """The same list for programs: `instance`, `step`, `q`, `due`, `after`, `limit`."""
    asked = {name: request.args[name] for name in ("instance", "step", "due") if name in request.args}
    if "q" in request.args:
        asked["text"] = request.args["q"]
    if door.row_id(asked.get("instance", "0")) is None:
        raise NotFound()
    limit = request.args.get("limit", PAGE_SIZE, type=int)
    after = request.args.get("after")
    found = runtime.inbox.page(asks, view, after, limit, asked, locale=door.locale(), people=False)
    return door.json_answer({"tasks": [case_page.row_json(row) for row in found.rows], "next": found.next})


def _counts(asks: Actor) -> dict[str, int]:
    """Once a request: the list's tabs and the navigation show the same."""
    known: dict[str, int] | None = g.get("inbox_counts")
    if known is None:
        known = g.inbox_counts = runtime.inbox.counts(asks)
    return known


def todo_count(asks: Actor) -> int:
    """What the navigation shows beside 待办."""
    return _counts(asks)["todo"]


def register(app: App) -> None:
    app.site.add_view(InboxView())
    app.nav.add(
        "",
        _l("待办"),
        "inbox.index_view",
        icon="inbox",
        kinds=("school", "school_class", "college", "province", "system"),
        order=10,
        count=todo_count,
    )
    app.nav.add(
        "", _l("待办"), "inbox.index_view", icon="inbox", kinds=("employer",), order=20, count=todo_count
    )
