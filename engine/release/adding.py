"""A file more in a draft, with a beginning that the checker takes; and one less, where nothing refers to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import orjson

from engine import catalog
from engine.actors import Actor
from engine.bpmn import Process
from engine.catalog.files import decision_path, folder, form_path, process_path, sibling, stem
from engine.catalog.library import document_names
from engine.catalog.references import called_of, read_process, words
from engine.errors import QihangError, Sentence
from engine.models.drafts import ProcessDraft
from engine.release import drafts, recording

#: Of these a flow has one each, beside its diagram.
ONE_EACH = frozenset({"notices", "scenarios"})
#: What may be added.
KINDS = ONE_EACH | {"form", "decision"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")
_TYPES = ("string", "number", "boolean", "date")

WRONG_NAME = Sentence(
    "文件的名字只用小写英文字母、数字和下划线，以字母开头，例如 college_choice。",
    "The file's name is lower-case letters, digits and underscores, such as college_choice.",
)
THERE = Sentence("已经有这个文件了。", "This file is there already.")


class CannotAdd(QihangError):
    """What was asked for makes no file."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input or the output of a new decision table: its FEEL name, its words, its type."""

    name: str
    label: str
    type: str


def made(
    draft: ProcessDraft,
    kind: str,
    name: str = "",
    inputs: Iterable[Column] = (),
    output: Column | None = None,
    roles: Mapping[str, str] | None = None,
) -> tuple[str, bytes]:
    """Path and first content of a new file of the draft. Raises CannotAdd."""
    files = drafts.merged(draft)
    diagram = process_path(draft.manifest, draft.process_id)
    assert diagram is not None
    if kind in ("form", "decision") and not _NAME.fullmatch(name):
        raise CannotAdd(WRONG_NAME)
    area = folder(diagram).partition("/")[2]
    if kind == "form":
        path, body = form_path(f"{area}/{name}"), _form(f"{area}_{name}")
    elif kind == "decision":
        path = decision_path(f"{area}/{name}")
        body = _decision(name, list(inputs), output or Column("result", "结果", "string"))
    elif kind == "notices":
        path, body = sibling(diagram, "notices.yaml"), _notices(_first_role(files, draft.process_id))
    else:
        path, body = sibling(diagram, "scenarios.yaml"), recording.scenarios(files, draft.process_id, roles)
    if path in files:
        raise CannotAdd(THERE)
    return path, body


def _first_role(files: Mapping[str, bytes], process_id: str) -> str:
    """Who is told first: whoever begins the flow, else the role of its first lane."""
    try:
        process = read_process(files, process_id)
    except (KeyError, QihangError, StopIteration):
        return "毕业生"
    by = [role for node in process.all_nodes() for role in words(node.ext.get("by"))]
    lanes = [lane.name for lane in process.lanes if lane.name and lane.name != catalog.SYSTEM_LANE]
    return next(iter([*by, *lanes]), "毕业生")


def _form(form_id: str) -> bytes:
    document = {"type": "default", "id": form_id, "schemaVersion": 18, "components": []}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"


def _notices(role: str) -> bytes:
    return f"""\
# 这个流程发出的通知。每一条：编号（英文，流程图里用它），to 给哪些角色，channels 怎么发（inbox 站内、mail 邮件），
# subject 标题，body 正文。正文里可用“插入字段”。在流程图里点一个环节，勾“到这里时发哪些通知”。
done:
  to: [{role}]
  channels: [inbox, mail]
  subject: "已办完"
  body: |
    你的这件事已办完，可以登录查看。
""".encode()


