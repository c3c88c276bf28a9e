"""Two versions of a diagram: what was added, removed and changed, element by element, in the office's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine import bpmn, operations
from engine.bpmn import Flow, Node, Process
from engine.errors import Sentence as S
from engine.release.difference import Difference, shown

_KINDS = {
    "user_task": S("步骤", "the step"),
    "service_task": S("系统操作", "the system step"),
    "business_rule_task": S("决策", "the decision"),
    "start_event": S("开始", "the start"),
    "end_event": S("结束", "the end"),
    "exclusive_gateway": S("分支", "the gateway"),
    "parallel_gateway": S("并行网关", "the parallel gateway"),
    "inclusive_gateway": S("包容网关", "the inclusive gateway"),
    "event_based_gateway": S("等待网关", "the waiting gateway"),
    "subprocess": S("子流程", "the subprocess"),
    "call_activity": S("调用的流程", "the called flow"),
}
_EVENTS = {
    "timer": S("定时", "the timer"),
    "message": S("消息", "the message event"),
    "terminate": S("终止", "the terminate event"),
}
#: qh attribute → what the office calls it.
_ATTRIBUTES = {
    "form": S("表单", "form"),
    "due": S("办理期限", "time limit"),
    "notify": S("通知", "notices"),
    "distinct": S("须由不同的人办理", "other people than at"),
    "start": S("按钮文字", "button"),
    "action": S("按钮文字", "button"),
    "by": S("由谁", "by whom"),
    "on": S("在哪里发起", "offered on"),
    "when": S("什么时候能办", "when"),
    "reason": S("不能办的原因", "reason"),
    "key": S("收消息的对象", "receiver"),
    "party": S("哪一方", "party"),
    "out": S("交出的变量", "variables handed out"),
    "subject": S("办理对象", "subject"),
    "second_person": S("须由第二个人发布", "second person"),
}


@dataclass(frozen=True, slots=True)
class Marks:
    """Ids of elements and flows: `removed` are on the old diagram, `added` on the new, `changed` on both."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def diagram_changes(old: bytes, new: bytes) -> Iterator[Difference]:
    """The differences of two diagrams. Raises bpmn.DiagramUnreadable."""
    before, after = _read(old), _read(new)
    yield from _process(before, after)
    yield from _nodes(before, after)
    yield from _flows(before, after)


def diagram_marks(old: bytes, new: bytes) -> Marks:
    """The same differences as ids. Raises bpmn.DiagramUnreadable."""
    added: list[str] = []
    removed: list[str] = []
    changed: list[str] = []
    for difference in diagram_changes(old, new):
        into = {"added": added, "removed": removed}.get(difference.what, changed)
        if difference.element_id and difference.element_id not in into:
            into.append(difference.element_id)
    return Marks(tuple(added), tuple(removed), tuple(changed))


def _read(body: bytes) -> Process:
    found = bpmn.read(body)
    if not found:
        raise ValueError("no process")
    return found[0]


# ── the process and its people ─────────────────────────────────────────────────────────────────────


def _process(before: Process, after: Process) -> Iterator[Difference]:
    if before.name != after.name:
        yield Difference(S("流程的名称", "The flow's name"), before=before.name, after=after.name)
    for key in sorted({*before.ext, *after.ext}):
        if before.ext.get(key) != after.ext.get(key):
            word = _ATTRIBUTES.get(key, S(key, key))
            yield Difference(
                S(f"流程的{word.zh}", f"The flow's {word.en}"),
                before=before.ext.get(key, ""),
                after=after.ext.get(key, ""),
            )
    lanes_before = {lane.name: lane for lane in before.lanes}
    lanes_after = {lane.name: lane for lane in after.lanes}
    for name in lanes_after.keys() - lanes_before.keys():
        lane = lanes_after[name]
        yield Difference(S(f"增加泳道“{name}”", f"Added the lane {name}"), "added", lane.id)
    for name in lanes_before.keys() - lanes_after.keys():
        lane = lanes_before[name]
        yield Difference(S(f"删去泳道“{name}”", f"Removed the lane {name}"), "removed", lane.id)


# ── elements ───────────────────────────────────────────────────────────────────────────────────────


def _nodes(before: Process, after: Process) -> Iterator[Difference]:
    old = {node.id: node for node in before.all_nodes()}
    new = {node.id: node for node in after.all_nodes()}
    for node in (new[name] for name in new if name not in old):
        word = called(node)
        yield Difference(S(f"增加{word.zh}", f"Added {word.en}"), "added", node.id, after=_where(node))
    for node in (old[name] for name in old if name not in new):
        word = called(node)
        yield Difference(S(f"删去{word.zh}", f"Removed {word.en}"), "removed", node.id)
    for name in old:
        if name in new:
            yield from _node(old[name], new[name])


def called(node: Node) -> S:
    """What an element is called: its kind and its name."""
    kind = _KINDS.get(node.kind)
    if kind is None or node.kind == "boundary_event":
        kind = _EVENTS.get(node.event, S("事件", "the event"))
    name = node.name or node.id
    return S(f"{kind.zh}“{name}”", f"{kind.en} {name}")


def _where(node: Node) -> str:
    return node.lane or ""


