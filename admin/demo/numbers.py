"""Invented numbers whose check digits are right: nobody's, but accepted wherever real ones are."""

from __future__ import annotations

from datetime import date

from stdnum.cn import ric, uscc


def id_number(region: str, born: date, serial: int) -> str:
    """An ID number: region of six digits, birthday, serial (odd: male), check digit."""
    stem = f"{region}{born:%Y%m%d}{serial % 1000:03d}"
    return stem + ric.calc_check_digit(stem + "0")


def credit_code(serial: int, region: str = "230100") -> str:
    """A unified social credit code of an enterprise; its middle part is invented."""
    stem = f"91{region}MA{serial:07d}"
    return stem + uscc.calc_check_digit(stem)


def mobile(serial: int) -> str:
    """A mobile number of a range that is given to nobody."""
    return f"1700000{serial % 10_000:04d}"