_EMPTY_VALUE = {"string": '""', "number": "0", "boolean": "false", "date": "null"}
_DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _decision(name: str, inputs: list[Column], output: Column) -> bytes:
    """A table with one rule, for every case; as dmn-js writes it."""
    if not inputs:
        raise CannotAdd(Sentence("选一项或几项：这张表看什么。", "Choose what the table looks at."))
    if not _NAME.fullmatch(output.name):
        raise CannotAdd(WRONG_NAME)
    if output.type not in _EMPTY_VALUE:
        raise CannotAdd(Sentence("选一种结果的类型。", "Choose the type of the result."))
    clauses = "".join(
        f'      <input id="input_{at}" label={quoteattr(column.label)}>\n'
        f'        <inputExpression id="looks_at_{at}" typeRef="{_type(column.type)}"><text>{escape(column.name)}</text>'
        "</inputExpression>\n      </input>\n"
        for at, column in enumerate(inputs, 1)
    )
    cells = "".join(
        f'        <inputEntry id="cell_{at}"><text></text></inputEntry>\n' for at in range(1, len(inputs) + 1)
    )
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{_DMN}" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{name}_definitions" name="{name}" namespace="urn:qihang:decisions">
  <decision id="{name}" name={quoteattr(output.label)}>
    <decisionTable id="{name}_table" hitPolicy="FIRST">
{clauses}      <output id="output" label={quoteattr(output.label)} name="{output.name}" typeRef="{output.type}" />
      <rule id="otherwise">
{cells}        <outputEntry id="otherwise_gives"><text>{_EMPTY_VALUE[output.type]}</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="{name}"><dc:Bounds height="80" width="180" x="160" y="100" />\
</dmndi:DMNShape></dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
""".encode()


def _type(kind: str) -> str:
    return "dateTime" if kind == "date and time" else kind if kind in _TYPES else "Any"


def add(draft: ProcessDraft, path: str, body: bytes, actor: Actor) -> ProcessDraft:
    """Puts a new file into the draft. Raises Stale where somebody was faster, DraftClosed, Unstorable."""
    return drafts.save(draft.id, path, body, None, actor)


# ── one less ───────────────────────────────────────────────────────────────────────────────────────


def in_use(draft: ProcessDraft, path: str) -> Sentence | None:
    """Why a file of the draft cannot be taken out; None where nothing refers to it."""
    diagram = process_path(draft.manifest, draft.process_id)
    if path == diagram:
        return drafts.NEEDED
    own = {diagram: catalog.body_of(draft.manifest[diagram])} if diagram else {}
    try:
        process = read_process(own, draft.process_id)
    except (KeyError, QihangError, StopIteration):
        return Sentence(
            "流程图现在读不出来，不知道它用不用这个文件。",
            "The diagram cannot be read now, so nobody knows whether it uses the file.",
        )
    names = _used_at(process, path)
    if names:
        return Sentence(
            f"还在用：{'、'.join(names)}。先在那里改掉，再去掉这个文件。",
            f"In use at: {', '.join(names)}. Change that first.",
        )
    if path.endswith((".bpmn", ".html")):
        return _belongs(process, path)
    return None


def remove(draft: ProcessDraft, path: str, began_from: str | None, actor: Actor) -> ProcessDraft:
    """Takes a file out of a draft that nothing refers to. Raises Unstorable with what does, and as `save` does."""
    why = in_use(draft, path)
    if why is not None:
        raise drafts.Unstorable(why)
    return drafts.save(draft.id, path, None, began_from, actor)


def _used_at(process: Process, path: str) -> list[str]:
    """The elements that refer to a file, by name."""
    key = path.partition("/")[2].partition(".")[0]
    found = []
    for node in process.all_nodes():
        uses = (
            (path == form_path(key) and node.ext.get("form") == key)
            or (path == decision_path(key) and (node.decision or "").partition("#")[0] == key)
            or (path.endswith(".notices.yaml") and stem(path) == process.id and node.ext.get("notify"))
        )
        if uses:
            found.append(node.name or node.id)
    return found


def _belongs(process: Process, path: str) -> Sentence | None:
    if path.endswith(".bpmn") and stem(path) in called_of(process):
        return Sentence("流程图调用这个流程。", "The diagram calls this flow.")
    if path.endswith(".html") and document_names(stem(path)):
        return Sentence("系统照这份文书打印，不能去掉。", "The program prints this document.")
    return None


__all__ = ["KINDS", "ONE_EACH", "CannotAdd", "Column", "add", "in_use", "made", "remove"]
