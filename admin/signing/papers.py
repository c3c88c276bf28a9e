"""The agreement's paper: a look at it once it is generated, the PDF once the school has passed it (rule 9).

Its three parties open it and nobody else, not the staff of other offices either.
"""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _

from admin import answers, facts
from admin.door import Answer, actor, as_file, page
from admin.papers import making, party_of
from admin.signing.room import signing
from engine import db, files
from engine.actors import Actor
from engine.errors import NotFound, Refused, Sentence
from engine.models.people import AuditEntry
from engine.models.signing import Agreement, Invitation
from reports import jobs, texts
from reports import signing as layouts

PREVIEW = ("generated", "effective", "audit_failed", "void")
DOWNLOAD = {"effective": "agreement", "void": "agreement_void"}

NOT_YET = Sentence(
    "学校审核通过后才能下载协议书。现在可以预览。",
    "The agreement can be downloaded once the school has passed it. You can look at it now.",
)
FAILED = Sentence(
    "学校审核没有通过，这份协议书不生效，不能下载。",
    "The school has not passed this agreement: it is not in force and cannot be downloaded.",
)
CHANGED = Sentence(
    "邀请函改过，毕业生重新同意后再生成协议书。",
    "The letter was changed; the agreement is generated anew when the graduate agrees again.",
)


def page_url(agreement: Agreement | None, asks: Actor) -> str | None:
    """Where the actor looks at the agreement; None where it may not, or there is nothing to see."""
    if agreement is None or agreement.state not in PREVIEW or not party_of(asks, agreement):
        return None
    return url_for("signing.agreement", agreement_id=agreement.id)


def download_url(agreement: Agreement | None, asks: Actor) -> str | None:
    """Where the actor downloads it; None before the school's pass."""
    if agreement is None or agreement.state not in DOWNLOAD or not party_of(asks, agreement):
        return None
    return url_for("signing.download", agreement_id=agreement.id)


def why_not(agreement: Agreement) -> Sentence | None:
    """Why there is no download yet."""
    if agreement.state in DOWNLOAD:
        return None
    return {"audit_failed": FAILED, "draft": CHANGED}.get(agreement.state, NOT_YET)


def back_to(agreement: Agreement) -> tuple[str, str]:
    """The details of the agreement's signing, else home."""
    if agreement.invitation_id is None:
        return url_for("home.index"), _("首页")
    return url_for("signing.details", invitation_id=agreement.invitation_id), _("签约详情")


def _fetch(asks: Actor, agreement_id: int) -> Agreement:
    found = Agreement.fetch(asks, agreement_id)
    if not party_of(asks, found):
        raise NotFound()
    return found


def _told(asks: Actor, agreement: Agreement, action: str) -> None:
    """The paper shows numbers in full: who else than the graduate looked stands in the audit log."""
    if asks.party_kind != "student":
        with db.step():
            AuditEntry.write(asks, action, agreement)


@signing.get("/agreements/<int:agreement_id>/page")
def agreement(agreement_id: int) -> Answer:
    """查看协议书: the paper in a frame, and the download."""
    asks = actor()
    found = _fetch(asks, agreement_id)
    if found.state not in PREVIEW:
        raise Refused(CHANGED)
    back, words = back_to(found)
    return page(
        "signing/agreement.html",
        title=_("就业协议书"),
        number=found.number,
        chip=facts.chip_of(found, asks),
        note=found.reason if found.state in ("void", "audit_failed") else "",
        preview_url=url_for("signing.preview", agreement_id=found.id),
        download_url=download_url(found, asks),
        why=why_not(found),
        back_url=back,
        back_words=words,
    )


@signing.get("/agreements/<int:agreement_id>/preview")
def preview(agreement_id: int) -> Answer:
    """The paper's two pages as they will be printed, from the agreement's own copy."""
    asks = actor()
    found = _fetch(asks, agreement_id)
    if found.state not in PREVIEW:
        raise Refused(CHANGED)
    _told(asks, found, "preview")
    html = layouts.agreement_html(found, texts.agreement_text(found), preview=True)
    return Response(html, headers={"Content-Security-Policy": answers.PAPER_CSP})


@signing.get("/agreements/<int:agreement_id>/download")
def download(agreement_id: int) -> Answer:
    """The PDF that was made at the approval; of a void agreement its copy stamped 已失效."""
    asks = actor()
    found = _fetch(asks, agreement_id)
    reason = why_not(found)
    if reason is not None:
        raise Refused(reason)
    paper = jobs.paper_of(found, DOWNLOAD[found.state])
    if paper is None:
        asked_by = [one for one in (found, found.invitation) if one is not None]
        job = jobs.MADE_BY[DOWNLOAD[found.state]]
        return making(_("协议书"), job, [*asked_by, *found.terminations], back_to(found))
    _told(asks, found, "download")
    answer = Response(files.get(paper.sha), mimetype=paper.media_type)
    return as_file(answer, paper.file_name)


@signing.get("/invitations/<int:invitation_id>/print")
def print_letter(invitation_id: int) -> Answer:
    """The letter 签约邀请函 (D09) as a sheet to print, as it stands now."""
    invitation = Invitation.fetch(actor(), invitation_id)
    html = layouts.invitation_html(invitation)
    return Response(html, headers={"Content-Security-Policy": answers.PAPER_CSP})
