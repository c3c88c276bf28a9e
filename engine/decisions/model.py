"""A decision file made ready: requirements, knowledge, services and imports, evaluated on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.decisions.building import Builder, Function
from engine.decisions.elements import Decision, Element, InputData, Knowledge, Service
from engine.decisions.errors import DecisionUnknown, Finding
from engine.decisions.items import Types
from engine.decisions.reading import read_definitions
from engine.decisions.scopes import Run, Scope, Work
from engine.decisions.tables import TableLogic
from engine.decisions.trace import DecisionTrace
from engine.errors import Sentence
from engine.feel import ANY, ContextType, FunctionType, Type

_MAX_REQUIREMENTS = 60  # how deep decisions may require one another


@dataclass(frozen=True)
class Link:
    """A requirement that was resolved: the element, its file, and the names of the imports that lead to it."""

    element: Element
    model: Model
    aliases: tuple[str, ...] = ()


class Model:
    """A decision file. `decisions`, `knowledge`, `services` and `inputs` are by id."""

    def __init__(self, xml: bytes, library: Mapping[str, Model] | None = None) -> None:
        self.definitions = read_definitions(xml)
        self.name = self.definitions.name
        self.namespace = self.definitions.namespace
        self.imports = {
            i.name: library[i.namespace]
            for i in self.definitions.imports
            if library and i.namespace in library
        }
        self.decisions: dict[str, Decision] = self.definitions.decisions
        self.inputs: dict[str, InputData] = self.definitions.inputs
        self.knowledge: dict[str, Knowledge] = self.definitions.knowledge
        self.services: dict[str, Service] = self.definitions.services
        self.types: Types = Types(
            self.definitions, {alias: model.types for alias, model in self.imports.items()}
        )
        self.findings: list[Finding] = []
        self.tables: dict[str, list[TableLogic]] = {}
        self._hidden = frozenset(e.name for e in self.definitions.elements.values()) | frozenset(self.imports)
        self._runs: dict[str, Run] = {}
        self._links: dict[str, list[Link]] = {}
        self._build()

    # -- making ready

    def _build(self) -> None:
        reads: dict[str, set[str]] = {}
        logical: list[Decision | Knowledge] = [*self.knowledge.values(), *self.decisions.values()]
        for element in logical:
            self._links[element.id] = self._resolved(element)
        for element in logical:
            builder = Builder(self.types)
            builder.element = (element.id, element.name)
            names = self._names(element)
            if isinstance(element, Knowledge):
                box = element.function
                names |= {p.name or "": self.types.feel_type(p.type_ref) for p in (box.params if box else ())}
                self._runs[element.id] = builder.typed_body(box, names) if box else builder.build(None, {})
            else:
                self._runs[element.id] = builder.build(element.logic, names)
            reads[element.id] = builder.read_names
            self.findings += builder.findings
            self.tables[element.id] = builder.tables
        for decision in self.decisions.values():
            decision.required_names = frozenset(self._required(decision, reads, set()))

    def _resolved(self, element: Decision | Knowledge) -> list[Link]:
        found = []
        for href in element.requires:
            link = self.find(href)
            if link is None:
                sentence = Sentence(
                    f"所需的元素“{href}”不存在。", f"The required element “{href}” is not there."
                )
                self.findings.append(
                    Finding("decision.requirement", "error", sentence, element.id, element.name)
                )
            else:
                found.append(link)
        return found

    def find(self, href: str) -> Link | None:
        """The element of a reference: `#id`, `namespace#id` of this file or of one that it imports."""
        namespace, _, local = href.rpartition("#")
        if not namespace or namespace == self.namespace:
            element = self.definitions.elements.get(local)
            if element is not None:
                return Link(element, self)
        for alias, model in self.imports.items():
            if model.namespace == namespace and local in model.definitions.elements:
                return Link(model.definitions.elements[local], model, (alias,))
        for alias, model in self.imports.items():
            link = model.find(href) if namespace else None
            if link is not None:
                return Link(link.element, link.model, (alias, *link.aliases))
        return None

    def _names(self, element: Decision | Knowledge) -> dict[str, Type]:
        """What is in scope of an element's logic, with types."""
        names: dict[str, Type] = {}
        for link in self._links[element.id]:
            _place(names, link, link.model._type_of(link.element))
        if isinstance(element, Knowledge):
            names[element.name] = feel.FUNCTION
        return {key: _as_type(value) for key, value in names.items()}

    def _type_of(self, element: Element) -> Type:
        kind = self.types.feel_type(element.type_ref)
        if not isinstance(element, Knowledge | Service):
            return kind
        return kind if isinstance(kind, FunctionType) else FunctionType(result=kind)

    def _required(self, element: Element, reads: Mapping[str, set[str]], seen: set[str]) -> set[str]:
        """Names an element and all it requires read from outside the file."""
        if element.id in seen:
            return set()
        seen.add(element.id)
        found = {name for name in reads.get(element.id, ()) if name not in self._hidden}
        for link in self._links.get(element.id, ()):
            if link.model is not self:
                found |= {link.aliases[0]} if link.aliases and link.aliases[0] else set()
            elif isinstance(link.element, InputData):
                found.add(link.element.name)
            else:
                found |= self._required(link.element, reads, seen)
        return found

    # -- evaluation

    def named(self, name: str) -> Decision | Service | Knowledge:
        """The decision, service or knowledge model of an id or name. Raises DecisionUnknown."""
        known: list[Decision | Service | Knowledge] = [
            *self.decisions.values(),
            *self.services.values(),
            *self.knowledge.values(),
        ]
        for element in known:
            if element.id == name:
                return element
        for element in known:
            if element.name == name:
                return element
        raise DecisionUnknown(name)

    def evaluate(
        self, decision: str, context: Mapping[str, Any], trace: list[DecisionTrace] | None = None
    ) -> Any:
        """The value of a decision (or a service, with its inputs in the context), by id or name. A `trace` list
        is given what was decided and why. Raises DecisionUnknown and feel.LimitExceeded."""
        element = self.named(decision)
        work = Work(trace)
        evaluation = Evaluation(self, context, work)
        try:
            if isinstance(element, Service):
                return evaluation.service_with(element, context)
            if isinstance(element, Knowledge):
                function = evaluation.value(element)
                params = [p.name or "" for p in element.function.params] if element.function else []
                return function.call([feel.normal(context.get(name)) for name in params], work)
            return evaluation.value(element)
        except RecursionError:
            raise feel.too_deep(0, "") from None


