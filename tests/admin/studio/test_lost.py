"""What a draft has lost beside the live version, and what a check that stopped early means for publishing."""

from __future__ import annotations

import pytest

from engine import catalog
from engine.models.drafts import ProcessDraft
from engine.models.people import Membership, Queue, Role
from engine.release.publishing import Examined
from tests.people import text_of

SCENARIOS = "processes/signing/online_signing.scenarios.yaml"
NOTICES = "processes/signing/online_signing.notices.yaml"


def codes(draft) -> set[tuple[str, str]]:
    return {(f["code"], f["severity"]) for f in draft.check()["findings"]}


def first_only(text: str) -> str:
    """The scenarios up to the second one."""
    head, mark, rest = text.partition("\n  - name:")
    return head + mark + rest.partition("\n  - name:")[0] + "\n"


def test_fewer_scenarios_than_live_are_told_by_name(studio):
    draft = studio.begin()
    draft.put(SCENARIOS, first_only(draft.text(SCENARIOS)))
    assert ("scenario.lost", "warning") in codes(draft)
    assert "放回去" in text_of(studio.shen.get(f"{draft.page}?step=check"))


@pytest.mark.parametrize("left", ["scenarios: []\n", "given: {}\n"])
def test_a_draft_whose_scenarios_are_gone_is_not_published(studio, left):
    draft = studio.begin()
    draft.put(SCENARIOS, left)
    assert {("scenario.lost", "error"), ("scenario.empty", "error")} <= codes(draft)
    assert draft.publish().status_code == 422
    assert catalog.live("online_signing").version == 1


def test_a_diagram_that_was_not_walked_to_its_end_is_published_by_two(studio, monkeypatch):
    monkeypatch.setattr("engine.catalog.walk.MOST_WORLDS", 2)
    draft = studio.begin()
    draft.change(NOTICES, ("还有两天到期", "后天到期，请尽快答复"))
    assert ("owes.limit", "warning") in codes(draft)
    assert "第二个人" in text_of(studio.shen.get(f"{draft.page}?step=check"))
    assert draft.publish().status_code == 303
    assert catalog.live("online_signing").version == 1
    assert draft.about()["state"] == "submitted"


def test_a_role_that_nobody_holds_is_told(studio):
    draft = studio.begin()
    Membership.delete().where(
        Membership.queue.in_(Queue.select(Queue.id).join(Role).where(Role.name == "学校"))
    ).execute()
    looked = Examined(ProcessDraft.get_by_id(draft.id))
    told = [f for f in looked.findings if f.code == "role.unheld"]
    assert [f.severity for f in told] == ["warning"]
    assert "学校" in told[0].sentence.zh
