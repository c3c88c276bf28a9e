import pytest

REASON = {"type": "textarea", "validate": {"required": True, "maxLength": 200}}
LINE = {"type": "textfield"}


def test_chinese_characters_count_one_each(says):
    assert says(REASON, "字" * 200) == ""
    assert says(REASON, "字" * 201) == "最多 200 个字，现在是 201 个，请删去 1 个。"
    assert says(REASON, "𠮷" * 200) == ""


def test_line_ends_count_alike_and_once(says):
    assert says(REASON, "字" * 199 + "\r\n") == ""
    assert says(REASON, "字" * 198 + "\r\n字") == ""
    assert says(REASON, "字" * 198 + "\n字字") == says(REASON, "字" * 198 + "\r\n字字") != ""


def test_line_ends_do_not_count_where_the_form_says(says):
    lines = {**REASON, "properties": {"line_ends": "no"}}
    assert says(lines, "字" * 100 + "\r\n\r\n" + "字" * 100) == ""
    assert says(lines, "字" * 100 + "\r\n\r\n" + "字" * 101) != ""


def test_the_answer_has_plain_line_ends_and_no_edges(gives):
    assert gives(REASON, "　一\r\n二\r三 \n") == "一\n二\n三"


def test_blank_is_empty(says):
    assert says(REASON, " \r\n　\t") == "请填写。"


def test_too_short_says_how_much(says):
    assert says({"type": "textfield", "validate": {"minLength": 4}}, "三个字") == (
        "至少 4 个字，现在是 3 个，请再写 1 个。"
    )


@pytest.mark.parametrize(
    "hell",
    ["a\x00b", "a\ud800b", "a\u202eb", "a\u2066b", "a\x1bb", "\x7f", "a\ufff9b", "a\x85b"],
)
def test_what_cannot_be_seen_is_refused_and_taken_out(fill, hell):
    bound = fill(LINE, hell)
    assert not bound.validate()
    assert "看不见的控制字符" in bound.errors["x"][0]
    shown = bound.form["x"]._value()
    shown.encode()
    assert hell not in shown
    assert fill(LINE, shown).validate()


def test_a_hundred_kilobytes_are_refused_at_once(says):
    assert says(LINE, "字" * 100_000) == "内容太长，放不进这一项。请删短后再提交。"


def test_a_line_is_one_line(says):
    assert says(LINE, "一\n二") == "只写一行，请去掉换行。"


def test_an_array_where_one_value_fits(says):
    assert says(LINE, "一", "二").startswith("只能填一个值")


def test_an_unlimited_field_has_a_limit(says):
    assert says(LINE, "字" * 501) == "最多 500 个字，现在是 501 个，请删去 1 个。"


def test_a_pattern_is_searched_for_as_form_js_does(says):
    field = {
        "type": "textfield",
        "validate": {"pattern": "^EMS[0-9]{4}$"},
        "properties": {"pattern_hint": "单号写成 EMS1234 的样子。"},
    }
    assert says(field, "EMS1234") == ""
    assert says(field, "1234") == "单号写成 EMS1234 的样子。"


def test_a_pattern_that_would_hang_does_not(says):
    field = {"type": "textfield", "validate": {"pattern": "^(a+)+$"}}
    assert says(field, "a" * 400 + "!") != ""


@pytest.mark.parametrize(
    ("typed", "holds"), [("a@b.cn", True), ("a.b@qq.com", True), ("a@b", False), ("a b@c.cn", False)]
)
def test_email(says, typed, holds):
    assert (says({"type": "textfield", "validate": {"validationType": "email"}}, typed) == "") is holds


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("0451-12345678", True),
        ("13800000001", True),
        ("+86 13800000001", True),
        ("12", False),
        ("打电话", False),
    ],
)
def test_phone(says, typed, holds):
    assert (says({"type": "textfield", "validate": {"validationType": "phone"}}, typed) == "") is holds


def test_an_empty_field_may_stand_for_a_word(gives):
    field = {"type": "textarea", "properties": {"empty": "无"}}
    assert gives(field, "") == "无"
    assert gives(field, "服务期 2 年") == "服务期 2 年"
