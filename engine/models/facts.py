"""What FEEL may read of rows: read-only views of declared attributes, loaded when they are touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.models.base import Model


class FactView(Mapping[str, Any]):
    """A row as FEEL sees it: the attributes its model names `readable`, nothing else."""

    __slots__ = ("row",)

    def __init__(self, row: Model) -> None:
        self.row = row

    def __getitem__(self, name: str) -> Any:
        if name not in type(self.row).readable:
            raise KeyError(name)
        value = getattr(self.row, name)
        return FactView(value) if isinstance(value, Model) else value

    def __iter__(self) -> Iterator[str]:
        return iter(type(self.row).readable)

    def __len__(self) -> int:
        return len(type(self.row).readable)


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
