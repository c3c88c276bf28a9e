"""The files of a case: a row for each that an answer names, and who may open them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine import catalog
from engine.actors import Actor
from engine.errors import NotFound
from engine.forms.uploads import MEDIA
from engine.models.workflow import Attachment, ProcessInstance
from engine.runtime.said import said, shown_to

if TYPE_CHECKING:
    from engine.runtime.case import Case

_CASE = "process_instance"
_LONGEST_KIND = 30

#: (field, SHA-256 of its blob): what an answer names, and an attachment stands for.
Key = tuple[str, str]


def file_key(field: str, digest: str) -> Key:
    """By what an answer's file finds its row."""
    return field[:_LONGEST_KIND], digest


def attach(case: Case, node_id: str | None, submission: Mapping[str, Any] | None) -> None:
    """Writes the rows of the files that a submission names, in its step. One that the case has already keeps its
    row: a form that is changed says it again."""
    named = _named(case.definition, node_id, submission or {})
    if not named:
        return
    known = attachments(case.row.id)
    for (field, digest), file in named.items():
        if (field, digest) not in known:
            Attachment.create(
                subject_kind=_CASE,
                subject_id=case.row.id,
                kind=field,
                sha=digest,
                file_name=file["name"],
                media_type=MEDIA[file["type"]],
                size=int(file["size"]),
                account=case.actor.account_id or None,
            )


def _named(
    definition: catalog.Definition, node_id: str | None, submission: Mapping[str, Any]
) -> dict[Key, Mapping[str, Any]]:
    node = definition.nodes.get(node_id or "")
    form = node.ext.get("form") if node is not None else None
    if not form:
        return {}
    return {
        file_key(field.key, file["blob"]): file
        for field in definition.form(form).fields
        if field.kind == "upload"
        for file in submission.get(field.key) or []
    }


def attachments(instance_id: int) -> dict[Key, Attachment]:
    """The files of a case. One query."""
    rows = Attachment.select().where(
        (Attachment.subject_kind == _CASE) & (Attachment.subject_id == instance_id)
    )
    return {(row.kind, row.sha): row for row in rows}


def file_for(actor: Actor, instance: ProcessInstance, attachment_id: int) -> Attachment:
    """A file of a case that the actor sees, where it may read the answer that names it. Raises NotFound."""
    row: Attachment | None = Attachment.get_or_none(
        (Attachment.id == attachment_id)
        & (Attachment.subject_kind == _CASE)
        & (Attachment.subject_id == instance.id)
    )
    definition = catalog.load(instance.definition_id)
    for form in shown_to(actor, said(instance.id, definition)) if row is not None else ():
        for field in form.form.fields:
            files = form.answers.get(field.key) if field.kind == "upload" else None
            if any(file_key(field.key, file["blob"]) == (row.kind, row.sha) for file in files or []):  # type: ignore[union-attr]
                return row  # type: ignore[return-value]
    raise NotFound()
