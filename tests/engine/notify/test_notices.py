"""The notices file, and what the checker says of it."""

from __future__ import annotations

import pytest

from engine.notify import read

GOOD = """
invited:
  to: [毕业生]
  channels: [inbox, mail]
  subject: "{{ employer.name }}发来签约邀请"
  body: |
    请在 {{ invitation.expires_on|日期('M 月 D 日') }}前答复。
  en:
    subject: "{{ employer.name }} invites you to sign"
    body: Please answer by {{ invitation.expires_on }}.
told:
  to: 毕业生、用人单位
  subject: 已签约
  body: 双方已签约。
"""


def test_a_good_file_has_no_findings() -> None:
    notices = read(GOOD.encode())
    assert notices.findings == ()
    assert list(notices) == ["invited", "told"]
    assert notices["invited"].channels == ("inbox", "mail")
    assert notices["told"].to == ("毕业生", "用人单位")
    assert notices["told"].subject_en is None
    assert notices["invited"].paths == {("employer", "name"), ("invitation", "expires_on")}


@pytest.mark.parametrize(
    ("change", "element", "words"),
    [
        (("to: [毕业生]", "too: [毕业生]"), "invited", "to、subject 和 body"),
        (("channels: [inbox, mail]", "channels: [inbox, sms]"), "invited", "短信"),
        (("channels: [inbox, mail]", "channels: [wechat]"), "invited", "微信"),
        (("channels: [inbox, mail]", "channels: [pigeon]"), "invited", "没有渠道 pigeon"),
        (("{{ employer.name }}发来", "{{ employer.name() }}发来"), "invited", "不能用 Call"),
        (("subject: 已签约", "title: 已签约"), "told", "to、subject 和 body"),
        (("subject: 已签约", "subject: 已签约\n  urgent: yes"), "told", "urgent"),
    ],
)
def test_what_is_wrong_is_said_with_the_notice_and_its_line(
    change: tuple[str, str], element: str, words: str
) -> None:
    found = read(GOOD.replace(*change).encode()).findings
    assert [problem.element_id for problem in found] == [element]
    assert words in found[0].sentence.zh
    assert found[0].line == {"invited": 2, "told": 11}[element]


@pytest.mark.parametrize(
    "content",
    [
        b"- a\n- b",
        b"a: [",
        b"\xff\xfe",
        b"a: &x {to: [b]}\nc: *x",
        b"just words",
        b"a: !!python/name:os.system",
    ],
)
def test_what_is_no_list_of_notices_is_one_finding(content: bytes) -> None:
    notices = read(content)
    assert len(notices) == 0
    assert len(notices.findings) == 1


def test_an_empty_file_has_no_notices() -> None:
    assert len(read(b"")) == 0
    assert read(b"").findings == ()


def test_facts_and_roles_that_are_not_there_are_found() -> None:
    notices = read(GOOD.encode())
    facts = {"invitation": ["expires_on"], "employer": ["name"]}
    assert notices.check(facts, {"毕业生", "用人单位"}) == []
    missing = notices.check({"invitation": [], "employer": ["name"]}, {"毕业生"})
    assert [problem.element_id for problem in missing] == ["invited", "told"]
    assert "invitation.expires_on" in missing[0].sentence.zh
    assert "用人单位" in missing[1].sentence.zh
