"""Files on their way: to the second page of an answer, and in what is kept of a step that failed.

A browser cannot send a file again that was chosen on the page before. So the file is stored, and the page carries
a sealed note of it, which only the same account's same field takes back. Nothing else that a sender writes names a
blob.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag

from engine import files, secrets
from engine.forms.uploads import Sent

log = logging.getLogger("qihang.forms")

_MARK = "carried file"


def note(file: Sent, field: str, account_id: int) -> str:
    """Stores a checked file and gives the note of it that a page carries along."""
    said = [_MARK, files.put(file.content), file.name, field, account_id]
    return base64.urlsafe_b64encode(secrets.encrypt(orjson.dumps(said))).decode()


def noted(text: str, field: str, account_id: int) -> Sent | None:
    """The file of a note; None where it is none, or another field's or another account's."""
    try:
        said = orjson.loads(secrets.decrypt(base64.urlsafe_b64decode(text.encode())))
        mark, digest, name, of_field, of_account = said
        if (mark, of_field, of_account) != (_MARK, field, account_id):
            return None
        return Sent(name, files.get(digest), note=text)
    except (binascii.Error, ValueError, TypeError, KeyError, IndexError, InvalidTag, FileNotFoundError):
        return None


def shelved(value: Any) -> Any:
    """What was sent, with stored files in place of their bytes: for an incident, which names them by its row."""
    if isinstance(value, Sent):
        try:
            return {"shelved": files.put(value.content), "name": value.name}
        except OSError:  # the store may be what has failed; then the retry asks for the file again
            log.exception("a file of a failed step could not be kept")
            return ""
    if isinstance(value, Mapping):
        return {name: shelved(item) for name, item in value.items()}
    return [shelved(item) for item in value] if isinstance(value, list | tuple) else value


def unshelved(value: Any) -> Any:
    """A value of what was typed, as it was sent: the file itself where it was one."""
    return Sent(str(value["name"]), files.get(value["shelved"])) if isinstance(value, Mapping) else value
