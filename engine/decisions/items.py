"""Item definitions: the types of a model, and values made to fit them or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.decisions.boxes import Literal
from engine.decisions.elements import Definitions, ItemDefinition
from engine.feel import ANY, ContextType, FeelError, FunctionType, ListType, NamedType, Type

_MAX_DEPTH = 20
_UNFIT: Any = object()


class Types:
    """The types of one file; those of imported files by `name.type`."""

    items: dict[str, ItemDefinition]
    members: frozenset[str]

    def __init__(self, definitions: Definitions, imported: Mapping[str, Types]) -> None:
        self.items = dict(definitions.items)
        self._home: dict[str, Types] = {}
        self.named: dict[str, Type] = {}
        self._tests: dict[int, feel.Expression | None] = {}
        for alias, types in imported.items():
            for name, item in types.items.items():
                full = f"{alias}.{name}" if alias else name
                if full not in self.items:
                    self.items[full] = item
                    self._home[full] = types._home.get(name, types)
        for name in self.items:
            self.named[name] = self.feel_type(name)
        self.members = _members(self.items.values())

    def feel_type(self, ref: str | None, depth: int = 0) -> Type:
        """The FEEL type of a typeRef; Any where it is not given or not known."""
        if not ref:
            return ANY
        item = self.items.get(ref)
        if item is not None:
            home = self._home.get(ref, self)
            return home.type_of(item, depth)
        try:
            found = feel.type_named(ref)
        except FeelError:
            return ANY
        return ANY if isinstance(found, NamedType) else found

    def type_of(self, item: ItemDefinition, depth: int = 0) -> Type:
        """The FEEL type of an item definition."""
        if depth > _MAX_DEPTH:
            return ANY
        if item.is_function:
            params = tuple(self.feel_type(p.type_ref, depth + 1) for p in item.params)
            base: Type = FunctionType(params=params, result=self.feel_type(item.result, depth + 1))
        elif item.components:
            base = ContextType(
                fields={c.name: self.type_of(c, depth + 1) for c in item.components}, open=False
            )
        else:
            base = self.feel_type(item.type_ref, depth + 1)
        return ListType(item=base) if item.collection else base

    def known(self, ref: str) -> bool:
        """Whether a typeRef names a type."""
        return ref in self.items or self.feel_type(ref) != ANY or ref in ("Any", "any")

    # -- values

    def fit_input(self, value: Any, ref: str | None) -> Any:
        """A value given from outside: like `fit`, but components that are missing count as null."""
        return self.fit(self._completed(value, ref, 0), ref)

    def _completed(self, value: Any, ref: str | None, depth: int) -> Any:
        item = self.items.get(ref or "")
        if item is None or depth > _MAX_DEPTH:
            return value
        return self._home.get(ref or "", self)._complete(value, item, depth + 1)

    def _complete(self, value: Any, item: ItemDefinition, depth: int) -> Any:
        if type(value) is list:
            return [self._complete(feel.normal(v), item, depth) for v in value]
        if not item.components:
            return self._completed(value, item.type_ref, depth)
        if not isinstance(value, Mapping):
            return value
        made = {key: value[key] for key in value}
        for part in item.components:
            made[part.name] = self._complete(feel.normal(made.get(part.name)), part, depth + 1)
        return made

    def fit(self, value: Any, ref: str | None) -> Any:
        """A value bound to a typed variable: as it is, converted as FEEL allows, else null."""
        if not ref or value is None:
            return value
        found = self._fit(value, ref, 0)
        if found is not _UNFIT:
            return found
        if type(value) is list and len(value) == 1:
            found = self._fit(feel.normal(value[0]), ref, 0)
        elif type(value) is not list and isinstance(self.feel_type(ref), ListType):
            found = self._fit([value], ref, 0)
        elif self.feel_type(ref) == feel.DATE_TIME and feel.kind_of(value) == "date":
            found = self._fit(feel.coerced(value, feel.DATE_TIME, self.named.get), ref, 0)
        return None if found is _UNFIT else found

    def _fit(self, value: Any, ref: str | None, depth: int) -> Any:
        if value is None or not ref:
            return value
        item = self.items.get(ref)
        if item is None:
            return value if feel.conforms(value, self.feel_type(ref), self.named.get) else _UNFIT
        return self._home.get(ref, self)._fit_item(value, item, depth + 1)

    def _fit_item(self, value: Any, item: ItemDefinition, depth: int) -> Any:
        if value is None:
            return None
        if depth > _MAX_DEPTH:
            return _UNFIT
        if not item.collection:
            found = self._fit_one(value, item, depth)
        elif type(value) is list:
            found = [self._fit_one(feel.normal(v), item, depth) for v in value]
            found = _UNFIT if any(v is _UNFIT for v in found) else found
        else:
            return _UNFIT
        return found if found is _UNFIT or self._passes(found, item.constraint) else _UNFIT

    def _fit_one(self, value: Any, item: ItemDefinition, depth: int) -> Any:
        if value is None:
            return None
        if item.is_function:
            return value if isinstance(value, feel.FunctionValue) else _UNFIT
        if item.components:
            value = self._fit_components(value, item, depth)
        else:
            value = self._fit(value, item.type_ref, depth)
        return value if value is _UNFIT or self._passes(value, item.allowed) else _UNFIT

    def _fit_components(self, value: Any, item: ItemDefinition, depth: int) -> Any:
        if not isinstance(value, Mapping):
            return _UNFIT
        made = {key: feel.normal(value[key]) for key in value}
        for component in item.components:
            if component.name not in made:
                return _UNFIT
            found = self._fit_item(made[component.name], component, depth + 1)
            if found is _UNFIT:
                return _UNFIT
            made[component.name] = found
        return made

    def _passes(self, value: Any, tests: Literal | None) -> bool:
        if tests is None or value is None:
            return True
        key = id(tests)
        if key not in self._tests:
            try:
                self._tests[key] = feel.compile_unary(tests.text, types=self.named, strict=False)
            except FeelError:
                self._tests[key] = None
        test = self._tests[key]
        return test is None or test.evaluate({}, value) is True

    def allowed_text(self, ref: str | None) -> str | None:
        """The allowed values of a type, or of the one it is based on, as unary tests."""
        for _ in range(_MAX_DEPTH):
            item = self.items.get(ref or "")
            if item is None:
                return None
            if item.allowed is not None:
                return item.allowed.text
            ref = item.type_ref
        return None


def _members(items: Any) -> frozenset[str]:
    found: set[str] = set()
    todo = list(items)
    while todo:
        item = todo.pop()
        found |= {component.name for component in item.components}
        todo.extend(item.components)
    return frozenset(found)
