"""What an editor offers at an element: the names known there, with their types, fields and choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine import feel
from engine.catalog.files import Files
from engine.catalog.graph import levels
from engine.catalog.library import Library, read_library
from engine.catalog.names import Names
from engine.catalog.roles import BUILT_IN
from engine.errors import Sentence
from engine.forms import FieldSpec
from engine.models.facts import extra_facts


@dataclass(frozen=True, slots=True)
class Known:
    """A name that an expression may read: `answer`, `invitation.probation_pay`.

    `certain`: it is set on every way to here. `choices` are the values of a field that has few, with words.
    """

    name: str
    type: str
    label: Sentence
    certain: bool
    choices: tuple[tuple[str, Sentence], ...] = ()


def names_at(
    files: Files, process_id: str, element_id: str, roles: Mapping[str, str] | None = None
) -> list[Known]:
    """The names known at a node, or on a flow (after its source). Empty where there is no such element."""
    library = read_library(files, BUILT_IN if roles is None else roles)
    diagram = library.diagrams.get(process_id)
    if diagram is None:
        return []
    names = Names(library, diagram.process)
    fields = _fields(library, process_id)
    for level in levels(diagram.process):
        flow = level.flows.get(element_id)
        node = level.nodes.get(flow.source if flow is not None else element_id)
        if node is not None:
            types, unsure = names.at(node, after=flow is not None)
            if node.kind == "start_event" and flow is None:
                types, unsure = names.at_start(node), set()
            return [
                known
                for name, kind in types.items()
                for known in _known(name, kind, name not in unsure, fields.get(name), names)
            ]
    return []


def names_anywhere(files: Files, process_id: str, roles: Mapping[str, str] | None = None) -> list[Known]:
    """The names known at some node of a process, each once; nothing is certain of one."""
    library = read_library(files, BUILT_IN if roles is None else roles)
    diagram = library.diagrams.get(process_id)
    if diagram is None:
        return []
    names = Names(library, diagram.process)
    fields = _fields(library, process_id)
    types = {
        name: kind
        for level in levels(diagram.process)
        for node in level.nodes.values()
        for name, kind in names.at(node)[0].items()
    }
    return [
        known for name, kind in types.items() for known in _known(name, kind, False, fields.get(name), names)
    ]


def _known(name: str, kind: feel.Type, certain: bool, field: FieldSpec | None, names: Names) -> list[Known]:
    """A name; of a fact, its fields instead."""
    if isinstance(kind, feel.ContextType) and kind.fields:
        words = _words(name, names)
        return [
            Known(f"{name}.{part}", str(of), words.get(part, Sentence(part, part)), certain)
            for part, of in kind.fields.items()
        ]
    if field is None:
        return [Known(name, str(kind), Sentence(name, name), certain)]
    choices = tuple((choice.value, choice.label) for choice in field.choices)
    return [Known(name, str(kind), field.label if field.label.zh else Sentence(name, name), certain, choices)]


def _words(fact: str, names: Names) -> Mapping[str, Sentence]:
    """What people call the fields of a fact."""
    model = names.model_of(fact)
    if model is None:
        return {}
    return {**model.words, **{name: extra.words for name, extra in extra_facts(model).items()}}


def _fields(library: Library, process_id: str) -> dict[str, FieldSpec]:
    """The fields of every form that a process shows, by key."""
    process = library.diagrams[process_id].process
    specs = [library.forms.get(node.ext.get("form", "")) for node in process.all_nodes()]
    return {field.key: field for spec in specs if spec is not None for field in spec.fields}
