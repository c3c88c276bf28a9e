"""The checker: everything that must hold of content before it goes live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import decisions, forms, spiff
from engine.catalog.drawing import check_drawing
from engine.catalog.files import Files
from engine.catalog.findings import Finding, finding
from engine.catalog.graph import levels
from engine.catalog.library import Diagram, Library, english, read_library
from engine.catalog.names import Names
from engine.catalog.owes import check_owes
from engine.catalog.people import check_people
from engine.catalog.roles import BUILT_IN
from engine.catalog.spots import check_expressions
from engine.catalog.structure import check_structure
from engine.catalog.wiring import check_wiring

_SEVERITY = {"error": 0, "warning": 1}


def check(
    files: Files,
    *,
    roles: Mapping[str, str] | None = None,
    only: Iterable[str] | None = None,
    walk: bool = True,
) -> list[Finding]:
    """Findings about a set of files, errors first, in the order of files and lines.

    roles   role → kind of party; without it, those of a new database
    only    ids of processes: others are read, as they may be called, but not checked
    walk    whether to walk the diagrams (up to a number of positions each)
    """
    library = read_library(files, BUILT_IN if roles is None else roles)
    findings = list(library.findings)
    wanted = set(library.diagrams) if only is None else set(only)
    for process_id, diagram in library.diagrams.items():
        if process_id in wanted:
            findings += _check_diagram(library, diagram, walk)
    findings += _check_forms(library, _users(library))
    findings += _check_decisions(library)
    unique = list(dict.fromkeys(findings))
    return sorted(unique, key=lambda f: (_SEVERITY[f.severity], f.file, f.line or 0, f.element_id, f.code))


def _check_diagram(library: Library, diagram: Diagram, walk: bool) -> Iterator[Finding]:
    found = [
        *check_drawing(library, diagram),
        *check_structure(library, diagram),
        *check_people(library, diagram),
        *_unsupported(diagram),
        *check_wiring(library, diagram),
        *check_expressions(library, diagram),
    ]
    yield from found
    if walk and not any(f.is_error and f.code in _BLOCKS_WALK for f in found):
        yield from check_owes(library, diagram)


#: With these there is nothing to walk, or what the walk would say is said already.
_BLOCKS_WALK = frozenset(
    {
        "start.missing",
        "start.several",
        "engine.unsupported",
        "script.found",
        "operation.unknown",
        "process.recursive",
        "subject.unknown",
    }
)


def _unsupported(diagram: Diagram) -> Iterator[Finding]:
    elements = {node.id: node for level in levels(diagram.process) for node in level.nodes.values()}
    for problem in spiff.unsupported(diagram.process):
        node = elements.get(problem.element_id)
        yield finding(
            "script.found" if "script" in problem.code else "engine.unsupported",
            problem.sentence,
            file=diagram.path,
            element_id=problem.element_id,
            element_name=(node.name if node is not None else "") or "",
            line=node.line if node is not None else None,
        )


def _users(library: Library) -> dict[str, list[Mapping[str, Any]]]:
    """Form → what is known at each place that shows it."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for diagram in library.diagrams.values():
        names = Names(library, diagram.process)
        for node in diagram.process.all_nodes():
            if node.ext.get("form"):
                found.setdefault(node.ext["form"], []).append(names.at_form(node))
    return found


def _check_forms(library: Library, users: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[Finding]:
    """Forms by themselves, and their expressions over what is known where each is used."""
    for key, spec in library.forms.items():
        if spec is None:
            continue
        path = f"forms/{key}.form"
        texts = english(library.files, path)
        places: list[Mapping[str, Any] | None] = [*users.get(key, [])]
        labels = {item.key or item.id: item.label.zh for item in spec.walk()}
        for names in places or [None]:
            for problem in forms.check(library.files[path], key, names, texts):
                yield finding(
                    "form.wrong" if problem.is_error else "form.advice",
                    problem.sentence,
                    file=path,
                    element_id=problem.element,
                    element_name=labels.get(problem.element, ""),
                )


def _check_decisions(library: Library) -> Iterator[Finding]:
    for key, model in library.decisions.items():
        if model is None:
            continue
        for problem in decisions.analyse(model):
            yield finding(
                "decision.wrong" if problem.severity == "error" else "decision.advice",
                problem.sentence,
                file=f"processes/{key}.dmn",
                element_id=problem.element_id,
                element_name=problem.element_name,
            )
