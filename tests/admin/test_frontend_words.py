"""The editors speak English as completely as Chinese."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "admin" / "frontend" / "src"
SAID = re.compile(r"""\bsay\(\s*(["'])((?:(?!\1).)*)\1""")
ENGLISH = re.compile(r'^  "?([^"\n]+?)"?: "(.*)",$', re.MULTILINE)


def test_what_the_editors_say_in_chinese_they_say_in_english() -> None:
    said = {
        found[2]
        for path in SOURCES.rglob("*.js*")
        for found in SAID.finditer(path.read_text(encoding="utf-8"))
    }
    english = dict(ENGLISH.findall((SOURCES / "studio" / "english.js").read_text(encoding="utf-8")))
    assert len(said) > 200
    assert said == set(english)
    for chinese, words in english.items():
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", words)), chinese
