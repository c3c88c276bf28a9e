"""The renderer's door: true millimetres, Chinese faces, page numbers, and nothing let in or out."""

from __future__ import annotations

import http.server
import io
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import pdf
from tests.reports import papers

HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body style="margin:0">'
BOX = f'{HEAD}<div style="width:150mm;height:100mm;border:1px solid #000;box-sizing:border-box"></div>'


def test_150_millimetres_measure_150_and_margins_are_kept(tmp_path: Path) -> None:
    (page,) = papers.images(pdf.render(BOX, margins_mm=(20, 15, 15, 30)), tmp_path)
    left, top, width, height = page.dark_box_mm()
    assert (page.width / 10, page.height / 10) == (pytest.approx(210, abs=0.5), pytest.approx(297, abs=0.5))
    assert (width, height) == (pytest.approx(150, abs=0.6), pytest.approx(100, abs=0.6))
    assert (left, top) == (pytest.approx(30, abs=0.6), pytest.approx(20, abs=0.6))


def test_chinese_is_printed_in_the_chinese_face_and_reads_back(tmp_path: Path) -> None:
    content = pdf.render(f'{HEAD}<p>生人方用高行页 <b style="font-family:宋体">直接</b></p>')
    assert papers.flat(content) == "生人方用高行页直接"
    (tmp_path / "a.pdf").write_bytes(content)
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "a.pdf"], capture_output=True, text=True, check=True
    ).stdout
    assert all("CJKsc" in line and " yes " in line for line in fonts.splitlines()[2:]), fonts


def test_pages_are_numbered_where_wanted() -> None:
    content = pdf.render(HEAD + "<p>行</p>" * 150, page_numbers=True)
    count = pdf.page_count(content)
    assert count > 1
    words = papers.flat(content)
    assert f"第1页,共{count}页" in words
    assert f"第{count}页,共{count}页" in words


def test_what_is_laid_over_stands_where_it_is_put(tmp_path: Path) -> None:
    dot = '<div style="position:absolute;left:50mm;top:250mm;width:10mm;height:10mm;background:#000"></div>'
    content = pdf.overlay(
        pdf.render(HEAD + '<p style="page-break-after:always">&nbsp;</p>&nbsp;'), lambda *_: dot
    )
    pages = papers.images(content, tmp_path)
    assert len(pages) == 2
    for page in pages:
        assert page.dark_box_mm() == pytest.approx((50, 250, 10, 10), abs=0.8)


def test_the_file_tells_its_title_and_moment() -> None:
    content = pdf.render(
        BOX, title="就业协议书 1202114109300001", made_at=datetime(2021, 3, 2, 4, 5, 6, tzinfo=UTC)
    )
    info = PdfReader(io.BytesIO(content)).metadata
    assert info is not None
    assert info.title == "就业协议书 1202114109300001"
    assert info.creation_date == datetime(2021, 3, 2, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_a_font_cache_that_others_may_write_into_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pdf._font_cache.cache_clear()
    planted = tmp_path / f"qihang-fonts-{os.getuid()}"
    planted.mkdir()
    planted.chmod(mode)
    pdf.render(BOX)
    pdf._font_cache.cache_clear()
    instead = set(tmp_path.glob("qihang-fonts-*")) - {planted}
    assert bool(instead) is (mode == 0o777)


class _Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"p{color:red}")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and what it was asked for."""
    asked: list[str] = []
    handler = type("Handler", (_Listener,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{url}/a.png">',
        '<link rel="stylesheet" href="{url}/a.css">',
        '<style>@import "{url}/a.css"; body{{background:url({url}/b.png)}}</style>',
        '<iframe src="{url}/"></iframe>',
        '<object data="{url}/a"></object>',
        '<script src="{url}/a.js"></script>',
        '<script>new Image().src = "{url}/js"; document.body.innerHTML = "changed"</script>',
        '<meta http-equiv="refresh" content="0;url={url}/">',
        '<meta name="pdfkit-run-script" content="location=\'{url}\'">',
        '<base href="{url}/"><img src="a.png">',
    ],
)
def test_nothing_is_fetched_and_no_script_is_run(tag: str, listener: tuple[str, list[str]]) -> None:
    url, asked = listener
    try:
        content = pdf.render(f"{HEAD}<p>可见</p>{tag.format(url=url)}")
    except pdf.RenderFailed:
        content = b""
    assert asked == []
    assert not content or papers.flat(content).startswith("可见")


@pytest.mark.parametrize(
    "tag",
    [
        '<iframe src="file://{path}" width="500" height="200"></iframe>',
        '<object data="file://{path}" type="text/plain" width="500" height="200"></object>',
        '<embed src="file://{path}" type="text/plain" width="500" height="200">',
        '<iframe src="{path}" width="500" height="200"></iframe>',
        '<meta name="pdfkit-allow" content="/"><iframe src="file://{path}"></iframe>',
        '<meta name="pdfkit-enable-local-file-access" content=""><iframe src="file://{path}"></iframe>',
        '<meta http-equiv="refresh" content="0;url=file://{path}">',
    ],
)
def test_no_local_file_gets_into_a_paper(tag: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SESAME")
    try:
        content = pdf.render(f"{HEAD}<p>可见</p>{tag.format(path=secret)}")
    except pdf.RenderFailed:
        return
    assert "SESAME" not in papers.flat(content)


def test_a_picture_that_the_page_brings_along_is_shown(tmp_path: Path) -> None:
    black = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
    (page,) = papers.images(
        pdf.render(f'{HEAD}<img src="{black}" style="width:20mm;height:10mm;display:block">'), tmp_path
    )
    assert page.dark_box_mm()[2:] == pytest.approx((20, 10), abs=0.6)


def test_a_renderer_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "wkhtmltopdf"
    slow.write_text('#!/bin/sh\n[ "$1" = --version ] && echo 0 && exit\nsleep 30\n')
    slow.chmod(0o755)
    monkeypatch.setattr(pdf, "TIMEOUT", 1)
    pdf.configure(str(slow))
    try:
        with pytest.raises(pdf.RenderFailed, match="within 1 seconds"):
            pdf.render(BOX)
    finally:
        pdf.configure("")


def test_a_renderer_that_fails_says_what_it_said(tmp_path: Path) -> None:
    broken = tmp_path / "wkhtmltopdf"
    broken.write_text('#!/bin/sh\n[ "$1" = --version ] && echo 0 && exit\necho out of ink >&2\nexit 1\n')
    broken.chmod(0o755)
    pdf.configure(str(broken))
    try:
        with pytest.raises(pdf.RenderFailed, match="out of ink") as failed:
            pdf.render(BOX)
    finally:
        pdf.configure("")
    assert "请稍后重试" in failed.value.sentence.zh
