"""From form-js JSON to a FormSpec, with everything that is wrong on the way. Form files are hostile until read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import wtforms

from engine import feel, models
from engine.forms import expressions, offering
from engine.forms.fields import KINDS
from engine.forms.findings import Finding, FormUnreadable, finding
from engine.forms.form import FormSpec
from engine.forms.parts import Part
from engine.forms.spec import FieldSpec

MOST_BYTES = 256 * 1024
MOST_COMPONENTS = 300
MOST_DEPTH = 5
_KEY = re.compile(r"[^\W\d_]\w{0,62}")
_TIDY_KEY = re.compile(r"[a-z][a-z0-9_]*")
#: Words of FEEL, and names that a page sends besides the form's own.
_RESERVED = frozenset(dir(wtforms.Form)) | {
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "true", "false",
    "null", "function", "external", "between", "instance", "of", "item", "csrf_token", "revision", "confirm", "next",
}  # fmt: skip


def read(content: bytes, key: str, english: Mapping[str, str] | None = None) -> FormSpec:
    """Reads a form. `english` gives English texts by component (key or key.part). Raises FormUnreadable."""
    reader = _Reader(key, english or {})
    spec = reader.form(content)
    if spec is None:
        raise FormUnreadable(tuple(reader.findings))
    return spec


def check(
    content: bytes,
    key: str,
    names: Mapping[str, Any] | None = None,
    english: Mapping[str, str] | None = None,
) -> list[Finding]:
    """All that is wrong with a form. `names` is what FEEL may read where the form is used, with types; None:
    anything."""
    reader = _Reader(key, english or {})
    spec = reader.form(content)
    if spec is None:
        return reader.findings
    unused = [finding(name, "form.unused_english") for name in reader.english if name not in reader.used]
    return [*reader.findings, *_unknown_names(spec, names), *unused]


class _Reader:
    """One reading of one file; collects findings and goes on."""

    def __init__(self, key: str, english: Mapping[str, str]) -> None:
        self.key = key
        self.english = english
        self.used: set[str] = set()
        self.findings: list[Finding] = []
        self.keys: set[str] = set()
        self.count = 0

    def wrong(self, element: str, code: str, **values: object) -> None:
        if len(self.findings) < 100:
            self.findings.append(finding(element, code, **values))

    def english_of(self, name: str) -> str:
        self.used.add(name)
        return self.english.get(name, "")

    def form(self, content: bytes) -> FormSpec | None:
        """The form; None where a finding is an error."""
        data = self._json(content)
        components = data.get("components") if isinstance(data, Mapping) else None
        if not isinstance(components, list):
            if not self.findings:
                self.wrong("", "form.no_components")
            return None
        spec = FormSpec(self.key, self._components(components, (), 1))
        for extra in [field for field in spec.fields if field.kind == "answer"][1:]:
            self.wrong(extra.key, "form.several_answers")
        return None if any(found.is_error for found in self.findings) else spec

    def _json(self, content: bytes) -> Any:
        if len(content) > MOST_BYTES:
            self.wrong("", "form.too_large", size=MOST_BYTES // 1024)
            return None
        try:
            return json.loads(content.decode("utf-8"), parse_constant=_refuse_constant, parse_float=Decimal)
        except (ValueError, RecursionError):
            self.wrong("", "form.not_json")
            return None

    def _components(self, components: list[Any], hide: tuple[str, ...], depth: int) -> tuple[FieldSpec, ...]:
        found = [self._component(component, hide, depth) for component in components[: MOST_COMPONENTS + 1]]
        return tuple(spec for spec in found if spec is not None)

    def _component(self, data: Any, hide: tuple[str, ...], depth: int) -> FieldSpec | None:
        self.count += 1
        if self.count > MOST_COMPONENTS:
            if self.count == MOST_COMPONENTS + 1:
                self.wrong("", "form.too_many", most=MOST_COMPONENTS)
            return None
        if not isinstance(data, Mapping):
            self.wrong("", "form.component", name="components")
            return None
        kind = data.get("type")
        part = Part(self, str(data.get("key") or data.get("id") or kind), data)
        if not isinstance(kind, str) or kind not in KINDS:
            code = f"form.{kind}" if kind in ("html", "button") else "form.unknown_type"
            part.wrong(code, type=str(kind)[:40])
            return None
        own = part.expression("hide", part.map("conditional").get("hide"))
        hide = (*hide, own) if own else hide
        if kind == "group":
            return self._group(part, hide, depth)
        return self._static(part, kind, hide) if KINDS[kind].static else self._field(part, kind, hide)

    def _group(self, part: Part, hide: tuple[str, ...], depth: int) -> FieldSpec | None:
        if part.data.get("path"):
            part.wrong("form.group_path")
        components = part.data.get("components")
        if depth >= MOST_DEPTH or not isinstance(components, list):
            part.wrong("form.group")
            return None
        # What has no key gets a name that cannot be one: the hyphen keeps it apart.
        name = f"group-{self.count}"
        label, hint = part.text("label"), part.text("description")
        items = self._components(components, hide, depth + 1)
        return FieldSpec("", "group", name, label, hint, hide=hide, items=items)

    def _static(self, part: Part, kind: str, hide: tuple[str, ...]) -> FieldSpec:
        text = part.text("text")
        if re.search(r"<[a-zA-Z/!]", text.zh):
            part.wrong("form.html_in_text")
        return FieldSpec("", kind, f"{kind}-{self.count}", text=text, hide=hide, **part.layout())

    def _field(self, part: Part, kind: str, hide: tuple[str, ...]) -> FieldSpec | None:
        key = part.data.get("key")
        if not self._key_holds(part, key):
            return None
        options = part.properties()
        spec = FieldSpec(
            key=str(key),
            kind=kind,
            id=str(key),
            label=part.text("label"),
            hint=part.text("description"),
            required=kind == "answer" or part.map("validate").get("required") is True,
            limits=part.limits(kind, options),
            empty=options.get("empty"),
            example=options.get("example"),
            hide=hide,
            readonly=part.data.get("readonly") is True or part.data.get("disabled") is True,
            boolean=options.get("answer") == "boolean",
            as_text=kind == "number" and part.data.get("serializeToString") is True,
            subtype=str(part.data.get("subtype", "")) if kind == "datetime" else "",
            prefix=part.adorner("prefix"),
            suffix=part.adorner("suffix"),
            width=options.get("width", ""),
            options=options,
            **part.layout(),
        )
        _check_settings(part, spec)
        if KINDS[kind].choosing:
            spec = offering.with_choices(part, spec)
        return offering.with_default(part, spec)

    def _key_holds(self, part: Part, key: Any) -> bool:
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            part.wrong("form.key")
        elif key in _RESERVED:
            part.wrong("form.key_reserved", key=key)
        elif key in self.keys:
            part.wrong("form.key_twice", key=key)
        else:
            self.keys.add(key)
            if not _TIDY_KEY.fullmatch(key):
                part.wrong("form.key_untidy")
            return True
        return False


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _check_settings(part: Part, spec: FieldSpec) -> None:
    if not part.data.get("label"):
        part.wrong("form.no_label")
    if spec.subtype not in ("", "date", "time", "datetime"):
        part.wrong("form.subtype")
    if spec.kind == "entity" and not _is_model(spec.options.get("model", "")):
        part.wrong("form.model")
    if spec.kind == "upload" and not _upload_holds(spec.options):
        part.wrong("form.upload")
    for name, pattern, wanted in (("width", "(sm|md|lg)?", "sm, md, lg"), ("rows", r"\d{1,2}", "1, 2, 3 …")):
        if not re.fullmatch(pattern, spec.options.get(name, "4" if name == "rows" else "")):
            part.wrong("form.setting", name=name, wanted=wanted)
    if spec.kind == "number" and spec.example and not re.fullmatch(r"-?\d{1,15}(\.\d+)?", spec.example):
        part.wrong("form.limits", name="example")
    limits = spec.limits
    for least, most in ((limits.min, limits.max), (limits.min_length, limits.max_length)):
        if least is not None and most is not None and least > most:
            part.wrong("form.limits_crossed")


def _is_model(name: str) -> bool:
    try:
        models.by_name(name)
    except KeyError:
        return False
    return True


def _upload_holds(options: Mapping[str, str]) -> bool:
    size, count = options.get("max_mb", "10"), options.get("count", "1")
    if not re.fullmatch(r"\d{1,2}(\.\d)?", size) or not re.fullmatch(r"\d{1,2}", count):
        return False
    return 0 < float(size) <= 10 and 0 < int(count) <= 20


def _unknown_names(spec: FormSpec, names: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Expressions that name what is not known where the form is used."""
    if names is None:
        return
    known = {**names, **spec.names()}
    for item in spec.walk():
        for where, text in _expressions_of(item):
            try:
                feel.compile(expressions.body(text), known)
            except feel.FeelError as error:
                yield finding(item.key or item.id, "form.expression", name=where, why=error.sentence)


def _expressions_of(item: FieldSpec) -> Iterator[tuple[str, str]]:
    yield from (("hide", text) for text in item.hide)
    if item.choices_from:
        yield "valuesExpression", item.choices_from
    if isinstance(item.default, str) and item.default.startswith("="):
        yield "defaultValue", item.default
    sentences = {"label": item.label, "description": item.hint, "text": item.text}
    for choice in item.choices:
        sentences[choice.value] = choice.consequence
        if choice.confirm:
            for name in ("title", "text", "button"):
                sentences[f"{choice.value}.confirm.{name}"] = getattr(choice.confirm, name)
    for where, sentence in sentences.items():
        for words in dict.fromkeys((sentence.zh, sentence.en)):
            if words.startswith("="):
                yield where, words
