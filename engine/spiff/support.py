"""What the engine does not run, or would run otherwise than BPMN says: refused before a diagram goes live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn import Flow, Node, Process
from engine.errors import Sentence


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A refusal: the element, a stable code, and what to do instead."""

    element_id: str
    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Level:
    """A process or subprocess; `owner` is its id."""

    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    owner: str


_KINDS = frozenset(
    {
        "start_event", "end_event", "catch_event", "throw_event", "boundary_event", "user_task",
        "service_task", "business_rule_task", "exclusive_gateway", "parallel_gateway", "event_based_gateway",
        "subprocess", "call_activity",
    }
)  # fmt: skip
_EVENTS = {
    "start_event": {"none"},
    "end_event": {"none", "message", "terminate"},
    "throw_event": {"none", "message"},
    "catch_event": {"message", "timer"},
    "boundary_event": {"message", "timer", "error"},
}
_ACTIVITIES = frozenset({"user_task", "service_task", "business_rule_task", "subprocess", "call_activity"})
_ONE_WAY = _ACTIVITIES | {"start_event", "catch_event", "throw_event", "boundary_event"}
_CHOICES = frozenset({"exclusive_gateway", "event_based_gateway"})  # where several flows leave
_DATA = frozenset({"dataStore", "dataStoreReference", "dataObject", "dataObjectReference"})


# ── rules for one element ──────────────────────────────────────────────────────────────────────────


def _several_flows(node: Node) -> bool:
    return node.kind in _ONE_WAY and len(node.outgoing) > 1


def _no_count(node: Node) -> bool:
    loop = node.loop
    return loop is not None and not loop.standard and not (loop.cardinality or loop.collection)


#: (code, whether the element breaks the rule, sentence). `{kind}` and `{event}` are the element's.
_RULES: tuple[tuple[str, Callable[[Node], bool], Sentence], ...] = (
    (
        "script",
        lambda n: bool(n.scripts),
        Sentence(
            "不能有脚本，请改用系统操作或条件。", "Scripts are not allowed; use an operation or a condition."
        ),
    ),
    (
        "event_subprocess",
        lambda n: n.triggered_by_event,
        Sentence(
            "不支持事件子流程，请改用边界事件。", "Event subprocesses are not run; use boundary events."
        ),
    ),
    (
        "event.kind",
        lambda n: n.kind in _EVENTS and n.event not in _EVENTS[n.kind],
        Sentence("这里不支持这种事件（{event}）。", "This kind of event is not run here ({event})."),
    ),
    (
        "timer.cycle",
        lambda n: n.timer_kind == "cycle",
        Sentence("不支持循环定时，请改用时长或日期。", "Cycle timers are not run; use a duration or a date."),
    ),
    (
        "timer.empty",
        lambda n: n.event == "timer" and not n.event_ref,
        Sentence("定时器没有写时间。", "The timer has no time."),
    ),
    (
        "message.name",
        lambda n: n.event == "message" and not n.event_ref,
        Sentence("消息没有名称。", "The message has no name."),
    ),
    (
        "loop.standard",
        lambda n: n.loop is not None and n.loop.standard,
        Sentence(
            "不支持标准循环，请用排他网关画回路。",
            "Standard loops are not run; draw a loop with an exclusive gateway.",
        ),
    ),
    (
        "loop.count",
        _no_count,
        Sentence("多实例没有写份数或集合。", "The multi-instance element has neither number nor collection."),
    ),
    (
        "error.interrupting",
        lambda n: n.kind == "boundary_event" and n.event == "error" and not n.interrupting,
        Sentence("错误事件必须中断。", "Error events interrupt."),
    ),
    (
        "flows.several",
        _several_flows,
        Sentence("只能有一条出线，分支请用网关。", "Only one flow may leave here; use a gateway to branch."),
    ),
    (
        "start.incoming",
        lambda n: n.kind == "start_event" and bool(n.incoming),
        Sentence("开始事件不能有入线。", "No flow may lead to a start event."),
    ),
    (
        "event.incoming",
        lambda n: n.kind == "boundary_event" and bool(n.incoming),
        Sentence("边界事件不能有入线。", "No flow may lead to a boundary event."),
    ),
)
_KIND = Sentence(
    "引擎不执行这种元素（{kind}），请换成用户任务、服务任务、排他网关或并行网关。",
    "The engine does not run this kind of element ({kind}); use tasks and the gateways of the palette.",
)


def unsupported(process: Process) -> list[Unsupported]:
    """Every refusal of a process, its subprocesses included."""
    found = list(_level(Level(process.nodes, process.flows, process.id)))
    data = Sentence(
        "数据对象和数据存储不会执行，请删去。", "Data objects and stores are not run; remove them."
    )
    found += [Unsupported(element, "data", data) for tag, element, _line in process.others if tag in _DATA]
    return found


