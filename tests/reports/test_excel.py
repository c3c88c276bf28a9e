"""Tables for Excel: text stays text, nothing typed runs, and memory does not grow with the rows."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.errors import Sentence
from reports import excel

COLUMNS = [excel.Column("姓名"), excel.Column("身份证号", 24)]


def sheet(rows: list[tuple[Any, ...]]) -> Any:
    content = b"".join(excel.chunks(excel.xlsx(COLUMNS, rows, title="数据/管理")))
    return load_workbook(io.BytesIO(content)).active


def table(rows: list[tuple[Any, ...]], **how: Any) -> list[list[str]]:
    content = b"".join(excel.csv(COLUMNS, rows, **how))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "typed", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
)
def test_what_a_user_typed_never_becomes_a_formula(typed: str) -> None:
    cell = sheet([(typed, "")])["A2"]
    assert cell.data_type == "s"
    assert cell.value.lstrip() == typed.lstrip()
    assert table([(typed, "")])[1][0][0] == "'"


def test_id_numbers_keep_their_digits() -> None:
    cell = sheet([("王", "230103199803124523")])["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("230103199803124523", "s", "@")
    assert table([("王", "230103199803124523")])[1][1] == "\t230103199803124523"
    assert table([("王", "00123")])[1][1] == "\t00123"
    assert sheet([("王", 1202114109300001)])["B2"].value == "1202114109300001"


def test_numbers_dates_and_words_are_what_they_are() -> None:
    moment = datetime(2021, 3, 1, 16, 30, tzinfo=UTC)
    found = [[cell.value for cell in row] for row in sheet([
        (3500, Decimal("1.50")), (date(2021, 3, 2), moment), (True, None), (Sentence("已生效", "in force"), "x"),
    ]).iter_rows(min_row=2)]  # fmt: skip
    assert found == [
        [3500, 1.5],
        [datetime(2021, 3, 2), datetime(2021, 3, 2, 0, 30)],  # noqa: DTZ001 - Excel knows no zones
        ["是", None],
        ["已生效", "x"],
    ]
    assert table([(Sentence("已生效", "in force"), moment), (False, 3500)], locale="en")[1:] == [
        ["in force", "2021-03-02 00:30"], ["no", "3500"],
    ]  # fmt: skip


def test_characters_that_excel_refuses_and_endless_texts_are_cut() -> None:
    cell = sheet([("a\x00b\x0bc", "x" * 40_000)])
    assert cell["A2"].value == "abc"
    assert len(cell["B2"].value) == excel.MAX_CELL


def test_the_head_is_frozen_and_the_sheet_named() -> None:
    found = sheet([])
    assert (found.title, found.freeze_panes) == ("数据管理", "A2")
    assert [cell.value for cell in found[1]] == ["姓名", "身份证号"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_memory_does_not_grow_with_the_rows(kind: str) -> None:
    def rows(count: int) -> Iterator[tuple[str, str]]:
        for number in range(count):
            yield f"学生{number}", f"2301031998{number:08d}"

    def peak(count: int) -> int:
        tracemalloc.start()
        if kind == "xlsx":
            pieces = excel.chunks(excel.xlsx(COLUMNS, rows(count)))
        else:
            pieces = excel.csv(COLUMNS, rows(count))
        for _ in pieces:
            continue
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(6000) < peak(600) + 1_000_000
