"""Variables as a tree of scopes, outside SpiffWorkflow's task data (H3, H4, H5, H13)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from engine import feel

_INNER = "$scopes"
_CLOSED = "$closed"


class Scope:
    """The variables of a process, a subprocess, a called process or one instance of a multi-instance activity.

    Writes go here. Names are looked up here, then outside, unless the scope is `closed` (a called process).
    Stored values are turned into FEEL's only where something asks for them.
    """

    __slots__ = ("_stored", "_values", "children", "closed", "key", "outer")

    def __init__(
        self,
        outer: Scope | None = None,
        key: str = "",
        values: dict[str, Any] | None = None,
        closed: bool = False,
    ) -> None:
        self.outer = outer
        self.key = key
        self.closed = closed
        self.children: dict[str, Scope] = {}
        self._stored: dict[str, Any] = {}
        self._values: dict[str, Any] | None = {} if values is None else values

    @property
    def values(self) -> dict[str, Any]:
        """The scope's own variables."""
        if self._values is None:
            self._values = {name: feel.from_json(value) for name, value in self._stored.items()}
        return self._values

    @property
    def path(self) -> str:
        """Keys from the outermost scope to this one, joined by `/`; "" for the process itself."""
        return "/".join(scope.key for scope in reversed(list(self._outwards())) if scope.key)

    def _outwards(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def visible(self) -> Mapping[str, Any]:
        """All that expressions see here; inner names hide outer ones."""
        maps = []
        for scope in self._outwards():
            maps.append(scope.values)
            if scope.closed:
                break
        return maps[0] if len(maps) == 1 else ChainMap(*maps)

    def open(self, key: str, values: dict[str, Any] | None = None, *, closed: bool = False) -> Scope:
        """A new scope inside this one."""
        self.children[key] = Scope(self, key, values if values is not None else {}, closed)
        return self.children[key]

    def drop(self) -> None:
        """Takes the scope out of the tree."""
        if self.outer is not None:
            self.outer.children.pop(self.key, None)

    def stored(self) -> dict[str, Any]:
        """The tree, ready for JSON: values by name, `$scopes` inside, `$closed`. No name of ours can be a user's."""
        values = self._stored if self._values is None else feel.to_json(self._values)
        found = {name: value for name, value in values.items() if not name.startswith("$")}
        if self.children:
            found[_INNER] = {key: child.stored() for key, child in self.children.items()}
        if self.closed:
            found[_CLOSED] = True
        return found

    @classmethod
    def restored(cls, stored: Mapping[str, Any], outer: Scope | None = None, key: str = "") -> Scope:
        """The tree that `stored` gave."""
        scope = cls(outer, key, closed=_CLOSED in stored)
        scope._stored = {name: value for name, value in stored.items() if not name.startswith("$")}
        scope._values = None
        for name, inner in stored.get(_INNER, {}).items():
            scope.children[name] = cls.restored(inner, scope, name)
        return scope

    def inner(self, key: str) -> Scope:
        """The scope of a key inside this one; an empty one where the variables were not given."""
        return self.children.get(key) or self.open(key)
