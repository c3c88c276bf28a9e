"""Tables as Excel and CSV, a row at a time: 100,000 rows need no more memory than one.

Text stays text, so that ID numbers keep their digits and nothing typed by a user becomes a formula.
"""

from __future__ import annotations

import csv as csv_module
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from engine import clock
from engine.errors import Sentence

MEDIA_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_CSV = "text/csv; charset=utf-8"
MAX_CELL = 32_767  # characters that Excel takes
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its words, and its width in characters."""

    label: str
    width: int = 16


def xlsx(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, title: str = "", locale: str = "zh"
) -> IO[bytes]:
    """The workbook as an open file at its beginning, on disk and unnamed: it goes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_head(sheet, column.label) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value, locale) for value in row])
    out = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it, by chunks()
    try:
        book.save(out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file piece by piece, closed at the end: what a response streams."""
    with file:
        while piece := file.read(_CHUNK):
            yield piece


def csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, locale: str = "zh") -> Iterator[bytes]:
    """The table as CSV in UTF-8 with a mark that Excel knows it by, in pieces of some hundred rows."""
    buffer = io.StringIO()
    writer = csv_module.writer(buffer)
    writer.writerow([_plain(column.label, locale) for column in columns])
    first = "\ufeff"
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(value, locale) for value in row])
        if number % 500 == 0:
            yield (first + buffer.getvalue()).encode()
            first = ""
            buffer.seek(0)
            buffer.truncate()
    yield (first + buffer.getvalue()).encode()


def _head(sheet: Any, label: str) -> Any:
    cell = _cell(sheet, label, "zh")
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E8ECF2")
    cell.alignment = Alignment(vertical="center")
    return cell


def _cell(sheet: Any, value: Any, locale: str) -> Any:
    value = _value(value, locale)
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL])
    cell.data_type = "s"  # openpyxl would make a formula of what begins with "="
    cell.number_format = "@"
    return cell


def _value(value: Any, locale: str) -> Any:
    """What stands in a cell: numbers and dates as such (instants at the office), all else as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("yes" if value else "no") if locale.startswith("en") else ("是" if value else "否")
    if isinstance(value, datetime):
        return value.astimezone(clock.office_zone()).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, int) and abs(value) >= 10**15:
        return str(value)  # Excel keeps fifteen digits
    if isinstance(value, int | float | Decimal | date):
        return value
    return value.text(locale) if isinstance(value, Sentence) else str(value)


def _plain(value: Any, locale: str) -> str:
    """A value in CSV: a formula is disarmed by an apostrophe, long digits by a tab, which Excel shows as text."""
    value = _value(value, locale)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    if value.startswith(_FORMULA):
        return "'" + value
    if value.isdigit() and (len(value) > 11 or value.startswith("0")):
        return "\t" + value
    return value


def _sheet_title(title: str) -> str:
    kept = "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31].strip()
    return kept or "Sheet1"
