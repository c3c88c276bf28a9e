"""Compiled patterns: matching, replacing and splitting as XPath says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from engine.feel import limits
from engine.feel.regex.backtracking import Backtracker
from engine.feel.regex.parsing import Parser, PatternWrong
from engine.feel.regex.printing import re2_text

MAX_PATTERN = 1_000
_MAX_MEMORY = 8 << 20


@dataclass(frozen=True)
class Pattern:
    """A pattern ready to run; `literal` (flag q) makes replacements plain text."""

    found: Any
    literal: bool = False

    def matches(self, text: str) -> bool:
        """Whether the pattern is found anywhere in the text."""
        return self.found.search(text) is not None

    def replace(self, text: str, replacement: str) -> str | None:
        """Every match replaced; `$1` is a group, `\\$` and `\\\\` are plain. Null where XPath has an error: a
        pattern that matches nothing at all, or a replacement that is not well-formed."""
        parts = [replacement] if self.literal else _replacement(replacement, self.found.groups)
        if parts is None or self.found.search("") is not None:
            return None
        return "".join(self._replaced(text, parts))

    def _replaced(self, text: str, parts: list[Any]) -> list[str]:
        out: list[str] = []
        at = size = 0
        for match in self.found.finditer(text):
            made = "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)
            out += [text[at : match.start()], made]
            size += len(made)
            limits.check_string(size)
            at = match.end()
        return [*out, text[at:]]

    def split(self, text: str) -> list[str] | None:
        """The pieces between matches; null for a pattern that matches nothing at all."""
        if self.found.search("") is not None:
            return None
        out, at = [], 0
        for match in self.found.finditer(text):
            out.append(text[at : match.start()])
            at = match.end()
        return [*out, text[at:]]


def _replacement(text: str, groups: int) -> list[Any] | None:
    """Plain parts and numbers of groups."""
    parts: list[Any] = []
    at = 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$") or not following:
                return None
            parts.append(following)
            at += 2
        elif char == "$":
            if not following.isdigit() or not following.isascii():
                return None
            end = at + 2
            while end < len(text) and text[end].isdigit() and int(text[at + 1 : end + 1]) <= groups:
                end += 1
            number = int(text[at + 1 : end])
            parts.append(number if number <= groups else "")
            at = end
        else:
            parts.append(char)
            at += 1
    return parts


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Pattern | None:
    """The pattern, or None where pattern or flags are not valid."""
    if len(pattern) > MAX_PATTERN or not set(flags) <= set("smixq"):
        return None
    prefix = "".join(flag for flag in "mi" if flag in flags)
    if "q" in flags:
        return _re2(f"(?{prefix})" if "i" in flags else "", re2.escape(pattern), True)
    try:
        parser = Parser(pattern, "x" in flags)
        node = parser.parse()
    except PatternWrong:
        return None
    if parser.backs:
        return Pattern(Backtracker(node, parser.groups, flags))
    return _re2(f"(?{prefix})" if prefix else "", f"(?:{re2_text(node, flags)})", False)


def _re2(prefix: str, body: str, literal: bool) -> Pattern | None:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return Pattern(re2.compile(prefix + body, options), literal)
    except (re2.error, ValueError):
        return None
