"""Invitations with what became of them: which tab holds a record, its filters, a page by key.

The tabs are the states tables of P11 and P15. A page costs the same number of queries for one row and for many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import peewee

from admin import paging
from engine.actors import Actor
from engine.models.organisations import Major, School, Student
from engine.models.signing import PLAIN, Agreement, Invitation
from engine.models.termination import ASKED, Termination

_KEYS = (Invitation.invited_on, Invitation.id)


@dataclass(slots=True)
class Known:
    """What became of an invitation: its agreement, and the request to end that one."""

    agreement: Agreement | None
    ending: Termination | None

    @staticmethod
    def of(invitation: Invitation) -> Known:
        """As `prepare` found it; asks for this one row where it was not prepared."""
        found = getattr(invitation, "_known", None)
        if found is None:
            prepare([invitation])
            found = invitation._known
        known: Known = found
        return known


def prepare(invitations: Iterable[Invitation]) -> None:
    """Loads what became of these, in three queries at most."""
    rows = list(invitations)
    made: dict[int, Agreement] = {}
    ending: dict[int, Termination] = {}
    answered = [row.id for row in rows if row.state not in ("refused", "expired", "withdrawn")]
    if answered:
        found = Agreement.select(*PLAIN).where(Agreement.invitation.in_(answered))
        made = {agreement.invitation_id: agreement for agreement in found}
    if made:
        asked = Termination.select(Termination.id, Termination.agreement, Termination.state).where(
            Termination.agreement.in_([agreement.id for agreement in made.values()])
            & Termination.state.in_((*ASKED, *AGREED))
        )
        ending = {one.agreement_id: one for one in asked.order_by(Termination.id)}
    for row in rows:
        agreement = made.get(row.id)
        row._known = Known(agreement, ending.get(agreement.id) if agreement is not None else None)


# ── the tabs of 数据管理 ───────────────────────────────────────────────────────────────────────────

AGREED = ("waiting_audit", "done")
TABS = ("all", "waiting", "signed", "ending", "ended")


def _has(*states: str) -> Any:
    """Whether the invitation's agreement has a request to end it in one of these states."""
    asked = (
        Termination.select(Termination.id)
        .join(Agreement)
        .where((Agreement.invitation == Invitation.id) & Termination.state.in_(states))
    )
    return peewee.fn.EXISTS(asked)


def in_tab(query: Any, tab: str) -> Any:
    """The records of a tab: 待应约 an open letter; 已应约 signed and not failed, void or about to end; 待解约 one
    side has asked; 已解约 both have agreed, or it is ended."""
    if tab == "waiting":
        return query.where(Invitation.state == "sent")
    if tab == "signed":
        return query.where((Invitation.state == "signed") & ~_has(*ASKED, *AGREED))
    if tab == "ending":
        return query.where((Invitation.state == "signed") & _has(*ASKED))
    if tab == "ended":
        return query.where(
            (Invitation.state == "terminated") | ((Invitation.state == "signed") & _has("waiting_audit"))
        )
    return query


# ── rows ───────────────────────────────────────────────────────────────────────────────────────────


def visible(asks: Actor) -> Any:
    """The actor's invitations with student, school and major joined."""
    return (
        Invitation.visible_to(asks)
        .select_extend(School, Major)
        .switch(Invitation)
        .join(School)
        .switch(Student)
        .join(Major)
    )


def counted(query: Any) -> int:
    """How many; counting stops at 1000."""
    return paging.counted(query, Invitation.id)


def page_of(query: Any, args: Mapping[str, str]) -> paging.Page:
    """One page: `after` or `before` of the address say where."""
    found = paging.page_of(query, _KEYS, args)
    prepare(found.rows)
    return found


def everything(query: Any) -> Iterator[Invitation]:
    """All rows of a query, the newest first, read in batches."""
    for rows in paging.batches(query, _KEYS):
        prepare(rows)
        yield from rows
