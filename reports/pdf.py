"""HTML to PDF, the one way: wkhtmltopdf behind `render`, with JavaScript, network and local files off.

Two builds are known, and each has its profile, so that 150 mm in the CSS measure 150 mm on paper: the
distribution's (unpatched Qt: everything at 1/1.3, headers and footers ignored) and the patched one. Page
numbers and stamps are laid over the finished pages, which works with both.
"""

from __future__ import annotations

import io
import os
import resource
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pdfkit
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DictionaryObject, NameObject

from engine.errors import QihangError, Sentence
from engine.settings import ROOT

FONTS = Path(__file__).with_name("fonts.conf")
TIMEOUT = 60  # seconds of one rendering
MEMORY = 2 << 30  # bytes of address space
MAX_HTML = 20_000_000  # characters

#: Where every connection goes: a port on which nobody listens, so that a remote address is never reached.
_NOWHERE = "http://127.0.0.1:9"

_renderer_path = ""


class RenderFailed(QihangError):
    """No PDF came out; `detail` is what the renderer said."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Sentence("文书没有生成，请稍后重试。", "The document could not be made; please try again.")
        )
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.sentence.zh} {self.detail}"


@dataclass(frozen=True, slots=True)
class Renderer:
    """A build of wkhtmltopdf with what makes its millimetres true."""

    path: str
    patched: bool

    @property
    def options(self) -> dict[str, str]:
        if not self.patched:
            return {}
        return {"disable-smart-shrinking": "", "zoom": "0.78125", "disable-external-links": ""}

    @property
    def css(self) -> str:
        return "" if self.patched else "<style>html{zoom:1.3}</style>"


def configure(path: str) -> None:
    """Takes the setting WKHTMLTOPDF; empty: found by itself."""
    global _renderer_path
    _renderer_path = path
    renderer.cache_clear()


@lru_cache(maxsize=1)
def renderer() -> Renderer:
    """The renderer of this machine. Raises RenderFailed where there is none."""
    own = ROOT / ".tools" / "bin" / "wkhtmltopdf"
    path = _renderer_path or shutil.which("wkhtmltopdf") or (str(own) if own.exists() else "")
    if not path:
        raise RenderFailed("wkhtmltopdf is not installed")
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RenderFailed(f"{path}: {error}") from error
    return Renderer(path, "with patched qt" in said.stdout)


def render(
    html: str,
    *,
    paper: str = "A4",
    margins_mm: tuple[float, float, float, float] = (15, 15, 15, 15),
    title: str = "",
    made_at: datetime | None = None,
    page_numbers: bool = False,
) -> bytes:
    """The PDF of a page of HTML; margins as top, right, bottom, left.

    The HTML brings its styles and pictures (`data:`) with it; anything it points to is not fetched.
    Raises RenderFailed, also after TIMEOUT seconds.
    """
    if len(html) > MAX_HTML:
        raise RenderFailed("the HTML is too large")
    content = _run(html, paper, margins_mm)
    if page_numbers:
        count = page_count(content)
        content = overlay(content, lambda page, _: _number(page, count), paper=paper)
    return _described(content, title, made_at)


def overlay(
    content: bytes, html_of: Callable[[int, int], str], *, paper: str = "A4", title: str = "",
    made_at: datetime | None = None,
) -> bytes:  # fmt: skip
    """Lays HTML over each page of a PDF: `html_of(page, pages)` gives a page's, counted from 1.

    A position is absolute from the paper's edge: the pages laid over have no margins.
    """
    reader = _read(content)
    count = len(reader.pages)
    sheets = "".join(f'<div class="laid-over">{html_of(page, count)}</div>' for page in range(1, count + 1))
    style = (
        "<style>body{margin:0}.laid-over{position:relative;height:290mm;page-break-after:always;"
        "overflow:hidden}.laid-over:last-child{page-break-after:auto}</style>"
    )
    over = _read(_run(f'<!doctype html><meta charset="utf-8">{style}{sheets}', paper, (0, 0, 0, 0)))
    writer = PdfWriter(clone_from=reader)
    for page, above in zip(writer.pages, over.pages, strict=False):
        page.merge_page(_see_through(above))
    writer.compress_identical_objects()
    return _described(_bytes(writer), title, made_at)


def _see_through(page: PageObject) -> PageObject:
    """The renderer paints every page white; multiplied with what lies under it, white is nothing."""
    blend = DictionaryObject(
        {NameObject("/Type"): NameObject("/ExtGState"), NameObject("/BM"): NameObject("/Multiply")}
    )
    resources = page["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject)
    states = resources.setdefault(NameObject("/ExtGState"), DictionaryObject()).get_object()
    states[NameObject("/LaidOver")] = blend
    content = ContentStream(page.get_contents(), page.pdf)
    content.set_data(b"/LaidOver gs\n" + content.get_data())
    page[NameObject("/Contents")] = content
    return page


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    return len(_read(content).pages)


def _number(page: int, count: int) -> str:
    return (
        '<div style="position:absolute;bottom:0;width:100%;text-align:center;'
        f'font:9pt Noto Serif CJK SC,serif">第 {page} 页，共 {count} 页</div>'
    )


def _run(html: str, paper: str, margins_mm: tuple[float, float, float, float]) -> bytes:
    """Runs the renderer in a folder of its own; nothing of a failed run is left."""
    build = renderer()
    top, right, bottom, left = (f"{margin}mm" for margin in margins_mm)
    options = {
        "page-size": paper, "margin-top": top, "margin-right": right, "margin-bottom": bottom,
        "margin-left": left, "encoding": "UTF-8", "disable-javascript": "", "disable-plugins": "",
        "disable-local-file-access": "", "proxy": _NOWHERE,
        "load-error-handling": "abort", "load-media-error-handling": "abort", **build.options,
    }  # fmt: skip
    # A page may set pdfkit's options by <meta name="pdfkit-…">: the prefix is one that nobody can know.
    configuration = pdfkit.configuration(wkhtmltopdf=build.path, meta_tag_prefix=secrets.token_hex(16))
    command = pdfkit.PDFKit(html, "string", options=options, configuration=configuration).command()
    with tempfile.TemporaryDirectory(prefix="qihang-pdf-") as folder:
        try:
            done = subprocess.run(
                command, input=_styled(html, build).encode(), capture_output=True, timeout=TIMEOUT, check=False,
                cwd=folder, env=_environment(folder), preexec_fn=_limited, start_new_session=True,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RenderFailed(f"no PDF within {TIMEOUT} seconds") from None
        except OSError as error:
            raise RenderFailed(str(error)) from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        said = done.stderr.decode("utf-8", "replace").strip()[-1000:]
        raise RenderFailed(f"exit {done.returncode}: {said}")
    return done.stdout


def _styled(html: str, build: Renderer) -> str:
    """The page with the profile's style at the end of its head (or before all, where it has none)."""
    before, head, after = html.partition("</head>")
    return f"{before}{build.css}{head}{after}" if head else build.css + html


