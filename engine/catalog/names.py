"""What is known where: the variables that a token has met on its way, surely or perhaps, with their types.

A flow analysis over the diagram: at each element the names set on every way that leads there (certain) or on
some. A case with a subject keeps answers that route it; its free text, and what is a field of the subject,
is known only until the case waits again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine import feel, operations
from engine.bpmn import Node, Process
from engine.catalog.facts import fact_model, facts_of, fields_of, model_or_none, start_facts, type_text
from engine.catalog.graph import Level, waits
from engine.catalog.library import Library, decision_id
from engine.catalog.references import words
from engine.errors import Sentence
from engine.forms import FormSpec
from engine.models.base import Model

#: Kinds of fields whose answers a case with a subject keeps; see engine/runtime.
KEPT_KINDS = frozenset({"answer", "radio", "select", "checkbox", "checklist", "number", "datetime"})
SERVICE_RESULT = "result"


@dataclass(frozen=True, slots=True)
class Var:
    """A variable: its FEEL type, whether it is set on every way, and whether it outlives the step.

    `by`: the elements that have set it since ways parted last. `clash`: elements that set it at the same time,
    on ways that have met: which of them was the last nobody can tell.
    """

    type: Any
    certain: bool
    kept: bool
    by: frozenset[str] = frozenset()
    clash: frozenset[str] = frozenset()


@dataclass(frozen=True)
class State:
    """Names at a point. `subject`: None before the subject is made on some way, else its facts are there.

    `waited`: the case has waited since ways parted last.
    """

    variables: Mapping[str, Var] = field(default_factory=dict)
    subject: bool = False
    waited: bool = False

    def with_vars(self, more: Mapping[str, Var]) -> State:
        return replace(self, variables={**self.variables, **more})

    def set_by(self, node: Node, more: Mapping[str, Var]) -> State:
        """With what an element sets."""
        own = frozenset([node.id])
        return self.with_vars({name: replace(var, by=own, clash=frozenset()) for name, var in more.items()})

    def parted(self) -> State:
        """Behind a gateway that goes several ways at once: what is set from here on may clash."""
        apart = {name: replace(var, by=frozenset()) for name, var in self.variables.items()}
        return replace(self, variables=apart, waited=False)

    def later(self) -> State:
        """After the case has waited: answers that are not kept are gone."""
        kept = {name: var for name, var in self.variables.items() if var.kept}
        return replace(self, variables=kept, waited=True)


def merge(states: list[State], both: bool) -> State:
    """What is known where ways meet: of one of them (exclusive), or of all (a parallel join).

    An answer that is not kept is gone at a join where another way may still be waited for.
    """
    found: dict[str, Var] = {}
    for name in dict.fromkeys(name for state in states for name in state.variables):
        without = [state for state in states if name not in state.variables]
        if both and any(state.waited for state in without) and not _all_kept(name, states):
            continue
        known = [state.variables[name] for state in states if name in state.variables]
        sure = [var.certain for var in known]
        certain = any(sure) if both else len(known) == len(states) and all(sure)
        kind = known[0].type if all(var.type == known[0].type for var in known) else feel.ANY
        by = frozenset[str]().union(*(var.by for var in known))
        clash = frozenset[str]().union(*(var.clash for var in known), _clash(known) if both else ())
        found[name] = Var(kind, certain, all(var.kept for var in known), by, clash)
    subject = [state.subject for state in states]
    waited = any(state.waited for state in states)
    return State(found, any(subject) if both else all(subject), waited)


def _all_kept(name: str, states: list[State]) -> bool:
    return all(state.variables[name].kept for state in states if name in state.variables)


def _clash(known: list[Var]) -> frozenset[str]:
    """The elements that have set a variable on ways that went side by side."""
    sides = [var.by for var in known if var.by]
    if not any(one - other and other - one for one in sides for other in sides):
        return frozenset()
    return frozenset[str]().union(*sides)


class Names:
    """Names before and after each element of a process, those of its subprocesses too.

    A process that is only called sees what its callers see where they call it.
    """

    def __init__(self, library: Library, process: Process, callers: tuple[str, ...] = ()) -> None:
        self.library = library
        self.subject = model_or_none(process.ext.get("subject"))
        self.facts = {name: type_named(type_text(fields)) for name, fields in facts_of(self.subject).items()}
        forms = {node.ext.get("form") for node in process.all_nodes()} & library.forms.keys()
        self.broken = any(library.forms[key] is None for key in forms if key)
        self.nodes = {node.id: node for node in process.all_nodes()}
        self.before: dict[str, State] = {}
        self.after: dict[str, State] = {}
        offered = any("start" in node.ext for node in process.nodes.values())
        outer = State() if offered else self._called_from(process, (*callers, process.id))
        self._level(Level(process.nodes, process.flows), outer)

    def _called_from(self, process: Process, callers: tuple[str, ...]) -> State:
        """What is known at the calls of a process; a process that nobody calls knows its subject's facts."""
        states = []
        for other in self.library.diagrams.values():
            if other.process.id in callers:
                continue
            calls = [n for n in other.process.all_nodes() if n.called_element == process.id]
            if calls:
                names = Names(self.library, other.process, callers)
                states += [names.before[call.id] for call in calls if call.id in names.before]
        return merge(states, both=False) if states else State(subject=True)

    def at(self, node: Node, *, after: bool = False) -> tuple[dict[str, Any], set[str]]:
        """Names with types before (or after) an element, and which of them are not certain."""
        state = (self.after if after else self.before).get(node.id, State())
        return self.names(state)

    def overwritten(self, node: Node, *, after: bool = False) -> dict[str, frozenset[str]]:
        """Names at an element that several elements have set side by side, with those elements."""
        state = (self.after if after else self.before).get(node.id, State())
        return {name: var.clash for name, var in state.variables.items() if var.clash}

    def passing(self) -> dict[str, Sentence]:
        """Answers that are known only until the case waits again, with all that the forms call them."""
        found: dict[str, list[Sentence]] = {}
        for key in sorted({node.ext["form"] for node in self.nodes.values() if node.ext.get("form")}):
            spec = self.library.forms.get(key)
            for name, var in self.answers(key).items():
                if spec is not None and name in spec.by_key and not var.kept:
                    found.setdefault(name, []).append(spec.by_key[name].label)
        return {name: either(labels) for name, labels in found.items()}

    def names(self, state: State) -> tuple[dict[str, Any], set[str]]:
        """The names of a state as FEEL's checker takes them, and those that are not certain."""
        found = {name: var.type for name, var in state.variables.items()}
        unsure = {name for name, var in state.variables.items() if not var.certain}
        if state.subject:
            found.update(self.facts)
        return found, unsure

    def model_of(self, fact: str) -> type[Model] | None:
        """The model whose rows a fact's name stands for."""
        found = None if self.subject is None else fact_model(self.subject, fact)
        return found or model_or_none(fact)

    def at_form(self, node: Node) -> dict[str, Any]:
        """What a form's expressions may read at an element: at a start the starter's facts, else the case's."""
        if node.kind == "start_event":
            return self.at_start(node)
        return self.at(node)[0]

    def at_start(self, node: Node) -> dict[str, Any]:
        """What a start's condition and form may read."""
        roles = self.library.roles
        kinds = {roles[role] for role in words(node.ext.get("by")) if role in roles}
        facts = start_facts(model_or_none(node.ext.get("on")), kinds)
        return {name: type_named(type_text(fields)) for name, fields in facts.items()}

    # ── the analysis ───────────────────────────────────────────────────────────────────────────

    def _level(self, level: Level, outer: State) -> None:
        """Goes round the level until nothing changes; the lattice is finite and small."""
        for _round in range(len(level.nodes) + 2):
            changed = False
            for node in level.nodes.values():
                entry = self._entry(level, node, outer)
                if entry is None:
                    continue
                if self.before.get(node.id) == entry and node.id in self.after:
                    continue
                self.before[node.id] = entry
                self.after[node.id] = self._leave(node, entry)
                changed = True
            if not changed:
                return

    def _entry(self, level: Level, node: Node, outer: State) -> State | None:
        """Names when a token arrives; None while no way to here is known yet."""
        if node.kind == "start_event":
            return outer
        if node.kind == "boundary_event":
            return self.before.get(node.attached_to or "")
        states = [self.after[flow.source] for flow in level.into(node) if flow.source in self.after]
        return merge(states, both=node.kind == "parallel_gateway") if states else None

    def _leave(self, node: Node, entry: State) -> State:
        if node.kind == "subprocess":
            return self._subprocess(node, entry)
        if node.loop is not None and node.kind in ("user_task", "service_task", "call_activity"):
            return self._many(node, entry)
        state = entry.later() if waits(node) else entry
        if node.ext.get("form"):
            state = state.set_by(node, self.answers(node.ext["form"]))
        if node.kind == "parallel_gateway" and len(node.outgoing) > 1:
            state = state.parted()
        return self._computed(node, state)

    def _computed(self, node: Node, state: State) -> State:
        """What an operation, a decision or a called process adds."""
        if node.kind == "service_task" and node.operation in operations.names():
            op = operations.get(node.operation)
            if op.creates and self.subject is not None and op.creates == self.subject.model_name():
                state = replace(state, subject=True)
            if node.result_variable:
                kind = type_named(type_text(op.results)) if op.results else feel.ANY
                state = state.set_by(node, {node.result_variable: Var(kind, True, True)})
            return state
        if node.kind == "business_rule_task":
            return state.set_by(node, self.decision_names(node))
        if node.kind == "call_activity":
            return self._handed_out(node, state, {})
        return state

    def _handed_out(self, node: Node, state: State, inner: Mapping[str, Var]) -> State:
        """What a called process or subprocess hands out (`qh:out`)."""
        unknown = Var(feel.ANY, True, True)
        own = frozenset([node.id])
        out = {name: inner.get(name, unknown) for name in words(node.ext.get("out"))}
        return state.with_vars({name: replace(var, by=own) for name, var in out.items()})

    def _subprocess(self, node: Node, entry: State) -> State:
        inner = entry
        if node.loop is not None and node.loop.element:
            inner = entry.with_vars({node.loop.element: Var(feel.ANY, True, True)})
        self._level(Level(node.children, node.flows, node), inner)
        ends = [self.after[child.id] for child in node.children.values() if self._ends(child)]
        inside = merge(ends, both=False) if ends else entry
        state = self._handed_out(node, self._gathered(node, entry).later(), inside.variables)
        return replace(state, subject=inside.subject)

    def _ends(self, node: Node) -> bool:
        return node.id in self.after and not node.outgoing and node.kind != "boundary_event"

    def _many(self, node: Node, entry: State) -> State:
        """After a multi-instance task only the gathered list is there."""
        state = entry.later() if waits(node) else entry
        return self._gathered(node, state)

    def _gathered(self, node: Node, state: State) -> State:
        if node.loop is None or not node.loop.results:
            return state
        return state.set_by(node, {node.loop.results: Var(feel.ANY, True, True)})

    # ── where names come from ──────────────────────────────────────────────────────────────────

    def answers(self, key: str) -> dict[str, Var]:
        """The variables of a form's answers."""
        spec = self.library.forms.get(key)
        if spec is None:
            return {}
        types = spec.names()
        return {name: Var(types.get(name, feel.ANY), True, self._kept(spec, name)) for name in types}

    def _kept(self, spec: FormSpec, name: str) -> bool:
        if self.subject is None:
            return True
        found = spec.by_key.get(name)
        return found is not None and found.kind in KEPT_KINDS and name not in fields_of(self.subject)

    def decision_names(self, node: Node) -> dict[str, Var]:
        """Where the value of a decision is kept: the result variable."""
        name = node.decision or ""
        model = self.library.decisions.get(name.partition("#")[0])
        wanted = "" if model is None else decision_id(name, model)
        found = None if model is None else model.decisions.get(wanted)
        if model is None or found is None:
            return {node.result_variable: Var(feel.ANY, True, True)} if node.result_variable else {}
        kind = model.types.feel_type(found.type_ref)
        outputs = [clause for logic in model.tables.get(wanted, ()) for clause in logic.table.outputs]
        if found.type_ref is None and len(outputs) == 1 and len(model.tables[wanted]) == 1:
            one = model.tables[wanted][0].table
            if one.hit_policy in "UAPF":  # one value, of the type of its column
                kind = model.types.feel_type(outputs[0].type_ref)
        if node.result_variable:
            return {node.result_variable: Var(kind, True, True)}
        columns = [column for table in model.tables.get(wanted, ()) for column in table.names]
        fields = dict(kind.fields) if isinstance(kind, feel.ContextType) else {}
        fields |= {column: feel.ANY for column in columns if column not in fields and len(columns) > 1}
        return {column: Var(of, True, True) for column, of in fields.items()}

    def decision_inputs(self, node: Node) -> list[str]:
        """The names that a decision reads from the case."""
        name = node.decision or ""
        model = self.library.decisions.get(name.partition("#")[0])
        found = None if model is None else model.decisions.get(decision_id(name, model))
        return [] if found is None else sorted(found.required_names)

    def inside_loop(self, node: Node) -> dict[str, Any]:
        """Names that only a multi-instance element sees of itself: its item, the answers so far."""
        if node.loop is None:
            return {}
        names = [node.loop.element, node.loop.results]
        found = {name: feel.ANY for name in names if name}
        if node.ext.get("form"):
            found.update({name: var.type for name, var in self.answers(node.ext["form"]).items()})
        return found


def either(labels: Iterable[Sentence]) -> Sentence:
    """What several forms call the same field, each name once."""
    once = list(dict.fromkeys(labels))
    return Sentence(" / ".join(label.zh for label in once), " / ".join(label.en for label in once))


def type_named(text: str) -> Any:
    """The FEEL type of a name such as `context<a: number>`; Any where it has none."""
    return feel.type_named(text)


def fits(found: Any, wanted: str) -> bool:
    """Whether a value of an inferred type may be what is wanted: what cannot be told may."""
    kind = wanted.partition("<")[0]
    return found.name in (kind, "Any", "Null") or kind == "Any"
