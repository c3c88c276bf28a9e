"""The states of a termination in words, coloured for whoever looks (P15, states)."""

from __future__ import annotations

from flask_babel import gettext as _

from admin import door
from admin.facts import Chip
from engine import codes
from engine.actors import Actor
from engine.models.termination import Termination

_ENDED = {"done": "ended", "failed": "bad", "withdrawn": "ended", "ended": "ended"}


def chip(row: Termination, asks: Actor) -> Chip:
    """Yours to do, or whom it waits for."""
    state = row.state
    words = codes.name("termination_state", state, door.locale())
    if state in _ENDED:
        return Chip(_ENDED[state], words)
    if state == "waiting_audit":
        return Chip("todo" if asks.party_kind == "school" else "wait", words)
    if asks.party_kind == row.answered_by:
        return Chip("todo", _("等你答复") if state == "waiting_other" else words)
    waits = _("等用人单位答复") if row.answered_by == "employer" else _("等毕业生答复")
    return Chip("wait", waits if state == "waiting_other" else _("%(waits)s（暂不处理）", waits=waits))


def asked_by(row: Termination) -> str:
    """毕业生 or 用人单位."""
    return _("毕业生") if row.asked_by == "student" else _("用人单位")


def answered_by(row: Termination) -> str:
    return _("毕业生") if row.answered_by == "student" else _("用人单位")
