"""Workbooks back to decision files, with errors by cell."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine import feel
from engine.decisions import excel
from engine.decisions.excel import FIRST_COLUMN, FIRST_RULE, INPUT, NOTE, OUTPUT, Column
from engine.decisions.model import Model
from engine.decisions.reading import nearest_id, parse, read_definitions
from engine.decisions.tables import TableLogic
from engine.errors import QihangError, Sentence
from engine.feel import FeelError

MAX_ROWS, MAX_COLUMNS, MAX_BYTES = 5_000, 200, 60 << 20
_MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DEFAULT: Any = {None: _MODEL}
_POLICIES = {
    "U": "UNIQUE",
    "A": "ANY",
    "P": "PRIORITY",
    "F": "FIRST",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
    "C": "COLLECT",
}
_AGGREGATIONS = {"+": "SUM", "<": "MIN", ">": "MAX", "#": "COUNT"}


@dataclass(frozen=True)
class CellError:
    """What is wrong with one cell: `sheet` and `cell` (C9) say where."""

    sheet: str
    cell: str
    sentence: Sentence


class ExcelWrong(QihangError):
    """The workbook cannot be taken as it is; `errors` are its cells'."""

    def __init__(self, errors: list[CellError]) -> None:
        first = errors[0]
        more = f"（共 {len(errors)} 处）" if len(errors) > 1 else ""
        super().__init__(
            Sentence(
                f"工作表“{first.sheet}”{first.cell}：{first.sentence.zh}{more}",
                f"Sheet “{first.sheet}”, {first.cell}: {first.sentence.en}"
                + (f" ({len(errors)} errors)" if len(errors) > 1 else ""),
            )
        )
        self.errors = errors


@dataclass
class RuleRow:
    """One rule of a sheet."""

    row: int
    id: str
    texts: list[str]


@dataclass
class SheetTable:
    """One sheet, read."""

    sheet: str
    name: str
    policy: str
    element_id: str
    table_id: str
    columns: list[Column]
    rules: list[RuleRow] = field(default_factory=list)


def from_xlsx(workbook: bytes, base: bytes | None = None) -> bytes:
    """The decision file of a workbook: `base` with the workbook's rules, or a new file of its tables.
    Raises ExcelWrong, DecisionUnreadable."""
    tables = _sheets(workbook)
    xml = _onto(base, tables) if base is not None else _new(tables)
    _check(xml, tables, base is not None)
    return xml


# -- reading sheets


