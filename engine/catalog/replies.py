"""What a form can answer, as far as a walk tells answers apart: the values of fields with few, and whether
the answer was a yes or a no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from engine.bpmn import Node
from engine.catalog.expressions import feel_text
from engine.catalog.library import Library
from engine.catalog.verdicts import ACT, DONE, NO, OTHER, YES
from engine.catalog.worlds import Gathered, World, holds, tree
from engine.feel import nodes
from engine.forms import FieldSpec, FormSpec

_MOST_VALUES = 12
#: How many instances are walked where the number cannot be told.
_SOME = 3
_MANY = 9


@dataclass(frozen=True, slots=True)
class Reply:
    """An answered form: the values that conditions read, and what it says: YES, NO, or DONE where it has no
    field for a yes and a no."""

    values: tuple[tuple[str, Any], ...]
    said: str


NOTHING = Reply((), DONE)


class Replies:
    """The replies of the forms of a process. `read` are the names that some condition reads."""

    def __init__(self, library: Library, read: frozenset[str]) -> None:
        self.library = library
        self.read = read
        self._known: dict[tuple[str, bool], list[Reply]] = {}

    def of(self, node: Node) -> list[Reply]:
        """The replies of an element; one that says nothing where it shows no form."""
        return self._form(node.ext.get("form"), everything=False)

    def of_group(self, node: Node) -> list[Reply]:
        """The replies of a task that several people do: all alike, or some this and some that."""
        loop = node.loop
        assert loop is not None
        single = self._form(node.ext.get("form"), everything=bool(loop.results))
        count = fixed_count(node) or _SOME
        found = [self._group(loop.results, [reply] * count) for reply in single]
        if count > 1:
            pairs = [(a, b) for a in single for b in single if a.said in (YES, OTHER) and b.said == NO]
            for yes, no in pairs:
                found += [
                    self._group(loop.results, [*[yes] * most, *[no] * (count - most)])
                    for most in dict.fromkeys((1, count - 1))
                ]
        return list(dict.fromkeys(found))

    def _group(self, results: str | None, said: list[Reply]) -> Reply:
        alike = {reply.said for reply in said}
        # Some yes and some no: which of the two counts is what the condition behind it says.
        verdict = alike.pop() if len(alike) == 1 else ACT
        if not results or results not in self.read:
            return Reply((), NO if verdict == ACT else verdict)
        return Reply(((results, Gathered(reply.values for reply in said)),), verdict)

    def gathered(self, node: Node, inner: list[Node], world: World) -> dict[str, Any]:
        """The results of a subprocess that runs several times, each as the one that was walked."""
        loop = node.loop
        if loop is None or not loop.results or loop.results not in self.read:
            return {}
        forms = [self.library.forms.get(one.ext.get("form", "")) for one in inner]
        keys = {field.key for form in forms if form is not None for field in form.fields}
        mine = tuple((name, value) for name, value in world.values if name in keys)
        return {loop.results: Gathered([mine] * (fixed_count(node) or _SOME))} if mine else {}

    def may_be_none(self, node: Node) -> bool:
        """Whether an element can have no instance at all, and is then passed by."""
        if node.loop is None:
            return False
        count = fixed_count(node)
        if count is not None:
            return count < 1
        found = tree(node.loop.collection or "")
        return not (isinstance(found, nodes.Name) and self._is_filled(found.name))

    def _is_filled(self, name: str) -> bool:
        """Whether a list comes from a field in which something has to be chosen."""
        specs = [spec for spec in self.library.forms.values() if spec is not None and name in spec.by_key]
        fields = [spec.by_key[name] for spec in specs]
        return bool(fields) and all(f.kind == "checklist" and f.required and not f.hide for f in fields)

    def _form(self, key: str | None, *, everything: bool) -> list[Reply]:
        spec = self.library.forms.get(key) if key else None
        if not key or spec is None:
            return [NOTHING]
        if (key, everything) not in self._known:
            found = list(dict.fromkeys(self._replies(spec, everything)))
            self._known[key, everything] = found
        return self._known[key, everything]

    def _replies(self, spec: FormSpec, everything: bool) -> Iterator[Reply]:
        domain: dict[str, list[Any]] = {}
        size = 1
        for field in sorted(spec.fields, key=lambda field: field.kind != "answer"):
            few = _possible(field) if field.kind == "answer" or field.key in self.read else []
            if few and (not domain or size * len(few) <= _MOST_VALUES):
                domain[field.key] = few
                size *= len(few)
        fields = [field for field in spec.fields if field.key in domain]
        for combination in product(*domain.values()):
            values = dict(zip(domain, combination, strict=True))
            for shown in _as_shown(fields, values):
                kept = (
                    (k, v)
                    for k, v in shown.items()
                    if k in self.read or (everything and spec.by_key[k].kind == "answer")
                )
                yield Reply(tuple(sorted(kept)), said(spec, shown))


def said(spec: FormSpec, values: Mapping[str, Any]) -> str:
    """Whether answers say yes or no: by the `answer` fields that offer both. One no is a no; the plain yes is the
    first choice that is not negative."""
    found = DONE
    for field in spec.fields:
        if field.kind != "answer" or values.get(field.key) is None:
            continue
        negative = {choice.value for choice in field.choices if choice.negative}
        if values[field.key] in negative:
            return NO
        if negative:
            first = next((choice.value for choice in field.choices if not choice.negative), None)
            found = OTHER if values[field.key] != first or found == OTHER else YES
    return found


def _as_shown(fields: list[FieldSpec], values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The values with those of hidden fields empty; both where it cannot be told whether a field is hidden."""
    world = World((), (), ()).with_values(values)
    conditional = [field.key for field in fields if field.hide]
    hidden = {
        field.key: _any(holds(text, world, {}) for text in field.hide) for field in fields if field.hide
    }
    for choice in product(*([True, False] if hidden[key] is None else [hidden[key]] for key in conditional)):
        gone = {key for key, is_hidden in zip(conditional, choice, strict=True) if is_hidden}
        yield {key: None if key in gone else value for key, value in values.items()}


def _any(truths: Iterator[bool | None]) -> bool | None:
    found = list(truths)
    return True if True in found else None if None in found else False


def _possible(field: FieldSpec) -> list[Any]:
    """The values of a field that has few: its choices, or yes and no; null where it may stay empty."""
    if field.kind == "checkbox" and field.required:
        values: list[Any] = [True]
    elif field.boolean or field.kind == "checkbox":
        values = [True, False]
    elif field.kind in ("answer", "radio", "select") and field.choices and not field.choices_from:
        values = [choice.value for choice in field.choices]
    else:
        return []
    return values if field.required or field.kind == "answer" else [*values, None]


# ── how many ───────────────────────────────────────────────────────────────────────────────────


def fixed_count(node: Node) -> int | None:
    """How many instances an element has, where the diagram itself says so."""
    loop = node.loop
    assert loop is not None
    found = tree(feel_text(loop.collection or loop.cardinality or ""))
    if loop.collection:
        return min(len(found.items), _MANY) if isinstance(found, nodes.ListNode) else None
    return min(int(found.value), _MANY) if isinstance(found, nodes.Number) else None
