import json
from pathlib import Path

import pytest

from engine import codes

SPECIFIED = Path(__file__).parents[3] / "shared" / "domain" / "codes.json"


def test_a_list_is_offered_in_its_order():
    assert codes.choices("archive_route") == [
        ("origin", "派回生源地"),
        ("agency", "人事代理"),
        ("employer", "单位接收"),
    ]


def test_a_code_is_called_in_the_users_language():
    assert codes.name("archive_route", "agency", "zh_Hans_CN") == "人事代理"
    assert codes.name("archive_route", "agency", "en") == "Personnel agency"


def test_an_unknown_code_is_shown_as_it_is():
    assert codes.name("archive_route", "mars", "en") == "mars"
    assert codes.name("archive_route", None) == ""


def test_an_unknown_list_is_a_programmers_error():
    with pytest.raises(KeyError):
        codes.choices("no_such_list")


def test_english_names_are_english():
    for name in codes.lists():
        assert not [en for _, en in codes.options(name, "en") if any("一" <= c <= "鿿" for c in en)], name


@pytest.mark.skipif(not SPECIFIED.exists(), reason="the specification is not beside this checkout")
def test_the_shipped_lists_are_the_specified_ones():
    specified = json.loads(SPECIFIED.read_text("utf-8"))
    wanted = {
        name: [(row["code"], row["name_zh"]) for row in rows]
        for name, rows in specified.items()
        if not name.startswith("_")
    }
    assert {name: codes.choices(name) for name in codes.lists()} == wanted
