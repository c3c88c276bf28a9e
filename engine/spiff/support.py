"""What the engine does not run, or SpiffWorkflow runs wrongly: refused before a diagram goes live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn import Node, Process
from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A refusal: the element, a stable code, and what to do instead."""

    element_id: str
    code: str
    sentence: Sentence


_KINDS = {
    "start_event", "end_event", "catch_event", "throw_event", "boundary_event", "user_task", "service_task",
    "business_rule_task", "exclusive_gateway", "parallel_gateway", "event_based_gateway", "subprocess",
    "call_activity",
}  # fmt: skip
_EVENTS = {
    "start_event": {"none"},
    "end_event": {"none", "message", "terminate"},
    "throw_event": {"none", "message"},
    "catch_event": {"message", "timer"},
    "boundary_event": {"message", "timer", "error"},
}
_ACTIVITIES = {"user_task", "service_task", "business_rule_task", "subprocess", "call_activity"}
_CHOICES = {"exclusive_gateway", "event_based_gateway"}


def unsupported(process: Process) -> list[Unsupported]:
    """Every refusal of a process, its subprocesses included."""
    found = list(_level(process.nodes, process.flows, process.id))
    for tag, element_id, _line in process.others:
        if tag in ("dataStore", "dataStoreReference", "dataObject", "dataObjectReference"):
            found.append(
                _no(
                    element_id,
                    "data",
                    "数据对象和数据存储不会执行，请删去。",
                    "Data objects and stores are not run; remove them.",
                )
            )
    return found


def _level(nodes: dict[str, Node], flows: dict, owner: str) -> Iterator[Unsupported]:  # type: ignore[type-arg]
    starts = [node for node in nodes.values() if node.kind == "start_event"]
    if len(starts) != 1:
        yield _no(
            starts[1].id if len(starts) > 1 else owner,
            "start.count",
            f"要有且只有一个开始事件，现在有 {len(starts)} 个。",
            f"There must be exactly one start event; there are {len(starts)}.",
        )
    for node in nodes.values():
        yield from _node(node)
        if node.kind == "subprocess":
            yield from _level(node.children, node.flows, node.id)
    yield from _cycles(nodes, flows)


def _node(node: Node) -> Iterator[Unsupported]:
    if node.kind not in _KINDS:
        yield _no(
            node.id,
            "element.kind",
            f"引擎不执行这种元素（{node.kind}），请换成用户任务、服务任务、排他网关或并行网关。",
            f"The engine does not run this kind of element ({node.kind}); use tasks and the gateways of the palette.",
        )
        return
    if node.scripts:
        yield _no(
            node.id,
            "script",
            "不能有脚本，请改用系统操作或条件。",
            "Scripts are not allowed; use an operation or a condition.",
        )
    if node.triggered_by_event:
        yield _no(
            node.id,
            "event_subprocess",
            "不支持事件子流程，请改用边界事件。",
            "Event subprocesses are not run; use boundary events.",
        )
    if node.kind in _EVENTS and node.event not in _EVENTS[node.kind]:
        yield _no(
            node.id,
            "event.kind",
            f"这里不支持这种事件（{node.event}）。",
            f"This kind of event is not run here ({node.event}).",
        )
    if node.timer_kind == "cycle":
        yield _no(
            node.id,
            "timer.cycle",
            "不支持循环定时，请改用时长或日期。",
            "Cycle timers are not run; use a duration or a date.",
        )
    if node.event == "timer" and not node.event_ref:
        yield _no(node.id, "timer.empty", "定时器没有写时间。", "The timer has no time.")
    if node.event == "message" and not node.event_ref:
        yield _no(node.id, "message.name", "消息没有名称。", "The message has no name.")
    if node.loop is not None and node.loop.standard:
        yield _no(
            node.id,
            "loop.standard",
            "不支持标准循环，请用排他网关画回路。",
            "Standard loops are not run; draw a loop with an exclusive gateway.",
        )
    if (
        node.loop is not None
        and not node.loop.standard
        and not (node.loop.cardinality or node.loop.collection)
    ):
        yield _no(
            node.id,
            "loop.count",
            "多实例没有写份数或集合。",
            "The multi-instance element has neither number nor collection.",
        )
    if node.kind == "boundary_event" and node.event == "error" and not node.interrupting:
        yield _no(node.id, "error.interrupting", "错误事件必须中断。", "Error events interrupt.")
    if (
        node.kind in _ACTIVITIES | {"start_event", "catch_event", "throw_event", "boundary_event"}
        and len(node.outgoing) > 1
    ):
        yield _no(
            node.id,
            "flows.several",
            "只能有一条出线，分支请用网关。",
            "Only one flow may leave here; use a gateway to branch.",
        )
    if node.kind == "start_event" and node.incoming:
        yield _no(node.id, "start.incoming", "开始事件不能有入线。", "No flow may lead to a start event.")


def _cycles(nodes: dict[str, Node], flows: dict) -> Iterator[Unsupported]:  # type: ignore[type-arg]
    """H24: a cycle of flows without a gateway that chooses."""
    after = {
        node.id: [flows[flow].target for flow in node.outgoing] if node.kind not in _CHOICES else []
        for node in nodes.values()
    }
    for node in nodes.values():
        if node.attached_to in after:
            continue
    state: dict[str, int] = {}
    for start in after:
        if state.get(start):
            continue
        stack = [(start, iter(after[start]))]
        state[start] = 1
        while stack:
            current, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[current] = 2
                stack.pop()
            elif state.get(step) == 1:
                yield _no(
                    step,
                    "cycle.no_choice",
                    "这里绕成了圈，圈上没有做选择的网关。请在圈上放一个排他网关。",
                    "The flows go round in a circle without a choosing gateway; put an exclusive gateway on it.",
                )
            elif step in after and not state.get(step):
                state[step] = 1
                stack.append((step, iter(after[step])))


def _no(element_id: str, code: str, zh: str, en: str) -> Unsupported:
    return Unsupported(element_id, code, Sentence(zh, en))