def _level(level: Level) -> Iterator[Unsupported]:
    yield from _starts(level)
    for node in level.nodes.values():
        yield from _node(node)
        yield from _attached(level, node)
        if node.kind == "event_based_gateway":
            yield from _alternatives(level, node)
        if node.kind == "subprocess":
            yield from _level(Level(node.children, node.flows, node.id))
    yield from _flows(level)
    if all(flow.target in level.nodes for flow in level.flows.values()):
        yield from _cycles(level)


def _node(node: Node) -> Iterator[Unsupported]:
    if node.kind not in _KINDS:
        yield Unsupported(node.id, "element.kind", _KIND.format(kind=node.kind))
        return
    for code, breaks, sentence in _RULES:
        if breaks(node):
            yield Unsupported(node.id, code, sentence.format(kind=node.kind, event=node.event))


# ── rules for elements together ────────────────────────────────────────────────────────────────────


def _starts(level: Level) -> Iterator[Unsupported]:
    """H14: of two plain start events both would begin."""
    starts = [node.id for node in level.nodes.values() if node.kind == "start_event"]
    if len(starts) != 1:
        yield Unsupported(
            starts[1] if starts else level.owner,
            "start.count",
            Sentence(
                f"要有且只有一个开始事件，现在有 {len(starts)} 个。",
                f"There must be exactly one start event; there are {len(starts)}.",
            ),
        )


def _attached(level: Level, node: Node) -> Iterator[Unsupported]:
    if node.kind == "boundary_event":
        host = level.nodes.get(node.attached_to or "")
        if host is None or host.kind not in _ACTIVITIES:
            yield Unsupported(
                node.id,
                "event.attached",
                Sentence(
                    "边界事件没有附在任务或子流程上。", "The boundary event is not attached to an activity."
                ),
            )
        return
    errors = Counter(
        n.event_ref for n in level.nodes.values() if n.attached_to == node.id and n.event == "error"
    )
    if any(count > 1 for count in errors.values()):
        yield Unsupported(
            node.id,
            "error.twice",
            Sentence("同一个错误在这里有两个边界事件。", "Two boundary events catch the same error here."),
        )


def _alternatives(level: Level, gateway: Node) -> Iterator[Unsupported]:
    """H23: an event-based gateway chooses between events of its own, at most one of them a timer."""
    flows = [level.flows[flow] for flow in gateway.outgoing]
    targets = [level.nodes[flow.target] for flow in flows if flow.target in level.nodes]
    if any(target.kind != "catch_event" or len(target.incoming) != 1 for target in targets):
        yield Unsupported(
            gateway.id,
            "event_gateway.targets",
            Sentence(
                "事件网关后面只能直接接中间事件，且这些事件不能有别的入线。",
                "Only intermediate events may follow an event-based gateway, and no other flow may lead to them.",
            ),
        )
    if sum(target.event == "timer" for target in targets) > 1:
        yield Unsupported(
            gateway.id,
            "event_gateway.timers",
            Sentence("事件网关只能有一个定时器。", "An event-based gateway may have one timer only."),
        )


def _flows(level: Level) -> Iterator[Unsupported]:
    for flow in level.flows.values():
        source = level.nodes.get(flow.source)
        if source is None or flow.target not in level.nodes:
            yield Unsupported(
                flow.id,
                "flow.ends",
                Sentence(
                    "连线的一端没有元素，或在别的子流程里。",
                    "The flow leads from or to no element of this level.",
                ),
            )
        elif flow.condition and source.kind != "exclusive_gateway":
            yield Unsupported(
                flow.id,
                "flow.condition",
                Sentence(
                    "条件只能写在排他网关的出线上。",
                    "Only flows that leave an exclusive gateway have conditions.",
                ),
            )


def _cycles(level: Level) -> Iterator[Unsupported]:
    """H24: a cycle of flows without a gateway that chooses."""
    after = {
        node.id: []
        if node.kind in _CHOICES and len(node.outgoing) > 1
        else [level.flows[flow].target for flow in node.outgoing]
        for node in level.nodes.values()
    }
    state: dict[str, int] = {}
    for start in after:
        if state.get(start):
            continue
        state[start] = 1
        stack = [(start, iter(after[start]))]
        while stack:
            current, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[current] = 2
                stack.pop()
            elif state.get(step) == 1:
                yield Unsupported(
                    step,
                    "cycle.no_choice",
                    Sentence(
                        "这里绕成了圈，圈上没有做选择的网关。请在圈上放一个排他网关。",
                        "The flows go round in a circle without a choosing gateway; put an exclusive one on it.",
                    ),
                )
            elif not state.get(step):
                state[step] = 1
                stack.append((step, iter(after[step])))
