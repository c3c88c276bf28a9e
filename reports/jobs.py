"""What the worker makes: official papers, once each, kept as blobs beside the rows they belong to."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

import reports
from engine import clock, db, files, jobs
from engine.models.base import Model
from engine.models.signing import Agreement
from engine.models.workflow import Attachment, Outbox, ProcessInstance
from reports import signing, texts

PDF = "application/pdf"
#: Which job makes a kind of paper.
MADE_BY = {"agreement": "agreement_document", "agreement_void": "agreement_void_copy"}


def register_all() -> None:
    """Makes the jobs of papers known to a worker: each area's module names its own in JOBS."""
    jobs.register(MADE_BY["agreement"], agreement_document)
    jobs.register(MADE_BY["agreement_void"], agreement_void_copy)
    for module in sorted(pkgutil.iter_modules(reports.__path__), key=lambda module: module.name):
        area = importlib.import_module(f"reports.{module.name}")
        for name, make in getattr(area, "JOBS", {}).items():
            jobs.register(name, make)


def agreement_document(payload: dict[str, Any], row: Outbox | None = None) -> Attachment:
    """The agreement's paper, made at approval and never again; the kept one where it is there."""
    agreement = Agreement.get_by_id(payload["agreement"])
    kept = paper_of(agreement, "agreement")
    if kept is not None:
        return kept
    content = signing.agreement_pdf(agreement, texts.agreement_text(agreement))
    return keep(agreement, "agreement", content, f"就业协议书-{agreement.number}.pdf")


def agreement_void_copy(payload: dict[str, Any], row: Outbox | None = None) -> Attachment:
    """The copy stamped 已失效, beside the paper as it was issued."""
    agreement = Agreement.get_by_id(payload["agreement"])
    kept = paper_of(agreement, "agreement_void")
    if kept is not None:
        return kept
    original = files.get(agreement_document(payload).sha)
    content = signing.void_copy(agreement, original)
    return keep(agreement, "agreement_void", content, f"就业协议书-{agreement.number}-已失效.pdf")


def paper_of(subject: Model, kind: str) -> Attachment | None:
    """The kept paper of a row, or None. One indexed query."""
    found: Attachment | None = (
        Attachment.select()
        .where(
            (Attachment.subject_kind == subject.model_name())
            & (Attachment.subject_id == subject.get_id())
            & (Attachment.kind == kind)
        )
        .first()
    )
    return found


def given_up(job: str, about: Iterable[Model]) -> bool:
    """Whether the making of a paper that cases about these rows have asked for has failed, until somebody has
    it tried again. One query."""
    cases = [
        (ProcessInstance.subject_kind == row.model_name()) & (ProcessInstance.subject_id == row.get_id())
        for row in about
    ]
    failed = (Outbox.job == job) & (Outbox.state == "failed")
    query = Outbox.select().join(ProcessInstance).where(failed & reduce(or_, cases))
    return bool(query.exists())


def keep(subject: Model, kind: str, content: bytes, file_name: str, media_type: str = PDF) -> Attachment:
    """Stores a paper of a row, unless another worker was faster: then that one's counts.

    The blob is written before the row that names it, so that nothing dangles.
    """
    sha = files.put(content)
    cls = type(subject)
    with db.step():
        db.for_update(
            cls.select(cls._meta.primary_key).where(cls._meta.primary_key == subject.get_id())
        ).execute()
        kept = paper_of(subject, kind)
        if kept is not None:
            return kept
        made: Attachment = Attachment.create(
            subject_kind=subject.model_name(), subject_id=subject.get_id(), kind=kind, sha=sha,
            file_name=file_name, media_type=media_type, size=len(content), at=clock.now(),
        )  # fmt: skip
        return made
