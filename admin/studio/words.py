"""What the studio calls the files of a flow, and which editor opens them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson
from flask_babel import lazy_gettext as _l

from admin import door
from admin.studio import room
from engine import bpmn, decisions, models
from engine.catalog.files import stem
from engine.errors import QihangError
from engine.models.drafts import ProcessDraft
from engine.release.changes import ending_of

#: Ending → editor, role, words of the group.
_ENDINGS = {
    "bpmn": ("bpmn", "diagram", _l("流程图")),
    "form": ("form", "form", _l("表单")),
    "dmn": ("dmn", "decision", _l("决策表")),
    "notices.yaml": ("text", "notices", _l("通知")),
    "html": ("text", "document", _l("文书")),
    "scenarios.yaml": ("yaml", "scenarios", _l("情景")),
    "en.yaml": ("yaml", "english", _l("英文")),
}
_ORDER = list(_ENDINGS)
#: How the panel writes a span of time → how it is said, Chinese and English.
_SPANS = [
    (r"P(\d+)D", "{} 天", "{} days"),
    (r"PT(\d+)H", "{} 小时", "{} hours"),
    (r"=working days\(today\(\), (\d+)\)", "{} 个工作日", "{} working days"),
    (
        r'=date and time\(working days\(today\(\), (\d+)\), time\("(\d\d:\d\d):00"\)\)',
        "{} 个工作日后的 {}",
        "{} working days later, {}",
    ),
]


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as the studio lists it."""

    path: str
    kind: str
    role: str
    group: str
    title: str
    revision: str = ""
    changed: bool = False
    url: str = ""


def shown(path: str, body: bytes | None, **more: object) -> Shown:
    """A file with the editor it opens in and what people call it."""
    ending = ending_of(path)
    kind, role, group = _ENDINGS.get(ending, ("text", "other", _l("其他")))
    return Shown(path, kind, role, str(group), title_of(path, body, role), **more)  # type: ignore[arg-type]


def role_of(path: str) -> str:
    """What a file is in a flow: diagram, form, decision, notices, document, scenarios, english."""
    return _ENDINGS.get(ending_of(path), ("text", "other", ""))[1]


def ordered(paths: Iterable[str]) -> list[str]:
    """Diagrams first, then forms, decisions, texts, scenarios."""

    def key(path: str) -> tuple[int, str]:
        ending = ending_of(path)
        return (_ORDER.index(ending) if ending in _ORDER else len(_ORDER), path)

    return sorted(paths, key=key)


def title_of(path: str, body: bytes | None, role: str) -> str:
    """The words of a file: a diagram's name, a form's key; else its stem."""
    if role == "diagram" and body is not None:
        try:
            found = bpmn.read(body)
        except QihangError:
            return stem(path)
        return (found[0].name if found else "") or stem(path)
    if role == "form":
        return _form_title(path, body)
    if role in ("notices", "scenarios"):
        return str(_l("通知") if role == "notices" else _l("情景"))
    if role == "document":
        return _document_title(stem(path))
    if role == "decision" and body is not None:
        return _decision_title(body) or stem(path)
    return stem(path)


def _decision_title(body: bytes) -> str:
    """A table is named after what it decides."""
    try:
        found = decisions.read(body)
    except QihangError:
        return ""
    return next((one.name for one in found.decisions.values() if one.name), "")


def draft_name(draft: ProcessDraft) -> str:
    """What the reader calls the flow of a draft: in English as the live version says it, unless the draft has
    another name by now."""
    live = room.live_or_none(draft.process_id) if english() else None
    return live.title("en") if live is not None and live.name == draft.name else draft.name


def span(value: str) -> str:
    """A span of time in words, where it is one that the editor's panel writes; else as it is."""
    for pattern, zh, en in _SPANS:
        if found := re.fullmatch(pattern, value):
            words = (en if english() else zh).format(*found.groups())
            return words.replace("days", "day") if found[1] == "1" else words
    return value


def _document_title(name: str) -> str:
    """A document is named after the thing it is the paper of."""
    try:
        return models.by_name(name).label.text(door.locale()) or name
    except KeyError:
        return name


def _form_title(path: str, body: bytes | None) -> str:
    """A form has no name of its own: its key, and the first question it asks."""
    key = path.removeprefix("forms/").removesuffix(".form").rpartition("/")[2]
    try:
        document = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return key
    components = document.get("components") if isinstance(document, Mapping) else None
    listed = components if isinstance(components, list) else []
    for one in listed:
        if isinstance(one, Mapping) and isinstance(one.get("label"), str):
            more = "…" if len(listed) > 1 else ""
            return f"{key}（{one['label'][:20]}{more}）"
    return key


def english() -> bool:
    """Whether the page is read in English."""
    return door.locale() == "en"
