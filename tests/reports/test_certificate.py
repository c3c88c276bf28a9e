"""The certificate of termination (D13): every line of it, one page, its QR code and its address."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import segno

from admin.door import App
from engine import clock, files, secrets, settings
from engine.models.papers import IssuedPaper
from engine.models.workflow import Attachment
from reports import jobs, links, pdf
from reports.termination import certificate, certificate_html
from tests.builders_termination import REASON, EndingOffice
from tests.fixtures.ending import ending_template, sqlite_url
from tests.people import web

__all__ = ["ending_template", "sqlite_url", "web"]


@pytest.fixture
def office(sqlite: str, web: App) -> Iterator[EndingOffice]:
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)
    links.configure("https://jobs.example.edu.cn")
    with clock.frozen(datetime(2026, 11, 16, 10, 2, tzinfo=clock.office_zone())):
        yield EndingOffice(web)


def test_it_prints_every_line_of_the_specification_on_one_page(office: EndingOffice, tmp_path: Path) -> None:
    row = office.ended()
    kept = certificate({"termination": row.id})
    content = files.get(kept.sha)
    assert pdf.page_count(content) == 1
    path = tmp_path / "certificate.pdf"
    path.write_bytes(content)
    out = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    text = unicodedata.normalize("NFKC", out)
    paper = IssuedPaper.get()
    for printed in (
        "解约证明", paper.number, paper.spaced_code, row.agreement.number, "(已失效)", "林一诺", "松岚理工大学",
        office.student.student_number, "晴川软件有限公司", office.firm.credit_code, "提出方", "毕业生",
        "提出时间", "2026-11-16 10:02", "解除原因", REASON, "对方同意时间", "学校审核通过时间", "失效时间",
        "https://jobs.example.edu.cn/verify", "2026 年 11 月 16 日",
    ):  # fmt: skip
        assert unicodedata.normalize("NFKC", printed) in text, printed


def test_without_a_public_address_there_is_no_certificate_rather_than_a_dead_code(
    office: EndingOffice,
) -> None:
    row = office.ended()
    links.configure("")
    with pytest.raises(pdf.RenderFailed, match="PUBLIC_URL"):
        certificate({"termination": row.id})
    links.configure("https://jobs.example.edu.cn")
    assert certificate({"termination": row.id}).kind == "termination_certificate"


def test_the_qr_code_leads_to_the_check_with_both_filled_in(office: EndingOffice) -> None:
    row = office.ended()
    paper = IssuedPaper.get()
    address = f"https://jobs.example.edu.cn/verify/{paper.token}"
    picture = segno.make(address, error="m", micro=False).png_data_uri(scale=8, border=0)
    assert picture in certificate_html(row, paper)


def test_it_is_made_once_and_the_kept_one_is_given_again(office: EndingOffice) -> None:
    row = office.ended()
    first, second = certificate({"termination": row.id}), certificate({"termination": row.id})
    assert (first.id, first.sha) == (second.id, second.sha)
    assert Attachment.select().where(Attachment.kind == "termination_certificate").count() == 1
    assert jobs.paper_of(row, "termination_certificate") is not None


def test_a_reason_of_hostile_text_is_printed_as_text(office: EndingOffice) -> None:
    row = office.asked(office.graduate, office.agreement(), reason='<img src="http://x/y"><script>1</script>')
    row = office.decide(office.agree_to(row))
    html = certificate_html(row, IssuedPaper.get())
    assert "<script" not in html
    assert "&lt;script&gt;" in html
