"""From what was typed to values: one function a kind of field. Each raises Mistake; None means left empty."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import re2
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from engine import clock
from engine.errors import Sentence as S
from engine.forms import mistakes, regions
from engine.forms.mistakes import Mistake
from engine.forms.spec import FieldSpec

#: Nothing longer is looked at. Between this and a field's own limit the message counts.
LONGEST = 20_000
MOST_DIGITS = 15
_EDGES = " \t\n\u3000\u200b\ufeff"
#: Control characters, surrogates, and what turns the direction of writing: invisible, and never meant.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]")
_EMAIL = re2.compile(r"^[^\s@,;<>()]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
_PHONE = re2.compile(r"^(\+\d{1,3}[ -]?)?(\(?\d{2,4}\)?[ -]?)?\d{3,4}[ -]?\d{3,4}([-#转]\d{1,6})?$")
_DATE = re2.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")
_TIME = re2.compile(r"^(\d{1,2})[::](\d{2})(?:[::](\d{2}))?$")
_NUMBER = re2.compile(r"^([+-]?\d+)(?:\.(\d*))?$")


def visible(text: str) -> str:
    """The text without what cannot be seen or sent: for showing what was typed again."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: Any) -> str:
    """Line ends as LF, edges trimmed. Raises Mistake for what is no text, invisible, or absurdly long."""
    if not isinstance(text, str):
        raise Mistake(mistakes.NOT_TEXT)
    if len(text) > LONGEST:
        raise Mistake(mistakes.FAR_TOO_LONG)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _INVISIBLE.search(text):
        raise Mistake(mistakes.INVISIBLE)
    return text.strip(_EDGES)


def _single(texts: list[Any]) -> str:
    if len(texts) > 1:
        raise Mistake(mistakes.ONE_VALUE)
    return clean(texts[0]) if texts else ""


def _compact(texts: list[Any]) -> str:
    """For numbers and codes: full-width characters as plain ones, upper case, without spaces and hyphens."""
    text = unicodedata.normalize("NFKC", _single(texts))
    return re.sub(r"[\s-]", "", text).upper()


def length_of(text: str, line_ends: bool = True) -> int:
    """Characters as the limits count them."""
    return len(text) if line_ends else len(text.replace("\n", ""))


def parse_text(spec: FieldSpec, texts: list[Any]) -> str | None:
    """textfield, textarea."""
    text = _single(texts)
    if not text:
        return None
    limits = spec.limits
    if spec.kind == "textfield" and "\n" in text:
        raise Mistake(mistakes.ONE_LINE)
    count = length_of(text, limits.line_ends)
    if limits.max_length is not None and count > limits.max_length:
        raise Mistake(mistakes.too_long(limits.max_length, count))
    if limits.min_length is not None and count < limits.min_length:
        raise Mistake(mistakes.too_short(limits.min_length, count))
    _check_format(spec, text)
    return text


def _check_format(spec: FieldSpec, text: str) -> None:
    if spec.limits.format == "email" and not _EMAIL.match(text):
        raise Mistake(S("邮箱写成 name@example.com 的样子。", "Write the address like name@example.com."))
    if spec.limits.format == "phone" and not _PHONE.match(text):
        raise Mistake(
            S(
                "电话写成 0451-12345678 或 11 位手机号。",
                "Write the number like 0451-12345678, or a mobile number.",
            )
        )
    if spec.limits.pattern and not re2.search(spec.limits.pattern, text):
        hint = spec.limits.pattern_hint
        raise Mistake(
            hint
            if hint.zh
            else S("写法与要求的不同，请对照说明再写。", "This is not in the form that the hint asks for.")
        )


def parse_number(spec: FieldSpec, texts: list[Any]) -> Decimal | str | None:
    """number: whole, unless decimalDigits allows more."""
    text = unicodedata.normalize("NFKC", _single(texts))
    if not text:
        return None
    match = _NUMBER.match(text)
    if not match:
        raise Mistake(_not_a_number(spec, text))
    whole, fraction = match.group(1), match.group(2)
    if len(whole) > MOST_DIGITS:
        raise Mistake(S("数字太长，请核对。", "This number is too long; please check it."))
    if fraction is not None and (not fraction or len(fraction) > spec.limits.decimals):
        raise Mistake(_too_fine(spec, whole))
    value = Decimal(text.rstrip("."))
    _check_range(spec, value)
    return plain(value) if spec.as_text else value


