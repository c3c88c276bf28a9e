"""What was submitted, whichever door it came through, as one thing that a form reads: lists of values by name."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.errors import Sentence as S
from engine.forms import mistakes
from engine.forms.spec import FieldSpec
from engine.forms.uploads import Sent

if TYPE_CHECKING:
    from engine.forms.form import FormSpec


class Submitted:
    """An object of JSON as a form reads it. `shapes` are the keys whose value has a shape no field takes."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {}
        self.shapes: dict[str, S] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.values or name in self.shapes

    def __iter__(self) -> Iterator[str]:
        yield from self.values
        yield from (name for name in self.shapes if name not in self.values)

    def getlist(self, name: str) -> list[Any]:
        return self.values.get(name, [])

    def get(self, name: str, default: Any = None) -> Any:
        return (self.values.get(name) or [default])[0]


class _WrongShape(Exception):
    def __init__(self, sentence: S) -> None:
        super().__init__(sentence.zh)
        self.sentence = sentence


def from_json(form: FormSpec, data: Mapping[str, Any]) -> Submitted:
    """Takes an object of the API. Null is an empty field; numbers and booleans are what they say."""
    submitted = Submitted()
    for name, value in data.items():
        spec = form.by_key.get(str(name))
        try:
            submitted.values[str(name)] = _texts(spec, value)
        except _WrongShape as wrong:
            submitted.shapes[str(name)] = wrong.sentence
    return submitted


def _texts(spec: FieldSpec | None, value: Any) -> list[Any]:
    if spec is None:
        return [value]
    if spec.kind == "upload":
        return [_file(item) for item in _several(value)]
    if spec.kind == "checklist":
        return [_text(spec, item) for item in _several(value)]
    return [_text(spec, value)]


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise _WrongShape(S("这里要一个列表。", "A list is wanted here."))
    if len(value) > 2000:
        raise _WrongShape(S("列表太长。", "The list is too long."))
    return list(value)


def _text(spec: FieldSpec, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple | Mapping):
        raise _WrongShape(mistakes.ONE_VALUE)
    if isinstance(value, bool):
        if spec.kind == "checkbox" or spec.boolean:
            return "true" if value else "false"
    elif isinstance(value, str):
        if spec.kind != "checkbox" or value == "":
            return value
    elif isinstance(value, int | float | Decimal):
        if spec.kind in {"number", "entity"}:
            return _number(value)
    elif isinstance(value, date | time | datetime):
        return value.isoformat()
    wanted = {"number": S("这里要一个数字。", "A number is wanted here."), "entity": mistakes.NOT_OFFERED}
    raise _WrongShape(wanted.get(spec.kind, mistakes.NOT_TEXT) if spec.kind != "checkbox" else _TRUE_OR_FALSE)


_TRUE_OR_FALSE = S("这里只能是 true 或 false。", "This is either true or false.")


def _number(value: int | float | Decimal) -> str:
    """JSON knows one kind of number, so 3500.0 is 3500."""
    if isinstance(value, int):
        if abs(value) >= 10**30:
            raise _WrongShape(S("数字太长，请核对。", "This number is too long; please check it."))
        return str(value)
    if not math.isfinite(value) or abs(float(value)) >= 1e30:
        raise _WrongShape(S("这里要一个数字。", "A number is wanted here."))
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if exact == exact.to_integral_value():
        return f"{exact.to_integral_value():f}"
    return f"{exact.normalize():f}"[:60]


def _file(value: Any) -> Sent:
    """A file in JSON: its name, and its bytes in base64."""
    if not isinstance(value, Mapping) or not isinstance(value.get("content"), str):
        raise _WrongShape(
            S(
                "文件要写成 {name, content}，content 是 base64。",
                "A file is {name, content}, content in base64.",
            )
        )
    try:
        content = base64.b64decode(value["content"], validate=True)
    except (binascii.Error, ValueError):
        raise _WrongShape(S("文件的 content 不是 base64。", "The file's content is not base64.")) from None
    return Sent(str(value.get("name") or "file"), content)
