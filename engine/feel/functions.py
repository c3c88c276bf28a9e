"""Functions that texts define, and calls of all functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.feel.builtins.registry import Builtin
from engine.feel.frames import MISSING, Frame
from engine.feel.instances import Resolver, coerced
from engine.feel.types import ANY, FunctionType, Type
from engine.feel.values import FunctionValue

Run = Callable[[Frame], Any]


class Lambda(FunctionValue):
    """A function literal with the scope it was made in."""

    def __init__(
        self,
        names: tuple[str, ...],
        kinds: tuple[Type | None, ...],
        body: Run,
        frame: Frame,
        resolve: Resolver,
        inferred: Type,
        external: bool = False,
    ) -> None:
        self.names = names
        self.kinds = kinds
        self.arity = len(names)
        result = inferred.result if isinstance(inferred, FunctionType) else ANY
        self.type = FunctionType(params=tuple(kind or ANY for kind in kinds), result=result)
        self._body = body
        self._frame = frame
        self._resolve = resolve
        self._external = external

    def call(self, args: list[Any], budget: Any) -> Any:
        if len(args) != len(self.names) or self._external:
            return None
        bound: dict[str, Any] = {}
        for name, kind, value in zip(self.names, self.kinds, args, strict=True):
            if kind is not None:
                fitted = coerced(value, kind, self._resolve)
                if fitted is None and value is not None:
                    return None
                value = fitted
            bound[name] = value
        budget.enter()
        try:
            return self._body(self._frame.spending(budget).inner(bound))
        finally:
            budget.depth -= 1

    def call_named(self, args: dict[str, Any], budget: Any) -> Any:
        if any(name not in self.names for name in args):
            return None
        return self.call([args.get(name) for name in self.names], budget)


def known_call(target: Run, known: Builtin, args: Sequence[Run]) -> Run:
    """A call of a function of the registry, unless the context has a function of that name."""
    name = known.name
    signatures = [s for s in known.signatures if s.takes(len(args))]

    def call(frame: Frame) -> Any:
        values = [arg(frame) for arg in args]
        if name in frame.context:
            function = target(frame)
            if isinstance(function, FunctionValue):
                return function.call(values, frame.budget)
        budget = frame.budget
        budget.spend()
        for signature in signatures:
            found = signature.apply(values, budget)
            if found is not MISSING:
                return found
        return None

    return call


def positional_call(target: Run, known: Builtin | None, args: Sequence[Run]) -> Run:
    """A call with arguments by position."""

    def call(frame: Frame) -> Any:
        function = target(frame)
        if not isinstance(function, FunctionValue):
            if known is None:
                return None
            function = known
        frame.budget.spend()
        return function.call([arg(frame) for arg in args], frame.budget)

    return call


def named_call(target: Run, known: Builtin | None, args: Sequence[Run], names: Sequence[str]) -> Run:
    """A call with arguments by name."""
    if len(set(names)) != len(names):
        return lambda frame: None

    def call(frame: Frame) -> Any:
        function = target(frame)
        if not isinstance(function, FunctionValue):
            if known is None:
                return None
            function = known
        frame.budget.spend()
        return function.call_named(dict(zip(names, (arg(frame) for arg in args), strict=True)), frame.budget)

    return call
