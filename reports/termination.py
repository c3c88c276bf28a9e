"""The certificate of termination 解约证明 (D13), made once the school has passed it, and kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import clock
from engine.models.papers import IssuedPaper
from engine.models.termination import Termination
from engine.models.workflow import Attachment, Outbox
from engine.operations.termination import CERTIFICATE
from reports import layouts, links, pdf
from reports.jobs import keep, paper_of

_MARGINS = (24, 22, 20, 22)


def certificate(payload: dict[str, Any], row: Outbox | None = None) -> Attachment:
    """The job: the paper of a termination that took effect; the kept one where it is there."""
    termination = Termination.get_by_id(payload["termination"])
    kept = paper_of(termination, CERTIFICATE)
    if kept is not None:
        return kept
    paper = IssuedPaper.of(termination, CERTIFICATE)
    if paper is None:
        raise RuntimeError(f"termination {termination.id} has no number")
    content = pdf.render(
        certificate_html(termination, paper),
        margins_mm=_MARGINS,
        title=f"解约证明 {paper.number}",
        made_at=paper.issued_at,
    )
    return keep(termination, CERTIFICATE, content, f"解约证明-{paper.number}.pdf")


def certificate_html(termination: Termination, paper: IssuedPaper) -> str:
    """The sheet: what was ended, who asked and agreed and when, and how anybody may check it."""
    agreement = termination.agreement
    student, employer = termination.student, agreement.employer
    return layouts.render(
        "termination_certificate",
        paper=paper,
        lines=[
            ("协议书编号", f"{agreement.number}（已失效）"),
            ("毕业生", f"{student.name}，{termination.school.name}，学号 {student.student_number}"),
            ("用人单位", f"{employer.name}，统一社会信用代码 {employer.credit_code}"),
            ("提出方", "毕业生" if termination.asked_by == "student" else "用人单位"),
            ("提出时间", _stamp(termination.asked_at)),
            ("解除原因", termination.reason),
            ("对方同意时间", _stamp(termination.agreed_at)),
            ("学校审核通过时间", _stamp(termination.decided_at)),
            ("失效时间", _stamp(agreement.void_at)),
        ],
        qr=links.qr(links.address(f"/verify/{paper.token}")),
        address=links.address("/verify"),
        school=termination.school.name,
        day=_day(paper.issued_at),
    )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(clock.office_zone()).strftime("%Y-%m-%d %H:%M")


def _day(moment: datetime) -> str:
    day = clock.office_date(moment)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


#: What the worker makes of this area, by the name that operations ask for.
JOBS = {CERTIFICATE: certificate}
