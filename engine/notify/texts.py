"""Texts that staff edit, in notices and documents: Jinja with almost everything taken away.

A text may name facts, choose (`if`), repeat over a list of facts (`for`) and use the filters below. There
is no call, no arithmetic, no macro and no include, so what a text can cost is bounded by what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import Template, Undefined, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from engine import clock
from engine.errors import QihangError, Sentence
from engine.notify import markup

MAX_SOURCE = 100_000
MAX_RESULT = 500_000
_MAX_DEPTH = 2  # of loops in loops

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Filter, nodes.If, nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.CondExpr, nodes.Concat, nodes.Test, nodes.List, nodes.Tuple,
)  # fmt: skip
_TESTS = frozenset({"defined", "undefined", "none", "true", "false"})


class TextWrong(QihangError):
    """A text does not compile or reaches for what is closed; `line` counts from 1 within the text."""

    def __init__(self, sentence: Sentence, line: int) -> None:
        super().__init__(sentence)
        self.line = line


class TextTooLong(QihangError):
    """A text grew beyond MAX_RESULT while it was filled in."""

    def __init__(self) -> None:
        super().__init__(Sentence("填入内容后文本过长。", "The text is too long once it is filled in."))


class _Environment(SandboxedEnvironment):
    """Reaches into mappings only: never an attribute of a Python object."""

    def __init__(self, *, html: bool, locale: str) -> None:
        super().__init__(autoescape=html, trim_blocks=True)
        self.globals.clear()
        self.filters = {name: _with(function, locale) for name, function in FILTERS.items()}
        self.filters["_rows"] = lambda value: value if isinstance(value, list | tuple) else ()
        self.tests = {name: test for name, test in self.tests.items() if name in _TESTS}
        self.finalize = lambda value: _shown(value, locale)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping) or (isinstance(obj, list | tuple) and isinstance(argument, int)):
            try:
                return obj[argument]
            except (KeyError, IndexError):
                pass
        return self.undefined(obj=obj, name=str(argument))


def _with(function: Any, locale: str) -> Any:
    return lambda value, *args: function(value, *args, locale=locale)


class Text:
    """A text that was checked; `paths` are the facts that it reads: ("invitation", "position").

    Raises TextWrong.
    """

    def __init__(self, source: str, *, html: bool = False) -> None:
        if len(source) > MAX_SOURCE:
            raise TextWrong(Sentence("文本过长。", "The text is too long."), 1)
        self.source = source
        for line, sentence in markup.problems(source) if html else ():
            raise TextWrong(sentence, line)
        try:
            tree = _ENVIRONMENTS[html, "zh"].parse(source)
            _check(tree, 0)
            self._templates = {locale: _compiled(source, html, locale) for locale in ("zh", "en")}
        except TemplateSyntaxError as error:
            sentence = Sentence(
                f"文本写法有误：{error.message}", f"The text is not well-formed: {error.message}"
            )
            raise TextWrong(sentence, error.lineno) from None
        self.paths = frozenset(_paths(tree))

    def render(self, facts: Mapping[str, Any], locale: str = "zh") -> str:
        """The text with the facts filled in; what is missing is empty. Raises TextTooLong."""
        parts: list[str] = []
        size = 0
        named = {path[0] for path in self.paths}
        values = {name: facts[name] for name in named if name in facts}
        for part in self._templates["en" if locale.startswith("en") else "zh"].generate(values):
            size += len(part)
            if size > MAX_RESULT:
                raise TextTooLong()
            parts.append(part)
        return "".join(parts)


def _compiled(source: str, html: bool, locale: str) -> Template:
    """The template, its loops running over lists only: what is no list counts as an empty one."""
    environment = _ENVIRONMENTS[html, locale]
    tree = environment.parse(source)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, "_rows", [], [], None, None, lineno=loop.lineno)
        loop.iter.set_environment(environment)
    return Template.from_code(environment, environment.compile(tree), {})


def _check(node: nodes.Node, loops: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise TextWrong(_closed(type(node).__name__), node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise TextWrong(_closed(f"|{node.name}"), node.lineno)
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        raise TextWrong(_closed(f"is {node.name}"), node.lineno)
    if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        raise TextWrong(_closed("[…]"), node.lineno)
    if isinstance(node, nodes.For):
        loops += 1
        if loops > _MAX_DEPTH or node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            raise TextWrong(_closed("for"), node.lineno)
    if isinstance(node, nodes.Compare) and not all(map(_comparable, node.ops)):
        raise TextWrong(_closed("<"), node.lineno)
    for child in node.iter_child_nodes():
        _check(child, loops)


def _comparable(operand: nodes.Operand) -> bool:
    """Equal or not, or one of a list that stands in the text: whatever the facts are, it does not fail."""
    listed = isinstance(operand.expr, nodes.List | nodes.Tuple)
    return operand.op in ("eq", "ne") or (operand.op in ("in", "notin") and listed)


def _closed(what: str) -> Sentence:
    return Sentence(
        f"这里不能用 {what}：文本里只有变量、if、for 和规定的过滤器（{'、'.join(FILTERS)}）。",
        f"{what} is not available: a text has variables, if, for and the filters {', '.join(FILTERS)}.",
    )


def _paths(tree: nodes.Template) -> Iterator[tuple[str, ...]]:
    own = {name.name for loop in tree.find_all(nodes.For) for name in loop.target.find_all(nodes.Name)}
    own |= {loop.target.name for loop in tree.find_all(nodes.For) if isinstance(loop.target, nodes.Name)}
    inner: set[int] = set()
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name)):
        if id(node) in inner:
            continue
        path: list[str] = []
        step: nodes.Node = node
        while isinstance(step, nodes.Getattr | nodes.Getitem):
            path.append(str(step.attr if isinstance(step, nodes.Getattr) else getattr(step.arg, "value", "")))
            step = step.node
            inner.add(id(step))
        if isinstance(step, nodes.Name) and step.ctx == "load" and step.name not in own:
            yield (step.name, *reversed(path))


# ── how values are written ─────────────────────────────────────────────────────────────────────────


def day(value: Any, pattern: str = "YYYY-MM-DD", locale: str = "zh") -> str:
    """A date or instant by a pattern of YYYY, MM, M, DD, D, HH, mm: `M 月 D 日`, `YYYY.M.D`."""
    moment = _moment(value)
    if moment is None:
        return ""
    parts = {
        "YYYY": f"{moment.year:04d}", "MM": f"{moment.month:02d}", "M": str(moment.month),
        "DD": f"{moment.day:02d}", "D": str(moment.day), "HH": f"{moment.hour:02d}",
        "mm": f"{moment.minute:02d}",
    }  # fmt: skip
    return re.sub("YYYY|MM|M|DD|D|HH|mm", lambda found: parts[found[0]], str(pattern))


def _moment(value: Any) -> datetime | None:
    """The office's wall clock of a date, an instant, or either as ISO text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(clock.office_zone()) if value.tzinfo else value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None  # noqa: DTZ001 - a day


