"""Files in forms: what they are by their bytes, that they keep to the limits, without what cameras add."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from engine import files
from engine.errors import Sentence as S
from engine.forms.mistakes import Mistake
from engine.forms.spec import FieldSpec

MOST_MEGABYTES = 10
#: What may be uploaded: ending → (name for people, first bytes).
TYPES: dict[str, tuple[str, bytes]] = {
    "jpg": ("JPG", b"\xff\xd8\xff"),
    "png": ("PNG", b"\x89PNG\r\n\x1a\n"),
    "pdf": ("PDF", b"%PDF-"),
}
MEDIA = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
_ENDINGS = {"jpg": (".jpg", ".jpeg"), "png": (".png",), "pdf": (".pdf",)}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, read once. `note` is what a page carries of one that came with the page before."""

    name: str
    content: bytes
    note: str = ""

    def in_feel(self) -> dict[str, Any]:
        """What FEEL may know of a file that is not stored yet."""
        return {"name": self.name, "size": len(self.content), "type": type_of(self.content) or ""}


def read(storage: Any) -> Sent | None:
    """Takes a file from a form's data (werkzeug's FileStorage); None for an empty control."""
    if isinstance(storage, Sent):
        return storage
    name = getattr(storage, "filename", None)
    if not name or not hasattr(storage, "read"):
        return None
    storage.seek(0)  # a page that is shown again reads it a second time
    return Sent(str(name), storage.read(MOST_MEGABYTES * 2**20 + 1))


def read_all(data: Any) -> Any:
    """What was typed, its files read, so that a step can be done more than once with it."""
    if not hasattr(data, "lists"):
        return data
    pairs = [(name, value) for name, values in data.lists() for value in values]
    if not any(hasattr(value, "filename") for _name, value in pairs):
        return data
    found = [(name, read(value) if hasattr(value, "filename") else value) for name, value in pairs]
    return MultiDict([(name, value) for name, value in found if value is not None])


def accepted(spec: FieldSpec) -> tuple[str, ...]:
    """The endings that the field takes."""
    wanted = spec.options.get("accept", "").replace(".", " ").replace(",", " ").lower().split()
    named = ["jpg" if ending == "jpeg" else ending for ending in wanted]
    return tuple(ending for ending in TYPES if ending in named) or tuple(TYPES)


def most_bytes(spec: FieldSpec) -> int:
    return int(float(spec.options.get("max_mb", MOST_MEGABYTES)) * 2**20)


def most_files(spec: FieldSpec) -> int:
    return int(spec.options.get("count", 1))


def limit_words(spec: FieldSpec) -> S:
    """What may be uploaded, said before anyone tries."""
    kinds = [TYPES[ending][0] for ending in accepted(spec)]
    size, count = _megabytes(most_bytes(spec)), most_files(spec)
    together = count > 1 and count * most_bytes(spec) > MOST_MEGABYTES * 2**20
    return S(
        f"{'、'.join(kinds)}，每个不超过 {size} MB"
        + (f"，最多 {count} 个" if count > 1 else "")
        + (f"，合计不超过 {MOST_MEGABYTES} MB" if together else ""),
        f"{', '.join(kinds)}, up to {size} MB each"
        + (f", at most {count}" if count > 1 else "")
        + (f", {MOST_MEGABYTES} MB together" if together else ""),
    )


def parse_upload(spec: FieldSpec, storages: list[Any]) -> list[Sent] | None:
    """upload: the files, checked and cleaned. Nothing is stored yet."""
    sent = [found for storage in storages if (found := read(storage))]
    if len(sent) > most_files(spec):
        most = most_files(spec)
        raise Mistake(
            S(f"最多 {most} 个，现在是 {len(sent)} 个。", f"At most {most} files; there are {len(sent)} now.")
        )
    return [_checked(spec, file) for file in sent] or None


def _checked(spec: FieldSpec, file: Sent) -> Sent:
    name = _plain_name(file.name)
    size, most = len(file.content), most_bytes(spec)
    if size > most:
        raise Mistake(
            S(
                f"{name} 有 {_megabytes(size)} MB，最多 {_megabytes(most)} MB，请压缩后再上传。",
                f"{name} has {_megabytes(size)} MB; at most {_megabytes(most)} MB. Please compress it.",
            )
        )
    ending = type_of(file.content)
    if ending is None or ending not in accepted(spec):
        kinds = "、".join(TYPES[each][0] for each in accepted(spec))
        raise Mistake(
            S(
                f"{name} 不是 {kinds} 文件，请另存后再上传。",
                f"{name} is not a {kinds} file. Please save it as one.",
            )
        )
    if not name.lower().endswith(_ENDINGS[ending]):
        name = f"{name}.{ending}"  # what is opened later is opened as what it is
    return replace(file, name=name, content=without_exif(file.content))


def _plain_name(name: str) -> str:
    """The name without its folder and without what no file system takes; the ending of a long one is kept."""
    shown = "".join(
        c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable() and c not in '<>:"|?*'
    )
    stem, dot, ending = shown.strip(" .").rpartition(".")
    if not dot or len(ending) > 5:
        stem, dot, ending = shown.strip(" ."), "", ""
    return f"{stem[:90] or 'file'}{dot}{ending}"


def type_of(content: bytes) -> str | None:
    """The ending of a file by its first bytes."""
    return next((ending for ending, (_, magic) in TYPES.items() if content.startswith(magic)), None)


def _megabytes(size: int) -> str:
    """Rounded up, so that a file over a limit never reads as if it were at it."""
    return f"{math.ceil(size * 10 / 2**20) / 10:.1f}".removesuffix(".0")


def store(file: Sent) -> dict[str, Any]:
    """Stores a checked file and gives what the answer says of it."""
    return {"blob": files.put(file.content), **file.in_feel()}


def is_stored(value: Any) -> bool:
    """Whether this is a file as an earlier answer says it."""
    return isinstance(value, Mapping) and isinstance(value.get("blob"), str) and "name" in value


def without_exif(content: bytes) -> bytes:
    """The picture without the place and camera that it was taken with."""
    kind = type_of(content)
    if kind == "jpg":
        return _jpeg_without(content)
    return _png_without(content) if kind == "png" else content


def _jpeg_without(content: bytes) -> bytes:
    """Drops the APP1 (EXIF, XMP) and APP13 segments; the picture's own bytes are copied."""
    kept, at = bytearray(content[:2]), 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        length = 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if content[at + 1] not in (0xE1, 0xED):
            kept += content[at : at + length]
        at += length
    return bytes(kept + content[at:])


def _png_without(content: bytes) -> bytes:
    """Drops the chunks that hold EXIF and free text."""
    kept, at = bytearray(content[:8]), 8
    while at + 12 <= len(content):
        length = 12 + struct.unpack(">I", content[at : at + 4])[0]
        if content[at + 4 : at + 8] not in (b"eXIf", b"tEXt", b"iTXt", b"zTXt"):
            kept += content[at : at + length]
        at += length
    return bytes(kept + content[at:])
