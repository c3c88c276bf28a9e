"""Random ordinary diagrams of everything that the engine runs: first as a tree of blocks, then as BPMN XML.

The tree is plain lists, so that a diagram that goes wrong can be made smaller (`smaller`) and still be drawn.
A block: ["user", {}] ["service", {}] ["throw"] ["send"] ["catch", kind] ["xor", [seq…], jump] ["par", [seq…]]
["cross", seq, seq, seq, seq] ["loop", seq, seq] ["events", [[kind, seq]…]] ["sub", seq, {}] ["call", n, {}]
["end", kind]. Options of an activity: "loop": [sequential, until, collection], "events": [[kind, interrupting, where, seq]…].
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

Seq = list[Any]

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:qh="urn:qihang:bpmn" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="urn:random">'
)


# ── growing ────────────────────────────────────────────────────────────────────────────────────────


class Grower:
    """Grows the trees of one diagram."""

    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.left = size

    def diagram(self) -> dict[str, Seq]:
        """`main` and the processes it may call."""
        called = {f"called_{n}": self.seq(1, 3, n) for n in range(self.random.choice((0, 1, 1, 2)))}
        return {"main": self.seq(0, self.random.randint(4, 8), len(called), least=3), **called}

    def seq(self, depth: int, most: int, calls: int, may_end: bool = False, least: int = 1) -> Seq:
        made = []
        for _ in range(self.random.randint(least, most)):
            if self.left <= 0:
                break
            made.append(self.block(depth, calls))
        if not made:
            made.append(["user", {}])
        if may_end and self.random.random() < 0.15:
            made.append(["end", self.random.choice(("none", "none", "message", "terminate"))])
        return made

    def block(self, depth: int, calls: int) -> Any:
        self.left -= 1
        pick = self.random.random()
        if depth >= 3 or pick < 0.38:
            return self.leaf(depth, calls)
        deeper = depth + 1
        if pick < 0.50:
            jump = [0, 1] if self.random.random() < 0.2 else None
            return ["xor", [self.seq(deeper, 2, calls, True) for _ in range(self.some())], jump]
        if pick < 0.64:
            return ["par", [self.seq(deeper, 2, calls, True) for _ in range(self.some())]]
        if pick < 0.67:
            return ["cross", *(self.seq(deeper, 1, calls) for _ in range(4))]
        if pick < 0.78:
            return ["loop", self.seq(deeper, 3, calls), self.seq(deeper, 1, calls)]
        if pick < 0.84:
            kinds = ["message", self.random.choice(("message", "timer")), "message"][: self.some()]
            return ["events", [[kind, self.seq(deeper, 1, calls, True)] for kind in kinds]]
        if pick < 0.94:
            return ["sub", self.seq(deeper, 3, calls), self.options(depth, calls, 0.35)]
        return self.call(depth, calls)

    def some(self) -> int:
        return self.random.choice((2, 2, 2, 3))

    def leaf(self, depth: int, calls: int) -> Any:
        pick = self.random.random()
        if pick < 0.66:
            return ["user", self.options(depth, calls, 0.2)]
        if pick < 0.76:
            return ["service", self.options(depth, calls, 0.2)]
        if pick < 0.80:
            return [self.random.choice(("throw", "send"))]
        if pick < 0.92:
            return ["catch", self.random.choice(("message", "timer"))]
        return self.call(depth, calls)

    def call(self, depth: int, calls: int) -> Any:
        if not calls:
            return ["user", self.options(depth, calls, 0.3)]
        return ["call", self.random.randrange(calls), self.options(depth, calls, 0.35)]

    def options(self, depth: int, calls: int, loops: float) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if self.random.random() < loops:
            made["loop"] = [
                self.random.random() < 0.4,
                self.random.random() < 0.4,
                self.random.random() < 0.5,
            ]
        if self.random.random() < 0.35:
            made["events"] = [self.event(depth, calls) for _ in range(self.random.choice((1, 1, 2, 3)))]
            errors = [event for event in made["events"] if event[0] == "error"]
            for more in errors[1:]:
                made["events"].remove(more)
        return made

    def event(self, depth: int, calls: int) -> list[Any]:
        kind = self.random.choice(("message", "message", "timer", "timer", "error"))
        where = self.random.choice(("end", "onward", "onward", "onward", "back", "back"))
        path = self.seq(min(depth + 2, 3), 2, calls, where == "end") if self.random.random() < 0.6 else []
        if kind == "error" and where == "back" and not any(map(_waits, path)):
            path = [["user", {}], *path]
        return [kind, kind == "error" or self.random.random() < 0.5, where, path]


def _waits(block: Any) -> bool:
    """Whether a token surely rests here: what a loop needs, which would else run round in one step."""
    return block[0] == "catch" or (block[0] == "user" and "loop" not in block[1])


def grow(seed: int) -> dict[str, Seq]:
    """The trees of a diagram; the same seed gives the same."""
    random = Random(seed)
    return Grower(random, random.randint(8, 26)).diagram()


# ── drawing ────────────────────────────────────────────────────────────────────────────────────────


class _Level:
    """The elements of one process or subprocess, while it is drawn."""

    def __init__(self, drawing: _Drawing) -> None:
        self.drawing = drawing
        self.nodes: list[list[str]] = []  # id, tag, attributes, body
        self.flows: list[tuple[str, str, str, bool]] = []  # id, source, target, conditional
        self.defaults: dict[str, str] = {}

    def node(self, stem: str, tag: str, attributes: str = "", body: str = "") -> str:
        name = self.drawing.name(stem)
        self.nodes.append([name, tag, attributes, body])
        return name

    def flow(self, source: str, target: str) -> None:
        """A flow; from an exclusive gateway the first drawn is the default, the others have conditions."""
        name = self.drawing.name("f")
        gateway = source.startswith("x_")
        first = gateway and source not in self.defaults
        if first:
            self.defaults[source] = name
        self.flows.append((name, source, target, gateway and not first))

    def connect(self, ends: list[str], target: str) -> None:
        for end in ends:
            self.flow(end, target)

    def xml(self) -> str:
        parts = []
        for name, tag, attributes, body in self.nodes:
            default = f' default="{self.defaults[name]}"' if name in self.defaults else ""
            parts.append(f'<bpmn:{tag} id="{name}"{default}{attributes}>{body}</bpmn:{tag}>')
        for name, source, target, conditional in self.flows:
            text = f"flow {source} {name}"
            inner = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>" if conditional else ""
            parts.append(
                f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
            )
        return "".join(parts)


class _Drawing:
    def __init__(self) -> None:
        self.count = 0
        self.messages: list[str] = []

    def name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}_{self.count}"

    def event(self, kind: str) -> str:
        """The definition of an event; every message has a name of its own."""
        if kind == "message":
            name = self.name("message")
            self.messages.append(name)
            return f'<bpmn:messageEventDefinition messageRef="{name}" />'
        if kind == "timer":
            return "<bpmn:timerEventDefinition><bpmn:timeDuration>timer</bpmn:timeDuration></bpmn:timerEventDefinition>"
        return {
            "none": "",
            "terminate": "<bpmn:terminateEventDefinition />",
            "error": "<bpmn:errorEventDefinition />",
        }[kind]

    def process(self, tree: Seq) -> str:
        level = _Level(self)
        self.fill(level, tree)
        return level.xml()

    def fill(self, level: _Level, tree: Seq) -> None:
        start = level.node("start", "startEvent")
        ends = self.seq(level, tree, [start])
        if ends:
            level.connect(ends, level.node("end", "endEvent"))

    def seq(self, level: _Level, tree: Seq, ends: list[str]) -> list[str]:
        for block in tree:
            if not ends:
                break
            ends = getattr(self, f"_{block[0]}")(level, block, ends)
        return ends

    def one(self, level: _Level, ends: list[str], stem: str, tag: str, body: str = "") -> list[str]:
        made = level.node(stem, tag, "", body)
        level.connect(ends, made)
        return [made]

    def _end(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        self.one(level, ends, "end", "endEvent", self.event(block[1]))
        return []

    def _throw(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        return self.one(level, ends, "throw", "intermediateThrowEvent")

    def _send(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        return self.one(level, ends, "send", "intermediateThrowEvent", self.event("message"))

    def _catch(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        return self.one(level, ends, "catch", "intermediateCatchEvent", self.event(block[1]))

    def _merged(self, level: _Level, ends: list[str]) -> str:
        gateway = level.node("m", "exclusiveGateway")
        level.connect(ends, gateway)
        return gateway

    def _xor(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        (split,) = self.one(level, ends, "x", "exclusiveGateway")
        jump = block[2]
        target = level.node("m", "exclusiveGateway") if jump and max(jump) < len(block[1]) else None
        out: list[str] = []
        for number, branch in enumerate(block[1]):
            entry = split
            if target is not None and number == jump[1]:
                level.flow(split, target)
                entry = target
            made = self.seq(level, branch, [entry])
            if target is not None and number == jump[0] and made:
                leap = level.node("x", "exclusiveGateway")
                level.connect(made, leap)
                level.flow(leap, target)
                made = [leap]
            out += made
        return out

    def _par(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        if len(ends) > 1:
            ends = [self._merged(level, ends)]
        (split,) = self.one(level, ends, "p", "parallelGateway")
        out = []
        for branch in block[1]:
            made = self.seq(level, branch, [split])
            out += [self._merged(level, made)] if len(made) > 1 else made
        return self.one(level, out, "p", "parallelGateway") if out else []

    def _cross(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        """Two branches that each feed both of two joins."""
        if len(ends) > 1:
            ends = [self._merged(level, ends)]
        (split,) = self.one(level, ends, "p", "parallelGateway")
        first, second = level.node("p", "parallelGateway"), level.node("p", "parallelGateway")
        for branch in block[1:3]:
            made = self.seq(level, branch, [split])
            fork = level.node("p", "parallelGateway")
            level.connect(made if len(made) < 2 else [self._merged(level, made)], fork)
            level.flow(fork, first)
            level.flow(fork, second)
        out = []
        for join, branch in ((first, block[3]), (second, block[4])):
            made = self.seq(level, branch, [join])
            out += [self._merged(level, made)] if len(made) > 1 else made
        return self.one(level, out, "p", "parallelGateway")

    def _loop(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        merge = self._merged(level, ends)
        made = self.seq(level, block[1], [merge])
        if not made:
            return []
        (split,) = self.one(level, made, "x", "exclusiveGateway")
        onward = level.node("throw", "intermediateThrowEvent")
        level.flow(split, onward)
        back = block[2]
        if not any(map(_waits, (*block[1], *back))):
            back = [["user", {}], *back]
        level.connect(self.seq(level, back, [split]), merge)
        return [onward]

    def _events(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        (gateway,) = self.one(level, ends, "e", "eventBasedGateway")
        out = []
        for kind, branch in block[1]:
            event = level.node("catch", "intermediateCatchEvent", "", self.event(kind))
            level.flow(gateway, event)
            out += self.seq(level, branch, [event])
        return out

    def _user(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        return self.activity(level, ends, "user", "userTask", "", "", block[1])

    def _service(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        body = (
            '<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="work" /></bpmn:extensionElements>'
        )
        return self.activity(level, ends, "service", "serviceTask", "", body, block[1])

    def _sub(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        inner = _Level(self)
        self.fill(inner, block[1])
        return self.activity(level, ends, "sub", "subProcess", "", inner.xml(), block[2])

    def _call(self, level: _Level, block: Any, ends: list[str]) -> list[str]:
        return self.activity(
            level, ends, "call", "callActivity", f' calledElement="called_{block[1]}"', "", block[2]
        )

    def activity(
        self,
        level: _Level,
        ends: list[str],
        stem: str,
        tag: str,
        attributes: str,
        body: str,
        options: dict[str, Any],
    ) -> list[str]:
        name = level.node(stem, tag, attributes, body)
        if "loop" in options:
            level.nodes[-1][3] += _loop(name, *options["loop"])
        events = [event for event in options.get("events", ()) if event[0] != "error" or tag != "userTask"]
        entry = name
        if any(event[2] == "back" for event in events):
            entry = level.node("m", "exclusiveGateway")
            level.flow(entry, name)
        level.connect(ends, entry)
        out = [name]
        for kind, interrupting, where, path in events:
            attached = f' attachedToRef="{name}" cancelActivity="{str(interrupting).lower()}"'
            event = level.node("b", "boundaryEvent", attached, self.event(kind))
            made = self.seq(level, path, [event])
            if where == "onward":
                out += made
            elif made:
                level.connect(made, entry if where == "back" else level.node("end", "endEvent"))
        return out


def _loop(name: str, sequential: bool, until: bool, collection: bool) -> str:
    over, count = "", f"<bpmn:loopCardinality>count {name}</bpmn:loopCardinality>"
    if collection:
        over, count = f'qh:collection="items {name}" qh:element="item_{name}" ', ""
    condition = f"<bpmn:completionCondition>enough {name}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'{over}qh:results="done_{name}">{count}{condition}</bpmn:multiInstanceLoopCharacteristics>'
    )


def draw(trees: dict[str, Seq]) -> bytes:
    """BPMN XML of all processes of a diagram."""
    drawing = _Drawing()
    processes = {name: drawing.process(tree) for name, tree in trees.items()}
    messages = "".join(f'<bpmn:message id="{name}" name="{name}" />' for name in drawing.messages)
    bodies = "".join(
        f'<bpmn:process id="{name}" isExecutable="true">{body}</bpmn:process>'
        for name, body in processes.items()
    )
    return f"{_HEAD}{messages}{bodies}</bpmn:definitions>".encode()


# ── shrinking ──────────────────────────────────────────────────────────────────────────────────────


def smaller(trees: dict[str, Seq]) -> Iterator[dict[str, Seq]]:
    """Diagrams with one thing less, the largest cuts first."""
    for name in trees:
        if name != "main":
            changed = copy.deepcopy(trees)
            changed[name] = [["user", {}]]
            if changed != trees:
                yield changed
    for path in list(_paths(trees)):
        yield from _without(trees, path)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _without(trees: dict[str, Seq], path: tuple[Any, ...]) -> Iterator[dict[str, Seq]]:
    changed = copy.deepcopy(trees)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    key, value = path[-1], parent[path[-1]]
    if len(path) == 1:
        return
    if isinstance(parent, dict):
        del parent[key]
        yield changed
        return
    if not isinstance(value, list) or not value:
        return
    is_block = isinstance(value[0], str) and value[0] in _BLOCKS
    if is_block:
        for inner in _sequences(value):
            again = copy.deepcopy(trees)
            there: Any = again
            for step in path[:-1]:
                there = there[step]
            there[key : key + 1] = copy.deepcopy(inner)
            yield again
        if len(parent) > 1:
            del parent[key]
            yield changed
    elif len(parent) > 1 and isinstance(parent[0], list):
        del parent[key]
        yield changed


_BLOCKS = {
    "user", "service", "throw", "send", "catch", "xor", "par", "cross", "loop", "events", "sub", "call", "end",
}  # fmt: skip


def _sequences(block: Any) -> list[Seq]:
    kind = block[0]
    if kind in ("xor", "par"):
        return list(block[1])
    if kind in ("loop", "cross"):
        return list(block[1:])
    if kind == "events":
        return [branch for _, branch in block[1]]
    if kind == "sub":
        return [block[1]]
    return [[["user", {}]]] if kind in ("call", "service", "catch") else []
