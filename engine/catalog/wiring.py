"""Checks of what a diagram refers to: forms, operations, decisions, notices, processes, messages, English."""

from __future__ import annotations

from collections.abc import Iterator

from engine import operations
from engine.bpmn import Node
from engine.catalog.facts import parameter_words
from engine.catalog.files import sibling
from engine.catalog.findings import Finding, finding
from engine.catalog.graph import levels
from engine.catalog.library import Diagram, Library, english
from engine.catalog.references import called_of, operations_of, words
from engine.catalog.structure import at
from engine.catalog.told import notice_facts
from engine.errors import Sentence
from engine.notify import Notices


def check_wiring(library: Library, diagram: Diagram) -> Iterator[Finding]:
    """Everything that a diagram names must be there."""
    for node in diagram.process.all_nodes():
        yield from _form(library, diagram, node)
        yield from _decision(library, diagram, node)
        yield from _operation(diagram, node)
        yield from _called(library, diagram, node)
        yield from _notices(library, diagram, node)
        yield from _message(library, diagram, node)
    yield from _subject_made(library, diagram)
    yield from _notice_texts(library, diagram)
    yield from _scenarios(library, diagram)
    yield from _english(library, diagram)


def _form(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    key = node.ext.get("form")
    if key and key not in library.forms:
        yield at(
            diagram,
            "form.unknown",
            node,
            Sentence(
                f"没有表单“{key}”（forms/{key}.form）。请选一个已有的，或先建好它。",
                f"There is no form {key} (forms/{key}.form). Choose one that is there, or make it first.",
            ),
        )


def _decision(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind != "business_rule_task":
        return
    key, _, wanted = (node.decision or "").partition("#")
    if key not in library.decisions:
        yield at(
            diagram,
            "decision.unknown",
            node,
            Sentence(
                f"没有决策表“{key}”（processes/{key}.dmn）。",
                f"There is no decision {key} (processes/{key}.dmn).",
            ),
        )
        return
    model = library.decisions[key]
    if model is not None and wanted and wanted not in model.decisions:
        yield at(
            diagram,
            "decision.unknown",
            node,
            Sentence(f"“{key}”里没有决策 {wanted}。", f"{key} has no decision {wanted}."),
        )


def _operation(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind != "service_task":
        return
    if not node.operation or node.operation not in operations.names():
        yield at(
            diagram,
            "operation.unknown",
            node,
            Sentence(
                f"没有系统操作“{node.operation or ''}”。请从列表里选一个。",
                f"There is no system operation {node.operation or ''}. Choose one from the list.",
            ),
        )
        return
    op = operations.get(node.operation)
    given = {parameter.name for parameter in node.parameters}
    for name in sorted(given - set(op.parameters)):
        yield at(
            diagram,
            "parameter.unknown",
            node,
            Sentence(
                f"系统操作“{op.label.zh}”没有参数 {name}。它有：{'、'.join(op.parameters) or '无'}。",
                f"The operation {op.name} takes no parameter {name}. It takes: "
                f"{', '.join(op.parameters) or 'none'}.",
            ),
        )
    for parameter in op.parameters.values():
        if parameter.required and parameter.name not in given:
            label = parameter_words(op).get(parameter.name) or Sentence(parameter.name, parameter.name)
            yield at(
                diagram,
                "parameter.missing",
                node,
                Sentence(
                    f"系统操作“{op.label.zh}”还要参数“{label.zh}”。",
                    f"The operation {op.name} also needs the parameter “{label.en}”.",
                ),
            )


def _called(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.kind != "call_activity":
        return
    name = node.called_element or ""
    if name not in library.diagrams:
        yield at(
            diagram,
            "process.unknown",
            node,
            Sentence(f"没有流程“{name}”。", f"There is no process {name}."),
        )
    elif _calls_itself(library, diagram.process.id, name):
        yield at(
            diagram,
            "process.recursive",
            node,
            Sentence(
                "流程不能（直接或间接）调用自己。", "A process cannot call itself, directly or by others."
            ),
        )


def _calls_itself(library: Library, process_id: str, name: str) -> bool:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current == process_id:
            return True
        if current not in seen and current in library.diagrams:
            seen.add(current)
            waiting.extend(called_of(library.diagrams[current].process))
    return False


# ── notices and messages ───────────────────────────────────────────────────────────────────────


def _notices(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    path = sibling(diagram.path, "notices.yaml")
    known = library.notices.get(path, Notices())
    broken = {problem.element_id for problem in known.findings}
    for name in words(node.ext.get("notify")):
        if name not in known and name not in broken:
            yield at(
                diagram,
                "notice.unknown",
                node,
                Sentence(f"{path} 里没有通知“{name}”。", f"{path} has no notice {name}."),
            )


def _notice_texts(library: Library, diagram: Diagram) -> Iterator[Finding]:
    path = sibling(diagram.path, "notices.yaml")
    notices = library.notices.get(path)
    if notices is None:
        return
    for problem in notices.check(notice_facts(library, diagram.process), set(library.roles)):
        yield finding(
            "notice.wrong", problem.sentence, file=path, line=problem.line, element_id=problem.element_id
        )


def _message(library: Library, diagram: Diagram, node: Node) -> Iterator[Finding]:
    if node.event != "message":
        return
    if not node.event_ref:
        yield at(
            diagram,
            "message.no_name",
            node,
            Sentence("消息事件没有选消息。", "This message event has no message."),
        )
        return
    throws = node.kind in ("throw_event", "end_event")
    if "action" in node.ext:
        return
    others = {
        other.event_ref
        for known in library.diagrams.values()
        for other in known.process.all_nodes()
        if other.event == "message" and (other.kind in ("throw_event", "end_event")) is not throws
    }
    if node.event_ref not in others:
        code, zh, en = (
            ("message.unheard", "没有流程在等这条消息。", "No diagram waits for this message.")
            if throws
            else ("message.unsent", "没有流程会发这条消息。", "No diagram sends this message.")
        )
        # What stands at a step can be done without; a case that only waits for it never goes on.
        alone = (
            node.kind in ("catch_event", "receive_task") and not throws and not _one_of_several(diagram, node)
        )
        if alone:
            zh, en = f"{zh}走到这里就会永远等下去。", f"{en} A case would wait here for ever."
        yield at(diagram, code, node, Sentence(zh, en), **({"severity": "error"} if alone else {}))


def _one_of_several(diagram: Diagram, node: Node) -> bool:
    """Whether an event is waited for together with others, behind a gateway that the first of them leaves."""
    for level in levels(diagram.process):
        if node.id in level.nodes:
            return any(level.nodes[f.source].kind == "event_based_gateway" for f in level.into(node))
    return False


# ── the subject, scenarios, English ────────────────────────────────────────────────────────────


def _subject_made(library: Library, diagram: Diagram) -> Iterator[Finding]:
    subject = diagram.process.ext.get("subject")
    offered = any("start" in node.ext for node in diagram.process.nodes.values())
    if not subject or not offered:
        return
    processes = [diagram.process] + [
        library.diagrams[name].process for name in called_of(diagram.process) if name in library.diagrams
    ]
    named = set[str]().union(*(operations_of(process) for process in processes)) & operations.names()
    if all(operations.get(name).creates != subject for name in named):
        yield at(
            diagram,
            "subject.not_made",
            None,
            Sentence(
                f"流程的办理对象是“{subject}”，却没有哪一步的系统操作建立它。",
                f"The process is about a row of {subject}, but no operation in it makes one.",
            ),
        )


def _scenarios(library: Library, diagram: Diagram) -> Iterator[Finding]:
    path = sibling(diagram.path, "scenarios.yaml")
    if path not in library.files:
        yield at(
            diagram,
            "scenario.missing",
            None,
            Sentence(
                "这个流程还没有情景（scenarios.yaml），发布前无从试走。",
                "This process has no scenarios, so nothing is rehearsed before it goes live.",
            ),
        )
        return
    if library.scenarios.get(path) == []:
        yield finding(
            "scenario.empty",
            Sentence(
                "这个文件里一个情景也没有，发布前什么都不会试。请写上至少一个，或去掉这个文件。",
                "This file holds no scenario, so nothing is tried before the process goes live. Write one at least, or "
                "take the file away.",
            ),
            file=path,
        )
    nodes = {node.id: node for node in diagram.process.all_nodes()}
    for scenario in library.scenarios.get(path, []):
        for step in scenario.steps:
            if step.kind in ("complete", "act") and step.target not in nodes:
                yield finding(
                    "scenario.wrong",
                    Sentence(
                        f"情景“{scenario.name}”里的 {step.target} 在图上没有。",
                        f"The scenario {scenario.name} names {step.target}, which the diagram does not have.",
                    ),
                    file=path,
                    line=step.line,
                )


def _english(library: Library, diagram: Diagram) -> Iterator[Finding]:
    path = sibling(diagram.path, "en.yaml")
    known = {node.id for node in diagram.process.all_nodes()} | {diagram.process.id}
    known |= {lane.id for lane in diagram.process.lanes}
    known |= {flow for level in levels(diagram.process) for flow in level.flows}
    for key in english(library.files, diagram.path):
        if key.partition(".")[0] not in known:
            yield finding(
                "text.unknown",
                Sentence(
                    f"图上没有 {key}，这条英文用不到。", f"The diagram has no {key}; this text is unused."
                ),
                file=path,
                element_id=key,
            )
