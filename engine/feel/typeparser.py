"""Types as texts: `list<string>`, `context<a: number>`, `function<number> -> string`, `range<date>`, names."""

from __future__ import annotations

from functools import lru_cache

from engine.errors import Sentence
from engine.feel.errors import FeelError
from engine.feel.lexer import Token, spell, tokens
from engine.feel.types import (
    ALIASES,
    SIMPLE,
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    Type,
)

# In texts a type bears its own name only; the aliases are what files and people write as a typeRef.
_OWN = [*SIMPLE, "list", "context", "range", "function"]
_LONG = [name.split() for name in sorted(_OWN, key=len, reverse=True)]


class TypeParser:
    """Reads a type from tokens; `at` is where it ends."""

    def __init__(self, found: list[Token], at: int, text: str) -> None:
        self.tokens = found
        self.at = at
        self.text = text

    def parse(self) -> Type:
        """The type. Raises FeelError."""
        word = self.tokens[self.at].value
        following = self.tokens[self.at + 1].value if self.at + 1 < len(self.tokens) else ""
        if following == "<" and word in ("list", "range", "context", "function"):
            self.at += 2
            return getattr(self, f"_{word}")()
        for parts in _LONG:
            if [t.value for t in self.tokens[self.at : self.at + len(parts)]] == parts:
                self.at += len(parts)
                return ALIASES[" ".join(parts)]
        return self._named()

    def _expect(self, sign: str) -> None:
        token = self.tokens[self.at]
        if token.value == sign:
            self.at += 1
            return
        if sign == ">" and token.value == ">=":  # list<number>=x
            self.tokens[self.at] = Token("op", "=", token.start + 1, token.end)
            return
        raise FeelError(
            Sentence(f"类型中缺少“{sign}”。", f"“{sign}” is missing in the type."), token.start, self.text
        )

    def _list(self) -> Type:
        item = self.parse()
        self._expect(">")
        return ListType(item=item)

    def _range(self) -> Type:
        item = self.parse()
        self._expect(">")
        return RangeType(item=item)

    def _context(self) -> Type:
        fields: dict[str, Type] = {}
        while self.tokens[self.at].value != ">":
            start = self.at
            while self.tokens[self.at].value not in (":", "") and self.tokens[self.at].kind != "end":
                self.at += 1
            name = spell(self.tokens[start : self.at]) if self.at > start else ""
            self._expect(":")
            fields[name] = self.parse()
            if self.tokens[self.at].value != ",":
                break
            self.at += 1
        self._expect(">")
        return ContextType(fields=fields, open=False)

    def _function(self) -> Type:
        params: list[Type] = []
        while self.tokens[self.at].value != ">":
            params.append(self.parse())
            if self.tokens[self.at].value != ",":
                break
            self.at += 1
        self._expect(">")
        self._expect("->")
        return FunctionType(params=tuple(params), result=self.parse())

    def _named(self) -> Type:
        start = self.at
        while self.tokens[self.at].kind == "name" or (
            self.at > start and self.tokens[self.at].value in (".", "-", "'", "_")
        ):
            if self.at > start and self.tokens[self.at].value in ("and", "or", "then", "else", "return"):
                break
            self.at += 1
        if self.at == start:
            token = self.tokens[start]
            raise FeelError(Sentence("这里应当是一个类型。", "Expected a type here."), token.start, self.text)
        return NamedType(spell(self.tokens[start : self.at]))


@lru_cache(maxsize=1024)
def type_named(text: str) -> Type:
    """The type of a text such as `list<string>`; a NamedType where it is no type of FEEL. Raises FeelError."""
    if text in ALIASES:
        return ALIASES[text]
    found = tokens(text)
    parser = TypeParser(found, 0, text)
    result = parser.parse()
    if found[parser.at].kind != "end":
        raise FeelError(Sentence("类型没有写对。", "This is not a type."), found[parser.at].start, text)
    return result
