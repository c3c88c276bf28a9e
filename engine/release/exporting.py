"""A version as a zip, and a zip as files: nothing of an archive is trusted but names and bytes."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

import orjson

from engine import catalog
from engine.catalog.files import MAX_BYTES, Files, process_ids
from engine.errors import Conflict, Sentence

MOST_FILES = 200
MOST_NAME = 50
MOST_BYTES = 10_000_000
ABOUT = "qihang.json"
#: What the library raises over an archive that is none, is cut short or has flipped bits.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, ValueError, OSError,
)  # fmt: skip
_WHEN = (2026, 1, 1, 0, 0, 0)  # the same content gives the same archive


class ImportRefused(Conflict):
    """The archive is not taken; nothing of it was kept."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__("import", Sentence(zh, en))


def to_zip(process_id: str, files: Files, about: dict[str, object] | None = None) -> bytes:
    """The files as they lie in `processes/` and `forms/`, with a word about what they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        told = orjson.dumps({"process": process_id, **(about or {})}, option=orjson.OPT_INDENT_2)
        archive.writestr(zipfile.ZipInfo(ABOUT, _WHEN), told, zipfile.ZIP_DEFLATED)
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, _WHEN), files[path], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def from_zip(body: bytes) -> tuple[str, dict[str, bytes]]:
    """The process of an archive, and its files. Raises ImportRefused.

    Reads no more of an entry than a content file may be long, whatever its header says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise ImportRefused(
                    f"压缩包里有 {len(entries)} 个文件，最多 {MOST_FILES} 个。",
                    f"The archive holds {len(entries)} files; {MOST_FILES} at most.",
                )
            files = _read(archive, entries)
    except _BROKEN:
        raise ImportRefused("这不是能打开的 zip 压缩包。", "This is not a zip archive that opens.") from None
    about = files.pop(ABOUT, b"")
    if not files:
        raise ImportRefused("压缩包是空的。", "The archive is empty.")
    return _process_of(about, files), files


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        name = entry.filename
        if name != ABOUT and not catalog.known_path(name):
            raise ImportRefused(
                f"压缩包里的“{_shown(name)}”不是流程的文件，整个压缩包都没有导入。",
                f"“{_shown(name)}” is no file of a flow; nothing of the archive was imported.",
            )
        if name in files:
            raise ImportRefused(f"“{_shown(name)}”在压缩包里有两份。", f"“{_shown(name)}” is there twice.")
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise ImportRefused(f"“{_shown(name)}”是链接，不能导入。", f"“{_shown(name)}” is a link.")
        with archive.open(entry) as stream:
            body = stream.read(MAX_BYTES + 1)
        total += len(body)
        if len(body) > MAX_BYTES or total > MOST_BYTES:
            raise ImportRefused(
                f"“{_shown(name)}”解开后太大，整个压缩包都没有导入。",
                f"“{_shown(name)}” is too large once unpacked; nothing was imported.",
            )
        files[name] = body
    return files


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:80]


def _process_of(about: bytes, files: Files) -> str:
    found = process_ids(files)
    try:
        said = orjson.loads(about).get("process") if about else None
    except (orjson.JSONDecodeError, AttributeError):
        said = None
    process_id = str(said) if said in found else found[0] if len(found) == 1 else None
    if process_id is not None and len(process_id) > MOST_NAME:
        raise ImportRefused(
            f"流程标识最多 {MOST_NAME} 个字符：{process_id[:20]}…",
            f"The id of a flow has at most {MOST_NAME} characters: {process_id[:20]}…",
        )
    if process_id is not None:
        return process_id
    raise ImportRefused(
        "压缩包里要有一张流程图（processes/…/名称.bpmn）。"
        if not found
        else "压缩包里不止一个流程，请一次导入一个。",
        "The archive needs one diagram (processes/…/name.bpmn)."
        if not found
        else "There is more than one flow in the archive; import one at a time.",
    )
