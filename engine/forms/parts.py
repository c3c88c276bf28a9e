"""One component's JSON, read with care: each part has the type it should have, or a finding and a plain default."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

import re2

from engine import feel
from engine.errors import Sentence as S
from engine.forms import expressions
from engine.forms.spec import Limits

MOST_TEXT = 5_000


class Reader(Protocol):
    """What a part reports to: findings, and the English texts that were used."""

    def wrong(self, element: str, code: str, **values: object) -> None: ...

    def english_of(self, name: str) -> str: ...


class Part:
    """A component, or an object in one. `name` is what findings and English texts call it."""

    def __init__(self, reader: Reader, name: str, data: Mapping[str, Any]) -> None:
        self.reader = reader
        self.name = name[:80]
        self.data = data
        self._reported: set[str] = set()

    def wrong(self, code: str, **values: object) -> None:
        self.reader.wrong(self.name, code, **values)

    def inner(self, name: str, data: Mapping[str, Any]) -> Part:
        return Part(self.reader, f"{self.name}.{name}", data)

    def map(self, name: str) -> Mapping[str, Any]:
        found = self.data.get(name)
        if found is not None and not isinstance(found, Mapping) and name not in self._reported:
            self._reported.add(name)
            self.wrong("form.component", name=name)
        return found if isinstance(found, Mapping) else {}

    def text(self, name: str, *, called: str | None = None) -> S:
        """A text with its English, which stands under the component's name (label, text) or name.`called`."""
        zh = self.data.get(name)
        if zh is None:
            return S("", "")
        if not isinstance(zh, str) or len(zh) > MOST_TEXT:
            self.wrong("form.text", name=name, most=MOST_TEXT)
            return S("", "")
        called = called or ("" if name in ("label", "text") else name)
        return S(zh, self.reader.english_of(f"{self.name}.{called}" if called else self.name) or zh)

    def adorner(self, side: str) -> S:
        """What stands before or behind the control (元 / 月)."""
        appearance = Part(self.reader, self.name, self.map("appearance"))
        return appearance.text(f"{side}Adorner", called=side)

    def expression(self, name: str, text: Any) -> str:
        """FEEL that compiles; else a finding and ""."""
        if text is None or text == "":
            return ""
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            self.wrong("form.text", name=name, most=MOST_TEXT)
            return ""
        try:
            feel.compile(expressions.body(text))
        except feel.FeelError as error:
            self.wrong("form.expression", name=name, why=error.sentence)
            return ""
        return text

    def number(self, name: str, data: Mapping[str, Any]) -> Decimal | None:
        found = data.get(name)
        if found is None or found == "":
            return None
        try:
            if isinstance(found, bool) or not isinstance(found, int | Decimal | str):
                raise ValueError
            value = Decimal(found)
            if not value.is_finite() or abs(value) > Decimal(10) ** 15:
                raise ValueError
        except (ArithmeticError, ValueError):
            self.wrong("form.limits", name=name)
            return None
        return value

    def whole(self, name: str, data: Mapping[str, Any]) -> int | None:
        value = self.number(name, data)
        if value is None:
            return None
        if value != value.to_integral_value() or value < 0:
            self.wrong("form.limits", name=name)
            return None
        return int(value)

    def properties(self) -> dict[str, str]:
        """form-js's free map of settings; texts only."""
        found = self.map("properties")
        if any(not isinstance(value, str | int | bool | Decimal) for value in found.values()):
            self.wrong("form.properties")
            return {}
        return {str(name): str(value)[:MOST_TEXT] for name, value in found.items()}

    def layout(self) -> dict[str, Any]:
        layout = self.map("layout")
        columns = layout.get("columns")
        return {
            "row": str(layout.get("row") or ""),
            "columns": columns if isinstance(columns, int) and 1 <= columns <= 16 else None,
        }

    def limits(self, kind: str, options: Mapping[str, str]) -> Limits:
        validate = self.map("validate")
        longest = self.whole("maxLength", validate)
        hint = options.get("pattern_hint", "")
        return Limits(
            min=self.number("min", validate),
            max=self.number("max", validate),
            min_length=self.whole("minLength", validate),
            max_length={"textfield": 500, "textarea": 5_000}.get(kind) if longest is None else longest,
            pattern=self._pattern(validate.get("pattern")),
            pattern_hint=S(hint, options.get("pattern_hint_en") or hint),
            format=str(validate.get("validationType") or ""),
            line_ends=options.get("line_ends", "").lower() not in ("false", "no"),
            decimals=(self.whole("decimalDigits", self.data) or 0) if kind == "number" else 0,
            not_past=self.data.get("disallowPassedDates") is True,
        )

    def _pattern(self, pattern: Any) -> str:
        if not pattern:
            return ""
        try:
            re2.compile(pattern)
        except (re2.error, TypeError):
            self.wrong("form.pattern")
            return ""
        return str(pattern)
