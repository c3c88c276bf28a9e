"""A pattern's tree as RE2 writes it."""

from __future__ import annotations

from engine.feel.regex import charsets
from engine.feel.regex.tree import (
    Any,
    Back,
    Char,
    Choice,
    Class,
    Edge,
    Group,
    Item,
    Node,
    Ranges,
    Repeat,
    Sequence,
)


def re2_text(node: Node, flags: str) -> str:
    """The pattern for RE2; there must be no back-reference in it."""
    return _Printer(flags).text(node)


class _Printer:
    def __init__(self, flags: str) -> None:
        self.flags = flags

    def text(self, node: Node) -> str:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _char(self, node: Char) -> str:
        return code_text(node.code)

    def _any(self, node: Any) -> str:
        return r"[\x{0}-\x{10ffff}]" if "s" in self.flags else r"[^\n\r]"

    def _edge(self, node: Edge) -> str:
        return "^" if node.start else "$"

    def _back(self, node: Back) -> str:
        raise AssertionError("RE2 has no back-references")

    def _group(self, node: Group) -> str:
        return f"({'' if node.number else '?:'}{self.text(node.body)})"

    def _repeat(self, node: Repeat) -> str:
        body = self.text(node.body)
        if not isinstance(node.body, Char | Class | Any | Group):
            body = f"(?:{body})"
        most = "" if node.most is None else str(node.most)
        signs = {(0, 1): "?", (0, None): "*", (1, None): "+"}
        count = signs.get((node.least, node.most)) or f"{{{node.least},{most}}}"
        return f"{body}{count}{'?' if node.lazy else ''}"

    def _sequence(self, node: Sequence) -> str:
        return "".join(
            self.text(p) if not isinstance(p, Choice) else f"(?:{self.text(p)})" for p in node.parts
        )

    def _choice(self, node: Choice) -> str:
        return "|".join(self.text(branch) for branch in node.branches)

    def _class(self, node: Class) -> str:
        if node.minus is None and not any(item.negated and not item.prop for item in node.items):
            return f"[{'^' if node.negated else ''}{''.join(self._item(item) for item in node.items)}]"
        ranges = charsets.class_ranges(node, "i" in self.flags)
        return f"[{_ranges(ranges)}]" if ranges else r"[^\x{0}-\x{10ffff}]"

    def _item(self, item: Item) -> str:
        if not item.prop:
            return _ranges(item.ranges)
        if item.prop == "PZC" or item.prop in ("C", "Cn"):
            return _ranges(charsets.item_ranges(item))
        return f"\\{'P' if item.negated else 'p'}{{{item.prop}}}"


def _ranges(ranges: Ranges) -> str:
    return "".join(
        f"\\x{{{low:x}}}" if low == high else f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges
    )


def code_text(code: int) -> str:
    """One character, escaped where RE2 reads it as something else."""
    char = chr(code)
    return char if char.isalnum() or char in " _" else f"\\x{{{code:x}}}"
