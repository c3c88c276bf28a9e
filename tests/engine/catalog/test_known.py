"""What an editor offers at an element: names with types, words and choices."""

from __future__ import annotations

from engine.catalog import Known, names_at
from tests.engine.catalog.shipped import files


def at(element_id: str) -> dict[str, Known]:
    return {known.name: known for known in names_at(files(), "online_signing", element_id)}


def test_on_a_flow_the_answers_of_the_step_before_are_known() -> None:
    passed = at("passed")["result"]
    assert passed.type == "string"
    assert passed.certain
    assert [value for value, _ in passed.choices] == ["pass", "fail"]
    assert passed.label.zh == "审核结果"


def test_facts_are_offered_by_field_with_their_words() -> None:
    pay = at("student_answers")["invitation.probation_pay"]
    assert (pay.type, pay.label.zh) == ("number", "试用起薪")


def test_before_the_subject_is_made_there_are_no_facts() -> None:
    assert "invitation.state" not in at("send_invitation")
    assert "probation_pay" in at("send_invitation")


def test_a_start_reads_the_starters_party_and_the_row() -> None:
    names = at("employer_sends")
    assert "employer.passed" in names
    assert "student.name" in names


def test_an_unknown_element_knows_nothing() -> None:
    assert at("nobody") == {}


def test_no_fact_is_offered_by_its_programs_name() -> None:
    facts = [known for known in at("passed").values() if "." in known.name]
    assert {"agreement.chance_left", "invitation.expires_at"} <= {known.name for known in facts}
    assert [known.name for known in facts if known.label.zh == known.name.partition(".")[2]] == []
