"""Blobs by content: written once, encrypted, before the row that names them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine import db, secrets

_root: Path = Path("var/files")


def configure(files_url: str) -> None:
    """Takes the folder of the setting FILES_URL."""
    global _root
    _root = Path(unquote(urlsplit(files_url).path))


def put(content: bytes) -> str:
    """Stores the bytes and gives their SHA-256. The same bytes again are the same blob. Of a rehearsal in memory
    nothing is kept."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.exists() or db.is_scratch():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    key, wrapped = secrets.new_data_key()
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, content, digest.encode())
    with NamedTemporaryFile(dir=path.parent, delete=False) as out:
        out.write(len(wrapped).to_bytes(2) + wrapped + nonce + sealed)
        out.flush()
        os.fsync(out.fileno())
    os.replace(out.name, path)
    return digest


def get(digest: str) -> bytes:
    """The bytes of a blob. Raises FileNotFoundError; InvalidTag where the file was altered."""
    stored = _path(digest).read_bytes()
    size = int.from_bytes(stored[:2])
    key = secrets.decrypt(stored[2 : 2 + size])
    nonce, sealed = stored[2 + size : 14 + size], stored[14 + size :]
    return AESGCM(key).decrypt(nonce, sealed, digest.encode())


def exists(digest: str) -> bool:
    """Whether the blob is stored."""
    return _path(digest).exists()


def rewrap(digest: str) -> bool:
    """Wraps the blob's key with the writing key; False where it is already. The content is not touched."""
    path = _path(digest)
    stored = path.read_bytes()
    size = int.from_bytes(stored[:2])
    if secrets.key_id(stored[2 : 2 + size]) == secrets.writing_key():
        return False
    wrapped = secrets.encrypt(secrets.decrypt(stored[2 : 2 + size]))
    with NamedTemporaryFile(dir=path.parent, delete=False) as out:
        out.write(len(wrapped).to_bytes(2) + wrapped + stored[2 + size :])
        out.flush()
        os.fsync(out.fileno())
    os.replace(out.name, path)
    return True


def all_digests() -> list[str]:
    """Every blob in the store."""
    return sorted(p.parent.name + p.name for p in _root.glob("??/*") if len(p.name) == 62)


def _path(digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise FileNotFoundError(digest)
    return _root / digest[:2] / digest[2:]
