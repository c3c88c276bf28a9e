"""Who gets a notice: every member of each named role's queue at the case's parties, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from engine import clock, db, notify, secrets, settings
from engine.models.organisations import Province
from engine.models.people import Account, Membership, Queue, Role
from engine.models.workflow import (
    CaseParty,
    Deployment,
    Notification,
    Outbox,
    ProcessDefinition,
    ProcessInstance,
)

NOTICES = """
invited:
  to: [毕业生, 用人单位]
  channels: [inbox, mail]
  subject: |
    {{ employer.name }}
    发来邀请
  body: 请在 {{ invitation.expires_on|日期('M 月 D 日') }}前答复。
  en: {subject: "Invited by {{ employer.name }}", body: "Answer by {{ invitation.expires_on }}."}
above:
  to: [省中心, 系统管理员]
  channels: [inbox]
  subject: 有一件事
  body: 请看。
quiet:
  to: [学校]
  channels: [inbox]
  subject: 有新的协议书
  body: 请审核。
"""
FACTS = {"employer": {"name": "启航公司"}, "invitation": {"expires_on": date(2020, 9, 23)}}


@dataclass
class Definition:
    notices: notify.Notices


@dataclass
class Case:
    instance: ProcessInstance
    definition: Definition

    def send(self, notice_id: str, key: str = "1.1.0", by: Account | None = None) -> int:
        with db.step():
            account = by.id if by is not None else None
            return notify.send(self.definition, notice_id, self.instance, FACTS, key, account)


@pytest.fixture
def case(database: str) -> Iterator[Case]:
    """A case between student 1, employer 5 and school 2."""
    secrets.configure("1:" + "5c" * 32)
    notify.configure(settings.Settings(public_url="https://qihang.example"))
    roles = (("毕业生", "student"), ("用人单位", "employer"), ("学校", "school"))
    for name, kind in roles:
        Role.create(name=name, party_kind=kind)
    deployment = Deployment.create(manifest={}, digest="x")
    definition = ProcessDefinition.create(
        process_id="p", version=1, name="p", deployment=deployment, path="p", digest="x"
    )
    instance = ProcessInstance.create(definition=definition)
    for kind, party in (("student", 1), ("employer", 5), ("school", 2)):
        CaseParty.create(instance=instance, party_kind=kind, party_id=party)
    yield Case(instance, Definition(notify.read(NOTICES.encode())))
    notify.configure(settings.Settings())


def person(name: str, role: str, party: int, **more: Any) -> Account:
    account = Account.create(
        login=name, name=name, password_hash="", **{"email": f"{name}@example.cn"} | more
    )
    kind = Role.get(Role.name == role).party_kind
    Membership.create(account=account, queue=Queue.of(role, kind, party))
    return account


def receivers() -> list[str]:
    return sorted(row.account.login for row in Notification.select())


def mails() -> list[dict[str, Any]]:
    return [
        orjson.loads(row.payload) for row in Outbox.select().where(Outbox.job == "mail").order_by(Outbox.id)
    ]


def test_every_member_of_each_named_role_at_the_cases_parties_is_told(case: Case) -> None:
    person("student", "毕业生", 1)
    person("owner", "用人单位", 5)
    person("colleague", "用人单位", 5)
    person("stranger", "用人单位", 6)
    person("school", "学校", 2)
    assert case.send("invited") == 3
    assert receivers() == ["colleague", "owner", "student"]


def test_ones_own_act_is_no_news(case: Case) -> None:
    owner = person("owner", "用人单位", 5)
    person("colleague", "用人单位", 5)
    person("student", "毕业生", 1)
    assert case.send("invited", by=owner) == 3
    read = {row.account.login: row.read_at is not None for row in Notification.select()}
    assert read == {"owner": True, "colleague": False, "student": False}
    assert sorted(mail["to"] for mail in mails()) == ["colleague@example.cn", "student@example.cn"]


def test_what_goes_to_nobody_but_who_did_it_is_a_receipt(case: Case) -> None:
    owner = person("owner", "用人单位", 5)
    case.send("invited", by=owner)
    assert Notification.get().read_at is None
    assert [mail["to"] for mail in mails()] == ["owner@example.cn"]


def test_the_province_and_the_system_are_told_though_they_are_no_party_of_the_case(case: Case) -> None:
    Role.create(name="省中心", party_kind="province")
    Role.create(name="系统管理员", party_kind="system")
    person("province", "省中心", Province.create(name="省中心").id)
    person("system", "系统管理员", 0)
    assert case.send("above") == 2
    CaseParty.create(instance=case.instance, party_kind="province", party_id=99)
    assert case.send("above") == 1


def test_who_sits_there_no_longer_or_is_closed_is_not_told(case: Case) -> None:
    past = clock.now() - timedelta(days=1)
    left = person("left", "用人单位", 5)
    Membership.update(since=past - timedelta(days=1), until=past).where(Membership.account == left).execute()
    later = person("later", "用人单位", 5)
    Membership.update(since=clock.now() + timedelta(days=1)).where(Membership.account == later).execute()
    person("closed", "用人单位", 5, active=False)
    assert case.send("invited") == 0
    assert receivers() == []


def test_the_message_is_written_in_both_languages_as_it_was_true_then(case: Case) -> None:
    person("student", "毕业生", 1)
    case.send("invited")
    message = Notification.get()
    assert message.instance_id == case.instance.id
    assert (message.subject, message.body) == ("启航公司 发来邀请", "请在 9 月 23 日前答复。")
    assert (message.subject_en, message.body_en) == ("Invited by 启航公司", "Answer by 2020-09-23.")


def test_a_mail_goes_to_each_address_in_its_owners_language(case: Case) -> None:
    person("student", "毕业生", 1)
    person("owner", "用人单位", 5, locale="en")
    person("silent", "用人单位", 5, email="")
    case.send("invited")
    assert [(mail["to"], mail["subject"], mail["locale"]) for mail in mails()] == [
        ("student@example.cn", "启航公司 发来邀请", "zh"),
        ("owner@example.cn", "Invited by 启航公司", "en"),
    ]
    assert mails()[0]["link"] == f"https://qihang.example/cases/{case.instance.id}"


def test_a_notice_without_mail_sends_none(case: Case) -> None:
    person("school", "学校", 2)
    case.send("quiet")
    assert receivers() == ["school"]
    assert mails() == []


def test_one_entry_of_an_element_sends_one_mail_and_the_next_entry_another(case: Case) -> None:
    person("student", "毕业生", 1)
    case.send("invited", "1.1.0")
    case.send("invited", "1.1.0")
    assert len(mails()) == 1
    case.send("invited", "1.2.0")
    assert len(mails()) == 2


def test_a_very_long_key_still_tells_entries_apart(case: Case) -> None:
    person("student", "毕业生", 1)
    case.send("invited", "x" * 200)
    case.send("invited", "x" * 199)
    case.send("invited", "x" * 200)
    assert len(mails()) == 2


def test_a_step_that_is_rolled_back_tells_nobody(case: Case) -> None:
    person("student", "毕业生", 1)
    try:
        with db.step():
            notify.send(case.definition, "invited", case.instance, FACTS, "1.1.0")
            raise LookupError("the step failed later")
    except LookupError:
        pass
    assert receivers() == []
    assert mails() == []


def test_new_rows_are_carried_to_the_worker(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[int] = []
    monkeypatch.setattr(Outbox, "carry", carried.extend)
    person("student", "毕业生", 1)
    case.send("invited")
    case.send("invited")
    assert carried == [Outbox.get().id]
