"""Tables to workbooks and back: nothing is lost, edits arrive, and what is wrong is said by cell."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook

from engine import decisions
from tests.engine.decisions.dmn import decision, definitions, literal, table

RULES = [
    ("< 18", '"本科", "专科"', '"a"', "x + 1", "未成年"),
    ("= 18", "-", '"b"', "", "=cmd|' /C calc'!A0"),
    ("> 18", "-", '"c"', "3", ""),
]
XML = definitions(
    '<inputData id="in_x" name="x"><variable name="x" typeRef="number"/></inputData>',
    decision(
        "盖章",
        table(
            [("x", "number"), ("level", "string", '"本科", "专科"')],
            [("r", '"a","b","c"'), "n"],
            RULES,
            "FIRST",
        ),
        "in_x",
    ),
    decision("other", literal("1")),
)
KIT = Path(__file__).resolve().parents[4] / "shared" / "dmn-tck"


def canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


def edited(*changes: tuple[str, Any], xml: bytes = XML) -> bytes:
    book = load_workbook(io.BytesIO(decisions.to_xlsx(xml)))
    for cell, value in changes:
        book.worksheets[0][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_there_and_back_nothing_changes() -> None:
    assert canonical(decisions.from_xlsx(decisions.to_xlsx(XML), XML)) == canonical(XML)


def test_a_new_file_of_a_workbook_decides_the_same() -> None:
    made = decisions.read(decisions.from_xlsx(decisions.to_xlsx(XML)))
    for x in (5, 18, 20):
        context = {"x": x, "level": "专科"}
        assert made.evaluate("盖章", context) == decisions.read(XML).evaluate("盖章", context)


def test_an_edited_cell_and_a_new_row_arrive_and_ids_stay() -> None:
    changed = decisions.from_xlsx(
        edited(("B8", "< 16"), ("B11", 99), ("C11", "-"), ("D11", '"a"'), ("E11", True)), XML
    )
    model = decisions.read(changed)
    rules = model.tables["盖章"][0].table.rules
    assert [r.id for r in rules[:3]] == ["table_r1", "table_r2", "table_r3"]
    assert rules[0].inputs[0].text == "< 16"
    assert [c.text for c in (*rules[3].inputs, *rules[3].outputs)] == ["99", "-", '"a"', "true"]
    assert b"other" in changed


def test_excels_own_values_become_feel() -> None:
    changed = decisions.from_xlsx(edited(("E8", 2.5), ("E9", datetime(2026, 6, 30))), XML)  # noqa: DTZ001 – Excel's are local
    texts = [rule.outputs[1].text for rule in decisions.read(changed).tables["盖章"][0].table.rules]
    assert texts[:2] == ["2.5", 'date("2026-06-30")']


def test_texts_are_never_formulas() -> None:
    sheet = load_workbook(io.BytesIO(decisions.to_xlsx(XML))).worksheets[0]
    assert sheet["B9"].value == "= 18"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet["F9"].quotePrefix


def test_errors_are_told_by_cell() -> None:
    with pytest.raises(decisions.ExcelWrong) as caught:
        decisions.from_xlsx(edited(("B8", "< <"), ("D9", "本科"), ("C10", "nobody")), XML)
    assert [error.cell for error in caught.value.errors] == ["B8", "D9", "C10"]
    assert "要加英文引号" in caught.value.errors[1].sentence.zh
    assert caught.value.sentence.en.startswith("Sheet “盖章”, B8")


def test_the_head_cannot_be_changed_there() -> None:
    with pytest.raises(decisions.ExcelWrong) as caught:
        decisions.from_xlsx(edited(("B5", "y")), XML)
    assert caught.value.errors[0].cell == "B5"


@pytest.mark.parametrize("workbook", [b"", b"PK\x03\x04 no", b"<xml/>"])
def test_what_is_no_workbook_is_refused(workbook: bytes) -> None:
    with pytest.raises(decisions.ExcelWrong):
        decisions.from_xlsx(workbook, XML)


@pytest.mark.skipif(not KIT.exists(), reason="the test kit is not beside the checkout")
def test_all_tables_of_the_test_kit_survive() -> None:
    found = 0
    for path in sorted(KIT.glob("compliance-level-*/*/*.dmn")):
        xml = path.read_bytes()
        if b"decisionTable" in xml:
            assert canonical(decisions.from_xlsx(decisions.to_xlsx(xml), xml)) == canonical(xml), path.name
            found += 1
    assert found > 15