def _node(old: Node, new: Node) -> Iterator[Difference]:
    word = called(new)

    def told(what: S, before: object, after: object) -> Difference:
        return Difference(
            S(f"{word.zh}的{what.zh}", f"{what.en.capitalize()} of {word.en}"),
            "changed",
            new.id,
            shown(before),
            shown(after),
        )

    pairs: list[tuple[S, object, object]] = [
        (S("名称", "name"), old.name, new.name),
        (S("类型", "kind"), _kind(old), _kind(new)),
        (S("办理人", "role"), old.lane, new.lane),
        (S("系统操作", "operation"), _operation(old), _operation(new)),
        (S("决策", "decision"), old.decision, new.decision),
        (S("结果名称", "result"), old.result_variable, new.result_variable),
        (S("调用的流程", "called flow"), old.called_element, new.called_element),
        (_event_word(new), old.event_ref, new.event_ref),
        (S("所在步骤", "step"), old.attached_to, new.attached_to),
        (S("是否中断", "interrupting"), old.interrupting, new.interrupting),
        (S("重复方式", "repetition"), _loop(old), _loop(new)),
    ]
    for what, before, after in pairs:
        if (before or None) != (after or None):
            yield told(what, before, after)
    for key in sorted({*old.ext, *new.ext}):
        if old.ext.get(key) != new.ext.get(key):
            yield told(_ATTRIBUTES.get(key, S(key, key)), old.ext.get(key), new.ext.get(key))
    yield from _parameters(old, new, told)


def _parameters(old: Node, new: Node, told: object) -> Iterator[Difference]:
    before = {p.name: p.value for p in old.parameters}
    after = {p.name: p.value for p in new.parameters}
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield told(S(f"参数 {name} ", f"parameter {name}"), before.get(name), after.get(name))  # type: ignore[operator]


def _kind(node: Node) -> str:
    kind = _KINDS.get(node.kind) if node.kind != "boundary_event" else None
    return (kind or _EVENTS.get(node.event, S("事件", "event"))).zh


def _event_word(node: Node) -> S:
    return S("时间", "time") if node.event == "timer" else S("消息", "message")


def _operation(node: Node) -> str | None:
    if node.operation is None:
        return None
    known = node.operation in operations.names()
    return operations.get(node.operation).label.zh if known else node.operation


def _loop(node: Node) -> str | None:
    loop = node.loop
    if loop is None:
        return None
    parts = (
        ("逐个" if loop.sequential else "同时"),
        f"次数 {loop.cardinality}" if loop.cardinality else "",
        f"对每个 {loop.collection}" if loop.collection else "",
        f"直到 {loop.completion}" if loop.completion else "",
    )
    return "，".join(part for part in parts if part)


# ── flows ──────────────────────────────────────────────────────────────────────────────────────────


def _flows(before: Process, after: Process) -> Iterator[Difference]:
    old = {flow.id: flow for flow in before.all_flows()}
    new = {flow.id: flow for flow in after.all_flows()}
    names_old, names_new = _names(before), _names(after)
    for flow in (new[name] for name in new if name not in old):
        yield Difference(_way("增加", "Added", flow, names_new), "added", flow.id)
    for flow in (old[name] for name in old if name not in new):
        yield Difference(_way("删去", "Removed", flow, names_old), "removed", flow.id)
    defaults_old, defaults_new = _defaults(before), _defaults(after)
    for name in old:
        if name in new:
            yield from _flow(old[name], new[name], names_old, names_new)
            if (name in defaults_old) != (name in defaults_new):
                yield Difference(
                    _of(new[name], names_new, S("是否默认走这边", "whether it is the default")),
                    "changed",
                    name,
                    shown(name in defaults_old),
                    shown(name in defaults_new),
                )


def _names(process: Process) -> dict[str, str]:
    return {node.id: node.name or node.id for node in process.all_nodes()}


def _defaults(process: Process) -> set[str]:
    return {node.default_flow for node in process.all_nodes() if node.default_flow}


def _way(zh: str, en: str, flow: Flow, names: dict[str, str]) -> S:
    source, target = names.get(flow.source, flow.source), names.get(flow.target, flow.target)
    return S(f"{zh}连线“{source}”→“{target}”", f"{en} the flow {source} → {target}")


def _of(flow: Flow, names: dict[str, str], what: S) -> S:
    source, target = names.get(flow.source, flow.source), names.get(flow.target, flow.target)
    name = flow.name or f"{source}→{target}"
    return S(f"连线“{name}”的{what.zh}", f"{what.en.capitalize()} of the flow {name}")


def _flow(old: Flow, new: Flow, names_old: dict[str, str], names_new: dict[str, str]) -> Iterator[Difference]:
    for what, before, after in (
        (S("名称", "name"), old.name, new.name),
        (S("条件", "condition"), old.condition, new.condition),
        (S("起点", "source"), names_old.get(old.source), names_new.get(new.source)),
        (S("去向", "target"), names_old.get(old.target), names_new.get(new.target)),
    ):
        same_ends = what.en in ("source", "target") and (old.source, old.target) == (new.source, new.target)
        if (before or None) != (after or None) and not same_ends:
            yield Difference(_of(new, names_new, what), "changed", new.id, shown(before), shown(after))
