from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from engine import clock

CITIES = {"type": "radio", "values": [{"value": "hrb", "label": "哈尔滨"}, {"value": "dq", "label": "大庆"}]}
RELATION = {"type": "radio", "properties": {"codes": "yes_no", "answer": "boolean"}}


@pytest.mark.parametrize(
    "typed", ["2026-11-21", "2026.11.21", "2026/11/21", "2026年11月21日", "２０２６-11-21"]
)
def test_a_date_is_typed_in_the_ways_people_write_it(gives, typed):
    assert gives({"type": "datetime", "subtype": "date"}, typed) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-02-30", "没有这一天，请对照日历核对。"),
        ("0000-01-01", "没有这一天，请对照日历核对。"),
        ("明天", "日期写成 2026-11-21 的样子。"),
    ],
)
def test_what_is_no_date(says, typed, sentence):
    assert says({"type": "datetime", "subtype": "date"}, typed) == sentence


def test_a_moment_is_the_offices(gives):
    moment = gives({"type": "datetime", "subtype": "datetime"}, "2026-11-21T09:00")
    assert moment == datetime(2026, 11, 21, 1, tzinfo=UTC)


def test_a_time(gives, says):
    assert gives({"type": "datetime", "subtype": "time"}, "9:05") == time(9, 5)
    assert says({"type": "datetime", "subtype": "time"}, "25:00") == "时间写成 09:30 的样子。"


def test_a_day_may_have_to_lie_ahead(says):
    field = {"type": "datetime", "subtype": "date", "disallowPassedDates": True}
    with clock.frozen(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)):  # already the 21st at the office
        assert says(field, "2026-11-21") == ""
        assert says(field, "2026-11-20") == "不能早于今天。"


def test_a_box(gives, says):
    assert gives({"type": "checkbox"}, "y") is True
    assert gives({"type": "checkbox"}) is False
    assert gives({"type": "checkbox"}, "false", "true") is True
    assert says({"type": "checkbox", "validate": {"required": True}}) == "请勾选后再提交。"
    assert says({"type": "checkbox"}, "maybe") == "这里只能勾选或不勾选。"


def test_a_choice_is_one_of_those_offered(gives, says):
    assert gives(CITIES, "dq") == "dq"
    assert says(CITIES, "bj") == "请从列出的选项里选。"
    assert says(CITIES, "hrb", "dq").startswith("只能填一个值")
    assert says({**CITIES, "validate": {"required": True}}) == "请选一项。"


def test_choices_come_from_a_code_list_in_both_languages(form):
    spec = form({"type": "select", "key": "x", "label": "去向", "properties": {"codes": "archive_route"}})
    choices = list(spec.bind(locale="en").form["x"].iter_choices())
    assert [choice[0] for choice in choices] == ["", "origin", "agency", "employer"]
    assert choices[2][1] == "Personnel agency"


def test_choices_come_from_what_is_known(form):
    spec = form({"type": "select", "key": "x", "label": "展位", "valuesExpression": "=booths"})
    booths = [{"value": "A1", "label": "A1，靠门"}, "A2", None, {"label": "无值"}]
    assert spec.bind_json({"x": "A1"}, context={"booths": booths}).validate()
    assert spec.bind_json({"x": "A2"}, context={"booths": booths}).validate()
    assert not spec.bind_json({"x": "A3"}, context={"booths": booths}).validate()
    assert not spec.bind_json({"x": "A1"}, context={}).validate()


@pytest.mark.parametrize(
    ("sent", "answer"), [("yes", True), ("no", False), ("true", True), ("false", False), ("", None)]
)
def test_a_yes_or_no_question_is_answered_by_a_boolean(gives, sent, answer):
    assert gives(RELATION, sent) is answer


def test_a_known_boolean_marks_its_choice(form):
    spec = form({"key": "x", "label": "接收", **RELATION})
    chosen = [c[0] for c in spec.bind(prefill={"x": False}).form["x"].iter_choices() if c[2]]
    assert chosen == ["no"]


def test_several_of_a_list_come_in_its_order(gives, says):
    several = {**CITIES, "type": "checklist"}
    assert gives(several, "dq", "hrb", "dq") == ["hrb", "dq"]
    assert gives(several) is None
    assert says(several, "bj") == "请从列出的选项里选。"
    assert says({**several, "validate": {"required": True}}) == "请至少选一项。"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("11010119900307803X", ""),
        ("11010119900307803x", ""),
        ("1101 0119 9003 0780 3X", ""),
        ("11010119900307803", "现在是 17 位，请对照身份证补 1 位。"),
        ("110101199003078031", "与校验位对不上，请对照身份证逐位核对。"),
        ("A1010119900307803X", "身份证号是 17 位数字，最后一位是数字或 X。"),
        ("1", "应为 18 位，现在是 1 位，请对照身份证核对。"),
    ],
)
def test_id_number(says, typed, sentence):
    assert says({"type": "id_number"}, typed) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("91110000600037341L", ""),
        ("91110000600037341", "现在是 17 位，请对照营业执照补 1 位。"),
        ("91110000600037341LL", "现在是 19 位，请对照营业执照删去 1 位。"),
        ("9111000060003734OL", "信用代码里没有“O”，请对照营业执照核对。"),
        ("911100006000373410", "与校验位对不上，请对照营业执照逐位核对。"),
    ],
)
def test_credit_code(says, typed, sentence):
    assert says({"type": "credit_code"}, typed) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("13800000001", ""),
        ("138-0000-0001", ""),
        ("+86 13800000001", ""),
        ("1380000000", "手机号是 11 位，现在是 10 位。"),
        ("12800000001", "手机号以 13 到 19 开头，请核对。"),
        ("电话", "手机号只写 11 位数字。"),
    ],
)
def test_mobile(says, typed, sentence):
    assert says({"type": "mobile"}, typed) == sentence


def test_postcode(gives, says):
    assert gives({"type": "postcode"}, "150001") == "150001"
    assert says({"type": "postcode"}, "15000") == "邮政编码是 6 位数字，现在是 5 位。"
    assert says({"type": "postcode"}, "15000a") == "邮政编码是 6 位数字。"


def test_a_region_goes_down_to_the_district(fill, gives, says):
    region = {"type": "region"}
    assert (
        gives(region, "230102")
        == gives(region, "黑龙江省 哈尔滨市 道里区")
        == gives(region, "道里区")
        == "230102"
    )
    assert says(region, "黑龙江省").startswith("请从列出的地区里选")
    assert says(region, "999999") != ""
    assert fill(region, "").spec.bind(prefill={"x": "230102"}).form["x"]._value() == "黑龙江省哈尔滨市道里区"


def test_a_number_from_the_facts_stands_in_the_field(form):
    spec = form({"type": "number", "key": "x", "label": "薪资"})
    assert spec.bind(prefill={"x": 4800}).form["x"]._value() == "4800"
    assert spec.bind(prefill={"x": Decimal("1E+3")}).form["x"]._value() == "1000"
    assert spec.bind(prefill={"x": "没有"}).form["x"]._value() == ""
