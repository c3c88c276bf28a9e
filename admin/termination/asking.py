"""申请解约: 解约须知, the reason and the tick, for one agreement or for several at once."""

from __future__ import annotations

import secrets as random
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from admin import case_page, door
from admin.door import Answer, actor, page, toast
from admin.termination.room import PROCESS, termination
from engine import runtime
from engine.actors import Actor
from engine.errors import NotFound, Refused, SubmissionInvalid
from engine.models.signing import Agreement

#: As many are asked with one reason.
SEVERAL = 100


@termination.get("/termination/ask")
def ask() -> Answer:
    """The form; where a single agreement cannot be ended, the reason."""
    asks = actor()
    agreements = _ticked(asks)
    if not agreements:
        toast(_("先勾选要解约的毕业生。"), "bad")
        return redirect(_list_url(asks))
    return _form_page(asks, agreements, _form(asks, agreements), random.token_hex(12))


@termination.post("/termination/ask")
def ask_all() -> Answer:
    """One request for each agreement, each in a step of its own."""
    asks = actor()
    agreements = _ticked(asks)
    if not agreements:
        raise NotFound()
    data = MultiDict(
        (name, value) for name, value in case_page.typed().items(multi=True) if name != "agreement"
    )
    key = request.form.get("_start_key", "")[:40] or random.token_hex(12)
    try:
        results = runtime.start_many(
            asks, PROCESS, agreements, data, start_key=f"{asks.account_id}:{key}", locale=door.locale()
        )
    except SubmissionInvalid as invalid:
        return _form_page(asks, agreements, invalid.form, key), 422
    refusals = [one for one in results if one.sentence is not None]
    if not refusals:
        toast(
            ngettext(
                "已提交 %(num)s 份解约申请，等对方答复。",
                "已提交 %(num)s 份解约申请，等对方答复。",
                len(results),
            )
        )
        return redirect(_list_url(asks), 303)
    return _result_page(asks, results), 200 if len(refusals) < len(results) else 409


def _ticked(asks: Actor) -> list[Agreement]:
    """The agreements named, as far as the actor is one of the two sides."""
    if asks.party_kind not in ("student", "employer"):
        raise NotFound()
    ids = [int(text) for text in request.values.getlist("agreement") if text.isdecimal() and len(text) < 10]
    return list(Agreement.visible_to(asks).where(Agreement.id.in_(ids[:SEVERAL]))) if ids else []


def _form(asks: Actor, agreements: list[Agreement]) -> Any:
    """The start's form, offered on the first agreement on which it is."""
    for row in agreements[:-1]:
        try:
            return runtime.start_form(asks, PROCESS, row, locale=door.locale())
        except Refused:
            continue
    return runtime.start_form(asks, PROCESS, agreements[-1], locale=door.locale())


def _list_url(asks: Actor) -> str:
    return url_for("termination.mine") if asks.party_kind == "student" else url_for("termination.desk")


def _other(asks: Actor, row: Agreement) -> str:
    """Who the other side is."""
    if asks.party_kind == "employer":
        return str(row.student.name)
    return row.employer.name if row.employer is not None else ""


def _form_page(
    asks: Actor, agreements: list[Agreement], form: Any, start_key: str, problem: str | None = None
) -> str:
    return page(
        "termination/ask.html",
        people=[{"id": row.id, "name": _other(asks, row), "number": row.number} for row in agreements],
        form=form,
        problem=problem,
        start_key=start_key,
        back_url=_list_url(asks),
    )


def _result_page(asks: Actor, results: list[runtime.StartResult]) -> str:
    rows = [
        {
            "name": _other(asks, one.row),
            "url": url_for("cases.case", case_id=one.instance.id) if one.instance is not None else None,
            "sentence": one.sentence,
        }
        for one in results
    ]
    sent = sum(row["sentence"] is None for row in rows)
    return page("termination/asked.html", rows=rows, sent=sent, back_url=_list_url(asks))
