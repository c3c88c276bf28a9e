"""Scenarios get plausible rows of every party, and people who sit there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stdnum.cn import ric, uscc

from engine import db, models
from engine.models.organisations import PARTY_MODELS
from engine.models.signing import Agreement
from engine.release.examples import ExampleMissing, Examples


@pytest.fixture
def scratch() -> Iterator[None]:
    with db.scratch(models.all_models()):
        yield


def test_there_is_one_of_each_party(scratch: None) -> None:
    examples = Examples({})
    for kind in PARTY_MODELS:
        assert examples.row(kind).model_name() == kind
    assert ric.is_valid(examples.row("student").id_number)
    assert uscc.is_valid(examples.row("employer").credit_code)
    assert examples.row("student").school == examples.row("school")


def test_what_is_given_wins(scratch: None) -> None:
    examples = Examples({"student": {"name": "林一诺"}})
    assert examples.row("student").name == "林一诺"


def test_several_of_a_kind_are_different_rows(scratch: None) -> None:
    examples = Examples({"employer": {}, "employer_2": {}, "rival": {"model": "employer", "name": "对手"}})
    rows = [examples.row(name) for name in ("employer", "employer_2", "rival")]
    assert len({row.id for row in rows}) == len({row.credit_code for row in rows}) == 3
    assert rows[2].name == "对手"


def test_a_row_may_name_another_given_row(scratch: None) -> None:
    examples = Examples({"rival": {"model": "employer"}, "invitation": {"employer": "rival"}})
    assert examples.row("invitation").employer == examples.row("rival")


def test_an_agreement_brings_its_invitation(scratch: None) -> None:
    agreement = Examples({"agreement": {"state": "effective"}}).row("agreement")
    assert isinstance(agreement, Agreement)
    assert agreement.state == "effective"
    assert agreement.invitation.student == agreement.student
    assert agreement.invitation.employer == agreement.employer
    assert agreement.invitation.state == "signed"


def test_someone_of_a_role_acts_for_the_example(scratch: None) -> None:
    examples = Examples({})
    actor = examples.actor("用人单位")
    assert (actor.role, actor.party_kind, actor.party_id) == (
        "用人单位",
        "employer",
        examples.row("employer").id,
    )


def test_a_colleague_is_another_account_at_the_same_queue(scratch: None) -> None:
    examples = Examples({})
    one, other = examples.actor("学校"), examples.actor("学校", 1)
    assert one.account_id != other.account_id
    assert one.queue_ids == other.queue_ids


def test_a_given_party_acts_by_its_name(scratch: None) -> None:
    examples = Examples({"rival": {"model": "employer"}})
    assert examples.actor("rival").party_id == examples.row("rival").id


@pytest.mark.parametrize("given", [{"spaceship": {}}, {"student": {"colour": "red"}}])
def test_what_cannot_be_made_up_is_told(scratch: None, given: dict[str, dict[str, str]]) -> None:
    with pytest.raises(ExampleMissing):
        Examples(given)


def test_a_role_that_is_not_there_is_told(scratch: None) -> None:
    with pytest.raises(ExampleMissing):
        Examples({}).actor("校长")
