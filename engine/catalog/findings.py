"""What the checker finds: stable codes, each with a severity. docs/findings.md lists them (a test holds it)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import QihangError, Sentence

#: code → (severity, what it means). Codes of forms, decisions and the engine's limits come with a prefix.
CODES: dict[str, tuple[str, str]] = {
    "file.unknown": ("error", "a name or ending that is no content file"),
    "file.too_large": ("error", "a file over 1 MB"),
    "xml.unreadable": ("error", "not well-formed, or XML that is not safe (DOCTYPE, entities)"),
    "yaml.unreadable": ("error", "not well-formed YAML"),
    "process.several": ("error", "a diagram file must hold exactly one process"),
    "process.id": ("error", "process id and file name differ"),
    "process.unknown": ("error", "a call activity names a process that is not there"),
    "process.recursive": ("error", "a process calls itself, directly or by others"),
    "diagram.not_drawn": ("error", "an element has no shape or a flow no line (BPMN DI)"),
    "id.duplicate": ("error", "an id is used twice, in a file or for two processes"),
    "id.too_long": ("error", "an element id of more than 60 characters"),
    "id.unreadable": ("warning", "an element id that is not snake_case words"),
    "name.missing": ("warning", "a step without a name that users could read"),
    "start.missing": ("error", "a process without a start event"),
    "start.several": ("error", "two plain start events in one process (H14)"),
    "start.nobody": ("warning", "a process that nobody can begin and that no other calls"),
    "start.incomplete": ("error", "a start with a button but without a role, or a role nobody knows"),
    "node.unreachable": ("error", "no way leads from the start to this element"),
    "end.unreachable": ("error", "no end can be reached from this element"),
    "script.found": ("error", "a script, or an expression in a place that runs code"),
    "engine.unsupported": ("error", "an element or a combination that the engine does not run"),
    "gateway.no_default": ("error", "an exclusive gateway without a default flow"),
    "gateway.no_condition": (
        "error",
        "a flow of an exclusive gateway that has neither condition nor default",
    ),
    "condition.ignored": ("warning", "a condition on a flow that is always taken"),
    "lane.no_role": ("error", "a lane whose name is not a role"),
    "lane.no_party": ("error", "a role of a kind that the case has no party of"),
    "lane.party": ("error", "the party of a lane is of another kind than its role, or two lanes disagree"),
    "task.no_lane": ("error", "a user task that nobody would see: no lane, or the system's"),
    "action.incomplete": ("error", "an act without a task needs a message boundary event, words and a role"),
    "form.unknown": ("error", "a form that is not there"),
    "decision.unknown": ("error", "a decision that is not there"),
    "decision.no_result": ("warning", "a decision whose result is kept nowhere"),
    "operation.unknown": ("error", "a system operation that is not registered"),
    "operation.no_row": ("error", "an operation on a row that the process is not about"),
    "notice.unknown": ("error", "a notice that the process's notices file does not have"),
    "subject.unknown": ("error", "qh:subject or qh:on names a model that is not there"),
    "subject.not_made": ("error", "a process with a subject and a start, but no operation that makes it"),
    "distinct.unknown": ("error", "qh:distinct names what is not a user task"),
    "parameter.unknown": ("error", "a parameter that the operation does not take"),
    "parameter.missing": ("error", "a parameter that the operation needs is not given"),
    "parameter.empty": ("error", "a parameter that needs a value is given an answer that may be left empty"),
    "parameter.type": ("error", "an expression of another type than the parameter's"),
    "expression.wrong": ("error", "an expression that does not compile"),
    "expression.type": ("error", "an expression of a type that is of no use there"),
    "expression.unknown_name": ("error", "an expression names what is not known there"),
    "expression.uncertain_name": ("warning", "an expression names what is known on some ways only"),
    "expression.overwritten": (
        "error",
        "an expression reads what several steps fill in at the same time; the last one wins",
    ),
    "variable.shadows_fact": ("error", "a variable named like a fact or a field of a fact"),
    "timer.wrong": ("error", "a timer or due date that is neither span nor moment"),
    "timer.past": ("warning", "a timer or due date whose day has passed already"),
    "message.no_name": ("error", "a message event without a message"),
    "message.unheard": ("warning", "a thrown message that no diagram catches"),
    "message.unsent": ("warning", "a message that no diagram throws"),
    "template.wrong": ("error", "a document's text that does not compile, or reaches for what is closed"),
    "notice.wrong": ("error", "a notice that is not well-formed"),
    "scenario.wrong": ("error", "a scenario that is not well-formed, or names what is not there"),
    "scenario.missing": ("warning", "a process without scenarios"),
    "scenario.empty": ("error", "a file of scenarios that holds none"),
    "scenario.lost": ("warning", "fewer scenarios than the live version has; an error where none is left"),
    "role.unheld": ("warning", "a role that the diagram gives work to, and that nobody holds at present"),
    "text.unknown": ("warning", "an English text for an id that is not there"),
    "owes.state": ("error", "an operation can be called in a state that it does not accept"),
    "owes.unfinished": ("error", "an end can be reached while the subject is unfinished"),
    "owes.open_forever": ("error", "the subject can stand in a state with a deadline, and no timer ends it"),
    "owes.undecided": ("error", "an operation can be called without the decision it needs"),
    "owes.actor": ("error", "an operation in a step that another takes than the one it is for"),
    "owes.too_late": (
        "error",
        "an operation that needs the row of the start comes after the case has waited",
    ),
    "owes.circle": ("error", "the case goes round and round, and nobody acts on the way"),
    "owes.may_circle": ("warning", "a circle that nobody acts on, and that only a computed result can end"),
    "owes.deadlock": ("error", "the case can come to wait for ever"),
    "owes.never": ("warning", "a step that no walk through the diagram reaches"),
    "owes.limit": ("warning", "the walk stopped at its limit; what lies beyond was not looked at"),
    "form.wrong": ("error", "a form that cannot be read or shown; the sentence says why"),
    "form.advice": ("warning", "something in a form that works, but hardly as meant"),
    "decision.wrong": ("error", "a decision that cannot be read or evaluated"),
    "decision.advice": ("warning", "gaps, overlaps and dead rules of a table"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where (file, element, its name for people, line), what, and the way there.

    `path` are node ids from the start to where it happens, for findings of a walk.
    """

    code: str
    severity: str
    file: str
    element_id: str
    element_name: str
    line: int | None
    sentence: Sentence
    path: tuple[str, ...] | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def text(self, locale: str = "zh") -> str:
        """One line for terminals and lists: file, line, element, its name, the sentence."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        element = f" {self.element_id}" if self.element_id else ""
        name = f"“{self.element_name}”" if self.element_name else ""
        return f"{place}{element}{name} [{self.code}] {self.sentence.text(locale)}"


def finding(
    code: str,
    sentence: Sentence,
    *,
    file: str,
    element_id: str = "",
    element_name: str = "",
    line: int | None = None,
    path: Iterable[str] | None = None,
    severity: str | None = None,
) -> Finding:
    """A finding of a known code; the code's severity unless another is given."""
    known, _ = CODES[code]
    return Finding(
        code,
        severity or known,
        file,
        element_id,
        element_name,
        line,
        sentence,
        None if path is None else tuple(path),
    )


class DeploymentRefused(QihangError):
    """The content has errors and was not deployed; nothing changed. `findings` has all, warnings too."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        count = sum(f.is_error for f in self.findings)
        first = next((f.text() for f in self.findings if f.is_error), "")
        super().__init__(
            Sentence(
                f"检查发现 {count} 处错误，没有部署。首先：{first}",
                f"The check found {count} error{'s' if count != 1 else ''}; nothing was deployed. "
                f"First: {first}",
            )
        )
