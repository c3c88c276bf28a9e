"""Checks of a diagram by itself: starts, ends, ways, gateways, lanes, acts, ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from engine.bpmn import Flow, Node
from engine.catalog.facts import model_or_none
from engine.catalog.findings import Finding, finding
from engine.catalog.graph import Level, levels
from engine.catalog.library import Diagram, Library
from engine.catalog.references import words
from engine.catalog.roles import SYSTEM_LANE
from engine.errors import Sentence

_ID = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_ID = 60  # columns of the inbox and the history


def check_structure(library: Library, diagram: Diagram) -> Iterator[Finding]:
    """What is wrong with a diagram whatever its forms and expressions say."""
    process = diagram.process
    for level in levels(process):
        yield from _starts(library, diagram, level)
        yield from _ways(diagram, level)
        yield from _gateways(diagram, level)
    for node in process.all_nodes():
        yield from _ids(diagram, node)
        yield from _people(library, diagram, node)
        yield from _acts(library, diagram, node)
    yield from _lanes(library, diagram)
    yield from _subject(diagram)
    untidy = [node.id for node in process.all_nodes() if not _ID.fullmatch(node.id)]
    if untidy:
        yield at(
            diagram,
            "id.unreadable",
            None,
            Sentence(
                f"标识最好是能读懂的小写英文，如 student_answers：办理记录和统计都用它。这些不是：{'、'.join(untidy)}",
                "Readable snake_case ids, such as student_answers, help: history and figures use them. "
                f"These are not: {', '.join(untidy)}",
            ),
        )


def at(diagram: Diagram, code: str, node: Node | None, sentence: Sentence, **more: str) -> Finding:
    """A finding at an element of the diagram, or at the process."""
    process = diagram.process
    return finding(
        code,
        sentence,
        file=diagram.path,
        element_id=process.id if node is None else node.id,
        element_name=(process.name if node is None else node.name) or "",
        line=process.line if node is None else node.line,
        **more,
    )


def _starts(library: Library, diagram: Diagram, level: Level) -> Iterator[Finding]:
    plain = [node for node in level.starts if node.event in ("none", "")]
    if not level.starts:
        yield at(
            diagram,
            "start.missing",
            level.owner,
            Sentence("没有开始事件，请画一个。", "There is no start event; please draw one."),
        )
    for node in plain[1:]:
        yield at(
            diagram,
            "start.several",
            node,
            Sentence(
                f"已有一个开始事件“{plain[0].name or plain[0].id}”，一个流程只能有一个。"
                "另一种发起方式请另画一个流程。",
                f"There is a start event already ({plain[0].id}); a process has one. "
                "Draw another process for another way to begin.",
            ),
        )
    if level.owner is None:
        for node in level.starts:
            yield from _start_words(library, diagram, node)


def _start_words(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    if "start" not in node.ext:
        return
    roles = words(node.ext.get("by"))
    if not node.ext["start"].strip() or not roles:
        yield at(
            diagram,
            "start.incomplete",
            node,
            Sentence(
                "能由人发起的开始事件要写按钮上的字（qh:start）和由谁发起（qh:by）。",
                "A start that people press needs the button's words (qh:start) and who may (qh:by).",
            ),
        )
    for role in roles:
        if role not in library.roles:
            yield at(diagram, "start.incomplete", node, _no_role(library, role))
    if node.ext.get("when") and not node.ext.get("reason"):
        yield at(
            diagram,
            "start.incomplete",
            node,
            Sentence(
                "写了发起条件（qh:when），还要写不满足时给人看的原因（qh:reason）。",
                "There is a condition (qh:when); say the reason that people see where it does not hold "
                "(qh:reason).",
            ),
            severity="warning",
        )
    if node.ext.get("on") and model_or_none(node.ext["on"]) is None:
        yield at(diagram, "subject.unknown", node, _no_model(node.ext["on"]))


def _no_model(name: str) -> Sentence:
    return Sentence(f"没有名为“{name}”的对象。", f"There is no model called {name}.")


def _no_role(library: Library, role: str) -> Sentence:
    known = "、".join(library.roles)
    return Sentence(
        f"没有角色“{role}”。已有：{known}。新角色可先在“角色”里添加。",
        f"There is no role {role}. Known: {known}. A new one is added under Roles first.",
    )


# ── ways ───────────────────────────────────────────────────────────────────────────────────────


def _cut_off(diagram: Diagram, level: Level) -> Iterator[Finding]:
    """What no way leads to, each piece once, at its beginning: connecting that mends all that follows."""
    told: set[str] = set()
    lost = [node for node in level.nodes.values() if node.id in level.cut_off]
    inner = {target for node in lost for target in level.after(node)}
    for node in sorted(lost, key=lambda one: one.id in inner):  # a ring has no beginning: any of it
        if node.id in told:
            continue
        behind = _closure([node.id], lambda name: level.after(level.nodes[name])) & level.cut_off
        others = len(behind - told) - 1
        told |= behind
        zh = f"它后面的 {others} 个环节也就走不到。" if others else ""
        en = f" so are the {others} elements behind it." if others else ""
        yield at(
            diagram,
            "node.unreachable",
            node,
            Sentence(
                f"没有路从开始走到这里。{zh}请连上，或删掉它。",
                f"No way leads here from the start{';' if others else '.'}{en} Connect it, or delete it.",
            ),
        )


def _ways(diagram: Diagram, level: Level) -> Iterator[Finding]:
    if not level.starts:
        return
    yield from _cut_off(diagram, level)
    back: dict[str, list[str]] = {}
    for node in level.nodes.values():
        for target in level.after(node):
            back.setdefault(target, []).append(node.id)
    ends = [node.id for node in level.nodes.values() if node.kind == "end_event" or not level.after(node)]
    ending = _closure(ends, lambda name: back.get(name, []))
    for node in level.nodes.values():
        if node.id not in level.cut_off and node.id not in ending:
            yield at(
                diagram,
                "end.unreachable",
                node,
                Sentence(
                    "从这里走不到任何结束，事情永远办不完。请连到一个结束事件。",
                    "No end can be reached from here; the case would never close. Lead it to an end event.",
                ),
            )


def _closure(start: Iterable[str], after: Callable[[str], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(after(name))
    return found


def _gateways(diagram: Diagram, level: Level) -> Iterator[Finding]:
    for node in level.nodes.values():
        flows = level.out(node)
        if node.kind == "exclusive_gateway" and len(flows) > 1:
            if node.default_flow not in {flow.id for flow in flows}:
                yield at(
                    diagram,
                    "gateway.no_default",
                    node,
                    Sentence(
                        "这个网关没有默认出口：条件都不满足时就走不下去。请把其中一条设为默认。",
                        "This gateway has no default flow: where no condition holds, nothing goes on. "
                        "Mark one of its flows as the default.",
                    ),
                )
            for flow in flows:
                if flow.id != node.default_flow and not flow.condition:
                    yield _at_flow(
                        diagram,
                        "gateway.no_condition",
                        flow,
                        Sentence(
                            "从网关出来的这条线没有条件，也不是默认出口，永远不会走到。请写条件。",
                            "This flow of a gateway has no condition and is not the default. "
                            "Write its condition.",
                        ),
                    )
        elif node.kind != "exclusive_gateway" or len(flows) == 1:
            for flow in flows:
                if flow.condition:
                    yield _at_flow(
                        diagram,
                        "condition.ignored",
                        flow,
                        Sentence(
                            "这条线总会走到，条件不起作用。要按条件分路，请先画一个排他网关。",
                            "This flow is always taken and its condition has no effect. "
                            "Draw an exclusive gateway to choose by conditions.",
                        ),
                    )


def _at_flow(diagram: Diagram, code: str, flow: Flow, sentence: Sentence) -> Finding:
    return finding(
        code,
        sentence,
        file=diagram.path,
        element_id=flow.id,
        element_name=flow.name or "",
        line=flow.line,
    )


# ── words and people ───────────────────────────────────────────────────────────────────────────


def _ids(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if len(node.id) > _LONGEST_ID:
        yield at(
            diagram,
            "id.too_long",
            node,
            Sentence(
                f"标识超过 {_LONGEST_ID} 个字符，请改短。", f"The id is longer than {_LONGEST_ID} characters."
            ),
        )
    if node.kind == "user_task" and not (node.name or "").strip():
        yield at(
            diagram,
            "name.missing",
            node,
            Sentence(
                "这一步没有名称，待办里会显示标识。", "This step has no name; the inbox would show its id."
            ),
        )


def _people(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind != "user_task":
        return
    if node.lane is None or node.lane == SYSTEM_LANE:
        yield at(
            diagram,
            "task.no_lane",
            node,
            Sentence(
                "没有人会看到这一步：请把它放进某个角色的泳道。",
                "Nobody would see this step: put it into the lane of a role.",
            ),
        )
    tasks = {other.id for other in diagram.process.all_nodes() if other.kind == "user_task"}
    for name in words(node.ext.get("distinct")):
        if name not in tasks or name == node.id:
            yield at(
                diagram,
                "distinct.unknown",
                node,
                Sentence(
                    f"“须由不同的人办理”里写的 {name} 不是另一个人工任务。",
                    f"qh:distinct names {name}, which is no other user task.",
                ),
            )


def _acts(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    if "action" not in node.ext:
        return
    roles = words(node.ext.get("by"))
    if (
        node.kind != "boundary_event"
        or node.event != "message"
        or not node.ext["action"].strip()
        or not roles
    ):
        yield at(
            diagram,
            "action.incomplete",
            node,
            Sentence(
                "等待中可办的事项要画成任务边上的消息事件，写按钮上的字（qh:action）和谁可以按（qh:by）。",
                "An act while a case waits is a message event on the task's boundary, with the button's words "
                "(qh:action) and who may press it (qh:by).",
            ),
        )
    for role in roles:
        if role not in library.roles:
            yield at(diagram, "action.incomplete", node, _no_role(library, role))


def _lanes(library: Library, diagram: Diagram) -> Iterator[Finding]:
    parents = {lane.parent for lane in diagram.process.lanes if lane.parent}
    for lane in diagram.process.lanes:
        if lane.id in parents and not lane.node_ids:
            continue
        if lane.name not in library.roles and lane.name != SYSTEM_LANE:
            yield finding(
                "lane.no_role",
                _no_role(library, lane.name or ""),
                file=diagram.path,
                element_id=lane.id,
                element_name=lane.name or "",
                line=lane.line,
            )


def _subject(diagram: Diagram) -> Iterator[Finding]:
    subject = diagram.process.ext.get("subject")
    if subject and model_or_none(subject) is None:
        yield at(diagram, "subject.unknown", None, _no_model(subject))
