"""核对证明 (PUB-11): anybody checks a paper by its number and code. Tries in vain are limited per address."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from admin import door, texts
from admin.door import Answer, page, public
from admin.termination.room import termination
from engine import clock
from engine.models.papers import IssuedPaper
from engine.models.throttle import Throttle

TRIES = 10


@termination.get("/verify")
@public
def verify() -> Answer:
    return _page(request.args.get("number", "")[:40], "")


@termination.get("/verify/<token>")
@public
def verify_token(token: str) -> Answer:
    """What the QR code of a paper leads to: both fields filled in, and the answer."""
    if _too_many():
        return _page("", "", problem=_refusal()), 429
    paper = IssuedPaper.get_or_none(IssuedPaper.token == token)
    if paper is None:
        return _wrong("", ""), 404
    return _page(paper.number, paper.spaced_code, paper=paper)


@termination.post("/verify")
@public
def verify_paper() -> Answer:
    number = request.form.get("number", "").strip()[:40]
    code = request.form.get("code", "").strip()[:40]
    if _too_many():
        return _page(number, code, problem=_refusal()), 429
    if not number or not code:
        return _page(number, code, problem=_("请填编号和校验码。")), 422
    paper = IssuedPaper.checked(number, code)
    return (_wrong(number, code), 422) if paper is None else _page(number, code, paper=paper)


def _wrong(number: str, code: str) -> str:
    """The same answer for a wrong code as for an unknown number."""
    Throttle.add("verify", request.remote_addr or "")
    problem = _("没有核对上。请对照证明再看一遍编号和校验码。")
    return _page(number, code, problem=problem)


def _too_many() -> bool:
    return Throttle.count("verify", request.remote_addr or "") >= TRIES


def _refusal() -> str:
    return _("试得太多了，请 15 分钟后再来。")


def _page(number: str, code: str, *, paper: IssuedPaper | None = None, problem: str | None = None) -> str:
    told = _told(paper) if paper is not None else None
    return page("termination/verify.html", number=number, code=code, problem=problem, told=told)


def _told(paper: IssuedPaper) -> dict[str, Any]:
    """Kind, number, state, dates, school and employer in full, the family name; nothing else."""
    told, locale = paper.told, door.locale()
    void = paper.state_at(clock.now()) == "void"
    return {
        "title": told["title"][locale],
        "number": paper.number,
        "valid": not void,
        "state": _("已失效，自 %(day)s 起", day=texts.day(paper.void_at)) if void else _("有效"),
        "school": told["school"],
        "employer": told["employer"],
        "family_name": told["family_name"],
        "dates": [(date[locale], date["on"]) for date in told["dates"]],
        "issued_on": clock.office_date(paper.issued_at).isoformat(),
    }
