"""Checks of who can be reached: parties that a case has, rows that a flow is about, flows that somebody begins."""

from __future__ import annotations

from collections.abc import Iterator

from engine import operations
from engine.bpmn import Lane, Node
from engine.catalog.facts import model_or_none
from engine.catalog.findings import Finding, finding
from engine.catalog.library import Diagram, Library
from engine.catalog.names import Names
from engine.catalog.references import called_of, words
from engine.catalog.roles import SYSTEM_LANE
from engine.catalog.structure import at
from engine.catalog.worlds import tree
from engine.errors import Sentence
from engine.feel import nodes
from engine.models.organisations import PARTY_MODELS

#: Kinds that every case reaches.
_ALWAYS = frozenset({"province", "system"})
#: The kind of who begins a case → the kinds of parties that it has while it is about no row: see
#: `runtime.parties.parties_of_actor`.
_BEGUN_BY = {
    "student": frozenset({"student", "school_class", "college", "school"}),
    "employer": frozenset({"employer"}),
    "school_class": frozenset({"school_class", "school"}),
    "college": frozenset({"college", "school"}),
    "school": frozenset({"school"}),
    "province": frozenset({"province"}),
    "system": frozenset[str](),
}


def check_people(library: Library, diagram: Diagram) -> Iterator[Finding]:
    """Nobody is asked who could not be found, nothing done on a row that is not there."""
    starts = [node for node in diagram.process.nodes.values() if "start" in node.ext]
    if starts:
        yield from _parties(library, diagram, starts[0])
    elif not any(diagram.process.id in called_of(other.process) for other in library.diagrams.values()):
        yield at(
            diagram,
            "start.nobody",
            None,
            Sentence(
                "没有人能发起这个流程：开始事件没有写按钮上的字和谁可以发起，也没有别的流程调用它。",
                "Nobody can begin this process: its start has no button and no role, and no other process calls it.",
            ),
        )
    yield from _rows(diagram)
    yield from _lanes(library, diagram)


def _lanes(library: Library, diagram: Diagram) -> Iterator[Finding]:
    """What a lane says of whose it is: a party of the role's kind, and the same in all lanes of the role."""
    names = Names(library, diagram.process)
    said: dict[str, str | None] = {}
    for lane in diagram.process.lanes:
        text, name = lane.ext.get("party") or None, lane.name or ""
        if lane.node_ids and said.setdefault(name, text) != text:
            yield _at_lane(diagram, lane, _two_parties(name))
        kind = library.roles.get(name)
        found = tree(text) if text and kind else None
        model = names.model_of(found.name) if isinstance(found, nodes.Name) else None
        literal = isinstance(found, nodes.String | nodes.Boolean | nodes.At)
        if literal or (model is not None and kind is not None and model is not PARTY_MODELS.get(kind)):
            yield _at_lane(diagram, lane, _wrong_party(name, text or ""))


def _at_lane(diagram: Diagram, lane: Lane, sentence: Sentence) -> Finding:
    return finding(
        "lane.party",
        sentence,
        file=diagram.path,
        element_id=lane.id,
        element_name=lane.name or "",
        line=lane.line,
    )


def _two_parties(role: str) -> Sentence:
    return Sentence(
        f"有两条“{role}”泳道，写的当事方不一样，办理时只认得一个。一个角色只能写一个当事方：请合成一条，或改用另一个角色。",
        f"Two lanes of the role {role} name different parties; only one of them would be used. Make them one, or use "
        "another role.",
    )


def _wrong_party(role: str, text: str) -> Sentence:
    return Sentence(
        f"泳道“{role}”的当事方写的是“{text}”，它不是“{role}”所在的那一类（单位、班级、学院或学校）。"
        "请从办理对象的数据里选，或留空用办理件自己的。",
        f"The party of the lane {role} is “{text}”, which is not of the kind of that role. Choose one from the facts "
        "of the case, or leave it empty for the case's own.",
    )


def _parties(library: Library, diagram: Diagram, start: Node) -> Iterator[Finding]:
    names = Names(library, diagram.process)
    roles = [library.roles[role] for role in words(start.ext.get("by")) if role in library.roles]
    begun = [_BEGUN_BY[kind] for kind in roles if kind in _BEGUN_BY]
    first = frozenset.intersection(*begun) if begun else frozenset[str]()
    subject = model_or_none(diagram.process.ext.get("subject"))
    later = None if subject is None else subject.party_kinds
    given = {lane.name for lane in diagram.process.lanes if lane.ext.get("party")}
    for node in diagram.process.all_nodes():
        at_node = node.attached_to if node.kind == "boundary_event" and node.attached_to else node.id
        if at_node not in names.before:  # no way leads there, which is told
            continue
        state = names.before[at_node]
        known = later if state.subject and subject is not None else first
        if known is None or not begun:
            continue
        for role in _asked(node):
            kind = library.roles.get(role)
            if kind and role not in given and kind not in known | _ALWAYS:
                yield at(diagram, "lane.no_party", node, _no_party(library, role, kind, known))


def _asked(node: Node) -> list[str]:
    if node.kind == "user_task" and node.lane and node.lane != SYSTEM_LANE:
        return [node.lane]
    return words(node.ext.get("by")) if "action" in node.ext else []


def _no_party(library: Library, role: str, kind: str, known: frozenset[str]) -> Sentence:
    there = [name for name, of in library.roles.items() if of in known]
    shown = "、".join(there) or "无"
    return Sentence(
        f"走到这里时，还不知道是哪一个“{role}”：办理件没有这一方，这一步没有人能收到。这里有的角色：{shown}。"
        "请换一个角色，把这一步移到登记办理对象之后，或在泳道上写明是谁。",
        f"It is not known here which {role} is meant: the case has no such party and nobody would get the step. "
        f"Roles that are known here: {', '.join(there) or 'none'}. Choose another, move the step behind the operation "
        "that makes what the case is about, or say at the lane whose it is.",
    )


def _rows(diagram: Diagram) -> Iterator[Finding]:
    """Operations on rows that a case of this process never has."""
    subject = diagram.process.ext.get("subject") or ""
    starts = [node.ext.get("on") or "" for node in diagram.process.nodes.values() if "start" in node.ext]
    for node in diagram.process.all_nodes():
        if node.operation not in operations.names():
            continue
        op = operations.get(node.operation or "")
        wanted = op.about or op.creates
        if wanted and subject != wanted and (subject or starts):
            yield at(diagram, "operation.no_row", node, _no_row(op.label, wanted, subject))
        elif op.starts_on and any(on != op.starts_on for on in starts):
            yield at(diagram, "operation.no_row", node, _not_on(op.label, op.starts_on))


def _model(name: str) -> Sentence:
    model = model_or_none(name)
    return Sentence(name or "无", name or "nothing") if model is None else model.label


def _no_row(label: Sentence, wanted: str, subject: str) -> Sentence:
    row, mine = _model(wanted), _model(subject)
    return Sentence(
        f"系统操作“{label.zh}”办的是{row.zh}，而这个流程的办理对象是{mine.zh}，每次走到这里都会出错。"
        "请换一个操作，或改流程的办理对象。",
        f"The operation “{label.en}” works on {row.en}, but this process is about {mine.en}; it would fail each "
        "time. Choose another operation, or change what the process is about.",
    )


def _not_on(label: Sentence, wanted: str) -> Sentence:
    row = _model(wanted)
    return Sentence(
        f"系统操作“{label.zh}”要对着{row.zh}发起，请在开始事件上把“按钮出现在哪里”改成{row.zh}。",
        f"The operation “{label.en}” needs a start that is offered on {row.en}; change that at the start event.",
    )
