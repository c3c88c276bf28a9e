"""A list as a file: CSV and Excel, row by row, so that neither the process nor the table's size matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, stream_with_context

from admin import door
from admin.crud import columns
from admin.door import as_file
from engine import db
from engine.models.base import Model
from reports import excel

BATCH = 500


def as_csv(model: type[Model], query: Any) -> Response:
    """The rows of a query as CSV, sent as they are read."""
    names = columns.shown(model)
    heads, rows = _heads(model, names), _rows(model, query, names)

    def pieces() -> Iterator[bytes]:
        with db.connection():
            yield from excel.csv(heads, rows, locale=door.locale())

    return _download(Response(stream_with_context(pieces()), content_type=excel.MEDIA_CSV), model, "csv")


def as_xlsx(model: type[Model], query: Any) -> Response:
    """The rows of a query as an Excel file, written to disk row by row and then sent in parts."""
    names = columns.shown(model)
    heads, rows = _heads(model, names), _rows(model, query, names)
    file = excel.xlsx(heads, rows, title=model.label.text(door.locale()), locale=door.locale())
    return _download(Response(excel.chunks(file), content_type=excel.MEDIA_XLSX), model, "xlsx")


def _heads(model: type[Model], names: tuple[str, ...]) -> list[excel.Column]:
    return [excel.Column(str(columns.label(model, name))) for name in names]


def _rows(model: type[Model], query: Any, names: tuple[str, ...]) -> Iterator[list[Any]]:
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


def _download(answer: Response, model: type[Model], kind: str) -> Response:
    name = f"{model.label.text(door.locale())}.{kind}"
    return as_file(answer, name)
