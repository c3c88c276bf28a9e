"""Small diagrams by hand, and an office whose services are plain Python: conditions are FEEL, operations functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson

from engine import bpmn, feel, spiff

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:qh="urn:qihang:bpmn" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="urn:tests">'
)
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def element(tag: str, name: str, body: str = "", **attributes: str) -> str:
    """An element by its tag; `qh_due` becomes `qh:due`."""
    given = "".join(f' {key.replace("qh_", "qh:")}="{value}"' for key, value in attributes.items())
    return f'<bpmn:{tag} id="{name}"{given}>{body}</bpmn:{tag}>'


def user(name: str, body: str = "", **attributes: str) -> str:
    return element("userTask", name, body, **attributes)


def service(name: str, operation: str, result: str = "", body: str = "") -> str:
    kept = f' resultVariable="{result}"' if result else ""
    return element(
        "serviceTask",
        name,
        f'<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="{operation}"{kept} />'
        f"</bpmn:extensionElements>{body}",
    )


def many(sequential: bool = False, count: str = "", until: str = "", **attributes: str) -> str:
    """Multi-instance: by `count`, or `collection="…"` with `element` and `results`."""
    given = "".join(f' qh:{key}="{value}"' for key, value in attributes.items())
    number = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>" if count else ""
    end = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"{given}>'
        f"{number}{end}</bpmn:multiInstanceLoopCharacteristics>"
    )


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{name}" />'


def error(code: str = "") -> str:
    return f'<bpmn:errorEventDefinition errorRef="{code}" />' if code else "<bpmn:errorEventDefinition />"


def boundary(name: str, host: str, definition: str, interrupting: bool = True) -> str:
    return element(
        "boundaryEvent", name, definition, attachedToRef=host, cancelActivity=str(interrupting).lower()
    )


def flows(*lines: str) -> str:
    """Flows as text: `a > b > c`, with a condition `gateway > b : amount > 3`."""
    made = []
    for line in lines:
        path, _, condition = line.partition(" : ")
        names = path.split(" > ")
        for source, target in pairwise(names):
            body = (
                f"<bpmn:conditionExpression><![CDATA[{condition}]]></bpmn:conditionExpression>"
                if condition
                else ""
            )
            made.append(
                f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
                f"{body}</bpmn:sequenceFlow>"
            )
    return "".join(made)


def xor(name: str, default: str = "") -> str:
    return (
        element("exclusiveGateway", name, default=f"{name}_{default}")
        if default
        else element("exclusiveGateway", name)
    )


def both(name: str) -> str:
    return element("parallelGateway", name)


def sub(name: str, *inner: str, body: str = "", **attributes: str) -> str:
    """An embedded subprocess with a start `{name}_start` and an end `{name}_end`."""
    ends = element("startEvent", f"{name}_start") + element("endEvent", f"{name}_end")
    return element("subProcess", name, ends + "".join(inner) + body, **attributes)


def diagram(*elements: str, called: Mapping[str, tuple[str, ...]] | None = None) -> bytes:
    """A process `main` with a start `start` and an end `end`, and the processes that it calls."""
    messages = "".join(
        f'<bpmn:message id="{name}" name="{name}" />' for name in ("change", "cancel", "paid", "news")
    )
    errors = "".join(f'<bpmn:error id="{code}" errorCode="{code}" />' for code in ("full", "gone"))
    processes = []
    for name, inner in {"main": elements, **(called or {})}.items():
        prefix = "" if name == "main" else f"{name}_"
        ends = element("startEvent", f"{prefix}start") + element("endEvent", f"{prefix}end")
        processes.append(
            f'<bpmn:process id="{name}" isExecutable="true">{ends}{"".join(inner)}</bpmn:process>'
        )
    return f"{_HEAD}{messages}{errors}{''.join(processes)}</bpmn:definitions>".encode()


class Office:
    """One case. Every act is taken from the stored form on a program that was read anew, as a fresh process would.

    `operations` are functions of the scope; what they raise is raised.
    """

    def __init__(
        self,
        body: bytes,
        operations: Mapping[str, Callable[[Mapping[str, Any]], Any]] | None = None,
        **variables: Any,
    ) -> None:
        self.body = body
        self.operations = operations or {}
        self.time = START
        self.way: list[str] = []
        self.late: list[str] = []
        self.sent: list[tuple[str, str]] = []
        self.decisions: list[str] = []
        self.run = self.program().start(self, variables)
        self.run.advance()

    def program(self) -> spiff.Program:
        return spiff.load({"main.bpmn": self.body}, "main")

    def stored(self) -> tuple[bytes, bytes]:
        position, variables = self.run.dump()
        return position, orjson.dumps(variables)

    def again(self) -> spiff.Run:
        """The run as the next process finds it."""
        position, variables = self.stored()
        self.run = self.program().restore(position, orjson.loads(variables), self)
        return self.run

    # ── acts ───────────────────────────────────────────────────────────────────────────────────

    def complete(self, node_id: str, number: int = 0, **answers: Any) -> Office:
        """Completes the task at a node; the `number`th where several are open."""
        tasks = [task for task in self.again().open_tasks() if task.node_id == node_id]
        self.run.complete(tasks[number].id, answers)
        return self

    def catch(self, name: str, **answers: Any) -> Office:
        self.again().catch(name, answers)
        return self

    def wait(self, **span: float) -> Office:
        self.time += timedelta(**span)
        self.again().advance()
        return self

    # ── looks ──────────────────────────────────────────────────────────────────────────────────

    @property
    def tasks(self) -> list[str]:
        return sorted(task.node_id for task in self.again().open_tasks())

    @property
    def events(self) -> list[str]:
        return sorted(event.node_id for event in self.again().waiting())

    @property
    def variables(self) -> dict[str, Any]:
        """The outermost variables as FEEL sees them."""
        stored = {k: v for k, v in orjson.loads(self.stored()[1]).items() if not k.startswith("$")}
        return dict(feel.from_json(stored))

    @property
    def completed(self) -> bool:
        return self.again().completed

    # ── services ───────────────────────────────────────────────────────────────────────────────

    def now(self) -> datetime:
        return self.time

    def evaluate(self, text: str, scope: Mapping[str, Any]) -> Any:
        return feel.compile(text.removeprefix("=")).evaluate(scope)

    def decide(self, name: str, scope: Mapping[str, Any]) -> Any:
        self.decisions.append(name)
        return {"grade": "A" if scope["gpa"] > 3 else "B"}

    def call(self, operation: str, params: dict[str, Any], node_id: str, scope: Mapping[str, Any]) -> Any:
        return self.operations[operation](scope)

    def entered(self, node_id: str, scope: Mapping[str, Any], late: bool) -> None:
        self.way.append(node_id)
        if late:
            self.late.append(node_id)

    def thrown(self, message: str, node_id: str, scope: Mapping[str, Any]) -> None:
        self.sent.append((message, node_id))


def fails(code: str) -> Callable[[Mapping[str, Any]], Any]:
    """An operation that always fails with this code."""

    def operation(_scope: Mapping[str, Any]) -> Any:
        raise spiff.BpmnError(code)

    return operation


def codes(body: bytes) -> set[str]:
    """The codes of all refusals of `main`."""
    return {found.code for process in bpmn.read(body) for found in spiff.unsupported(process)}
