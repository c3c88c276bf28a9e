"""The little of Markdown that texts in forms may use: headings, lists, bold. No HTML; what looks like it is text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item; `parts` are pieces of text, each bold or not."""

    kind: str
    parts: tuple[tuple[str, bool], ...]

    @property
    def plain(self) -> str:
        return "".join(text for text, _ in self.parts)


def blocks(text: str) -> list[Block]:
    """The text in blocks, in order. `kind` is "paragraph", "heading" or "item"."""
    found: list[Block] = []
    for piece in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in piece.splitlines():
            match = re.match(r"\s*(#{1,6}|[-*]|\d{1,2}[.)])\s+(.+)", line)
            if match is None:
                lines.append(line.strip())
                continue
            found += _paragraph(lines)
            lines = []
            found.append(Block("heading" if match.group(1)[0] == "#" else "item", _parts(match.group(2))))
        found += _paragraph(lines)
    return found


def _paragraph(lines: list[str]) -> list[Block]:
    text = " ".join(line for line in lines if line)
    return [Block("paragraph", _parts(text))] if text else []


def _parts(text: str) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = []
    at = 0
    for match in _BOLD.finditer(text):
        parts += [(text[at : match.start()], False), (match.group(1) or match.group(2), True)]
        at = match.end()
    parts.append((text[at:], False))
    return tuple((piece, bold) for piece, bold in parts if piece)
