"""The certificate of termination (D13): opened by the three parties and nobody else."""

from __future__ import annotations

from flask import Response, request, url_for

from admin.door import Answer, actor, page
from admin.termination.room import termination
from engine import db, files
from engine.actors import Actor
from engine.errors import NotFound
from engine.models.papers import IssuedPaper
from engine.models.people import AuditEntry
from engine.models.termination import Termination
from engine.operations.termination import CERTIFICATE
from reports import jobs


def party_of(asks: Actor, row: Termination) -> bool:
    """Whether the actor sits at one of the three parties."""
    employer = row.agreement.employer_id
    return (
        asks.sits_at("student", row.student_id)
        or asks.sits_at("school", row.school_id)
        or (employer is not None and asks.sits_at("employer", employer))
    )


def number_of(row: Termination) -> str:
    """The certificate's own number; empty before there is one."""
    paper = IssuedPaper.of(row, CERTIFICATE)
    return paper.number if paper is not None else ""


@termination.get("/terminations/<int:termination_id>/certificate")
def certificate_file(termination_id: int) -> Answer:
    """The PDF made at the school's pass."""
    asks = actor()
    row = Termination.fetch(asks, termination_id)
    if row.state != "done" or not party_of(asks, row):
        raise NotFound()
    paper = jobs.paper_of(row, CERTIFICATE)
    if paper is None:
        here = request.path
        return (
            page("termination/making.html", here=here, back_url=url_for("home.index")),
            202,
            {"Refresh": "3"},
        )
    if asks.party_kind != "student":
        with db.step():
            AuditEntry.write(asks, "download", row)
    answer = Response(files.get(paper.sha), mimetype=paper.media_type)
    answer.headers.set("Content-Disposition", "inline", filename=paper.file_name)
    return answer
