"""The syntax of XPath 3.1's regular expressions (those of XML Schema and ^ $ lazy quantifiers and groups)."""

from __future__ import annotations

from engine.feel.regex import charsets
from engine.feel.regex.tree import Any, Back, Char, Choice, Class, Edge, Group, Item, Node, Repeat, Sequence

MAX_REPEAT = 1000
MAX_DEPTH = 50
_SINGLE = {"n": 10, "r": 13, "t": 9}
_ESCAPED = "\\|.-^?*+{}()[]$"
_SPECIAL = ".\\?*+{}()|[]^$"


class PatternWrong(Exception):
    """The pattern is not valid; FEEL makes null of it."""


class Parser:
    """Reads one pattern. `groups` counts the capturing brackets, `backs` tells of back-references."""

    def __init__(self, text: str, free_spacing: bool) -> None:
        self.text = strip_spaces(text) if free_spacing else text
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.backs = False
        self.depth = 0

    def parse(self) -> Node:
        """The tree. Raises PatternWrong."""
        found = self.choice()
        if self.at < len(self.text):
            raise PatternWrong
        return found

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self) -> str:
        if self.at >= len(self.text):
            raise PatternWrong
        self.at += 1
        return self.text[self.at - 1]

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternWrong
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def branch(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.piece())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def piece(self) -> Node:
        atom = self.atom()
        sign = self.peek()
        if sign not in ("?", "*", "+", "{") or not sign:
            return atom
        if isinstance(atom, Edge):
            raise PatternWrong
        self.at += 1
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign) or self.counts()
        lazy = self.peek() == "?"
        if lazy:
            self.at += 1
        return Repeat(atom, least, most, lazy)

    def counts(self) -> tuple[int, int | None]:
        """What stands between braces."""
        end = self.text.find("}", self.at)
        body = self.text[self.at : end] if end >= 0 else ""
        low, comma, high = body.partition(",")
        if not _digits(low) or (high and not _digits(high)):
            raise PatternWrong
        self.at = end + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if least > MAX_REPEAT or (most is not None and not least <= most <= MAX_REPEAT):
            raise PatternWrong
        return least, most

    def atom(self) -> Node:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == "\\":
            return self.escape()
        if char in "^$":
            return Edge(char == "^")
        if char == ".":
            return Any()
        if char in _SPECIAL:
            raise PatternWrong
        return Char(ord(char))

    def group(self) -> Node:
        number = 0
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise PatternWrong
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        body = self.choice()
        if self.take() != ")":
            raise PatternWrong
        self.closed.add(number)
        return Group(number, body)

    def escape(self) -> Node:
        if self.peek().isdigit() and self.peek() != "0":
            return self.back()
        found = self.class_escape()
        if isinstance(found, int):
            return Char(found)
        return Class((found,))

    def back(self) -> Node:
        """A back-reference: as many digits as there are groups for."""
        number = int(self.take())
        while _digits(self.peek()) and number * 10 + int(self.peek()) <= self.groups:
            number = number * 10 + int(self.take())
        if number not in self.closed:
            raise PatternWrong
        self.backs = True
        return Back(number)

    def class_escape(self) -> int | Item:
        """An escape that may stand in a character class too: a code point or a set."""
        char = self.take()
        if char in _SINGLE:
            return _SINGLE[char]
        if char in _ESCAPED:
            return ord(char)
        if char in "pP":
            return self.prop(char == "P")
        found = charsets.MULTI.get(char.lower())
        if found is None:
            raise PatternWrong
        return Item(found.ranges, found.prop, found.negated != char.isupper())

    def prop(self, negated: bool) -> Item:
        """\\p{L}, \\p{IsBasicLatin} …"""
        end = self.text.find("}", self.at)
        if self.peek() != "{" or end < 0:
            raise PatternWrong
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        if name.startswith("Is"):
            block = charsets.BLOCKS.get(name[2:])
            if block is None:
                raise PatternWrong
            return Item((block,), negated=negated)
        if name not in charsets.CATEGORIES:
            raise PatternWrong
        return Item(prop=name, negated=negated)

    def char_class(self) -> Class:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternWrong
        negated = self.peek() == "^"
        if negated:
            self.at += 1
        items: list[Item] = []
        minus = None
        while self.peek() != "]":
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] == "[" and items:
                self.at += 2
                minus = self.char_class()
                if self.peek() != "]":
                    raise PatternWrong
                break
            items.append(self.class_item())
        self.at += 1
        self.depth -= 1
        if not items:
            raise PatternWrong
        return Class(tuple(items), negated, minus)

    def class_item(self) -> Item:
        low = self.class_char()
        if isinstance(low, Item):
            return low
        following = self.text[self.at + 1 : self.at + 2]
        if self.peek() != "-" or following in ("", "]", "["):
            return Item(((low, low),))
        if low == ord("-") and self.text[self.at - 1] == "-":
            return Item(((low, low),))
        self.at += 1
        high = self.class_char()
        if isinstance(high, Item) or high < low:
            raise PatternWrong
        return Item(((low, high),))

    def class_char(self) -> int | Item:
        char = self.take()
        if char == "\\":
            return self.class_escape()
        if char == "[":
            raise PatternWrong
        return ord(char)


def strip_spaces(text: str) -> str:
    """The pattern without white space outside character classes (flag x)."""
    out = []
    level = 0
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text) and not (level == 0 and text[at + 1] in " \t\r\n"):
            out.append(text[at : at + 2])
            at += 2
            continue
        level += {"[": 1, "]": -1}.get(char, 0)
        if level > 0 or char not in " \t\r\n":
            out.append(char)
        at += 1
    return "".join(out)


def _digits(text: str) -> bool:
    return bool(text) and text.isascii() and text.isdigit()
