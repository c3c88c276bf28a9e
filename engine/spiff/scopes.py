"""The variables of a run: a tree of scopes beside SpiffWorkflow's own data (H3–H5, H13).

A scope belongs to the root, an embedded subprocess, a called process or a child of a multi-instance activity.
Reading goes outwards, writing innermost.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any

ROOT = ""
_INNER = "$scopes"


class Scopes:
    """Scopes by the id of the task that opened them."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.inner: dict[Any, tuple[Any, dict[str, Any]]] = {}

    def open(self, key: Any, outer: Any, values: Mapping[str, Any] | None = None) -> None:
        """Opens a scope below `outer`, unless it is open already."""
        self.inner.setdefault(key, (outer, dict(values or {})))

    def close(self, key: Any) -> dict[str, Any]:
        """Takes a scope away and gives what was in it."""
        return self.inner.pop(key, (ROOT, {}))[1]

    def own(self, key: Any) -> dict[str, Any]:
        """The variables written in this scope itself; the root's where it is not open."""
        return self.inner[key][1] if key in self.inner else self.root

    def outer(self, key: Any) -> Any:
        return self.inner[key][0] if key in self.inner else ROOT

    def seen(self, key: Any) -> Mapping[str, Any]:
        """All that is visible here, inner names first."""
        if key not in self.inner:
            return self.root
        maps = []
        while key in self.inner:
            outer, values = self.inner[key]
            maps.append(values)
            key = outer
        return ChainMap(*maps, self.root)

    def rename(self, names: Mapping[Any, Any]) -> None:
        """Follows tasks that got their lasting ids."""
        if self.inner:
            self.inner = {
                names.get(key, key): (names.get(outer, outer), values)
                for key, (outer, values) in self.inner.items()
            }

    def dump(self, store: Callable[[Any], Any]) -> dict[str, Any]:
        """JSON of all scopes; `store` turns the values."""
        found: dict[str, Any] = store(self.root)
        if self.inner:
            found = {
                **found,
                _INNER: [[key, outer, store(values)] for key, (outer, values) in self.inner.items()],
            }
        return found

    @classmethod
    def restore(cls, stored: Mapping[str, Any], read: Callable[[Any], Any]) -> Scopes:
        """What `dump` gave, back."""
        root = {name: value for name, value in stored.items() if name != _INNER}
        scopes = cls(read(root) if root else {})
        for key, outer, values in stored.get(_INNER, ()):
            scopes.inner[key] = (outer, read(values))
        return scopes
