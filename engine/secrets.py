"""Encryption at rest and keyed hashes for equality search.

A value is stored as `key id (1 byte) | nonce (12) | AES-256-GCM`. Several keys may be known; the first
writes. `qihang rotate-keys` writes every value anew with the first key. Searching for a number goes
by a keyed hash of its normal form in a column beside it (`<name>_hash`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import TYPE_CHECKING, Any

import peewee
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_keys: dict[int, AESGCM] = {}
_first: int = 0
_hash_key: bytes = b""


def configure(data_keys: str) -> None:
    """Takes the keys of the setting DATA_KEYS. The oldest key (lowest id) also keys the hashes."""
    global _first, _hash_key
    parsed = [part.strip().split(":") for part in data_keys.split(",")]
    _keys.clear()
    _keys.update({int(key_id): AESGCM(bytes.fromhex(key)) for key_id, key in parsed})
    _first = int(parsed[0][0])
    oldest = min(parsed, key=lambda part: int(part[0]))[1]
    _hash_key = hashlib.sha256(b"qihang index" + bytes.fromhex(oldest)).digest()


def encrypt(plain: bytes) -> bytes:
    """The stored form of `plain` under the first key."""
    nonce = os.urandom(12)
    return bytes([_first]) + nonce + _keys[_first].encrypt(nonce, plain, None)


def decrypt(stored: bytes) -> bytes:
    """The plain bytes. Raises KeyError where the key is no longer known, InvalidTag where it was altered."""
    return _keys[stored[0]].decrypt(stored[1:13], stored[13:], None)


def key_id(stored: bytes) -> int:
    """Which key wrote a stored value."""
    return stored[0]


def writing_key() -> int:
    """The id of the key that writes."""
    return _first


def new_data_key() -> tuple[bytes, bytes]:
    """A fresh key for one blob, plain and wrapped."""
    key = AESGCM.generate_key(256)
    return key, encrypt(key)


def keyed_hash(text: str) -> str:
    """Equality index of a personal number: spaces dropped, upper case, HMAC-SHA256 (32 hex digits)."""
    normal = "".join(text.split()).upper()
    return hmac.new(_hash_key, normal.encode(), hashlib.sha256).hexdigest()[:32]


def hash_key_name() -> str:
    """Tells the key of the hashes from another one, and nothing else about it."""
    return hashlib.sha256(b"qihang index name" + _hash_key).hexdigest()[:16]


class SecretField(peewee.Field):
    """Text that is encrypted in the database and plain in Python."""

    field_type = "BLOB"

    if TYPE_CHECKING:

        def __get__(self, row: Any, owner: Any = None) -> Any: ...

        def __set__(self, row: Any, value: Any) -> None: ...

    def db_value(self, value: str | None) -> bytes | None:
        return None if value is None else encrypt(value.encode())

    def python_value(self, value: Any) -> str | None:
        return None if value is None else decrypt(bytes(value)).decode()
