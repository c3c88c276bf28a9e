"""What a diagram owes: drafts that could leave something open for ever, undecided or unfinished are refused."""

from __future__ import annotations

import pytest
from lxml import etree

from engine import catalog
from engine.catalog import Finding
from engine.catalog.check import check
from tests.engine.catalog.diagrams import Diagram, form
from tests.engine.catalog.shipped import BPMN, SIGNING, Edit, files


def owed(content: dict[str, bytes], process_id: str = "online_signing") -> list[Finding]:
    return [f for f in check(content, only=[process_id]) if f.code.startswith("owes.")]


def test_what_is_shipped_owes_nothing() -> None:
    for process_id in catalog.process_ids(files()):
        assert owed(files(), process_id) == []


def test_without_the_audit_step_the_schools_decision_is_missed() -> None:
    found = check(Edit().delete("school_audits").files(), only=["online_signing"])
    assert {f.code for f in found if f.is_error} >= {"owes.undecided"}
    undecided = next(f for f in found if f.code == "owes.undecided")
    assert "学校" in undecided.sentence.zh
    assert undecided.path is not None
    assert undecided.path[0] == "employer_sends"
    assert "generate_agreement" in undecided.path


def test_an_audit_by_somebody_else_is_no_decision_of_the_school() -> None:
    edit = Edit()
    lane = edit.element("lane_employer")
    reference = edit.root.xpath("//*[text()='school_audits']")[0]
    reference.getparent().remove(reference)
    lane.append(reference)
    assert {f.code for f in owed(edit.files())} == {"owes.undecided"}


@pytest.mark.parametrize(
    ("process_id", "start"),
    [("termination_allowance", "school_allows"), ("agreement_voiding", "school_declares")],
)
def test_nobody_gives_himself_what_is_the_schools_to_give(process_id: str, start: str) -> None:
    edit = Edit(f"processes/signing/{process_id}.bpmn")
    edit.element(start).set("{urn:qihang:bpmn}by", "毕业生")
    assert "owes.undecided" in {f.code for f in owed(edit.files(), process_id)}


def test_a_timer_fails_no_agreement() -> None:
    edit = Edit()
    passed = edit.element("employer_changes_signed")
    for flow in edit.root.xpath("//*[@sourceRef='employer_changes_signed']"):
        flow.set("targetRef", "fail_agreement")
    event = passed.find("{*}messageEventDefinition")
    timer = etree.SubElement(passed, f"{BPMN}timerEventDefinition")
    etree.SubElement(timer, f"{BPMN}timeDuration").text = "P30D"
    passed.remove(event)
    for name in ("action", "by", "form"):
        del passed.attrib["{urn:qihang:bpmn}" + name]
    edit.prune()
    assert "owes.undecided" in {f.code for f in owed(edit.files())}


def test_without_the_expiry_timer_an_invitation_would_stand_for_ever() -> None:
    found = owed(Edit().delete("answer_period_over").files())
    assert [f.code for f in found] == ["owes.open_forever"]
    assert found[0].element_id == "student_answers"
    assert "定时事件" in found[0].sentence.zh
    assert found[0].path == ("employer_sends", "send_invitation", "student_answers")


def test_a_timer_that_only_reminds_does_not_end_it() -> None:
    edit = Edit()
    edit.element("answer_period_over").set("cancelActivity", "false")
    edit.element("over").set("targetRef", "reminded")
    edit.prune()
    assert "owes.open_forever" in {f.code for f in owed(edit.files())}


def test_ending_right_after_the_agreement_leaves_it_unfinished() -> None:
    edit = Edit()
    edit.element("generated").set("targetRef", "refused_end")
    edit.prune()
    found = [f for f in owed(edit.files()) if f.code == "owes.unfinished"]
    assert found
    assert "就业协议书" in found[0].sentence.zh
    assert found[0].path is not None
    assert found[0].path[-1] == "refused_end"