class Evaluation:
    """One evaluation of one file: each element is evaluated once. `given` are values that stand for elements."""

    def __init__(
        self,
        model: Model,
        context: Mapping[str, Any],
        work: Work,
        given: Mapping[str, Any] | None = None,
        parent: Evaluation | None = None,
    ) -> None:
        self.model = model
        self.context = context
        self.work = work
        self.parent = parent
        self._values: dict[str, Any] = dict(given or {})
        self._imported: dict[str, Evaluation] = {}
        self._depth = 0

    def value(self, element: Element) -> Any:
        """The value of an element of this file."""
        if element.id in self._values:
            return self._values[element.id]
        self._depth += 1
        if self._depth > _MAX_REQUIREMENTS:
            raise feel.too_deep(0, "")
        try:
            found = self._evaluate(element)
        finally:
            self._depth -= 1
        self._values[element.id] = found
        return found

    def _evaluate(self, element: Element) -> Any:
        types = self.model.types
        if isinstance(element, InputData):
            return types.fit_input(self._input(element.name), element.type_ref)
        if isinstance(element, Knowledge):
            return self._function(element)
        if isinstance(element, Service):
            return ServiceFunction(element, self)
        assert isinstance(element, Decision)
        return self._decide(element)

    def _input(self, name: str) -> Any:
        found = self.context.get(name)
        if found is None and name not in self.context and self.parent is not None:
            return self.parent._input(name)
        return feel.normal(found)

    def _decide(self, element: Decision) -> Any:
        model, work = self.model, self.work
        self._values[element.id] = None  # a decision that requires itself sees null
        scope = self._scope(element)
        outer, steps = work.trace, work.trace
        if outer is not None:
            work.trace = []
        value = model.types.fit(model._runs[element.id](scope, work), element.type_ref)
        if outer is not None and steps is not None:
            step = DecisionTrace(element.id, element.name, value, list(work.trace or ()))
            work.trace = outer
            steps.append(step)
        return value

    def _scope(self, element: Decision | Knowledge) -> Scope:
        names: dict[str, Any] = {}
        # What is required explains itself as a step of its own.
        for link in self.model._links[element.id]:
            _place(names, link, self.linked(link))
        return Scope({k: _as_value(v) for k, v in names.items()}, self.context, self.model._hidden)

    def linked(self, link: Link) -> Any:
        """The value of a requirement, in this file or an imported one."""
        home = self
        for alias in link.aliases:
            home = home.imported(alias)
        return home.value(link.element)

    def imported(self, alias: str) -> Evaluation:
        """The evaluation of an imported file, whose inputs are the context's entry of the import's name."""
        found = self._imported.get(alias)
        if found is None:
            inner = self.context.get(alias) if alias else self.context
            context = inner if isinstance(inner, Mapping) else {}
            found = Evaluation(self.model.imports[alias], context, self.work, parent=self)
            self._imported[alias] = found
        return found

    def _function(self, element: Knowledge) -> Any:
        box = element.function
        if box is None:
            return None
        params = [(p.name or "", p.type_ref) for p in box.params]
        types, run = self.model.types, self.model._runs[element.id]
        result = element.type_ref
        if result and not isinstance(types.feel_type(result), FunctionType):
            inner = run
            run = lambda scope, work: types.fit(inner(scope, work), result)
        function = Function(element.name, params, run, Scope({}, self.context, self.model._hidden), types)
        self._values[element.id] = function
        function.scope = self._scope(element)
        function.scope[element.name] = function
        return function

    # -- services

    def service_with(self, service: Service, context: Mapping[str, Any]) -> Any:
        """A service with its inputs by name."""
        given = {}
        for link in self.parameters(service):
            if link.element.name in context:
                given[link.element.id] = feel.normal(context[link.element.name])
        return self.serve(service, given)

    def parameters(self, service: Service) -> list[Link]:
        """Input data, then input decisions."""
        hrefs = (*service.inputs, *service.input_decisions)
        return [link for href in hrefs if (link := self.model.find(href)) is not None]

    def serve(self, service: Service, given: Mapping[str, Any]) -> Any:
        """The service's value for parameters by element id; those that are not given are null."""
        model = self.model
        bound: dict[str, Any] = dict.fromkeys(model.inputs)  # a service sees its own inputs only
        for link in self.parameters(service):
            bound[link.element.id] = link.model.types.fit(given.get(link.element.id), link.element.type_ref)
        inner = Evaluation(model, self.context, self.work, bound)
        outputs = [found for href in service.outputs if (found := model.find(href)) is not None]
        if len(outputs) == 1:
            value = inner.linked(outputs[0])
        else:
            value = {output.element.name: inner.linked(output) for output in outputs}
        kind = model.types.feel_type(service.type_ref)
        if isinstance(kind, FunctionType):
            return feel.coerced(value, kind.result, model.types.named.get)
        return model.types.fit(value, service.type_ref)