def _environment(folder: str) -> Mapping[str, str]:
    kept = {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "QT_PLUGIN_PATH") if name in os.environ
    }
    return kept | {
        "HOME": folder, "TMPDIR": folder, "XDG_RUNTIME_DIR": folder, "XDG_CACHE_HOME": _font_cache(),
        "QT_QPA_PLATFORM": "offscreen", "FONTCONFIG_FILE": str(FONTS), "LC_ALL": "C.UTF-8",
    }  # fmt: skip


@lru_cache(maxsize=1)
def _font_cache() -> str:
    """Fontconfig's cache outlives a rendering; making it anew costs seconds. A folder of that name that somebody
    else has made, or may write into, is not used."""
    folder = Path(tempfile.gettempdir()) / f"qihang-fonts-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
    return str(folder) if ours else tempfile.mkdtemp(prefix="qihang-fonts-")


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT, TIMEOUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _described(content: bytes, title: str, made_at: datetime | None) -> bytes:
    """Title, producer and moment in the file, so that the same paper made again is told apart by nothing else."""
    writer = PdfWriter(clone_from=_read(content))
    facts = {"/Producer": "Qihang", "/Creator": "Qihang"}
    if title:
        facts["/Title"] = title
    if made_at is not None:
        facts["/CreationDate"] = facts["/ModDate"] = made_at.strftime("D:%Y%m%d%H%M%SZ")
    writer.metadata = facts
    return _bytes(writer)


def _read(content: bytes) -> PdfReader:
    try:
        return PdfReader(io.BytesIO(content))
    except PyPdfError as error:
        raise RenderFailed(f"not a PDF: {error}") from error


def _bytes(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.pdf_header = "%PDF-1.4"  # blending is of 1.4; the renderer says 1.3
    writer.write(out)
    return out.getvalue()
