"""Content files: which there may be, and how a folder of them is read and written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

#: Path (as in the checkout: `processes/signing/online_signing.bpmn`) → bytes.
Files = Mapping[str, bytes]

MAX_BYTES = 1_000_000
_STEM = r"[a-z][a-z0-9_]*"
_PATH = re.compile(
    rf"processes/(?:{_STEM}/)*{_STEM}(?:\.bpmn|\.dmn|\.html|\.scenarios\.yaml|\.notices\.yaml|\.en\.yaml)"
    rf"|forms/(?:{_STEM}/)*{_STEM}(?:\.form|\.en\.yaml)"
)


def known_path(path: str) -> bool:
    """Whether the name is that of a content file: snake_case under processes/ or forms/, a known ending."""
    return len(path) <= 200 and _PATH.fullmatch(path) is not None


def content_root(path: Path) -> Path:
    """The folder above `path` (or itself) that holds `processes/`. Raises FileNotFoundError."""
    path = path.resolve()
    for folder in (path, *path.parents):
        if (folder / "processes").is_dir() and folder.name not in ("processes", "forms"):
            return folder
    raise FileNotFoundError(f"no folder processes/ at or above {path}")


def read_folder(path: Path | str) -> dict[str, bytes]:
    """Every file under `processes/` and `forms/` of a content folder; hidden ones are passed over."""
    root = Path(path)
    found = {}
    for top in ("processes", "forms"):
        for file in sorted((root / top).rglob("*")):
            relative = file.relative_to(root)
            if file.is_file() and not any(part.startswith(".") for part in relative.parts):
                found[relative.as_posix()] = file.read_bytes()
    return found


def write_folder(path: Path | str, files: Files) -> list[str]:
    """Writes the files into a content folder; gives the paths whose content changed."""
    changed = []
    for name, body in sorted(files.items()):
        target = Path(path) / name
        if not known_path(name):
            raise ValueError(f"not a content file: {name}")
        if target.exists() and target.read_bytes() == body:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        changed.append(name)
    return changed


def sha(body: bytes) -> str:
    """The key of a file's content."""
    return hashlib.sha256(body).hexdigest()


def manifest_digest(manifest: Mapping[str, str]) -> str:
    """One SHA-256 over paths and contents of a set of files."""
    text = "".join(f"{path} {manifest[path]}\n" for path in sorted(manifest))
    return hashlib.sha256(text.encode()).hexdigest()


def manifest_of(files: Files, paths: Iterable[str] | None = None) -> dict[str, str]:
    """Path → SHA-256 of the files, or of some of them."""
    return {path: sha(files[path]) for path in sorted(files if paths is None else paths)}


def stem(path: str) -> str:
    """`processes/signing/online_signing.bpmn` → `online_signing`."""
    return path.rpartition("/")[2].partition(".")[0]


def folder(path: str) -> str:
    """`processes/signing/online_signing.bpmn` → `processes/signing`."""
    return path.rpartition("/")[0]


def sibling(path: str, ending: str) -> str:
    """The file beside `path` with its stem and another ending: `….bpmn`, `notices.yaml` → `….notices.yaml`."""
    return f"{folder(path)}/{stem(path)}.{ending}"


def form_path(key: str) -> str:
    """`signing/invitation` → `forms/signing/invitation.form`."""
    return f"forms/{key}.form"


def decision_path(key: str) -> str:
    """`signing/seals` or `signing/seals#seal` → `processes/signing/seals.dmn`."""
    return f"processes/{key.partition('#')[0]}.dmn"


def process_path(files: Iterable[str], process_id: str) -> str | None:
    """The diagram of a process: its file's stem is its id."""
    return next((p for p in files if p.endswith(".bpmn") and stem(p) == process_id), None)


def process_ids(files: Iterable[str]) -> list[str]:
    """The processes of a set of files, by their file names."""
    return sorted(stem(path) for path in files if path.endswith(".bpmn"))
