"""What is wrong with a value, in words that say how to mend it."""

from __future__ import annotations

from engine.errors import Sentence as S
from engine.forms.spec import FieldSpec


class Mistake(Exception):
    """A value that does not hold; `sentence` stands at the field."""

    def __init__(self, sentence: S) -> None:
        super().__init__(sentence.zh)
        self.sentence = sentence


_MISSING = {
    "checkbox": S("请勾选后再提交。", "Please tick this to go on."),
    "answer": S("请先选一项。", "Please choose one of these first."),
    "select": S("请选一项。", "Please choose one."),
    "radio": S("请选一项。", "Please choose one."),
    "checklist": S("请至少选一项。", "Please choose at least one."),
    "entity": S("请选一项。", "Please choose one."),
    "upload": S("请上传文件。", "Please upload a file."),
}


def missing(spec: FieldSpec) -> S:
    """The sentence at a required field that was left empty. The label stands before it, so it is short."""
    return _MISSING.get(spec.kind, S("请填写。", "Please fill this in."))


def too_long(most: int, count: int) -> S:
    over = count - most
    return S(
        f"最多 {most} 个字，现在是 {count} 个，请删去 {over} 个。",
        f"At most {most} characters; there are {count} now. Please cut {over}.",
    )


def too_short(least: int, count: int) -> S:
    return S(
        f"至少 {least} 个字，现在是 {count} 个，请再写 {least - count} 个。",
        f"At least {least} characters; there are {count} now. Please add {least - count}.",
    )


def wrong_length(length: int, count: int, against_zh: str, against_en: str) -> S:
    """A number of fixed length with digits missing or too many."""
    off = abs(length - count)
    zh, en = ("补", "add") if count < length else ("删去", "remove")
    if off > 3:
        return S(
            f"应为 {length} 位，现在是 {count} 位，请对照{against_zh}核对。",
            f"It has {length} characters; there are {count} now. Check it against {against_en}.",
        )
    return S(
        f"现在是 {count} 位，请对照{against_zh}{zh} {off} 位。",
        f"There are {count} characters now; please {en} {off}, as on {against_en}.",
    )


ONE_VALUE = S(
    "只能填一个值，现在有几个。请刷新页面后重填。", "Only one value fits here. Please reload and try again."
)
NOT_TEXT = S("这里要一段文字。", "A piece of text is wanted here.")
NOT_OFFERED = S("请从列出的选项里选。", "Choose one of the listed options.")
ONE_LINE = S("只写一行，请去掉换行。", "One line only; please remove the line breaks.")
INVISIBLE = S(
    "里面有看不见的控制字符，已经替你去掉，请核对后再提交。",
    "There were invisible control characters. They have been taken out; please check and submit again.",
)
FAR_TOO_LONG = S(
    "内容太长，放不进这一项。请删短后再提交。", "This is far too long for this field. Please shorten it."
)