class ServiceFunction(feel.FunctionValue):
    """A decision service as a function."""

    def __init__(self, service: Service, evaluation: Evaluation) -> None:
        self.service = service
        self.name = service.name
        self._evaluation = evaluation
        self._params = evaluation.parameters(service)
        self.arity = len(self._params)
        types = [link.model.types.feel_type(link.element.type_ref) for link in self._params]
        result = evaluation.model.types.feel_type(service.type_ref)
        self.type = (
            result if isinstance(result, FunctionType) else FunctionType(params=tuple(types), result=result)
        )

    def call(self, args: list[Any], budget: Any) -> Any:
        if len(args) != len(self._params):
            return None
        budget.enter()
        try:
            given = {link.element.id: value for link, value in zip(self._params, args, strict=True)}
            return self._evaluation.serve(self.service, given)
        finally:
            budget.depth -= 1

    def call_named(self, args: dict[str, Any], budget: Any) -> Any:
        names = [link.element.name for link in self._params]
        if any(name not in names for name in args):
            return None
        return self.call([args.get(name) for name in names], budget)


class _Nested(dict[str, Any]):
    """Names of imported elements while they are gathered under their import's name."""


def _place(names: dict[str, Any], link: Link, value: Any) -> None:
    """Puts a requirement under its name, or under its imports' names."""
    at = names
    for alias in link.aliases:
        if alias:
            inner = at.get(alias)
            if not isinstance(inner, _Nested):
                inner = at[alias] = _Nested()
            at = inner
    at[link.element.name] = value


def _as_type(value: Any) -> Type:
    if isinstance(value, _Nested):
        return ContextType(fields={key: _as_type(inner) for key, inner in value.items()})
    return value if isinstance(value, Type) else ANY


def _as_value(value: Any) -> Any:
    return {key: _as_value(inner) for key, inner in value.items()} if isinstance(value, _Nested) else value


def read(xml: bytes, others: Iterable[bytes] = ()) -> Model:
    """A decision file, with the files it may import. Raises DecisionUnreadable."""
    library: dict[str, Model] = {}
    waiting = list(others)
    found = [(body, read_definitions(body)) for body in waiting]
    for _ in range(len(found) + 1):  # imported files first, however they are ordered
        for body, definitions in list(found):
            if all(
                i.namespace in library or i.namespace not in {d.namespace for _, d in found}
                for i in definitions.imports
            ):
                library[definitions.namespace] = Model(body, library)
                found.remove((body, definitions))
    return Model(xml, library)
