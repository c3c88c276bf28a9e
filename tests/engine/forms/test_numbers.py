from decimal import Decimal

import pytest

WHOLE = {"type": "number", "validate": {"required": True, "min": 0, "max": 999999}}
DAYS = {"type": "number", "validate": {"required": True, "min": 1, "max": 30}}
MONEY = {"type": "number", "decimalDigits": 2}


@pytest.mark.parametrize("typed", ["3500", " 3500 ", "３５００", "03500", "+3500"])
def test_a_whole_number_is_a_decimal(gives, typed):
    assert gives(WHOLE, typed) == Decimal(3500)
    assert isinstance(gives(WHOLE, typed), Decimal)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("3500.5", "只写整数，例如 3500，不写小数。"),
        ("3500.0", "只写整数，例如 3500，不写小数。"),
        ("3500元", "只写整数，例如 3500，不写“元”。"),
        ("3,500", "只写整数，例如 3500，不写逗号。"),
        ("", "请填写。"),
        ("   ", "请填写。"),
        ("三千五", "只写整数，例如 3。"),
        ("-1", "写 0 到 999999，现在是 -1。"),
        ("1000000", "写 0 到 999999，现在是 1000000。"),
        ("9" * 4000, "数字太长，请核对。"),
        ("1e3", "只写整数，例如 1，不写“e3”。"),
        ("NaN", "只写整数，例如 3。"),
        ("٣٥", "只写整数，例如 3。"),
    ],
)
def test_what_is_no_whole_number_is_told_how_to_mend(says, typed, sentence):
    assert says(WHOLE, typed) == sentence


def test_the_sentence_is_in_the_users_language(says):
    assert says(WHOLE, "3500.5", locale="en") == "Whole numbers only, such as 3500, without decimals."


def test_decimals_are_allowed_where_the_form_says(gives, says):
    assert gives(MONEY, "12.50") == Decimal("12.50")
    assert says(MONEY, "12.505") == "小数点后最多 2 位。"
    assert says(MONEY, "12.") == "小数点后最多 2 位。"


@pytest.mark.parametrize(("typed", "holds"), [("1", True), ("30", True), ("0", False), ("31", False)])
def test_limits_are_inclusive(says, typed, holds):
    assert (says(DAYS, typed) == "") is holds


def test_one_sided_limits_say_their_side(says):
    assert says({"type": "number", "validate": {"min": 18}}, "17") == "不能小于 18。"
    assert says({"type": "number", "validate": {"max": 18}}, "19") == "不能大于 18。"


def test_an_optional_number_may_be_left_empty(gives):
    assert gives({"type": "number"}, "") is None


def test_a_number_may_be_answered_as_text(gives):
    assert gives({"type": "number", "decimalDigits": 2, "serializeToString": True}, "1.20") == "1.20"