def _sheets(workbook: bytes) -> list[SheetTable]:
    unreadable = CellError(
        "", "", Sentence("这不是 Excel 工作簿（.xlsx）。", "This is no Excel workbook (.xlsx).")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_BYTES:
                raise ExcelWrong([CellError("", "", Sentence("工作簿太大。", "The workbook is too large."))])
        book = load_workbook(io.BytesIO(workbook), data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, etree.XMLSyntaxError):
        raise ExcelWrong([unreadable]) from None
    found = [_sheet(sheet) for sheet in book.worksheets if _text(sheet.cell(1, 1).value) == excel.MARK]
    if not found:
        raise ExcelWrong(
            [
                CellError(
                    "", "A1", Sentence("工作簿里没有决策表。", "There is no decision table in the workbook.")
                )
            ]
        )
    return found


def _sheet(sheet: Worksheet) -> SheetTable:
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        raise ExcelWrong([CellError(sheet.title, "A1", Sentence("表太大。", "The table is too large."))])
    head = [_text(sheet.cell(excel.ROW_TITLE, at).value) for at in range(1, 6)]
    columns = []
    for at in range(FIRST_COLUMN, sheet.max_column + 1):
        parts = [
            _text(sheet.cell(row, at).value)
            for row in (
                excel.ROW_KIND,
                excel.ROW_LABEL,
                excel.ROW_EXPRESSION,
                excel.ROW_TYPE,
                excel.ROW_VALUES,
                excel.ROW_DEFAULT,
            )
        ]
        if parts[0] not in (INPUT, OUTPUT, NOTE):
            break
        columns.append(Column(*parts))
    table = SheetTable(sheet.title, head[1], head[2] or "U", head[3], head[4], columns)
    for row in range(FIRST_RULE, sheet.max_row + 1):
        texts = [_text(sheet.cell(row, FIRST_COLUMN + at).value) for at in range(len(columns))]
        rule_id = _text(sheet.cell(row, 1).value)
        if any(texts) or rule_id:
            table.rules.append(RuleRow(row, rule_id, texts))
    while table.rules and not any(table.rules[-1].texts):
        table.rules.pop()
    return table


def _text(value: Any) -> str:
    """A cell's value as FEEL text: Excel makes numbers, dates and truth values of what looks like them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return feel.value_text(Decimal(repr(value)))
    if isinstance(value, datetime):
        if value.time() == time():
            return f'date("{value.date().isoformat()}")'
        return f'date and time("{value.isoformat(timespec="seconds")}")'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, time):
        return f'time("{value.isoformat()}")'
    return str(value)


# -- writing rules


def _onto(base: bytes, tables: list[SheetTable]) -> bytes:
    """The base file with the rules of the sheets; the sheets' heads must be the file's."""
    root = parse(base, whole=True)
    errors: list[CellError] = []
    by_id = {
        nearest_id(element): element
        for element in root.iter(f"{{{etree.QName(root).namespace}}}decisionTable")
    }
    known = {box.id: box for _, box in excel.tables_of(read_definitions(base))}
    for table in tables:
        element = by_id.get(table.table_id)
        if element is None or table.table_id not in known:
            errors.append(
                CellError(table.sheet, "E1", Sentence("文件中没有这张表。", "The file has no such table."))
            )
            continue
        errors += _head_errors(table, excel.columns_of(known[table.table_id]))
        if not errors:
            _write_rules(element, table)
    if errors:
        raise ExcelWrong(errors)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _head_errors(table: SheetTable, columns: list[Column]) -> list[CellError]:
    changed = Sentence(
        "表头不能在 Excel 里修改，请在工作室里修改。", "The head cannot be changed in Excel; use the studio."
    )
    if len(columns) != len(table.columns):
        return [CellError(table.sheet, "B2", changed)]
    found = []
    for at, (own, sheet) in enumerate(zip(columns, table.columns, strict=True)):
        for row, text in own.cells().items():
            if text.strip() != sheet.cells()[row].strip():
                found.append(CellError(table.sheet, f"{get_column_letter(FIRST_COLUMN + at)}{row}", changed))
    return found


def _write_rules(element: Any, table: SheetTable) -> None:
    """Replaces the rules of a decisionTable element; known rules keep their elements and ids."""
    prefix = element.tag[: element.tag.index("}") + 1]
    old = {rule.get("id") or f"#{n}": rule for n, rule in enumerate(element.findall(f"{prefix}rule"), 1)}
    place = next((n for n, child in enumerate(element) if child.tag == f"{prefix}rule"), len(element))
    for rule in list(element.findall(f"{prefix}rule")):
        element.remove(rule)
    taken = {e.get("id") for e in element.getroottree().iter() if e.get("id")} | set(old)
    used: set[str] = set()
    for number, row in enumerate(table.rules):
        rule = old.get(row.id) if row.id and row.id not in used else None
        if rule is None:
            rule = etree.Element(f"{prefix}rule", id=_fresh("rule", taken))
        used.add(row.id)
        _fill(rule, prefix, table, row, taken)
        element.insert(place + number, rule)


def _fill(rule: Any, prefix: str, table: SheetTable, row: RuleRow, taken: set[str]) -> None:
    kinds = {INPUT: "inputEntry", OUTPUT: "outputEntry", NOTE: "annotationEntry"}
    entries = {kind: rule.findall(f"{prefix}{name}") for kind, name in kinds.items()}
    counts = dict.fromkeys(kinds, 0)
    for column, text in zip(table.columns, row.texts, strict=True):
        at = counts[column.kind]
        counts[column.kind] += 1
        if at < len(entries[column.kind]):
            entry = entries[column.kind][at]
        else:
            entry = etree.SubElement(rule, f"{prefix}{kinds[column.kind]}")
            if column.kind != NOTE:
                entry.set("id", _fresh("cell", taken))
        holder = entry.find(f"{prefix}text")
        if holder is None:
            holder = etree.SubElement(entry, f"{prefix}text")
        if (holder.text or "") != text:
            holder.text = text


def _fresh(stem: str, taken: set[str]) -> str:
    number = len(taken)
    while f"{stem}_{number}" in taken:
        number += 1
    taken.add(f"{stem}_{number}")
    return f"{stem}_{number}"


# -- a new file


def _new(tables: list[SheetTable]) -> bytes:
    root = etree.Element(f"{{{_MODEL}}}definitions", nsmap=_DEFAULT)
    root.set("id", "definitions")
    root.set("name", tables[0].name)
    root.set("namespace", "urn:qihang:decisions")
    for number, table in enumerate(tables, 1):
        decision = etree.SubElement(
            root, f"{{{_MODEL}}}decision", id=table.element_id or f"decision_{number}"
        )
        decision.set("name", table.name or table.sheet)
        element = etree.SubElement(
            decision, f"{{{_MODEL}}}decisionTable", id=table.table_id or f"table_{number}"
        )
        element.set("hitPolicy", _POLICIES.get(table.policy[:1].upper(), "UNIQUE"))
        if table.policy[1:2] in _AGGREGATIONS:
            element.set("aggregation", _AGGREGATIONS[table.policy[1:2]])
        for at, column in enumerate(table.columns, 1):
            _column(element, column, f"{number}_{at}")
        _write_rules(element, table)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _column(element: Any, column: Column, number: str) -> None:
    kind = {INPUT: "input", OUTPUT: "output", NOTE: "annotation"}[column.kind]
    made = etree.SubElement(element, f"{{{_MODEL}}}{kind}")
    if kind == "annotation":
        made.set("name", column.label)
        return
    made.set("id", f"{kind}_{number}")
    made.set("label", column.label)
    if kind == "input":
        expression = etree.SubElement(made, f"{{{_MODEL}}}inputExpression", id=f"expression_{number}")
        _typed(expression, column.type_ref)
        etree.SubElement(expression, f"{{{_MODEL}}}text").text = column.expression
    else:
        made.set("name", column.expression)
        _typed(made, column.type_ref)
    if column.values:
        values = etree.SubElement(made, f"{{{_MODEL}}}{kind}Values", id=f"values_{number}")
        etree.SubElement(values, f"{{{_MODEL}}}text").text = column.values
    if column.default:
        default = etree.SubElement(made, f"{{{_MODEL}}}defaultOutputEntry", id=f"default_{number}")
        etree.SubElement(default, f"{{{_MODEL}}}text").text = column.default


def _typed(element: Any, type_ref: str) -> None:
    if type_ref:
        element.set("typeRef", type_ref)


# -- checking


def _check(xml: bytes, tables: list[SheetTable], whole: bool) -> None:
    """Every cell must be FEEL; in a `whole` file also of names that its decision knows. Raises ExcelWrong."""
    model = Model(xml)
    logics = {logic.table.id: logic for found in model.tables.values() for logic in found}
    errors: list[CellError] = []
    for table in tables:
        logic = logics.get(table.table_id)
        known = _names(logic, model) if whole and logic is not None else None
        for row in table.rules:
            for at, (column, text) in enumerate(zip(table.columns, row.texts, strict=True)):
                error = _cell_error(column, text, known, model)
                if error is not None:
                    errors.append(
                        CellError(table.sheet, f"{get_column_letter(FIRST_COLUMN + at)}{row.row}", error)
                    )
    if errors:
        raise ExcelWrong(errors)


def _names(logic: TableLogic, model: Model) -> set[str]:
    """What cells of a table may name: what is in scope, the file's elements, and what its head reads."""
    found = set(logic.scope) | {element.name for element in model.definitions.elements.values()}
    for clause in logic.table.inputs:
        try:
            found |= feel.compile(clause.expression.text, strict=False).free_names
        except FeelError:
            continue
    return found


def _cell_error(column: Column, text: str, known: set[str] | None, model: Model) -> Sentence | None:
    if not text.strip() or column.kind == NOTE:
        return None
    make = feel.compile_unary if column.kind == INPUT else feel.compile
    try:
        make(text, known, types=model.types.named, members=model.types.members)
    except FeelError as error:
        if known is not None and text.isidentifier() and text not in known:
            return Sentence(f'文字要加英文引号："{text}"。', f'Texts need quotes: "{text}".')
        return error.sentence
    return None
