"""A list as a file: CSV and Excel, row by row, so that neither the process nor the table's size matters."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from admin.crud import columns
from engine import db
from engine.models.base import Model

BATCH = 500
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, made plain text by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def rows_of(model: type[Model], query: Any, names: tuple[str, ...]) -> Iterator[list[Any]]:
    """The values of all rows of a query, read in batches by key."""
    key = model._meta.primary_key
    fields = [model._meta.fields[name] for name in {key.name, *names}]
    query = query.select(*fields).order_by(key).limit(BATCH)
    last = None
    while True:
        batch = list(query if last is None else query.where(key > last))
        reader = columns.Reader(model, names, batch)
        for row in batch:
            yield [reader.value(row, name) for name in names]
        if len(batch) < BATCH:
            return
        last = batch[-1].get_id()


def as_csv(name: str, heads: list[str], rows: Iterator[list[Any]]) -> Response:
    """CSV with a byte order mark, which Excel needs to read Chinese."""

    def lines() -> Iterator[str]:
        with db.connection():
            yield "\ufeff" + _line(heads)
            for row in rows:
                yield _line([harmless(value) for value in row])

    return _download(Response(stream_with_context(lines()), mimetype="text/csv; charset=utf-8"), f"{name}.csv")


def as_xlsx(name: str, heads: list[str], rows: Iterator[list[Any]]) -> Response:
    """An Excel file, written to disk row by row and then sent in parts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response when it has been sent
    book.save(file)
    length = file.tell()
    file.seek(0)
    answer = Response(iter(lambda: file.read(65536), b""), mimetype=XLSX)
    answer.content_length = length
    answer.call_on_close(file.close)
    return _download(answer, f"{name}.xlsx")


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, "")
    cell._value, cell.data_type = _printable(value), "s"  # never a formula, whatever it begins with
    return cell


def _printable(text: str) -> str:
    return "".join(one for one in text if one >= " " or one in "\t\n")


def _line(values: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _download(answer: Response, file_name: str) -> Response:
    answer.headers.set("Content-Disposition", "attachment", filename=file_name)
    return answer
