"""What FEEL may read of rows: read-only views of declared attributes, loaded when they are touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import clock
from engine.errors import Sentence
from engine.models.base import Model


@dataclass(frozen=True, slots=True)
class ExtraFact:
    """A fact that a later area knows of an earlier area's rows. `type` is FEEL's name, or a model's."""

    read: Callable[[Any], Any]
    type: str
    words: Sentence


_extra: dict[str, dict[str, ExtraFact]] = {}


def fact(
    model: type[Model], type: str, words: Sentence
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Registers a function as a readable fact of a model's rows, under the function's name.

    Raises ValueError where the model has one of that name.
    """

    def register(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
        own = _extra.setdefault(model.model_name(), {})
        if read.__name__ in own or read.__name__ in model.readable:
            raise ValueError(f"{model.model_name()} has a fact {read.__name__} already")
        own[read.__name__] = ExtraFact(read, type, words)
        return read

    return register


def extra_facts(model: type[Model]) -> Mapping[str, ExtraFact]:
    """The facts that other areas have added to a model."""
    return _extra.get(model.model_name(), {})


class FactView(Mapping[str, Any]):
    """A row as FEEL sees it: the attributes its model names `readable`, nothing else.

    Instants are the office's, so that `date(invitation.expires_at)` is the office's date.
    """

    __slots__ = ("row",)

    def __init__(self, row: Model) -> None:
        self.row = row

    def __getitem__(self, name: str) -> Any:
        model = type(self.row)
        if name in model.readable:
            value = getattr(self.row, name)
        else:
            value = extra_facts(model)[name].read(self.row)
        if isinstance(value, datetime):
            return value.astimezone(clock.office_zone())
        return FactView(value) if isinstance(value, Model) else value

    def __iter__(self) -> Iterator[str]:
        return iter((*type(self.row).readable, *extra_facts(type(self.row))))

    def __len__(self) -> int:
        return len(type(self.row).readable) + len(extra_facts(type(self.row)))


class Facts(Mapping[str, Any]):
    """The names a case's diagrams read: its subject's `facts`, each a view or null."""

    def __init__(self, subject: Model | None) -> None:
        self.subject = subject
        self._views: dict[str, FactView | None] = {}

    @property
    def names(self) -> Mapping[str, str]:
        return {} if self.subject is None else type(self.subject).facts

    def __getitem__(self, name: str) -> FactView | None:
        if name in self._views:
            return self._views[name]
        attribute = self.names[name]
        row = self.subject if not attribute else getattr(self.subject, attribute)
        self._views[name] = view = None if row is None else FactView(row)
        return view

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
