"""How a letter and an agreement are shown beside a task, in lists and on cards."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from admin import door, facts, texts, theme
from admin.facts import Chip, Document, Section
from admin.signing import papers
from admin.signing.details import agreement_facts, letter_sections, letter_title, title_for
from admin.signing.letter import pay_line, student_facts, unit_facts
from admin.signing.records import Known, prepare
from admin.signing.words import answer_chip, audit_chip, code_words
from engine.actors import Actor
from engine.models.signing import Agreement, Invitation


def register() -> None:
    """Says how this room's subjects are shown."""
    facts.register(
        "invitation",
        sections=_letter_sections,
        lines=lambda row, _asks: [pay_line(row)],
        chip=_letter_chip,
        code=_number,
        documents=_letter_documents,
        checks=_checks,
        title=_title,
        link=lambda row, _asks: url_for("signing.details", invitation_id=row.id),
        note=lambda row: row.position,
        prepare=prepare,
        task_pages={"student_answers": lambda task_id: url_for("signing.answer", task_id=task_id)},
    )
    facts.register(
        "agreement",
        sections=_agreement_sections,
        lines=lambda row, _asks: [f"{row.number}　{row.position}"],
        chip=_agreement_chip,
        code=lambda row: row.number,
        documents=_agreement_documents,
        title=lambda row, _asks: row.case_title().text(door.locale()),
        link=lambda row, _asks: url_for("signing.agreement_details", agreement_id=row.id),
        note=lambda row: row.position,
    )


def _letter_chip(row: Invitation, asks: Actor) -> Chip:
    """One chip for lists that have room for one: what became of the agreement, once that is decided."""
    agreement = Known.of(row).agreement
    if agreement is not None and row.state == "void":
        return _agreement_chip(agreement, asks)
    return audit_chip(row) or answer_chip(row, asks)


def _title(row: Invitation, asks: Actor) -> str:
    if asks.party_kind == "student" and row.state == "sent":
        return letter_title(row, asks)
    return title_for(row, asks)


def _number(row: Invitation) -> str | None:
    agreement = Known.of(row).agreement
    return agreement.number if agreement is not None and agreement.state != "draft" else None


def _letter_sections(row: Invitation, asks: Actor) -> list[Section]:
    """双方约定, 毕业生, 用人单位, with the agreement's state in the head."""
    shown = letter_sections(row, asks)
    agreement = Known.of(row).agreement
    if agreement is not None and agreement.state != "draft":
        shown[0] = Section(shown[0].title, shown[0].facts, _agreement_chip(agreement, asks))
    return shown


def _agreement_sections(row: Agreement, asks: Actor) -> list[Section]:
    found = [Section(_("就业协议书"), agreement_facts(row), _agreement_chip(row, asks))]
    if asks.party_kind != "student":
        found.append(Section(_("毕业生"), student_facts(row.student)))
    if row.employer is not None and asks.party_kind != "employer":
        found.append(Section(_("用人单位"), unit_facts(row.employer)))
    return found


def _agreement_chip(row: Agreement, asks: Actor) -> Chip:
    return Chip(
        theme.tone("agreement_state", row.state, asks.party_kind), code_words("agreement_state", row.state)
    )


def _letter_documents(row: Invitation, asks: Actor) -> list[Document]:
    letter = Document(
        _("签约邀请函"),
        url_for("signing.letter", invitation_id=row.id),
        _("%(day)s 发出", day=texts.day(row.invited_on)),
    )
    agreement = Known.of(row).agreement
    return [*(_agreement_documents(agreement, asks) if agreement is not None else []), letter]


def _agreement_documents(row: Agreement, asks: Actor) -> list[Document]:
    url = papers.page_url(row, asks)
    if url is None:
        return []
    note = _("2 页，%(at)s 生成", at=texts.moment(row.signed_at))
    return [Document(_("就业协议书"), url, note)]


def _checks(row: Invitation, asks: Actor) -> list[tuple[bool, str]]:
    """What the system has verified for the school's audit."""
    if asks.party_kind != "school" or row.state != "signed":
        return []
    student, employer = row.student, row.employer
    others = student.agreements.where(
        Agreement.state.in_(("generated", "effective")) & (Agreement.invitation != row.id)
    )
    found = [
        _check(
            not others.exists(),
            _("没有别的协议约束%(who)s", who=student.name),
            _("%(who)s还受别的协议约束", who=student.name),
        ),
        _check(
            employer.passed,
            _("单位注册已通过省中心审核，信用代码校验无误"),
            _("单位注册现在不是已通过的状态"),
        ),
        _check(
            student.training_mode == "non_directed" or student.contract_dissolved,
            _("不是定向、委培，或原合同已解除")
            if student.contract_dissolved
            else _("培养方式不是定向、委培"),
            _("定向或委培的原合同还没有登记解除"),
        ),
    ]
    if row.revision:
        text = _("邀请函改过 %(num)s 次，毕业生已看过改后的并同意", num=row.revision)
        found.append((False, text))
    return found


def _check(holds: bool, good: str, bad: str) -> tuple[bool, str]:
    return holds, good if holds else bad
