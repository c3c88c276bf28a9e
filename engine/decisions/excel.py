"""Decision tables as Excel workbooks that staff can edit, and back.

A sheet is a table. Its head says what the columns are; below it each row is a rule, its cells the FEEL texts
of the file. Column A holds the rules' ids (hidden), so that an edited rule stays the rule it was. Read back
onto the file it came from, only rules change; read without one, a new file is made.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine.decisions.boxes import Box, ContextBox, FunctionBox, Table
from engine.decisions.elements import Decision, Definitions, Knowledge
from engine.decisions.reading import read_definitions

# The rows of a sheet's head; rules begin below.
ROW_TITLE, ROW_KIND, ROW_LABEL, ROW_EXPRESSION, ROW_TYPE, ROW_VALUES, ROW_DEFAULT, FIRST_RULE = range(1, 9)
FIRST_COLUMN = 2
INPUT, OUTPUT, NOTE = "输入 input", "输出 output", "备注 note"
MARK = "qihang-decision-table"
_HEAD = PatternFill("solid", fgColor="E8EEF7")
_NAMES = {
    ROW_KIND: "列 column",
    ROW_LABEL: "标题 label",
    ROW_EXPRESSION: "表达式/名称 expression/name",
    ROW_TYPE: "类型 type",
    ROW_VALUES: "允许的值 values",
    ROW_DEFAULT: "默认输出 default",
}


@dataclass
class Column:
    """One column of a sheet, as the head has it."""

    kind: str
    label: str
    expression: str = ""
    type_ref: str = ""
    values: str = ""
    default: str = ""

    def cells(self) -> dict[int, str]:
        """The head's cells by row."""
        return {
            ROW_KIND: self.kind,
            ROW_LABEL: self.label,
            ROW_EXPRESSION: self.expression,
            ROW_TYPE: self.type_ref,
            ROW_VALUES: self.values,
            ROW_DEFAULT: self.default,
        }


def tables_of(definitions: Definitions) -> list[tuple[Decision | Knowledge, Table]]:
    """All tables of a file with the element they belong to, those inside contexts too."""
    found: list[tuple[Decision | Knowledge, Table]] = []
    elements: list[Decision | Knowledge] = [*definitions.decisions.values(), *definitions.knowledge.values()]
    for element in elements:
        todo: list[Box | None] = [element.logic if isinstance(element, Decision) else element.function]
        while todo:
            box = todo.pop()
            if isinstance(box, Table):
                found.append((element, box))
            elif isinstance(box, FunctionBox):
                todo.append(box.body)
            elif isinstance(box, ContextBox):
                todo += [entry.value for entry in reversed(box.entries)]
    return found


def columns_of(table: Table) -> list[Column]:
    """The columns of a table."""
    made = [
        Column(
            INPUT,
            c.label,
            c.expression.text.strip(),
            c.expression.type_ref or "",
            c.values.text if c.values else "",
        )
        for c in table.inputs
    ]
    made += [
        Column(
            OUTPUT,
            c.label,
            c.name,
            c.type_ref or "",
            c.values.text if c.values else "",
            c.default.text if c.default else "",
        )
        for c in table.outputs
    ]
    notes = max([len(table.annotations), *(len(rule.annotations) for rule in table.rules)], default=0)
    names = [*table.annotations, *[""] * (notes - len(table.annotations))]
    return [*made, *(Column(NOTE, name) for name in names)]


def to_xlsx(xml: bytes) -> bytes:
    """A workbook of all tables of a file. Raises DecisionUnreadable."""
    definitions = read_definitions(xml)
    book = Workbook()
    book.remove(book.worksheets[0])
    for element, table in tables_of(definitions):
        sheet = book.create_sheet(_title(element.name, book))
        _head(sheet, element, table)
        for number, rule in enumerate(table.rules):
            row = FIRST_RULE + number
            _write(sheet, row, 1, rule.id or f"#{number + 1}")
            texts = [*(c.text for c in rule.inputs), *(c.text for c in rule.outputs), *rule.annotations]
            for at, text in enumerate(texts):
                _write(sheet, row, FIRST_COLUMN + at, text)
    if not book.worksheets:
        book.create_sheet("empty")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _title(name: str, book: Workbook) -> str:
    base = "".join("_" if c in "[]:*?/\\" else c for c in name)[:27] or "table"
    title, number = base, 1
    while title in book.sheetnames:
        number += 1
        title = f"{base} {number}"
    return title


def _head(sheet: Worksheet, element: Decision | Knowledge, table: Table) -> None:
    policy = table.hit_policy + table.aggregation
    for at, text in enumerate((MARK, element.name, policy, element.id, table.id)):
        _write(sheet, ROW_TITLE, 1 + at, text, head=True)
    columns = columns_of(table)
    for row, name in _NAMES.items():
        _write(sheet, row, 1, name, head=True)
    for at, column in enumerate(columns):
        for row, text in column.cells().items():
            _write(sheet, row, FIRST_COLUMN + at, text, head=True)
        width = max(len(text) for text in (column.label, column.expression, column.values[:30], "          "))
        sheet.column_dimensions[get_column_letter(FIRST_COLUMN + at)].width = min(40, width * 1.8)
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = f"B{FIRST_RULE}"


def _write(sheet: Worksheet, row: int, column: int, text: str, head: bool = False) -> None:
    """A cell of text: never a formula, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if text != "":
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=head)
    if head:
        cell.fill = _HEAD
        cell.font = Font(bold=row in (ROW_TITLE, ROW_LABEL))
