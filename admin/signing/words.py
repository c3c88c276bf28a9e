"""The states of a signing in the office's words, coloured for whoever looks (P11, States)."""

from __future__ import annotations

from flask_babel import gettext as _

from admin import door, facts, theme
from admin.signing.records import AGREED, Known
from engine import codes
from engine.actors import Actor
from engine.models.signing import Invitation

#: A letter that was answered stays 双方已签约, whatever became of the agreement.
ANSWERED = ("signed", "failed", "void")
#: 应约状态 as the list of codes names them: what filters offer.
STATES = ("sent", "signed", "refused", "expired", "withdrawn", "terminated")


def stored(code: str) -> tuple[str, ...]:
    """The stored states that are told by one word."""
    return ANSWERED if code == "signed" else (code,)


def state_words(code: str) -> str:
    """应约状态."""
    return codes.name("invitation_state", code, door.locale())


def answer_chip(invitation: Invitation, asks: Actor) -> facts.Chip:
    """应约状态. 双方已签约 waits for the school, so it is the school's to do and everybody else's to wait for."""
    text, code = state_words(invitation.state), invitation.state
    if code == "signed":
        known = Known.of(invitation).agreement
        if known is not None and known.state == "generated":
            return facts.Chip("todo" if asks.party_kind == "school" else "wait", text)
        return facts.Chip("ok", text)
    if code in ("failed", "void"):
        return facts.Chip("ended", text)
    return facts.Chip(theme.tone("invitation_state", code, asks.party_kind), text)


def audit_chip(invitation: Invitation) -> facts.Chip | None:
    """审核状态; none until the school has decided (rule 15)."""
    known = Known.of(invitation).agreement
    state = known.audit_state if known is not None else "none"
    if state == "none":
        return None
    return facts.Chip(
        theme.tone("signing_audit_state", state), codes.name("signing_audit_state", state, door.locale())
    )


def ending_note(invitation: Invitation) -> str:
    """What is under way to end an agreement that still stands (P15, states)."""
    ending = Known.of(invitation).ending
    if ending is None or invitation.state != "signed":
        return ""
    return _("学校审核通过后生效") if ending.state in AGREED else _("已提出解约")


def code_words(list_name: str, code: str) -> str:
    """The words of a code, in the reader's language."""
    return codes.name(list_name, code, door.locale()) if code else ""


def yes_no(value: bool) -> str:
    return _("是") if value else _("否")
