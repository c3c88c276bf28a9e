"""The filtered list as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl

from engine.models.people import AuditEntry
from tests.builders import make_school, make_student


def rows_of(answer: Any) -> list[list[str]]:
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_csv_holds_the_filtered_rows_masked_and_in_words(school: Any) -> None:
    wanted = make_student(school.school_class, gender="m")
    make_student(school.school_class, gender="f")
    make_student(school.other_class, gender="m")
    answer = school.clerk.get("/admin/student/export/csv/?gender=m")
    heads, *rows = rows_of(answer)
    assert len(rows) == 1
    row = dict(zip(heads, rows[0], strict=True))
    assert row["姓名"] == wanted.name
    assert row["性别"] == "男"
    assert row["身份证号"] == f"{wanted.id_number[:6]}*****{wanted.id_number[-4:]}"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()


def test_a_formula_becomes_text(school: Any) -> None:
    make_student(school.school_class, name="=1+1")
    make_student(school.school_class, name="@SUM(A1)")
    heads, *rows = rows_of(school.clerk.get("/admin/student/export/csv/"))
    assert {row[heads.index("姓名")] for row in rows} == {"'=1+1", "'@SUM(A1)"}
    book = openpyxl.load_workbook(io.BytesIO(school.clerk.get("/admin/student/export/xlsx/").get_data()))
    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert "=1+1" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


def test_a_number_that_begins_with_nought_keeps_its_digits(school: Any) -> None:
    make_school(phone="045186412345")
    heads, *rows = rows_of(school.system.get("/admin/school/export/csv/"))
    assert "\t045186412345" in {row[heads.index("联系电话")] for row in rows}


def test_more_rows_than_a_batch_all_arrive_once(school: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("admin.crud.export.BATCH", 7)
    for _ in range(20):
        make_student(school.school_class)
    heads, *rows = rows_of(school.clerk.get("/admin/student/export/csv/"))
    assert len({row[heads.index("学号")] for row in rows}) == len(rows) == 20


def test_an_export_leaves_a_line_in_the_audit_log(school: Any) -> None:
    school.clerk.get("/admin/student/export/xlsx/?gender=m")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.detail["model"]) == ("export", "student")
    assert entry.detail["query"] == {"gender": "m"}


def test_a_personal_number_that_was_searched_for_is_not_kept_in_clear(school: Any) -> None:
    student = make_student(school.school_class)
    school.clerk.get(f"/admin/student/export/csv/?q={student.id_number}&gender=f")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert entry.detail["query"] == {"q": "*****", "gender": "f"}


def test_an_unknown_kind_of_file_is_not_found(school: Any) -> None:
    assert school.clerk.get("/admin/student/export/exe/").status_code == 404
