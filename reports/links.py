"""The address that papers bear: links and QR codes that leave the house."""

from __future__ import annotations

import segno
from markupsafe import Markup

from reports.pdf import RenderFailed

_public_url = ""


def configure(public_url: str) -> None:
    """Takes the setting PUBLIC_URL; for a demo, where the web listens."""
    global _public_url
    _public_url = public_url.rstrip("/")


def address(path: str) -> str:
    """The whole address of a path. Raises RenderFailed where none is known: a paper is kept for ever, and its
    QR code must lead somewhere."""
    if not _public_url:
        raise RenderFailed("PUBLIC_URL is empty")
    return f"{_public_url}{path}"


def qr(text: str, millimetres: int = 26) -> Markup:
    """A QR code as a picture for a paper, no font and no script needed."""
    code = segno.make(text, error="m", micro=False)
    picture = code.png_data_uri(scale=8, border=0)
    return Markup('<img src="{}" alt="" style="width:{}mm;height:{}mm">').format(
        picture, millimetres, millimetres
    )
