"""Mails, handed to a real server."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from engine.notify import mail
from tests.fixtures.mail import MailServer


@dataclass
class Row:
    key: str = "1.1.0:invited:7:mail"


PAYLOAD = {
    "to": "wang@example.cn",
    "subject": "启航公司发来签约邀请，请在 11 月 21 日前答复，逾期邀请自动失效",
    "text": "王晓雨，你好：\n\n请 <尽快> 答复。\n谢谢",
    "link": "https://qihang.example/cases/7?a=1&b=2",
    "locale": "zh",
}


@pytest.fixture
def server(smtp_server: MailServer) -> Iterator[MailServer]:
    mail.configure(smtp_server.url, "启航 <no-reply@qihang.example>")
    yield smtp_server
    mail.configure("", "")


def test_a_mail_arrives_with_its_chinese_subject_and_both_bodies(server: MailServer) -> None:
    mail.deliver(PAYLOAD, Row())
    (message,) = server.to("wang@example.cn")
    assert message["Subject"] == PAYLOAD["subject"]
    assert str(message["From"]) == "启航 <no-reply@qihang.example>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == f"{PAYLOAD['text']}\n\n{PAYLOAD['link']}\n"
    assert "请 &lt;尽快&gt; 答复。<br>谢谢" in html.get_content()
    assert 'href="https://qihang.example/cases/7?a=1&amp;b=2"' in html.get_content()
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_same_row_sent_twice_bears_the_same_message_id(server: MailServer) -> None:
    mail.deliver(PAYLOAD, Row())
    mail.deliver(PAYLOAD, Row())
    mail.deliver(PAYLOAD, Row("another"))
    first, second, third = (message["Message-ID"] for message in server.messages)
    assert first == second != third
    assert first.endswith("@qihang.example>")


def test_a_server_that_refuses_is_an_error_of_the_job(server: MailServer) -> None:
    server.answer = "451 try again later"
    with pytest.raises(smtplib.SMTPException):
        mail.deliver(PAYLOAD, Row())


def test_a_line_break_in_an_address_or_subject_forges_no_header(server: MailServer) -> None:
    with pytest.raises(ValueError):
        mail.deliver(PAYLOAD | {"subject": "a\nBcc: all@example.cn"}, Row())
    with pytest.raises(ValueError):
        mail.deliver(PAYLOAD | {"to": "a@example.cn\nBcc: all@example.cn"}, Row())
    assert server.messages == []


def test_a_password_is_not_sent_to_another_machine_without_tls(server: MailServer) -> None:
    mail.configure(f"smtp://post:secret@127.1:{server.port}", "启航 <no-reply@qihang.example>")
    with pytest.raises(smtplib.SMTPNotSupportedError, match="no TLS"):
        mail.deliver(PAYLOAD, Row())
    mail.configure(f"smtp://127.1:{server.port}", "启航 <no-reply@qihang.example>")
    mail.deliver(PAYLOAD, Row())
    assert len(server.messages) == 1
