"""Reading papers back: text without the renderer's odd characters, and what stands where, in millimetres."""

from __future__ import annotations

import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

# NFKC leaves these of the CJK radicals supplement, which the Noto fonts print for whole characters; of the
# Kangxi radicals it makes traditional forms.
_RADICALS = str.maketrans(
    "戶⺠⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻤⻥⻦⻧⻨⻩⻬⻰⻳⺟⻁⻄⻌⻣⻮⻯",
    "户民见角贝车长门青页风飞食马鬼鱼鸟卤麦黄齐龙龟母虎西辶骨齿龙",
)
DPI = 254  # ten dots a millimetre


def text(content: bytes, *, how: str = "") -> str:
    """The words of a PDF, normalised so that they compare equal to what was typed.

    `how`: "-layout" keeps what stands where, "-raw" the order in which it was drawn.
    """
    command = ["pdftotext", *([how] if how else []), "-", "-"]
    said = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    return unicodedata.normalize("NFKC", said).translate(_RADICALS)


def flat(content: bytes, *, how: str = "") -> str:
    """`text` without any white space: cells wrap where they like."""
    return "".join(text(content, how=how).split())


@dataclass
class Image:
    """A page as grey dots, ten a millimetre."""

    width: int
    height: int
    dots: bytes

    def dark_box_mm(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of all that is printed."""
        rows = [y for y in range(self.height) if min(self.row(y)) < 128]
        columns = [x for x in range(self.width) if min(self.dots[x :: self.width]) < 128]
        left, top = columns[0], rows[0]
        return left / 10, top / 10, (columns[-1] - left + 1) / 10, (rows[-1] - top + 1) / 10

    def row(self, y: int) -> bytes:
        return self.dots[y * self.width : (y + 1) * self.width]


def images(content: bytes, folder: Path) -> list[Image]:
    """The pages of a PDF as pictures."""
    source = folder / "paper.pdf"
    source.write_bytes(content)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", str(source), str(folder / "page")], check=True)
    return [_pgm(path.read_bytes()) for path in sorted(folder.glob("page-*.pgm"))]


def _pgm(content: bytes) -> Image:
    kind, size, depth, dots = content.split(b"\n", 3)
    assert (kind, depth) == (b"P5", b"255")
    width, height = map(int, size.split())
    return Image(width, height, dots)
