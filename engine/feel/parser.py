"""The Pratt parser of FEEL (DMN 1.5, 10.3.1.2). It is given the names in scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from engine.errors import Sentence
from engine.feel import limits, nodes
from engine.feel.errors import FeelError
from engine.feel.lexer import Token, spell, tokens
from engine.feel.nodes import Node
from engine.feel.scope import KEYWORDS, Names, Scope
from engine.feel.typeparser import TypeParser
from engine.feel.types import Type

# How strongly operators bind, weakest first (grammar rules 2 and 4).
OR, AND, COMPARE, ADD, MULTIPLY, POWER, INSTANCE = range(1, 8)
_INFIX = {
    "or": OR,
    "and": AND,
    "=": COMPARE,
    "!=": COMPARE,
    "<": COMPARE,
    "<=": COMPARE,
    ">": COMPARE,
    ">=": COMPARE,
    "between": COMPARE,
    "in": COMPARE,
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
    "**": POWER,
    "instance": INSTANCE,
}
_TESTS = ("<", "<=", ">", ">=", "=", "!=")


class Parser:
    """Reads one text. `expression` and `unary_tests` are the two things a text can be."""

    def __init__(self, text: str, scope: Scope) -> None:
        limits.check_text(text)
        self.text = text
        self.scope = scope
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    # -- doors

    def expression(self) -> Node:
        """The whole text as one expression. Raises FeelError."""
        node = self.parse()
        self._end()
        return node

    def unary_tests(self) -> nodes.Tests:
        """The whole text as unary tests: `-`, tests, or not(tests). Raises FeelError."""
        if self.token.value == "-" and self.tokens[self.at + 1].kind == "end":
            self.at += 1
            return nodes.Tests(())
        if self._is("not") and self.tokens[self.at + 1].value == "(" and self._closes_at_end(self.at + 1):
            pos = self.token.start
            self.at += 2
            tests = self._tests()
            self._expect(")")
            self._end()
            return nodes.Tests(tests, True, pos=pos)
        tests = self._tests()
        self._end()
        return nodes.Tests(tests)

    def _closes_at_end(self, at: int) -> bool:
        """Whether the bracket at `at` closes with the text's last token."""
        level = 0
        for index in range(at, len(self.tokens) - 1):
            token = self.tokens[index]
            if token.kind == "op":
                level += {"(": 1, ")": -1}.get(token.value, 0)
            if level == 0:
                return index == len(self.tokens) - 2
        return False

    # -- tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def _is(self, value: str) -> bool:
        token = self.tokens[self.at]
        return token.value == value and token.kind != "string"

    def take(self, value: str) -> bool:
        """Whether this word or sign comes next, which is then taken."""
        if self._is(value):
            self.at += 1
            return True
        return False

    @property
    def ended(self) -> bool:
        """Whether all of the text was read."""
        return self.token.kind == "end"

    def _expect(self, value: str) -> None:
        if not self.take(value):
            raise self.error(
                Sentence(f"这里应当是“{value}”。", f"Expected “{value}” here.")
                if self.token.kind != "end"
                else Sentence(f"末尾缺少“{value}”。", f"“{value}” is missing at the end.")
            )

    def _end(self) -> None:
        if self.token.kind != "end":
            word = self.token.value
            raise self.error(Sentence(f"看不懂这里的“{word}”。", f"“{word}” was not expected here."))

    def error(self, sentence: Sentence, position: int | None = None) -> FeelError:
        return FeelError(sentence, self.token.start if position is None else position, self.text)

    # -- expressions

    def parse(self, strength: int = 0) -> Node:
        """An expression of operators that bind more strongly than `strength`."""
        self.depth += 1
        if self.depth > limits.MAX_DEPTH:
            raise limits.too_deep(self.token.start, self.text)
        left = self._postfix(self._prefix())
        while True:
            token = self.token
            power = _INFIX.get(token.value, 0) if token.kind != "string" else 0
            if power <= strength:
                break
            left = self._infix(left, token, power)
        self.depth -= 1
        return left

    def _infix(self, left: Node, token: Token, power: int) -> Node:
        self.at += 1
        pos = token.start
        if token.value == "between":
            low = self.parse(COMPARE)
            self._expect("and")
            return nodes.Between(left, low, self.parse(COMPARE), pos=pos)
        if token.value == "in":
            return nodes.In(left, self._in_tests(), pos=pos)
        if token.value == "instance":
            self._expect("of")
            kind = TypeParser(self.tokens, self.at, self.text)
            found = kind.parse()
            self.at = kind.at
            return nodes.InstanceOf(left, found, pos=pos)
        if token.value in ("and", "or"):
            return self._junction(left, token.value, power)
        return nodes.Binary(token.value, left, self.parse(power), pos=pos)

    def _junction(self, left: Node, word: str, power: int) -> Node:
        items = [left, self.parse(power)]
        while self.take(word):
            items.append(self.parse(power))
        make = nodes.And if word == "and" else nodes.Or
        return make(tuple(items), pos=left.pos)

    def _in_tests(self) -> tuple[Node, ...]:
        """What may stand behind `in`: one test, or several in brackets."""
        if self._is("(") and not self._interval_ahead():
            self.at += 1
            tests = self._tests()
            self._expect(")")
            return tests
        return (self.parse(COMPARE),)

    def _interval_ahead(self) -> bool:
        """Whether the bracket that stands here begins a range: `..` comes before it closes."""
        level = 0
        for token in self.tokens[self.at :]:
            if token.kind == "op":
                if token.value in "([{":
                    level += 1
                elif token.value in ")]}":
                    level -= 1
                    if level == 0:
                        return False
                elif token.value == ".." and level == 1:
                    return True
                elif token.value == "," and level == 1:
                    return False
        return False

    def _tests(self) -> tuple[Node, ...]:
        return tuple(self._separated(self.parse))

    def _separated(self, read: Callable[[], Node]) -> list[Node]:
        found = [read()]
        while self.take(","):
            found.append(read())
        return found

    # -- what expressions begin with

    def _prefix(self) -> Node:
        token = self.token
        pos = token.start
        if token.kind == "number":
            self.at += 1
            return nodes.Number(Decimal(token.value), pos=pos)
        if token.kind == "string":
            self.at += 1
            return nodes.String(token.value, pos=pos)
        if token.kind == "name":
            return self._word(token)
        if token.kind == "end":
            raise self.error(Sentence("表达式没有写完。", "The expression is not complete."))
        return self._sign(token, pos)

    def _sign(self, token: Token, pos: int) -> Node:
        sign = token.value
        if sign == "-":
            self.at += 1
            return nodes.Negate(self.parse(POWER), pos=pos)
        if sign in _TESTS:
            self.at += 1
            return nodes.Test(sign, self.parse(COMPARE), pos=pos)
        if sign == "@":
            self.at += 1
            if self.token.kind != "string":
                raise self.error(Sentence("@ 后面应当是带引号的文字。", "A string must follow “@”."))
            self.at += 1
            return nodes.At(self.tokens[self.at - 1].value, pos=pos)
        if sign in "([]":
            return self._bracket(sign, pos)
        if sign == "{":
            self.at += 1
            return self._context(pos)
        raise self.error(Sentence(f"看不懂这里的“{sign}”。", f"“{sign}” was not expected here."))

    def _bracket(self, sign: str, pos: int) -> Node:
        """( expression ), a range in any of its forms, or a list."""
        self.at += 1
        if sign == "[" and self.take("]"):
            return nodes.ListNode((), pos=pos)
        first = self.parse()
        if self.take(".."):
            last = self.parse()
            if self.token.value not in (")", "]", "["):
                raise self.error(Sentence("区间没有结束。", "The range is not closed."))
            self.at += 1
            return nodes.RangeNode(first, last, sign == "[", self.tokens[self.at - 1].value == "]", pos=pos)
        if sign == "(":
            self._expect(")")
            return first
        if sign == "]":
            raise self.error(Sentence("看不懂这里的“]”。", "“]” was not expected here."), pos)
        items = [first]
        while self.take(","):
            items.append(self.parse())
        self._expect("]")
        return nodes.ListNode(tuple(items), pos=pos)

    def _word(self, token: Token) -> Node:
        pos = token.start
        constant = {"true": True, "false": False}.get(token.value)
        taken, name = self.scope.find(self.tokens, self.at)
        if taken > 1 and name in self.scope.functions.names:
            return self._name(taken, name, pos)
        if constant is not None:
            self.at += 1
            return nodes.Boolean(constant, pos=pos)
        if token.value == "null":
            self.at += 1
            return nodes.Null(pos=pos)
        special = {
            "if": self._if,
            "for": self._for,
            "some": self._some,
            "every": self._some,
            "function": self._function,
        }
        if token.value in special and not (taken > 1 and self._known(name)):
            self.at += 1
            return special[token.value](pos)
        if token.value in KEYWORDS and not self._known(name) and token.value != "external":
            raise self.error(
                Sentence(f"看不懂这里的“{token.value}”。", f"“{token.value}” was not expected here.")
            )
        return self._name(taken, name, pos)

    def _known(self, name: str) -> bool:
        return self.scope.knows(name)

    def _name(self, taken: int, name: str, pos: int) -> Node:
        self.at += taken
        return nodes.Name(name, pos=pos)

    def _if(self, pos: int) -> Node:
        condition = self.parse()
        self._expect("then")
        then = self.parse()
        self._expect("else")
        return nodes.If(condition, then, self.parse(), pos=pos)

    def _for(self, pos: int) -> Node:
        with self.scope.level(["partial"]) as names:
            iterators = self._iterators(names, True)
            self._expect("return")
            return nodes.For(iterators, self.parse(), pos=pos)

    def _some(self, pos: int) -> Node:
        kind = self.tokens[self.at - 1].value
        with self.scope.level() as names:
            iterators = self._iterators(names, False)
            self._expect("satisfies")
            return nodes.Quantified(kind, iterators, self.parse(), pos=pos)

    def _iterators(self, names: Names, ranges: bool) -> tuple[nodes.Iterator, ...]:
        found = []
        while True:
            pos = self.token.start
            name = self._new_name("in")
            self._expect("in")
            domain = self.parse()
            end = self.parse() if ranges and self.take("..") else None
            found.append(nodes.Iterator(name, domain, end, pos=pos))
            names.add(name)
            if not self.take(","):
                return tuple(found)

    def _new_name(self, *ends: str) -> str:
        """A name that is introduced here: everything up to one of the words or signs `ends`."""
        start = self.at
        while not any(self._is(end) for end in ends) and self.token.kind in ("name", "number", "op"):
            if self.token.kind == "op" and self.token.value not in "./-'+*":
                break
            self.at += 1
        if self.at == start or self.tokens[start].kind != "name":
            raise self.error(Sentence("这里应当是一个名称。", "Expected a name here."))
        return spell(self.tokens[start : self.at])

    def _function(self, pos: int) -> Node:
        self._expect("(")
        params: list[tuple[str, Type | None]] = []
        while not self._is(")"):
            name = self._new_name(":", ",", ")")
            kind = None
            if self.take(":"):
                types = TypeParser(self.tokens, self.at, self.text)
                kind = types.parse()
                self.at = types.at
            params.append((name, kind))
            if not self.take(","):
                break
        self._expect(")")
        external = self.take("external")
        with self.scope.level(name for name, _ in params):
            return nodes.Function(tuple(params), self.parse(), external, pos=pos)

    def _context(self, pos: int) -> Node:
        entries: list[tuple[str, Node]] = []
        with self.scope.level() as names:
            while not self._is("}"):
                key_at = self.token.start
                if self.token.kind == "string":
                    key = self.token.value
                    self.at += 1
                else:
                    key = self._new_name(":")
                if any(key == known for known, _ in entries):
                    raise self.error(Sentence(f"“{key}”写了两次。", f"“{key}” is given twice."), key_at)
                self._expect(":")
                entries.append((key, self.parse()))
                names.add(key)
                self.scope.members.add(key)
                if not self.take(","):
                    break
        self._expect("}")
        return nodes.ContextNode(tuple(entries), pos=pos)

    # -- what expressions go on with

    def _postfix(self, node: Node) -> Node:
        while self.token.kind == "op":
            pos = self.token.start
            if self._is("."):
                self.at += 1
                taken, name = self.scope.find_member(self.tokens, self.at)
                if not taken:
                    raise self.error(Sentence("点号后面应当是一个名称。", "A name must follow the dot."))
                self.at += taken
                node = nodes.Path(node, name, pos=pos)
            elif self._is("["):
                if self._open_range_ends():
                    break
                node = self._filter(node, pos)
            elif self._is("("):
                self.at += 1
                node = self._call(node, pos)
            else:
                break
        return node

    def _open_range_ends(self) -> bool:
        """Whether this [ closes a range such as `]1..5[` rather than opening a filter."""
        following = self.tokens[self.at + 1]
        return (
            following.kind == "end"
            or (following.kind == "op" and following.value in ",)]}")
            or (
                following.kind == "name"
                and following.value in ("then", "else", "return", "and", "or", "satisfies")
            )
        )

    def _filter(self, base: Node, pos: int) -> Node:
        self.at += 1
        with self.scope.level(["item"]):
            condition = self.parse()
        self._expect("]")
        return nodes.Filter(base, condition, pos=pos)

    def _call(self, function: Node, pos: int) -> Node:
        args: list[Node] = []
        names: list[str] = []
        while not self._is(")"):
            name = self._argument_name()
            if (name is None) != (not names) and args:
                raise self.error(Sentence("参数要么都写名称，要么都不写。", "Name all arguments or none."))
            if name is not None:
                names.append(name)
            args.append(self.parse())
            if not self.take(","):
                break
        self._expect(")")
        return nodes.Call(function, tuple(args), tuple(names) if names else None, pos=pos)

    def _argument_name(self) -> str | None:
        """`name:` before an argument, taken; None where the argument has none."""
        if self.token.kind != "name":
            return None
        end = self.at
        while self.tokens[end].kind in ("name", "number") or self.tokens[end].value in (
            "-",
            "+",
            "*",
            "/",
            "'",
            ".",
        ):
            end += 1
        if self.tokens[end].value != ":" or self.tokens[end].kind != "op":
            return None
        name = spell(self.tokens[self.at : end])
        self.at = end + 1
        return name


def parse(text: str, names: Iterable[str], functions: Names, members: Iterable[str] = ()) -> Node:
    """The tree of an expression. Raises FeelError."""
    return Parser(text, Scope(names, functions, members)).expression()


def parse_unary(
    text: str, names: Iterable[str], functions: Names, members: Iterable[str] = ()
) -> nodes.Tests:
    """The tree of unary tests. Raises FeelError."""
    return Parser(text, Scope(names, functions, members)).unary_tests()