def money(value: Any, locale: str = "zh") -> str:
    """An amount with its unit: `3,500 元`."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return ""
    return f"{value:,} {'yuan' if locale.startswith('en') else '元'}"


def otherwise(value: Any, text: str = "", locale: str = "zh") -> Any:
    """The value, or the text where it is empty."""
    return text if value is None or value == "" or isinstance(value, Undefined) else value


def joined(value: Any, between: str = "、", locale: str = "zh") -> str:
    """The values of a list in one line."""
    return (
        str(between).join(str(_shown(part, locale)) for part in value)
        if isinstance(value, list | tuple)
        else ""
    )


FILTERS: dict[str, Any] = {
    "日期": day,
    "date": day,
    "金额": money,
    "money": money,
    "默认": otherwise,
    "default": otherwise,
    "连接": joined,
    "join": joined,
}


def _shown(value: Any, locale: str) -> Any:
    """How a value stands in a text without a filter."""
    english = locale.startswith("en")
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("yes" if value else "no") if english else ("是" if value else "否")
    if isinstance(value, datetime):
        return day(value, "YYYY-MM-DD HH:mm")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Sentence):
        return value.text(locale)
    if isinstance(value, list | tuple):
        return joined(value, ", " if english else "、", locale)
    return "" if isinstance(value, Mapping) else value


_ENVIRONMENTS = {
    (html, locale): _Environment(html=html, locale=locale)
    for html in (True, False)
    for locale in ("zh", "en")
}
