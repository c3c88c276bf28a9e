"""What the notices of a flow may read: its subject's facts, who began it, its parties, what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.bpmn import Process
from engine.catalog.facts import Fields, facts_of, fields_of, model_or_none
from engine.catalog.library import Library
from engine.catalog.names import either
from engine.catalog.references import words
from engine.forms import FieldSpec
from engine.models.organisations import PARTY_MODELS

#: What a notice may say of who began the case.
STARTER: Fields = {"name": "string", "role": "string"}
#: A graduate's case has these parties; another's its own, and its school where it is of one.
_OF_A_STUDENT = ("student", "school_class", "college", "school")
_OF_A_SCHOOL = frozenset({"school_class", "college", "school"})


def notice_facts(library: Library, process: Process) -> dict[str, Fields]:
    """Name → its fields; an answer is one word without fields. Facts go before answers of the same name."""
    return {
        **{field.key: {} for field in answered(library, process)},
        **{kind: fields_of(model) for kind in _kinds(library, process) if (model := PARTY_MODELS.get(kind))},
        "starter": STARTER,
        **facts_of(model_or_none(process.ext.get("subject"))),
    }


def answered(library: Library, process: Process) -> Iterator[FieldSpec]:
    """The fields of the forms that a process shows, each key once, under all the labels that it has."""
    found: dict[str, list[FieldSpec]] = {}
    for key in dict.fromkeys(node.ext.get("form", "") for node in process.all_nodes()):
        spec = library.forms.get(key)
        for field in spec.fields if spec is not None else ():
            found.setdefault(field.key, []).append(field)
    for fields in found.values():
        yield replace(fields[0], label=either(field.label for field in fields))


def _kinds(library: Library, process: Process) -> Iterator[str]:
    """The parties that a case of the process surely has, by who may begin it."""
    found = [
        set(_parties(library.roles[role]))
        for node in process.all_nodes()
        if node.kind == "start_event"
        for role in words(node.ext.get("by"))
        if role in library.roles
    ]
    yield from sorted(set.intersection(*found)) if found else ()


def _parties(kind: str) -> tuple[str, ...]:
    if kind == "student":
        return _OF_A_STUDENT
    return (kind, "school") if kind in _OF_A_SCHOOL else (kind,)
