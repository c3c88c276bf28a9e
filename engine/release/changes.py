"""What differs between two sets of files, in words that a clerk reads: diagrams, forms, tables, texts.

changes(before, after) -> list[Change]          in the order of files
marks(before, after, path) -> Marks             ids to colour on the two diagrams
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.catalog.files import Files, stem
from engine.errors import QihangError, Sentence
from engine.release.changes_diagram import Marks, diagram_changes, diagram_marks
from engine.release.changes_form import form_changes
from engine.release.changes_table import table_changes
from engine.release.changes_text import notice_changes, scenario_changes
from engine.release.difference import Difference

_KINDS: dict[str, Sentence] = {
    "bpmn": Sentence("流程图", "Diagram"),
    "dmn": Sentence("决策表", "Decision"),
    "form": Sentence("表单", "Form"),
    "html": Sentence("文书", "Document"),
    "notices.yaml": Sentence("通知", "Notices"),
    "scenarios.yaml": Sentence("情景", "Scenarios"),
    "en.yaml": Sentence("英文", "English"),
}
_ADDED = Sentence("新增文件", "A new file")
_REMOVED = Sentence("不再使用", "No longer used")
_MOVED = Sentence("只是图的摆放变了", "Only the drawing was moved about")
_OTHER = Sentence("写法变了，意思没变", "Written otherwise; the meaning is the same")
_UNREADABLE = Sentence("现在读不出来，见“检查”", "It cannot be read now; see the check")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Change:
    """A file that differs: how, and the differences one by one. `lines` are those of a text, with + - or space."""

    path: str
    ending: str
    what: str
    differences: tuple[Difference, ...] = ()
    lines: tuple[tuple[str, str], ...] = field(default=())

    @property
    def kind(self) -> Sentence:
        return _KINDS.get(self.ending, Sentence("文件", "File"))

    @property
    def name(self) -> str:
        return stem(self.path)


def changes(before: Files, after: Files) -> list[Change]:
    """Every file that differs. A file that cannot be read is told as that, never raised."""
    found = []
    for path in sorted({*before, *after}, key=_order):
        old, new = before.get(path), after.get(path)
        if old != new:
            found.append(_change(path, old, new))
    return found


def _order(path: str) -> tuple[int, str]:
    endings = list(_KINDS)
    ending = ending_of(path)
    return (endings.index(ending) if ending in endings else len(endings), path)


def ending_of(path: str) -> str:
    """`….notices.yaml` → `notices.yaml`."""
    return path.rpartition("/")[2].partition(".")[2]


def _change(path: str, old: bytes | None, new: bytes | None) -> Change:
    ending = ending_of(path)
    if old is None or new is None:
        what = "added" if old is None else "removed"
        told = Difference(_ADDED if old is None else _REMOVED)
        return Change(path, ending, what, (told,))
    lines = tuple(text_lines(old, new)) if ending in ("html", "yaml", "en.yaml") else ()
    compare = _COMPARE.get(ending)
    if compare is None:
        return Change(path, ending, "changed", (_counted(lines),) if lines else (), lines)
    try:
        differences = tuple(compare(old, new))
    except (QihangError, ValueError, KeyError, TypeError, StopIteration):
        return Change(path, ending, "changed", (Difference(_UNREADABLE),))
    if not differences:
        differences = (Difference(_MOVED if ending == "bpmn" else _OTHER),)
    return Change(path, ending, "changed", differences, lines)


_COMPARE = {
    "bpmn": diagram_changes,
    "dmn": table_changes,
    "form": form_changes,
    "notices.yaml": notice_changes,
    "scenarios.yaml": scenario_changes,
}


def _counted(lines: tuple[tuple[str, str], ...]) -> Difference:
    more = sum(sign == "+" for sign, _text in lines)
    less = sum(sign == "-" for sign, _text in lines)
    return Difference(
        Sentence(f"文字改动：增 {more} 行，删 {less} 行", f"Text: {more} lines added, {less} removed")
    )


def text_lines(old: bytes, new: bytes) -> Iterator[tuple[str, str]]:
    """The lines of a text that differ, with two around them: (sign, text)."""
    before, after = (body.decode("utf-8", "replace").splitlines() for body in (old, new))
    for line in list(difflib.unified_diff(before, after, n=1, lineterm=""))[2:_LONGEST]:
        yield ("…", "") if line.startswith("@@") else (line[0], line[1:])


def marks(before: bytes | None, after: bytes | None) -> Marks:
    """Ids of what was added, removed and changed between two diagrams; nothing where one cannot be read."""
    if before is None or after is None:
        return Marks()
    try:
        return diagram_marks(before, after)
    except (QihangError, ValueError, StopIteration):
        return Marks()


__all__ = ["Change", "Difference", "Marks", "changes", "ending_of", "marks", "text_lines"]
