"""Official papers: who opens them, and what is shown while the worker makes one."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from flask_babel import gettext as _

from admin.door import Answer, page
from engine.actors import Actor
from engine.models.base import Model
from engine.models.signing import Agreement
from reports import jobs


def party_of(asks: Actor, agreement: Agreement) -> bool:
    """Whether the actor sits at one of the agreement's three parties."""
    return (
        asks.sits_at("student", agreement.student_id)
        or asks.sits_at("school", agreement.school_id)
        or (agreement.employer_id is not None and asks.sits_at("employer", agreement.employer_id))
    )


def making(paper: str, job: str, about: Iterable[Model], back: tuple[str, str]) -> Answer:
    """Instead of a paper that is not there yet: a page that asks again by itself, unless its job has been given
    up. `about`: the rows whose cases may have asked for it; `back`: an address and its words."""
    failed = jobs.given_up(job, about)
    body = page(
        "making.html",
        paper=paper,
        failed=failed,
        here=request.path,
        back_url=back[0],
        back_words=_("回%(where)s", where=back[1]),
    )
    return (body, 503) if failed else (body, 202, {"Refresh": "3"})
