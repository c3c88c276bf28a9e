"""The certificate of termination (D13): opened by the three parties and nobody else."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _

from admin.door import Answer, actor, as_file
from admin.papers import making, party_of
from admin.termination.room import termination
from engine import db, files
from engine.errors import NotFound
from engine.models.papers import IssuedPaper
from engine.models.people import AuditEntry
from engine.models.termination import Termination
from engine.operations.termination import CERTIFICATE
from reports import jobs


def number_of(row: Termination) -> str:
    """The certificate's own number; empty before there is one."""
    paper = IssuedPaper.of(row, CERTIFICATE)
    return paper.number if paper is not None else ""


@termination.get("/terminations/<int:termination_id>/certificate")
def certificate_file(termination_id: int) -> Answer:
    """The PDF made at the school's pass."""
    asks = actor()
    row = Termination.fetch(asks, termination_id)
    if row.state != "done" or not party_of(asks, row.agreement):
        raise NotFound()
    paper = jobs.paper_of(row, CERTIFICATE)
    if paper is None:
        return making(_("解约证明"), CERTIFICATE, [row], (url_for("home.index"), _("首页")))
    if asks.party_kind != "student":
        with db.step():
            AuditEntry.write(asks, "download", row)
    answer = Response(files.get(paper.sha), mimetype=paper.media_type)
    return as_file(answer, paper.file_name, inline=True)
