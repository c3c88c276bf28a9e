"""The code lists of the office: what a stored code is called, and what a select may offer.

The lists are shipped beside this module and change with the program, as the papers they are printed on do.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from engine.errors import Sentence

Lists = dict[str, dict[str, Sentence]]

_more: dict[tuple[str, str], Sentence] = {}


def also(list_name: str, code: str, words: Sentence) -> None:
    """Words for a stored code that the office's list lacks, told by the model that stores it; never offered."""
    _more[list_name, code] = words


@lru_cache(maxsize=1)
def _lists() -> Lists:
    rows = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return {
        name: {row["code"]: Sentence(row["zh"], row["en"]) for row in entries}
        for name, entries in rows.items()
    }


def lists() -> frozenset[str]:
    """The names of all code lists."""
    return frozenset(_lists())


def entries(name: str) -> dict[str, Sentence]:
    """A list's codes with their names, in the office's order. Raises KeyError for an unknown list."""
    return dict(_lists()[name])


def choices(name: str) -> list[tuple[str, str]]:
    """A list as pairs of code and Chinese name."""
    return options(name, "zh")


def options(name: str, locale: str) -> list[tuple[str, str]]:
    """A list as pairs of code and name in `locale`."""
    return [(code, words.text(locale)) for code, words in _lists()[name].items()]


def sentence(name: str, code: str | None) -> Sentence:
    """What a code is called; the code itself where the list does not know it (older rows, imports)."""
    if code is None:
        return Sentence("", "")
    return _lists()[name].get(code) or _more.get((name, code)) or Sentence(code, code)


def name(list_name: str, code: str | None, locale: str = "zh") -> str:
    """`sentence` in one language."""
    return sentence(list_name, code).text(locale)
