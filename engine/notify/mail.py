"""Job "mail": one mail to one person, from a row of the outbox."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from engine import clock

_TIMEOUT = 20  # seconds for each answer of the server
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Post:
    """Where mails are handed in and who sends them; an empty URL means that mails wait."""

    smtp_url: str = ""
    sender: str = ""


_post = Post()


def configure(smtp_url: str, sender: str) -> None:
    """Takes the settings SMTP_URL and MAIL_FROM."""
    global _post
    _post = Post(smtp_url, sender)


def configured() -> bool:
    """Whether mails can be sent; the job is registered only then, so that they wait else."""
    return bool(_post.smtp_url)


def deliver(payload: Mapping[str, Any], row: Any) -> None:
    """Hands the mail to the server. May happen twice; the Message-ID is the same then."""
    message = compose(payload, row.key)
    with _server() as server:
        server.send_message(message)


def compose(payload: Mapping[str, Any], key: str) -> MIMEMultipart:
    """The mail of a payload {to, subject, text, link, locale}. Raises ValueError for a forged header.

    By the older classes: EmailMessage loses a space of a Chinese subject where it folds it.
    """
    name, sender = parseaddr(_post.sender)
    link, text = payload.get("link") or "", payload["text"]
    message = MIMEMultipart("alternative")
    message["From"] = formataddr((name, sender), "utf-8")
    message["To"] = _one_line(payload["to"])
    subject: Any = Header(_one_line(payload["subject"]), "utf-8")
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now().astimezone(clock.office_zone()))
    message["Message-ID"] = (
        f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2] or 'localhost'}>"
    )
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = payload["locale"]
    message.attach(MIMEText(f"{text}\n\n{link}\n" if link else f"{text}\n", "plain", "utf-8"))
    message.attach(MIMEText(_html(text, link, payload["locale"]), "html", "utf-8"))
    return message


def _one_line(text: str) -> str:
    if len(text.splitlines()) > 1:
        raise ValueError("a header of two lines")
    return text


def _html(text: str, link: str, locale: str) -> str:
    paragraphs = "".join(
        f"<p>{escape(part.strip()).replace(chr(10), '<br>')}</p>"
        for part in text.split("\n\n")
        if part.strip()
    )
    words = "Open" if locale.startswith("en") else "查看详情"
    button = f'<p><a href="{escape(link)}">{words}</a></p>' if link else ""
    lang = "en" if locale.startswith("en") else "zh-CN"
    return f'<!doctype html><html lang="{lang}"><body>{paragraphs}{button}</body></html>'


def _server() -> smtplib.SMTP:
    parts = urlsplit(_post.smtp_url)
    host = parts.hostname or "localhost"
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=_TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=_TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif parts.username and host not in _HERE:
            server.close()
            raise smtplib.SMTPNotSupportedError(
                f"{host} offers no TLS; the password is not sent in the clear"
            )
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
