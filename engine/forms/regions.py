"""Provinces, cities and districts by their code (GB/T 2260), as python-stdnum ships them.

Districts that no longer exist stay findable by code, since old papers name them, and are not offered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _all() -> tuple[dict[str, str], frozenset[str]]:
    """code → full name, and the codes of what exists today."""
    names: dict[str, str] = {}
    present: set[str] = set()
    top, province = "", ""
    cities: dict[str, str] = {}
    for line in files("stdnum.cn").joinpath("loc.dat").read_text("utf-8").splitlines():
        if match := re.match(r'(\d\d) province="([^"]+)"', line):
            top, province, cities = match.group(1), match.group(2), {}
        elif match := re.match(r'\s+(\d{4}) (?:.*?)county="([^"]+)"', line):
            rest, history = match.group(1), match.group(2)
            name, still = _latest(history)
            if rest.endswith("00"):
                cities[rest[:2]] = "" if name in {"市辖区", "县", province} or "直辖县级" in name else name
                continue
            if name == "市辖区":  # stands for a city as a whole, not a place to choose
                continue
            code = top + rest
            names[code] = province + cities.get(rest[:2], "") + name
            if still:
                present.add(code)
    return names, frozenset(present)


def _latest(history: str) -> tuple[str, bool]:
    """The last name of "[-1986]燕山区,[1986-]房山区", and whether it still stands."""
    last = history.split(",")[-1]
    match = re.match(r"\[(\d*)-(\d*)\](.*)", last)
    return (match.group(3), not match.group(2)) if match else (last, True)


@lru_cache(maxsize=1)
def offered() -> tuple[tuple[str, str], ...]:
    """The districts of today as pairs of code and full name, by code."""
    names, present = _all()
    return tuple((code, names[code]) for code in sorted(present))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {name: code for code, name in offered()}


def find(text: str) -> str | None:
    """The code of a district by its code or its name, the full one or as much of its end as is unambiguous."""
    names, _ = _all()
    plain = re.sub(r"[\s/·、,，-]", "", text)
    if plain in names or not plain:
        return plain or None
    if plain in _by_name():
        return _by_name()[plain]
    ends = [code for code, name in offered() if name.endswith(plain)] if len(plain) > 2 else []
    return ends[0] if len(ends) == 1 else None


def name(code: str) -> str:
    """The full name of a district; the code itself where it is unknown."""
    return _all()[0].get(code, code)
