"""What stands beside a form: the facts of a case's subject, in sections. Areas register better ones.

facts.register("invitation", sections=letter_sections, lines=letter_lines, chip=letter_chip)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from admin import door, texts, theme
from admin.words import gettext as _
from engine import codes
from engine.actors import Actor
from engine.errors import Sentence
from engine.models.base import Model
from engine.models.facts import Facts


@dataclass(frozen=True, slots=True)
class File:
    """A file that was handed in: where it opens, and its bytes."""

    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; `cls` is code, num, wide or long. `files` stand in its place."""

    label: str
    value: Any
    cls: str = ""
    url: str | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in words; `cls` is one of the look's six meanings."""

    cls: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under a heading."""

    title: str
    facts: list[Fact]
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that belongs to the case: where it opens, and what is known of it."""

    label: str
    url: str
    note: str = ""


Sections = Callable[[Any, Actor], list[Section]]
Lines = Callable[[Any, Actor], list[str]]


@dataclass
class Panel:
    """What an area says about a kind of subject; what it leaves out, the model says by itself."""

    sections: Sections | None = None
    lines: Lines | None = None
    chip: Callable[[Any, Actor], Chip | None] | None = None
    code: Callable[[Any], str | None] | None = None
    documents: Callable[[Any, Actor], list[Document]] | None = None
    checks: Callable[[Any, Actor], list[tuple[bool, str]]] | None = None
    title: Callable[[Any, Actor], str] | None = None
    link: Callable[[Any, Actor], str | None] | None = None
    note: Callable[[Any], str] | None = None
    prepare: Callable[[list[Any]], None] | None = None
    task_pages: dict[str, Callable[[int], str]] = field(default_factory=dict)


_panels: dict[str, Panel] = {}


def register(kind: str, **parts: Any) -> None:
    """Says how a subject of this kind is shown. Twice for one kind fails at the start.

    sections(row, actor) → Sections beside the form; lines(row, actor) → lines of a card or a list;
    chip(row, actor) → its state; code(row) → its number; documents(row, actor); checks(row, actor) →
    (holds, text) of what the system has verified; title(row, actor) → what the case is to this actor;
    link(row, actor) → the area's own page of it; note(row) → a word for lists (the position); prepare(rows)
    → loads what the others read of many rows at once;
    task_pages: node id → address of an own page for a task.
    """
    if kind in _panels:
        raise RuntimeError(f"two panels for {kind}")
    _panels[kind] = Panel(**parts)


def forget() -> None:
    """Empties the registry: each application registers anew."""
    _panels.clear()


def panel(kind: str | None) -> Panel:
    """What was registered for a kind; an empty panel where nothing was."""
    return _panels.get(kind or "", Panel())


def sections_of(row: Model | None, actor: Actor) -> list[Section]:
    """The sections of a subject."""
    if row is None:
        return []
    registered = panel(row.model_name()).sections
    return registered(row, actor) if registered is not None else _generic(row)


def chip_of(row: Model | None, actor: Actor) -> Chip | None:
    """The state of a subject, as whoever looks has to see it."""
    if row is None:
        return None
    registered = panel(row.model_name()).chip
    return registered(row, actor) if registered is not None else state_chip(row, actor)


def lines_of(row: Model | None, actor: Actor) -> list[str]:
    """One or two lines that tell subjects apart."""
    if row is None:
        return []
    registered = panel(row.model_name()).lines
    return registered(row, actor) if registered is not None else []


def title_of(row: Model | None, asks: Actor) -> str | None:
    """What a case about the row is to this actor, where its area says so."""
    registered = panel(row.model_name()).title if row is not None else None
    return registered(row, asks) if registered is not None else None


def state_chip(row: Model, actor: Actor) -> Chip | None:
    """The stored state's words, coloured for whoever looks."""
    listed = type(row).codes.get("state")
    if row.state_field() is None or listed is None:
        return None
    return Chip(theme.tone(listed, row.state, actor.party_kind), codes.name(listed, row.state, door.locale()))


def case_chip(state: str) -> Chip:
    """How far a case has come, in words."""
    words = {"running": _("办理中"), "completed": _("已办结"), "cancelled": _("已终止")}
    return Chip(theme.tone("case_state", state), words[state])


def _generic(row: Model) -> list[Section]:
    """The row itself, then each row that its facts name."""
    sections = [Section(_words(type(row).label), facts_of(row))]
    for view in Facts(row).values():
        if view is not None and view.row != row and view.row.words:
            related = view.row
            sections.append(Section(_words(type(related).label), facts_of(related, related.listed or None)))
    return sections


def facts_of(row: Model, columns: Iterable[str] | None = None) -> list[Fact]:
    """Columns of a row with their words: codes by name, personal numbers masked, instants as moments."""
    model = type(row)
    found = []
    for name in columns or model.words:
        if name not in model.words:
            continue
        value = shown(row, name)
        if value not in (None, ""):
            found.append(Fact(_words(model.words[name]), value, _class(value, name)))
    return found


def shown(row: Model, name: str) -> Any:
    """A column's value as people read it."""
    model, value = type(row), getattr(row, name)
    if value is None or value == "":
        return ""
    if name in model.codes:
        return codes.name(model.codes[name], str(value), door.locale())
    if name in model.masked:
        return theme.mask(value, model.masked[name])
    if isinstance(value, bool):
        return theme.says(_YES if value else _NO)
    if isinstance(value, datetime):
        return texts.moment(value)
    if isinstance(value, date):
        return texts.day(value)
    if isinstance(value, Model):
        return getattr(value, "name", str(value))
    return value


_YES, _NO = Sentence("是", "Yes"), Sentence("否", "No")


def _class(value: Any, name: str) -> str:
    if isinstance(value, int):
        return "num"
    if name.endswith(("number", "code", "mobile", "phone")):
        return "code"
    return "wide" if isinstance(value, str) and len(value) > 40 else ""


def _words(sentence: Sentence) -> str:
    return sentence.text(door.locale())