def _too_fine(spec: FieldSpec, whole: str) -> S:
    if not spec.limits.decimals:
        return S(
            f"只写整数，例如 {whole}，不写小数。", f"Whole numbers only, such as {whole}, without decimals."
        )
    digits = spec.limits.decimals
    return S(f"小数点后最多 {digits} 位。", f"At most {digits} digits after the point.")


def _not_a_number(spec: FieldSpec, text: str) -> S:
    zh, en = ("整数", "whole number") if not spec.limits.decimals else ("数字", "number")
    digits = re.match(r"[+-]?[0-9]+", text.replace(",", "")[:40])
    like = digits.group()[:MOST_DIGITS] if digits else _number_like(spec)
    rest = re.sub(r"^[+-]?[0-9.,\s]+", "", text)[:6] if digits else ""
    if "," in text and not rest:
        return S(f"只写{zh}，例如 {like}，不写逗号。", f"Just the {en}, such as {like}, without commas.")
    if rest and len(text) <= 24:
        return S(
            f"只写{zh}，例如 {like}，不写“{rest}”。", f"Just the {en}, such as {like}, without “{rest}”."
        )
    return S(f"只写{zh}，例如 {like}。", f"Just the {en}, such as {like}.")


def _number_like(spec: FieldSpec) -> str:
    """A number to show as an example."""
    if spec.example:
        return spec.example
    if isinstance(spec.default, int | Decimal) and not isinstance(spec.default, bool):
        return plain(Decimal(spec.default))
    return plain(spec.limits.min) if spec.limits.min else "3"


def _check_range(spec: FieldSpec, value: Decimal) -> None:
    least, most = spec.limits.min, spec.limits.max
    too_low = least is not None and value < least
    too_high = most is not None and value > most
    if not too_low and not too_high:
        return
    now = plain(value)
    if least is not None and most is not None:
        low, high = plain(least), plain(most)
        raise Mistake(S(f"写 {low} 到 {high}，现在是 {now}。", f"From {low} to {high}; it is {now} now."))
    if least is not None:
        raise Mistake(S(f"不能小于 {plain(least)}。", f"Not less than {plain(least)}."))
    assert most is not None
    raise Mistake(S(f"不能大于 {plain(most)}。", f"Not more than {plain(most)}."))


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent."""
    return f"{value:f}"


def parse_datetime(spec: FieldSpec, texts: list[Any]) -> date | time | datetime | None:
    """datetime with its subtype: a date, a time, or a moment in the office's zone."""
    text = unicodedata.normalize("NFKC", _single(texts))
    if not text:
        return None
    if spec.subtype == "time":
        return _time(text)
    if spec.subtype != "datetime":
        day = _date(text)
        if spec.limits.not_past and day < clock.today():
            raise Mistake(S("不能早于今天。", "Not before today."))
        return day
    day_text, _, time_text = text.replace("T", " ").partition(" ")
    moment = datetime.combine(_date(day_text), _time(time_text.strip()), clock.office_zone())
    if spec.limits.not_past and moment < clock.now():
        raise Mistake(S("这个时间已经过去，请改晚一些。", "This moment is past; please choose a later one."))
    return moment


def _date(text: str) -> date:
    match = _DATE.match(text)
    if not match:
        raise Mistake(S("日期写成 2026-11-21 的样子。", "Write the date like 2026-11-21."))
    try:
        return date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        raise Mistake(
            S("没有这一天，请对照日历核对。", "There is no such day; please check the calendar.")
        ) from None


def _time(text: str) -> time:
    match = _TIME.match(text)
    try:
        if match:
            return time(int(match.group(1)), int(match.group(2)), int(match.group(3) or 0))
    except ValueError:
        pass
    raise Mistake(S("时间写成 09:30 的样子。", "Write the time like 09:30."))


_TRUE = frozenset({"true", "on", "1", "y", "yes", "是"})
_FALSE = frozenset({"", "false", "off", "0", "n", "no", "否"})


def parse_checkbox(spec: FieldSpec, texts: list[Any]) -> bool:
    """checkbox: absent is false."""
    # A page may send a hidden "false" before the box; the last value is the box's.
    text = _single(texts[-1:]).lower()
    if text in _TRUE:
        return True
    if text in _FALSE and len(texts) <= 2:
        return False
    raise Mistake(S("这里只能勾选或不勾选。", "This can only be ticked or not."))


