"""What has been said in a case: its forms as they were sent, from the history, for pages and for papers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine import catalog, db, feel, models, secrets
from engine.actors import Actor
from engine.forms import FieldSpec, FormSpec, in_words
from engine.runtime.parties import role_kind

#: What these write in a case is for all its parties; what offices note stays among offices.
_PARTIES = frozenset({"student", "employer"})


@dataclass(frozen=True, slots=True)
class Said:
    """One form as it was sent: when, by which act (start, task, act), at which element, in which role, and
    the answers."""

    at: datetime
    kind: str
    node_id: str
    role: str | None
    form: FormSpec
    answers: Mapping[str, Any]

    def fields(self, known: Collection[str] = ()) -> Iterator[tuple[FieldSpec, Any]]:
        """The fields that were answered, without those whose answer stands elsewhere: the facts of the case
        (`known`), and the choice that the trace tells."""
        for field in self.form.fields:
            value = self.answers.get(field.key)
            if field.kind != "answer" and field.key not in known and value not in (None, "", []):
                yield field, value

    @property
    def place(self) -> tuple[str, str]:
        """What a later form replaces: the same element's, or the same form's where it is about the whole case."""
        return ("task", self.node_id) if self.kind == "task" else ("case", self.form.key)

    def words(self, locale: str = "zh") -> dict[str, str]:
        """Field → answer in words, of every field that was answered."""
        return {
            field.key: in_words(field, value, locale)
            for field in self.form.fields
            if (value := self.answers.get(field.key)) not in (None, "", [])
        }


def said(instance_id: int, definition: catalog.Definition) -> list[Said]:
    """All forms of a case, the oldest first. One query."""
    rows = db.run_sql(
        "SELECT at, kind, node_id, role, submission FROM history_event"
        " WHERE instance_id = ? AND submission IS NOT NULL ORDER BY id",
        (instance_id,),
    ).fetchall()
    found = []
    for at, kind, node_id, role, submission in rows:
        node = definition.nodes.get(node_id)
        key = node.ext.get("form") if node is not None else None
        if key:
            answers = feel.from_json(orjson.loads(secrets.decrypt(bytes(submission))))
            found.append(Said(db.instant(at), kind, node_id, role, definition.form(key), answers))
    return found


def words_said(instance_id: int, definition: catalog.Definition) -> dict[str, str]:
    """What the forms of a case have asked: field → the last answer in words. One query."""
    return {key: words for form in said(instance_id, definition) for key, words in form.words().items()}


def shown_to(actor: Actor, forms: list[Said]) -> list[Said]:
    """What was sent and not replaced since, as far as the actor may read it."""
    last = {form.place: form for form in forms}
    return [form for form in last.values() if actor.party_kind not in _PARTIES or _of_a_party(form)]


def _of_a_party(form: Said) -> bool:
    try:
        return form.role is not None and role_kind(form.role) in _PARTIES
    except KeyError:  # a role of former days
        return False


def facts_named(subject: str | None) -> frozenset[str]:
    """The names of fields whose answers stand with the case's subject."""
    if subject is None:
        return frozenset()
    model = models.by_name(subject)
    return frozenset({*model.words, *model.readable})
