"""The registry of functions: signatures, and how arguments are made to fit them or become null."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel import temporal
from engine.feel.frames import MISSING
from engine.feel.typeparser import type_named
from engine.feel.types import ANY, FunctionType, Type
from engine.feel.values import FunctionValue, kind_of, normal

# What a parameter may be declared as, beside the kinds: unions.
_UNIONS = {
    "any": frozenset(),
    "day": frozenset(("date", "date and time")),
    "span": frozenset(("days and time duration", "years and months duration")),
    "amount": frozenset(("number", "days and time duration", "years and months duration")),
    "day or time": frozenset(("date", "date and time", "time")),
}


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its name and the kinds it takes (none at all: anything, null included)."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    nullable: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way of calling a function. `spends` passes the budget as the first argument."""

    params: tuple[Param, ...]
    run: Callable[..., Any]
    spends: bool = False

    def takes(self, count: int) -> bool:
        """Whether so many positional arguments fit."""
        if self.params and self.params[-1].rest:
            return count >= len(self.params)
        return sum(not p.optional for p in self.params) <= count <= len(self.params)

    def positions(self, names: Sequence[str]) -> list[str] | None:
        """The parameters in order, where just these names fit; else None."""
        known = [p.name for p in self.params]
        if any(name not in known for name in names) or len(set(names)) != len(names):
            return None
        if any(not p.optional and p.name not in names for p in self.params):
            return None
        return known

    def apply(self, args: Sequence[Any], budget: Any) -> Any:
        """The result, or MISSING where an argument does not fit."""
        fitted = []
        params = self.params
        for index, value in enumerate(args):
            param = params[index] if index < len(params) else params[-1]
            found = fit(value, param) if value is not MISSING else MISSING
            if found is MISSING and value is not MISSING:
                return MISSING
            fitted.append(found)
        try:
            return self.run(budget, *fitted) if self.spends else self.run(*fitted)
        except (DecimalException, OverflowError, ValueError, ZeroDivisionError):
            return None


def fit(value: Any, param: Param) -> Any:
    """An argument as its parameter wants it, by the implicit conversions; MISSING where it does not fit."""
    kinds = param.kinds
    if not kinds:
        return value
    if value is None:
        return None if param.nullable else MISSING
    kind = kind_of(value)
    if kind in kinds:
        return value
    if kind == "date" and "date and time" in kinds:
        return temporal.midnight(value)
    if kind == "list" and len(value) == 1:
        inner = normal(value[0])
        if kind_of(inner) in kinds:
            return inner
    return [value] if "list" in kinds else MISSING


class Builtin(FunctionValue):
    """A function of the registry; several signatures are tried in their order."""

    def __init__(self, name: str, result: Type) -> None:
        self.name = name
        self.result = result
        self.signatures: list[Signature] = []

    @property
    def arity(self) -> int | None:  # type: ignore[override]
        """The number of parameters, where it is fixed."""
        counts = {len(s.params) for s in self.signatures}
        fixed = all(not p.optional and not p.rest for s in self.signatures for p in s.params)
        return counts.pop() if fixed and len(counts) == 1 else None

    @property
    def type(self) -> FunctionType:  # type: ignore[override]
        """The type by its first signature."""
        if self.arity is None or len(self.signatures) != 1:
            return FunctionType(params=None, result=self.result)
        params = tuple(
            type_named(next(iter(p.kinds))) if len(p.kinds) == 1 else ANY for p in self.signatures[0].params
        )
        return FunctionType(params=params, result=self.result)

    def call(self, args: list[Any], budget: Any) -> Any:
        for signature in self.signatures:
            if signature.takes(len(args)):
                found = signature.apply(args, budget)
                if found is not MISSING:
                    return found
        return None

    def call_named(self, args: dict[str, Any], budget: Any) -> Any:
        for signature in self.signatures:
            known = signature.positions(list(args))
            if known is not None:
                while known and known[-1] not in args:
                    known.pop()
                found = signature.apply([args.get(name, MISSING) for name in known], budget)
                if found is not MISSING:
                    return found
        return None


FUNCTIONS: dict[str, Builtin] = {}


def _param(text: str) -> Param:
    """`name: kind`, where kind may be a union `a|b`, end in ? (optional), * (any number) and have |null."""
    name, _, kind = text.partition(":")
    kind = kind.strip()
    optional, rest = kind.endswith("?"), kind.endswith("*")
    kind = kind.rstrip("?*")
    kinds: set[str] = set()
    nullable = False
    for part in kind.split("|"):
        part = part.strip()
        if part == "null":
            nullable = True
        else:
            kinds |= _UNIONS.get(part, frozenset((part,)))
    return Param(name.strip(), frozenset(kinds), optional, nullable, rest)


def builtin(name: str, *params: str, result: str = "Any", spends: bool = False) -> Callable[..., Any]:
    """Registers a signature of a function. Optional arguments that were not given are MISSING."""

    def register_(run: Callable[..., Any]) -> Callable[..., Any]:
        entry = FUNCTIONS.get(name)
        if entry is None:
            entry = FUNCTIONS[name] = Builtin(name, type_named(result))
        entry.signatures.append(Signature(tuple(_param(p) for p in params), run, spends))
        return run

    return register_


def register(name: str, run: Callable[..., Any], params: Mapping[str, str], result: str = "Any") -> None:
    """Adds a function of our own. `params` are its parameters with their FEEL types (`number`, `any`; with ?
    optional, then MISSING is not passed and the Python default holds). Raises ValueError where the name is taken."""
    if name in FUNCTIONS:
        raise ValueError(f"FEEL has a function named {name!r} already")

    def called(*args: Any) -> Any:
        given = list(args)
        while given and given[-1] is MISSING:
            given.pop()
        return normal(run(*given))

    builtin(name, *(f"{p}: {kind}" for p, kind in params.items()), result=result)(called)


def whole(value: Any) -> int | None:
    """A number that is an integer, as int."""
    return int(value) if type(value) is Decimal and value == value.to_integral_value() else None