def test_an_operation_in_a_state_that_it_does_not_accept_is_refused() -> None:
    edit = Edit()
    edit.element("change_signed").set("targetRef", "withdraw_invitation")
    found = [f for f in owed(edit.files()) if f.code == "owes.state"]
    assert [f.element_id for f in found] == ["withdraw_invitation"]
    assert "只接受" in found[0].sentence.zh


def forked(join: str) -> Diagram:
    """Two ways that part by an exclusive gateway and meet by another kind."""
    d = Diagram().start().xor("part", default="part_to_b").user("a").user("b")
    d = d.fork(join) if join == "meet_all" else d.xor(join)
    d.end().flow("begin", "part").flow("part", "a", condition="true").flow("part", "b")
    return d.flow("a", join).flow("b", join).flow(join, "done")


def test_two_ways_that_never_meet_are_a_deadlock() -> None:
    d = forked("meet_all")
    content = {"processes/demo/demo.bpmn": d.xml()}
    found = owed(content, "demo")
    assert [(f.code, f.element_id) for f in found] == [("owes.deadlock", "meet_all")]
    assert found[0].path == ("begin", "part", "a")


def test_two_ways_that_meet_as_they_parted_are_right() -> None:
    d = forked("meet_one")
    d.flows[1] = ("part_to_a", "part", "a", "big")
    content = {"processes/demo/demo.bpmn": d.xml()}
    assert owed(content, "demo") == []


def chosen(condition: str) -> dict[str, bytes]:
    """A form with two choices and a gateway behind it."""
    d = (
        Diagram()
        .start()
        .user("ask", form="demo/ask")
        .xor("gate", default="gate_to_b")
        .user("a")
        .user("b")
        .end()
    )
    d.path("begin", "ask", "gate").flow("gate", "a", condition=condition).flow("gate", "b")
    d.flow("a", "done").flow("b", "done")
    return {"processes/demo/demo.bpmn": d.xml(), "forms/demo/ask.form": form(result=["pass", "fail"])}


def test_a_step_that_no_answer_leads_to_is_found() -> None:
    found = owed(chosen('result = "maybe"'), "demo")
    assert [(f.code, f.element_id, f.severity) for f in found] == [("owes.never", "a", "warning")]


def test_each_choice_of_a_form_is_walked() -> None:
    assert owed(chosen('result = "pass"'), "demo") == []


def test_the_same_condition_is_answered_alike_twice() -> None:
    """What a first gateway took for true is true at the second: no way mixes the two."""
    d = Diagram().start().user("ask", form="demo/ask")
    d.xor("one", default="one_to_b").fork("both").user("a").user("c").user("b").xor("two", default="two_to_e")
    d.fork("meet").end().end("e")
    d.path("begin", "ask", "one").flow("one", "both", condition="amount > 5").flow("one", "b")
    d.flow("both", "a").flow("both", "c").flow("a", "meet").flow("c", "meet").flow("meet", "two").flow(
        "b", "two"
    )
    d.flow("two", "done", condition="amount > 5").flow("two", "e")
    content = {"processes/demo/demo.bpmn": d.xml(), "forms/demo/ask.form": form(amount="number")}
    assert owed(content, "demo") == []


def test_the_walk_says_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.catalog.walk.MOST_WORLDS", 2)
    found = [f for f in check(files(), only=["online_signing"]) if f.code.startswith("owes.")]
    assert [(f.code, f.severity) for f in found] == [("owes.limit", "warning")]


def test_many_parallel_ways_are_walked_in_time() -> None:
    d = Diagram().start().fork("part").fork("meet").end().flow("begin", "part").flow("meet", "done")
    for number in range(14):
        d.user(f"t{number}").flow("part", f"t{number}").flow(f"t{number}", "meet")
    found = owed({"processes/demo/demo.bpmn": d.xml()}, "demo")
    assert {f.code for f in found} <= {"owes.limit"}


def test_a_file_with_a_path_is_named() -> None:
    found = owed(Edit().delete("answer_period_over").files())
    assert found[0].file == SIGNING
    assert found[0].line is not None
