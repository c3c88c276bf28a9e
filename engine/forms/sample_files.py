"""The smallest valid file of each kind that may be uploaded, for examples and scenarios."""

from __future__ import annotations

import base64
import struct
import zlib
from functools import cache

from engine.forms import uploads
from engine.forms.spec import FieldSpec


def samples(spec: FieldSpec) -> list[dict[str, str]]:
    """A file for each kind that the field accepts, as many as it takes, as JSON says them."""
    wanted = uploads.accepted(spec)[: uploads.most_files(spec)]
    return [{"name": f"示例.{ending}", "content": _encoded(ending)} for ending in wanted]


@cache
def _encoded(ending: str) -> str:
    return base64.b64encode({"jpg": _jpg, "png": _png, "pdf": _pdf}[ending]()).decode()


def _png() -> bytes:
    """One white pixel."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\xff")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _jpg() -> bytes:
    """One grey pixel: each Huffman table has one code, "nothing differs"."""
    table = b"\x01" + bytes(15) + b"\x00"
    segments = (
        (0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        (0xDB, b"\x00" + b"\x01" * 64),
        (0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00"),
        (0xC4, b"\x00" + table),
        (0xC4, b"\x10" + table),
        (0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    )
    body = b"".join(
        bytes((0xFF, marker)) + struct.pack(">H", 2 + len(data)) + data for marker, data in segments
    )
    return b"\xff\xd8" + body + b"\x3f\xff\xd9"


def _pdf() -> bytes:
    """One empty page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 4\n0000000000 65535 f \n%strailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(body))
    )
