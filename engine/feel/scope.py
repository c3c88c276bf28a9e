"""What names the parser may meet. Names with spaces and signs make the grammar depend on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from engine.feel.errors import FeelError
from engine.feel.lexer import Token, name_tokens, spell

# Words that end a name where the name itself is not known.
_WORDS = """if then else for in return some every satisfies and or between instance of function external
true false null"""
KEYWORDS = frozenset(_WORDS.split())


class Names:
    """A set of names that finds the longest one that tokens begin with."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.names: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        if name in self.names:
            return
        try:
            parts = name_tokens(name)
        except FeelError:  # a key such as "§": reachable by get value() only
            return
        if parts:
            self.names.add(name)
            self._by_first.setdefault(parts[0], []).append((parts, name))

    def longest(self, tokens: list[Token], at: int) -> tuple[int, str]:
        """Tokens taken and the name, or (0, "")."""
        best, found = 0, ""
        for parts, name in self._by_first.get(tokens[at].value, ()):
            if len(parts) > best and _begins(tokens, at, parts):
                best, found = len(parts), name
        return best, found


def _begins(tokens: list[Token], at: int, parts: tuple[str, ...]) -> bool:
    if at + len(parts) > len(tokens):
        return False
    return all(
        tokens[at + i].value == part and tokens[at + i].kind != "string" for i, part in enumerate(parts)
    )


class Scope:
    """The names in scope while parsing: outermost first. `members` are names that may follow a dot."""

    def __init__(self, names: Iterable[str], functions: Names, members: Iterable[str] = ()) -> None:
        self._levels = [Names(names)]
        self.functions = functions
        self.members = Names(members)

    @contextmanager
    def level(self, names: Iterable[str] = ()) -> Iterator[Names]:
        """A further level for the length of a block."""
        inner = Names(names)
        self._levels.append(inner)
        try:
            yield inner
        finally:
            self._levels.pop()

    def knows(self, name: str) -> bool:
        """Whether a name is in scope (functions aside)."""
        return any(name in level.names for level in self._levels)

    def find(self, tokens: list[Token], at: int) -> tuple[int, str]:
        """Tokens of the name that stands at `at`, and the name: the longest known, else adjacent words."""
        best, found = 0, ""
        for level in reversed(self._levels):
            taken, name = level.longest(tokens, at)
            if taken > best:
                best, found = taken, name
        words, spelled = _words(tokens, at)
        for known in (self.functions, self.members):
            taken, name = known.longest(tokens, at)
            # “date and time” is the function only where it is called; a member is a guess that must win clearly.
            if taken > best and (known is self.members or _calls(tokens, at + taken)) and taken >= words:
                best, found = taken, name
        if best and best >= words:
            return best, found
        if best and not _glued(tokens, at + best):
            return best, found
        return words, spelled

    def find_member(self, tokens: list[Token], at: int) -> tuple[int, str]:
        """The same behind a dot."""
        taken, name = self.members.longest(tokens, at)
        words, spelled = _words(tokens, at)
        return (taken, name) if taken >= words else (words, spelled)


def _calls(tokens: list[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].value == "(" and tokens[at].kind == "op"


def _glued(tokens: list[Token], at: int) -> bool:
    """Whether a word follows that no operator could be: the known name is only a part of what was meant."""
    token = tokens[at]
    return token.kind in ("name", "number") and token.value not in KEYWORDS


def _words(tokens: list[Token], at: int) -> tuple[int, str]:
    """Adjacent words and numbers as one name; the first may be a keyword (behind a dot)."""
    if tokens[at].kind != "name":
        return 0, ""
    if tokens[at].value == "?":
        return 1, "?"
    end = at + 1
    while _glued(tokens, end) and tokens[end].value != "?":
        end += 1
    return end - at, spell(tokens[at:end])
