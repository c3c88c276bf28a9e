"""Texts to tokens, by the character classes of the standard (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from engine.errors import Sentence
from engine.feel.errors import FeelError

_SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u180e\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
_START = (
    "A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u167f\\u1681-\\u180d\\u180f-\\u1fff"
    "\\u200c-\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufefe\\uff00-\\ufffd"
    "\\U00010000-\\U000effff"
)
_PART = _START + "0-9\\u00b7\\u0300-\\u036f\\u203f-\\u2040"

_TOKEN = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    rf"|(?P<name>[?]|[{_START}][{_PART}]*)"
    r"|(?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/(){}\[\],.:=<>@'])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_HINTS = "“”‘’「」＂"


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, string, name, op or end; `value` a string's content or the token itself."""

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All tokens and one of kind `end`. Raises FeelError at what is no token."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        kind = match.lastgroup or ""
        if kind == "string":
            found.append(Token(kind, unescape(match.group()[1:-1]), at, match.end()))
        elif kind != "space":
            found.append(Token(kind, match.group(), at, match.end()))
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _unreadable(text: str, at: int) -> FeelError:
    char = text[at]
    if char == '"':
        return FeelError(Sentence("引号没有配对。", "A string is not closed."), at, text)
    if text.startswith("/*", at):
        return FeelError(Sentence("注释没有结束。", "A comment is not closed."), at, text)
    if char in _HINTS:
        return FeelError(
            Sentence(
                f'这里不能用“{char}”，文字请用英文引号 "…"。',
                f'“{char}” is not allowed here; write strings as "…".',
            ),
            at,
            text,
        )
    return FeelError(
        Sentence(f"这里不能用字符“{char}”。", f"The character “{char}” is not allowed here."), at, text
    )


def unescape(body: str) -> str:
    """A string literal's content with its escapes resolved; surrogate pairs become one character."""
    if "\\" not in body:
        return body
    out = _ESCAPE.sub(_escaped, body)
    if any("\ud800" <= c <= "\udfff" for c in out):
        out = out.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return out


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _SIMPLE.get(match[3], match[0])


def escape(content: str) -> str:
    """The literal of a string, quotes included."""
    content = content.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + content.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


@lru_cache(maxsize=8192)
def name_tokens(name: str) -> tuple[str, ...]:
    """A name as the sequence of its tokens, so that spaces do not matter. Raises FeelError where it has none."""
    return tuple(t.value for t in tokens(name)[:-1])


def spell(parts: list[Token]) -> str:
    """The name that adjacent tokens make: joined as written, runs of space being one space."""
    out = parts[0].value
    for before, token in pairwise(parts):
        out += (" " if token.start > before.end else "") + token.value
    return out


def normal_name(name: str) -> str:
    """A name with its spaces made single ones, which is how names are compared."""
    return re.sub(f"[{_SPACE}]+", " ", name).strip()
