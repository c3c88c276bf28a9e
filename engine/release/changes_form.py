"""Two versions of a form: fields added, removed, changed, in the words of the form's editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from engine.errors import Sentence as S
from engine.forms import KINDS
from engine.release.difference import Difference, shown

#: Setting (dotted) → what the editor calls it. What is not here is told by its own name.
_SETTINGS = {
    "label": S("名称", "label"),
    "description": S("提示", "hint"),
    "key": S("字段", "key"),
    "type": S("类型", "type"),
    "defaultValue": S("默认值", "default"),
    "validate.required": S("是否必填", "required"),
    "validate.min": S("最小值", "smallest value"),
    "validate.max": S("最大值", "largest value"),
    "validate.minLength": S("最少字数", "shortest length"),
    "validate.maxLength": S("最多字数", "longest length"),
    "validate.pattern": S("写法", "pattern"),
    "conditional.hide": S("什么时候不显示", "hidden when"),
    "values": S("选项", "choices"),
    "text": S("说明文字", "text"),
    "appearance.suffixAdorner": S("单位", "unit"),
    "appearance.prefixAdorner": S("前缀", "prefix"),
    "readonly": S("只读", "read-only"),
    "disabled": S("停用", "disabled"),
}
_DRAWING = ("layout", "id", "exporter", "schemaVersion", "showOutline")


def form_changes(old: bytes, new: bytes) -> Iterator[Difference]:
    """The differences of two form files. Raises ValueError where one is no JSON."""
    before, after = _components(old), _components(new)
    for name in after:
        if name not in before:
            kind = _kind(after[name])
            yield Difference(
                S(f"增加{_required(after[name]).zh}{_label(after[name])}（{kind.zh}）",
                  f"Added {_required(after[name]).en}{_label(after[name])} ({kind.en})"),
                "added", name, after=shown(after[name].get("description")),
            )  # fmt: skip
    for name in before:
        if name not in after:
            label = _label(before[name])
            yield Difference(S(f"删去{label}", f"Removed {label}"), "removed", name)
    for name in before:
        if name in after:
            yield from _component(name, before[name], after[name])
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield Difference(S("字段的先后次序变了", "The fields' order has changed"))


def _components(body: bytes) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}

    def gather(components: Any) -> None:
        for one in components if isinstance(components, list) else ():
            if isinstance(one, dict):
                found[str(one.get("key") or one.get("id") or len(found))] = one
                gather(one.get("components"))

    document = orjson.loads(body)
    gather(document.get("components") if isinstance(document, dict) else None)
    return found


def _label(one: Mapping[str, Any]) -> str:
    return f"“{one.get('label') or one.get('text') or one.get('key') or one.get('id')}”"[:80]


def _kind(one: Mapping[str, Any]) -> S:
    known = KINDS.get(str(one.get("type")))
    return known.label if known is not None else S(str(one.get("type")), str(one.get("type")))


def _required(one: Mapping[str, Any]) -> S:
    validate = one.get("validate")
    if isinstance(validate, dict) and validate.get("required"):
        return S("必填项", "the required field ")
    return (
        S("", "")
        if one.get("type") in ("text", "group", "separator", "spacer")
        else S("选填项", "the optional field ")
    )


def _component(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = _flat(old), _flat(new)
    for key in sorted({*before, *after}):
        if before.get(key) == after.get(key):
            continue
        word = _SETTINGS.get(key, S(key, key))
        if key == "values":
            was, now = _choices(before.get(key)), _choices(after.get(key))
        else:
            was, now = shown(before.get(key)), shown(after.get(key))
        label = _label(new)
        yield Difference(
            S(f"{label}的{word.zh}", f"{word.en.capitalize()} of {label}"), "changed", name, was, now
        )


def _flat(one: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in one.items():
        if not prefix and key in (*_DRAWING, "components"):
            continue
        if isinstance(value, dict):
            found.update(_flat(value, f"{prefix}{key}."))
        else:
            found[f"{prefix}{key}"] = value
    return found


def _choices(values: Any) -> str:
    if not isinstance(values, list):
        return shown(values)
    return "、".join(
        str(v.get("label") or v.get("value")) + (f"（{v['consequence']}）" if v.get("consequence") else "")
        if isinstance(v, dict)
        else shown(v)
        for v in values
    )
