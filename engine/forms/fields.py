"""The closed list of kinds of field. A new one is a line here, and a widget in admin's templates.

Standard kinds are form-js's own; the others are our custom components (design.md section 6), which the
editor learns from `to_formjs_types`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import Sentence as S
from engine.forms import uploads, values
from engine.forms.spec import FieldSpec

Parse = Callable[[FieldSpec, list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Property:
    """A setting of a custom component, as the editor's panel shows it. `kind`: text, number, model."""

    name: str
    label: S
    kind: str = "text"
    default: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of field: its words for the editor, and how what was typed becomes a value.

    parse      None: the kind asks for nothing, or for one of its choices
    choosing   it offers choices
    """

    name: str
    label: S
    parse: Parse | None = None
    choosing: bool = False
    custom: bool = False
    static: bool = False
    properties: tuple[Property, ...] = ()


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("textfield", S("单行文字", "Text"), values.parse_text),
        Kind("textarea", S("多行文字", "Long text"), values.parse_text),
        Kind("number", S("数字", "Number"), values.parse_number),
        Kind("datetime", S("日期时间", "Date and time"), values.parse_datetime),
        Kind("checkbox", S("勾选", "Checkbox"), values.parse_checkbox),
        Kind("checklist", S("多选", "Several of a list"), choosing=True),
        Kind("radio", S("单选", "One of a few"), choosing=True),
        Kind("select", S("下拉选择", "One of a list"), choosing=True),
        Kind("text", S("说明文字", "Text to read"), static=True),
        Kind("group", S("分组", "Group"), static=True),
        Kind("separator", S("分隔线", "Line"), static=True),
        Kind("spacer", S("空白", "Space"), static=True),
        Kind("answer", S("答复", "Answer"), choosing=True, custom=True),
        Kind("region", S("省市区县", "Province, city, district"), values.parse_region, custom=True),
        Kind("id_number", S("身份证号", "Identity number"), values.parse_id_number, custom=True),
        Kind(
            "credit_code", S("统一社会信用代码", "Social credit code"), values.parse_credit_code, custom=True
        ),
        Kind("mobile", S("手机号", "Mobile number"), values.parse_mobile, custom=True),
        Kind("postcode", S("邮政编码", "Postcode"), values.parse_postcode, custom=True),
        Kind(
            "upload",
            S("上传文件", "Upload"),
            uploads.parse_upload,
            custom=True,
            properties=(
                Property("accept", S("文件类型", "Types of file"), default="jpg, png, pdf"),
                Property("max_mb", S("每个最大（MB）", "Largest size (MB)"), "number", "10"),
                Property("count", S("最多几个", "How many at most"), "number", "1"),
            ),
        ),
        Kind(
            "entity",
            S("从名单里选", "Pick a record"),
            custom=True,
            properties=(Property("model", S("名单", "Records"), "model"),),
        ),
    )
}

#: Settings that any field may carry in form-js's own map `properties`.
COMMON: tuple[Property, ...] = (
    Property("codes", S("选项来自代码表", "Choices from a code list")),
    Property("empty", S("留空时记为", "Answer when left empty")),
    Property("example", S("例子", "Example")),
    Property("pattern_hint", S("不合写法时的提示", "What to say when the pattern does not fit")),
    Property("pattern_hint_en", S("同上，英文", "The same in English")),
    Property("line_ends", S("换行是否计入字数", "Do line ends count")),
    Property("answer", S("答案类型（boolean：是否）", "Type of the answer (boolean: yes or no)")),
    Property("width", S("宽度（sm、md、lg）", "Width (sm, md, lg)")),
)


def to_formjs_types() -> list[dict[str, Any]]:
    """The custom components as the studio's editor wants them: type, words, settings, a new one's JSON."""
    return [
        {
            "type": kind.name,
            "label": {"zh": kind.label.zh, "en": kind.label.en},
            "keyed": True,
            "choices": kind.choosing,
            "properties": [
                {
                    "name": prop.name,
                    "label": {"zh": prop.label.zh, "en": prop.label.en},
                    "kind": prop.kind,
                    "default": prop.default,
                }
                for prop in kind.properties
            ],
            "new": _new_component(kind),
        }
        for kind in KINDS.values()
        if kind.custom
    ]


def _new_component(kind: Kind) -> dict[str, Any]:
    """What the palette puts into a form."""
    new: dict[str, Any] = {"type": kind.name, "label": kind.label.zh}
    if kind.choosing:
        new["values"] = [
            {"value": "同意", "label": "同意", "consequence": ""},
            {"value": "拒绝", "label": "拒绝", "consequence": "", "tone": "neg"},
        ]
    settings = {prop.name: prop.default for prop in kind.properties if prop.default}
    return {**new, **({"properties": settings} if settings else {})}