def parse_choice(spec: FieldSpec, texts: list[Any], offered: list[str]) -> str | bool | None:
    """select, radio, answer."""
    text = _single(texts)
    if not text:
        return None
    if spec.boolean and text not in offered:
        said = _as_bool(text)
        text = text if said is None or not offered else offered[0 if said else -1]
    if text not in offered:
        raise Mistake(mistakes.NOT_OFFERED)
    return text == offered[0] if spec.boolean else text


def _as_bool(text: str) -> bool | None:
    return True if text.lower() in _TRUE else False if text.lower() in _FALSE else None


def parse_checklist(spec: FieldSpec, texts: list[Any], offered: list[str]) -> list[str] | None:
    """checklist: the chosen values in the order they are offered in."""
    if len(texts) > max(len(offered), 1) * 2:
        raise Mistake(mistakes.NOT_OFFERED)
    chosen = {_single([text]) for text in texts} - {""}
    if not chosen <= set(offered):
        raise Mistake(mistakes.NOT_OFFERED)
    return [value for value in offered if value in chosen] or None


def parse_id_number(spec: FieldSpec, texts: list[Any]) -> str | None:
    """id_number: the resident identity number of 18 characters."""
    text = _compact(texts)
    if not text:
        return None
    if len(text) != 18:
        raise Mistake(mistakes.wrong_length(18, len(text), "身份证", "the identity card"))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        raise Mistake(S("身份证号是 17 位数字，最后一位是数字或 X。", "It has 17 digits, then a digit or X."))
    try:
        return str(ric.validate(text))
    except ValidationError:
        raise Mistake(
            S(
                "与校验位对不上，请对照身份证逐位核对。",
                "The check digit does not fit; compare it with the card.",
            )
        ) from None


def parse_credit_code(spec: FieldSpec, texts: list[Any]) -> str | None:
    """credit_code: the unified social credit code of 18 characters."""
    text = _compact(texts)
    if not text:
        return None
    if len(text) != 18:
        raise Mistake(mistakes.wrong_length(18, len(text), "营业执照", "the business licence"))
    wrong = sorted(set(text) - set("0123456789ABCDEFGHJKLMNPQRTUWXY"))
    if wrong:
        letters = "、".join(wrong)[:20]
        raise Mistake(
            S(
                f"信用代码里没有“{letters}”，请对照营业执照核对。",
                f"The code never contains “{letters}”; check the licence.",
            )
        )
    try:
        return str(uscc.validate(text))
    except ValidationError:
        raise Mistake(
            S(
                "与校验位对不上，请对照营业执照逐位核对。",
                "The check digit does not fit; compare it with the licence.",
            )
        ) from None


def parse_mobile(spec: FieldSpec, texts: list[Any]) -> str | None:
    """mobile: eleven digits of the mainland."""
    text = _compact(texts).removeprefix("+86")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise Mistake(S("手机号只写 11 位数字。", "Write the 11 digits of the mobile number only."))
    if len(text) != 11:
        raise Mistake(
            S(f"手机号是 11 位，现在是 {len(text)} 位。", f"It has 11 digits; there are {len(text)} now.")
        )
    if not re.fullmatch(r"1[3-9]\d{9}", text):
        raise Mistake(
            S("手机号以 13 到 19 开头，请核对。", "Mobile numbers begin with 13 to 19; please check.")
        )
    return text


def parse_postcode(spec: FieldSpec, texts: list[Any]) -> str | None:
    """postcode: six digits."""
    text = _compact(texts)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{6}", text):
        raise Mistake(
            S(
                f"邮政编码是 6 位数字，现在是 {len(text)} 位。",
                f"It has 6 digits; there are {len(text)} characters now.",
            )
            if len(text) != 6
            else S("邮政编码是 6 位数字。", "The postcode has 6 digits.")
        )
    return text


def parse_region(spec: FieldSpec, texts: list[Any]) -> str | None:
    """region: the code of a district, from its code or its full name."""
    text = _single(texts)
    if not text:
        return None
    code = regions.find(text)
    if code is None:
        raise Mistake(
            S("请从列出的地区里选，选到区县。", "Choose one of the listed places, down to the district.")
        )
    return code
