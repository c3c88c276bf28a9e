"""How the inbox shows its rows: dressed, grouped by urgency, with what may be done to many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from admin import door, facts, texts, theme
from admin.words import gettext as _
from engine import models
from engine.runtime.inbox import InboxRow


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `form` tells which lines can be done together."""

    id: int
    url: str
    person: str
    code: str
    step: str
    org: str
    org_note: str
    unit: str
    chip: facts.Chip | None
    waited: str
    due_text: str
    due_class: str
    urgency: str
    form: str
    selectable: bool = False

    @property
    def label(self) -> str:
        """What the row's checkbox is called."""
        return f"{self.person or self.step} {self.code}".strip()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one urgency; `count` only where the page shows all of them."""

    key: str
    label: str
    count: int | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer that may be given to many at once."""

    value: str
    label: str
    negative: bool


def dressed(rows: Iterable[InboxRow], view: str) -> list[Row]:
    """The rows of a page; a few queries per kind of subject, whatever their number."""
    found = list(rows)
    notes = _notes(found)
    return [_row(row, view, notes) for row in found]


def _row(row: InboxRow, view: str, notes: dict[tuple[str, int], str]) -> Row:
    task, open_ = row.task, row.task is not None and row.task.state == "open"
    name, number, college = row.student or (row.caption, "", "")
    due_text, due_class = texts.due(row.due) if open_ else (texts.moment(_ended(row)), "")
    definition = row.definition
    form = definition.nodes[task.node_id].ext.get("form", "") if task is not None else ""
    return Row(
        task.id if task is not None else row.instance_id,
        url_for("inbox.task", task_id=task.id)
        if task is not None
        else url_for("cases.case", case_id=row.instance_id),
        name,
        number,
        row.step or definition.title(door.locale()),
        row.employer or "",
        notes.get(row.subject, "") if row.subject else "",
        college,
        None if view in ("todo", "claimable") else facts.case_chip(row.state),
        theme.waited(row.since) if view in ("todo", "claimable") else texts.day(row.since),
        due_text,
        due_class,
        theme.urgency(row.due) if open_ else "",
        f"{definition.id}:{task.node_id}" if form and task is not None else "",
    )


def _ended(row: InboxRow) -> Any:
    return row.task.closed_at if row.task is not None else None


def _notes(rows: list[InboxRow]) -> dict[tuple[str, int], str]:
    """A word about each subject (the position of a letter), where its area gives one."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.subject is not None and facts.panel(row.subject[0]).note is not None:
            wanted.setdefault(row.subject[0], set()).add(row.subject[1])
    found = {}
    for kind, ids in wanted.items():
        model, panel = models.by_name(kind), facts.panel(kind)
        assert panel.note is not None
        subjects = list(model.select().where(model._meta.primary_key.in_(ids)))
        if panel.prepare is not None:
            panel.prepare(subjects)
        found |= {(kind, row.get_id()): panel.note(row) for row in subjects}
    return found


def grouped(rows: list[Row], view: str, *, first: bool, last: bool) -> list[Group]:
    """The rows under 已逾期, 今天到期, 本周, 以后. A count stands where no other page shows more of it."""
    if view not in ("todo", "claimable"):
        return [Group("", "", None, rows)] if rows else []
    names = {"over": _("已逾期"), "today": _("今天到期"), "week": _("本周"), "later": _("以后")}
    keys = list(dict.fromkeys(row.urgency for row in rows))
    groups = []
    for at, key in enumerate(keys):
        members = [row for row in rows if row.urgency == key]
        whole = (first or at > 0) and (last or at < len(keys) - 1)
        groups.append(Group(key, names[key], len(members) if whole else None, members))
    return groups


def together(rows: list[Row], inbox_rows: list[InboxRow], locale: str) -> tuple[list[Row], list[Outcome]]:
    """Marks the rows that can be done at once (the most frequent form that has an answer), with its answers;
    one that is asked for once more on a page of its own is none of them."""
    candidates = Counter(row.form for row in rows if row.form)
    by_form = {row.form: source for row, source in zip(rows, inbox_rows, strict=True) if row.form}
    for form, _count in candidates.most_common():
        field = _step_field(by_form[form])
        choices = [choice for choice in field.choices if choice.confirm is None] if field is not None else []
        if choices:
            outcomes = [Outcome(c.value, c.label.text(locale), c.negative) for c in choices]
            return [_selectable(row, row.form == form) for row in rows], outcomes
    return rows, []


def _step_field(row: InboxRow) -> Any:
    assert row.task is not None
    key = row.definition.nodes[row.task.node_id].ext.get("form")
    return row.definition.form(key).step_field if key else None


def _selectable(row: Row, yes: bool) -> Row:
    values = {name: getattr(row, name) for name in Row.__slots__}
    return Row(**{**values, "selectable": yes})


def summary(groups: list[Group]) -> str:
    """The sentence under the title: what is urgent."""
    counts = {group.key: group.count for group in groups}
    over, today = counts.get("over"), counts.get("today")
    if over and today:
        return _("%(over)s 项已逾期，%(today)s 项今天到期。先办它们。", over=over, today=today)
    if over:
        return _("%(over)s 项已逾期。先办它们。", over=over)
    if today:
        return _("%(today)s 项今天到期。", today=today)
    return ""
