"""What is wrong with a form file: at which component, and what to do. Codes are stable."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import QihangError
from engine.errors import Sentence as S

#: code → what it says. Codes in ADVICE are warnings: the form works, but hardly as meant.
CODES: dict[str, S] = {
    "form.too_large": S("表单文件超过 {size} kB，请拆成几张。", "The form file is over {size} kB; split it."),
    "form.not_json": S(
        "不是可读的 JSON，请从编辑器重新导出。", "This is not readable JSON; export it again."
    ),
    "form.no_components": S("这不是表单文件：没有 components 列表。", "Not a form: no list of components."),
    "form.too_many": S("超过 {most} 项，请拆成几张表单。", "Over {most} components; split the form."),
    "form.component": S("{name} 应是一个对象。", "{name} must be an object."),
    "form.unknown_type": S("没有“{type}”这种字段，请换一种。", "There is no kind of field “{type}”."),
    "form.html": S("表单里不能放 HTML，请改用说明文字。", "HTML is not allowed in forms; use a text."),
    "form.button": S(
        "按钮由页面给出，请从表单里删去。", "Buttons come with the page; remove it from the form."
    ),
    "form.several_answers": S("一张表单只能有一个答复。", "A form has at most one answer."),
    "form.group_path": S(
        "分组不能有路径，请清空：答案不分层。", "A group must have no path: answers are flat."
    ),
    "form.group": S("分组套得太深，或里面没有内容。", "The group is nested too deep, or has no components."),
    "form.key": S(
        "字段名以字母开头，只有字母、数字和下划线，例如 work_place。",
        "A key begins with a letter and has letters, digits and underscores, such as work_place.",
    ),
    "form.key_reserved": S("“{key}”是保留的名字，请换一个。", "“{key}” is a reserved name; choose another."),
    "form.key_twice": S("“{key}”用了两次，请改其中一个。", "“{key}” is used twice; rename one."),
    "form.key_untidy": S("字段名最好用小写英文和下划线。", "Better use lower-case letters and underscores."),
    "form.no_label": S(
        "没有标题，办理的人不知道要填什么。", "It has no label, so nobody knows what to fill in."
    ),
    "form.subtype": S("日期时间的类型是 date、time 或 datetime。", "The subtype is date, time or datetime."),
    "form.model": S("要选的名单不存在，请在属性里选一个。", "There are no such records to pick from."),
    "form.upload": S(
        "每个文件最大 0.1 到 10 MB，1 到 20 个。", "A file may have 0.1 to 10 MB, and there may be 1 to 20."
    ),
    "form.setting": S("{name} 的写法不对：{wanted}。", "{name} must be {wanted}."),
    "form.limits": S("{name} 应是一个数字。", "{name} must be a number."),
    "form.limits_crossed": S("最小值大于最大值，什么都填不进去。", "The minimum is above the maximum."),
    "form.text": S(
        "{name} 应是一段文字，不超过 {most} 个字。", "{name} must be a text of up to {most} characters."
    ),
    "form.expression": S("{name}里的表达式不对：{why}", "The expression of {name} is wrong: {why}"),
    "form.properties": S("properties 里只能写文字和数字。", "Settings are texts and numbers."),
    "form.pattern": S(
        "写法（pattern）不是可用的正则表达式。", "The pattern is not a usable regular expression."
    ),
    "form.codes": S("没有代码表“{list}”。", "There is no code list “{list}”."),
    "form.no_choices": S("没有选项，或超过 {most} 个。", "It has no choices, or more than {most}."),
    "form.choice": S("每个选项要有 value 和 label。", "Each choice needs value and label."),
    "form.choice_twice": S("有两个选项的值相同。", "Two choices have the same value."),
    "form.boolean": S("是否题要有两个选项，先是后否。", "A yes-or-no question has two choices, yes first."),
    "form.confirm": S("确认页要有 title 和 button。", "A confirmation needs a title and a button."),
    "form.default_refused": S("这种字段不能有默认值。", "This kind of field takes no default."),
    "form.default": S(
        "默认值自己就通不过检查，请改。", "The default does not hold by the field's own rules."
    ),
    "form.html_in_text": S("说明文字里的 HTML 会照原样显示。", "HTML in a text is shown as it is written."),
    "form.unused_english": S("英文文本对不上任何字段。", "No component has this text."),
}
ADVICE = frozenset({"form.key_untidy", "form.html_in_text", "form.unused_english"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`element` is the field's key (or the component's id, or ""), `code` one of CODES."""

    element: str
    code: str
    sentence: S

    @property
    def severity(self) -> str:
        return "warning" if self.code in ADVICE else "error"

    @property
    def is_error(self) -> bool:
        return self.code not in ADVICE


#: What the editor calls the settings that hold expressions.
SETTINGS = {
    "hide": S("“什么时候显示”", "Condition"),
    "valuesExpression": S("“选项的表达式”", "Options expression"),
    "defaultValue": S("“默认值”", "Default value"),
}


def finding(element: str, code: str, **values: object) -> Finding:
    """A finding of a known code; `values` fill in its sentence."""
    if values.get("name") in SETTINGS:
        values["name"] = SETTINGS[str(values["name"])]
    return Finding(element[:80], code, CODES[code].format(**values))


class FormUnreadable(QihangError):
    """The form file cannot be used. `findings` has all that is wrong with it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = next(found for found in findings if found.is_error)
        at = S(f"“{first.element}”：", f"“{first.element}”: ") if first.element else S("", "")
        super().__init__(S(at.zh + first.sentence.zh, at.en + first.sentence.en))
