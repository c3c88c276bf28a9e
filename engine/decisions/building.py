"""Boxed expressions to closures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine import feel
from engine.decisions.boxes import (
    Box,
    Conditional,
    ContextBox,
    FilterBox,
    FunctionBox,
    Invocation,
    ListBox,
    Literal,
    Loop,
    Relation,
    Table,
)
from engine.decisions.errors import Finding
from engine.decisions.items import Types
from engine.decisions.scopes import Run, Scope, Work
from engine.decisions.tables import TableLogic
from engine.errors import Sentence
from engine.feel import ANY, FeelError, Type

Names = Mapping[str, Type]


class Function(feel.FunctionValue):
    """A boxed function or business knowledge model, with the scope it was made in."""

    def __init__(
        self, name: str, params: list[tuple[str, str | None]], body: Run, scope: Scope, types: Types
    ) -> None:
        self.name = name or "function"
        self.arity = len(params)
        self.type = feel.FunctionType(params=tuple(types.feel_type(ref) for _, ref in params))
        self._params = params
        self._body = body
        self.scope = scope
        self._types = types

    def call(self, args: list[Any], budget: Any) -> Any:
        if len(args) != len(self._params):
            return None
        bound = {name: self._types.fit(v, ref) for (name, ref), v in zip(self._params, args, strict=True)}
        if any(
            found is None and given is not None for found, given in zip(bound.values(), args, strict=True)
        ):
            return None  # an argument that does not conform
        budget.enter()
        try:
            return self._body(self.scope.with_names(bound), budget)
        finally:
            budget.depth -= 1

    def call_named(self, args: dict[str, Any], budget: Any) -> Any:
        known = [name for name, _ in self._params]
        if any(name not in known for name in args):
            return None
        return self.call([args.get(name) for name in known], budget)


class Builder:
    """Compiles the logic of one file. What does not compile gives null, and a finding."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.findings: list[Finding] = []
        self.read_names: set[str] = set()
        self.element = ("", "")
        self.tables: list[TableLogic] = []

    def build(self, box: Box | None, names: Names) -> Run:
        """The closure of a box, its result made to fit the box's type."""
        if box is None:
            return lambda scope, work: None
        run = _BUILD[type(box)](self, box, names)
        if box.type_ref is None or isinstance(box, FunctionBox):
            return run
        fit, ref = self.types.fit, box.type_ref
        return lambda scope, work: fit(run(scope, work), ref)

    # -- FEEL

    def compiled(self, literal: Literal, names: Names, unary: bool = False) -> feel.Expression | None:
        """The expression of a text; None, and a finding, where it is wrong."""
        make = feel.compile_unary if unary else feel.compile
        try:
            found = make(
                literal.text, names, types=self.types.named, members=self.types.members, strict=False
            )
        except FeelError as error:
            self.report(literal, error)
            return None
        self.read_names |= {
            name for name in found.free_names if name not in names and name not in feel.FUNCTIONS
        }
        return found

    def report(self, literal: Literal, error: FeelError) -> None:
        text = literal.text if len(literal.text) <= 60 else literal.text[:57] + "…"
        sentence = Sentence(
            f"表达式“{text}”有误：{error.sentence.zh}", f"Wrong expression “{text}”: {error.sentence.en}"
        )
        found = Finding(
            "decision.expression",
            "error",
            sentence,
            literal.id or self.element[0],
            self.element[1],
            position=error.position,
        )
        self.findings.append(found)

    def literal(self, box: Literal, names: Names) -> Run:
        if not box.text.strip():
            return lambda scope, work: None
        found = self.compiled(box, names)
        if found is None:
            return lambda scope, work: None
        evaluate = found.evaluate_within
        return lambda scope, work: evaluate(scope, work)

    # -- the other boxes

    def table(self, box: Table, names: Names) -> Run:
        logic = TableLogic(box, self, names)
        self.tables.append(logic)
        return logic.evaluate

    def context(self, box: ContextBox, names: Names) -> Run:
        inner = dict(names)
        entries: list[tuple[str | None, str | None, Run]] = []
        for entry in box.entries:
            if entry.name and isinstance(entry.value, FunctionBox):
                inner[entry.name] = ANY  # a function may call itself
            run = self.build(entry.value, inner)
            entries.append((entry.name, entry.type_ref, run))
            if entry.name:
                inner[entry.name] = self.types.feel_type(entry.type_ref)
        fit = self.types.fit

        def context(scope: Scope, work: Work) -> Any:
            scope = scope.with_names({})
            made: dict[str, Any] = {}
            for name, ref, run in entries:
                value = fit(run(scope, work), ref)
                if not name:
                    return value
                made[name] = scope[name] = value
                if isinstance(value, Function) and value.scope is scope:
                    value.scope = scope
            return made

        return context

    def function(self, box: FunctionBox, names: Names) -> Run:
        params = [(p.name or "", p.type_ref) for p in box.params]
        inner = {**names, **{name: self.types.feel_type(ref) for name, ref in params}}
        body = self.typed_body(box, inner)
        types = self.types
        return lambda scope, work: Function("", params, body, scope, types)

    def typed_body(self, box: FunctionBox, names: Names) -> Run:
        """A function's body, its result made to fit the function's type; null where it is not FEEL."""
        if box.kind.upper() != "FEEL":
            return lambda scope, work: None
        run = self.build(box.body, names)
        if box.type_ref is None or isinstance(self.types.feel_type(box.type_ref), feel.FunctionType):
            return run
        fit, ref = self.types.fit, box.type_ref
        return lambda scope, work: fit(run(scope, work), ref)

    def invocation(self, box: Invocation, names: Names) -> Run:
        target = self.build(box.function, names)
        bindings = [(b.name or "", b.type_ref, self.build(b.value, names)) for b in box.bindings]
        fit = self.types.fit

        def invoke(scope: Scope, work: Work) -> Any:
            function = target(scope, work)
            if not isinstance(function, feel.FunctionValue):
                return None
            args = {name: fit(run(scope, work), ref) for name, ref, run in bindings}
            work.spend()
            return function.call_named(args, work) if args else function.call([], work)

        return invoke

    def relation(self, box: Relation, names: Names) -> Run:
        columns = [(c.name or "", c.type_ref) for c in box.columns]
        rows = [[self.build(cell, names) for cell in row] for row in box.rows]
        fit = self.types.fit

        def relation(scope: Scope, work: Work) -> Any:
            return [
                {name: fit(cell(scope, work), ref) for (name, ref), cell in zip(columns, row, strict=False)}
                for row in rows
            ]

        return relation

    def items(self, box: ListBox, names: Names) -> Run:
        runs = [self.build(item, names) for item in box.items]
        return lambda scope, work: [run(scope, work) for run in runs]

    def conditional(self, box: Conditional, names: Names) -> Run:
        condition, then, otherwise = (self.build(b, names) for b in (box.condition, box.then, box.otherwise))

        def choose(scope: Scope, work: Work) -> Any:
            found = condition(scope, work)
            if found is not None and not isinstance(found, bool):
                return None
            return (then if found is True else otherwise)(scope, work)

        return choose

    def filter(self, box: FilterBox, names: Names) -> Run:
        domain = self.build(box.domain, names)
        match = self.build(box.match, {**names, "item": ANY})

        def filtered(scope: Scope, work: Work) -> Any:
            value = domain(scope, work)
            if value is None:
                return None
            kept: list[Any] = []
            for item in value if type(value) is list else [value]:
                item = feel.normal(item)
                work.spend()
                fields = {key: feel.normal(item[key]) for key in item} if isinstance(item, Mapping) else {}
                found = match(scope.with_names({"item": item, **fields}), work)
                if isinstance(found, Decimal):
                    return None
                if found is True:
                    kept.append(item)
                elif found is not None and found is not False:
                    return None
            return kept

        return filtered

    def loop(self, box: Loop, names: Names) -> Run:
        domain = self.build(box.domain, names)
        body = self.build(box.body, {**names, box.variable: ANY, "partial": ANY})
        fit, ref, variable = self.types.fit, box.domain_type, box.variable
        finish = {"for": _gather, "some": _some, "every": _every}[box.kind]

        def run(scope: Scope, work: Work) -> Any:
            items = feel.elements(fit(domain(scope, work), ref), work)
            if items is None:
                return None
            made: list[Any] = []
            for item in items:
                work.spend()
                inner = scope.with_names({variable: feel.normal(item)})
                if box.kind == "for":
                    work.spend(len(made))
                    inner["partial"] = made[:]
                made.append(body(inner, work))
            return finish(made)

        return run


def _gather(values: list[Any]) -> Any:
    return values


def _some(values: list[Any]) -> bool | None:
    if any(v is True for v in values):
        return True
    return False if all(v is False for v in values) else None


def _every(values: list[Any]) -> bool | None:
    if any(v is False for v in values):
        return False
    return True if all(v is True for v in values) else None


_BUILD: dict[type[Box], Callable[[Builder, Any, Names], Run]] = {
    Literal: Builder.literal,
    Table: Builder.table,
    ContextBox: Builder.context,
    FunctionBox: Builder.function,
    Invocation: Builder.invocation,
    Relation: Builder.relation,
    ListBox: Builder.items,
    Conditional: Builder.conditional,
    FilterBox: Builder.filter,
    Loop: Builder.loop,
}
