"""A notice becomes messages in the house, and outbox rows for what leaves it.

Texts are rendered inside the step, so that they tell what was true then; mails leave after the commit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from engine import clock, db
from engine.db import InstantField
from engine.models.workflow import Notification, Outbox, ProcessInstance
from engine.notify import channels, mail, texts
from engine.notify.notices import Notice, Notices, Problem, read
from engine.settings import Settings

_stamp = InstantField().db_value
_public_url = ""


class Definition(Protocol):
    """What of a process definition is read here."""

    @property
    def notices(self) -> Notices: ...


class Recipient(NamedTuple):
    """An account that a notice goes to."""

    account_id: int
    email: str
    locale: str


def configure(settings: Settings) -> None:
    """Takes the addresses that mails bear and the server that takes them."""
    global _public_url
    _public_url = settings.public_url
    mail.configure(settings.smtp_url, settings.mail_from)


def send(
    definition: Definition,
    notice_id: str,
    instance: ProcessInstance,
    facts: Mapping[str, Any],
    entry_key: str,
    by: int | None = None,
) -> int:
    """Tells the members of the notice's roles at the case's parties; returns how many people.

    To the account `by` whose act this is it is no news: it finds the message among those it has read, and gets
    no mail. A notice that goes to nobody else is a receipt, and is sent as any other.

    Caller is inside the step. `entry_key` tells one entry of an element from the next, so that a mail of
    one entry is one row however often this is called. Raises KeyError for a notice that is not there.
    """
    notice = definition.notices[notice_id]
    recipients = recipients_of(notice.to, instance.get_id())
    if not recipients:
        return 0
    words = {locale: _words(notice, facts, locale) for locale in ("zh", "en")}
    news = [one for one in recipients if one.account_id != by] or recipients
    if "inbox" in notice.channels:
        _to_inbox(recipients, news, instance, words)
    if "mail" in notice.channels:
        _to_mail(news, instance, words, f"{entry_key}:{notice_id}")
    return len(recipients)


def recipients_of(roles: tuple[str, ...], instance_id: int) -> list[Recipient]:
    """The open accounts that sit now in the roles' queues at the case's parties. One query.

    The system, and the province of a case that has none, are every case's, as they are for its tasks.
    """
    now = _stamp(clock.now())
    marks = ", ".join("?" for _ in roles)
    rows = db.run_sql(
        "SELECT DISTINCT a.id, a.email, a.locale FROM"
        " (SELECT party_kind, party_id FROM case_party WHERE instance_id = ? UNION SELECT 'system', 0"
        " UNION SELECT 'province', min(id) FROM province WHERE NOT EXISTS"
        " (SELECT 1 FROM case_party WHERE instance_id = ? AND party_kind = 'province')) p"
        " JOIN queue q ON q.party_kind = p.party_kind AND q.party_id = p.party_id"
        " JOIN role r ON r.id = q.role_id AND r.party_kind = q.party_kind"
        " JOIN membership m ON m.queue_id = q.id JOIN account a ON a.id = m.account_id"
        f" WHERE r.name IN ({marks})"
        " AND m.since <= ? AND (m.until IS NULL OR m.until > ?) AND a.active ORDER BY a.id",
        (instance_id, instance_id, *roles, now, now),
    ).fetchall()
    return [Recipient(*row) for row in rows]


def _words(notice: Notice, facts: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """Subject (one line, 200 characters) and body; empty in English where the notice has none."""
    english = locale == "en"
    subject = notice.subject_en if english else notice.subject
    body = notice.body_en if english else notice.body
    head = " ".join(subject.render(facts, locale).split())[:200] if subject is not None else ""
    return head, re.sub(r"\n{3,}", "\n\n", body.render(facts, locale).strip()) if body is not None else ""


def _to_inbox(
    recipients: list[Recipient],
    news: list[Recipient],
    instance: ProcessInstance,
    words: Mapping[str, tuple[str, str]],
) -> None:
    (subject, body), (subject_en, body_en) = words["zh"], words["en"]
    Notification.insert_many(
        {
            "account": recipient.account_id, "instance": instance.get_id(), "at": clock.now(),
            "subject": subject, "body": body, "subject_en": subject_en, "body_en": body_en,
            "read_at": None if recipient in news else clock.now(),
        }
        for recipient in recipients
    ).execute()  # fmt: skip


def _to_mail(
    recipients: list[Recipient], instance: ProcessInstance, words: Mapping[str, tuple[str, str]], key: str
) -> None:
    for recipient in recipients:
        if "@" not in recipient.email:
            continue
        locale = "en" if recipient.locale.startswith("en") and words["en"][0] else "zh"
        subject, body = words[locale]
        payload = {
            "to": recipient.email, "subject": subject, "text": body or words["zh"][1], "locale": locale,
            "link": f"{_public_url}/cases/{instance.get_id()}" if _public_url else "",
        }  # fmt: skip
        Outbox.post("mail", f"{key}:{recipient.account_id}:mail", payload, instance.get_id())


__all__ = [
    "Notice", "Notices", "Problem", "Recipient", "channels", "configure", "mail", "read",
    "recipients_of", "send", "texts",
]  # fmt: skip
