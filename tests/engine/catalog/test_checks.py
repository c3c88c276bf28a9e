"""Each fault of content is found: its code, its element, a sentence in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.catalog import CODES, Finding, register_document
from engine.catalog.check import check
from engine.errors import Sentence
from tests.engine.catalog import shipped
from tests.engine.catalog.diagrams import Diagram, form

PATH = "processes/demo/demo.bpmn"


def plain() -> Diagram:
    """A process that is right: start, a task of the school, an end."""
    return Diagram().start().user("ask").end().path("begin", "ask", "done")


def found(diagram: Diagram | bytes | None = None, **files: bytes | str) -> list[Finding]:
    """Findings about a diagram and other files (named by keyword, `/` and `.` as they are in the values)."""
    body = plain().xml() if diagram is None else diagram.xml() if isinstance(diagram, Diagram) else diagram
    content = {PATH: body}
    content |= {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return check(content)


def codes(diagram: Diagram | bytes | None = None, **files: bytes | str) -> set[tuple[str, str]]:
    left = ("scenario.missing", "start.nobody")
    return {(f.code, f.element_id) for f in found(diagram, **files) if f.code not in left}


def test_a_plain_diagram_is_right() -> None:
    assert codes() == set()


def test_what_is_shipped_has_no_errors() -> None:
    assert [f.text() for f in check(shipped.files()) if f.is_error] == []


# ── files ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [b"", b"<", b"<html/>", b"\xff\xfe", b"<a>" * 100])
def test_a_file_that_is_no_diagram_is_told_so(body: bytes) -> None:
    assert {code for code, _ in codes(body)} == {"xml.unreadable"}


def test_an_xml_bomb_has_no_effect() -> None:
    bomb = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><bpmn>&lol2;</bpmn>'
    assert {code for code, _ in codes(bomb)} == {"xml.unreadable"}


def test_an_outside_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    body = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a>&x;</a>'.encode()
    assert {code for code, _ in codes(body)} == {"xml.unreadable"}


@pytest.mark.parametrize(
    "path", ["processes/Demo/x.bpmn", "processes/../x.bpmn", "processes/x.py", "forms/x.bpmn", "etc/passwd"]
)
def test_other_files_are_refused(path: str) -> None:
    assert ("file.unknown", "") in codes(None, **{path: "x"})


def test_a_process_is_called_like_its_file() -> None:
    assert ("process.id", "other") in codes(Diagram("other").start().end().path("begin", "done"))


def test_two_processes_of_one_id_are_refused() -> None:
    other = {"processes/other/demo.bpmn": plain().xml()}
    assert ("id.duplicate", "demo") in codes(None, **other)


def test_an_id_used_twice_is_refused() -> None:
    xml = plain().xml().replace(b'sequenceFlow id="begin_to_ask"', b'sequenceFlow id="ask"')
    assert ("id.duplicate", "ask") in codes(xml)


def test_a_diagram_is_drawn() -> None:
    d = plain()
    d.drawn = False
    assert ("diagram.not_drawn", "ask") in codes(d)


# ── structure ──────────────────────────────────────────────────────────────────────────────────


def test_two_plain_starts_are_refused() -> None:
    d = plain().start("again").flow("again", "ask")
    assert ("start.several", "again") in codes(d)


def test_a_process_has_a_start() -> None:
    d = Diagram().user("ask").end().path("ask", "done")
    assert ("start.missing", "demo") in codes(d)


def test_a_button_says_who_may_press_it() -> None:
    d = Diagram().start(start="办理").user("ask").end().path("begin", "ask", "done")
    assert ("start.incomplete", "begin") in codes(d)


def test_a_button_names_roles_that_are_there() -> None:
    d = Diagram().start(start="办理", by="教务处").user("ask").end().path("begin", "ask", "done")
    assert ("start.incomplete", "begin") in codes(d)


def test_a_step_without_a_way_to_it_is_found() -> None:
    assert ("node.unreachable", "lost") in codes(plain().user("lost").flow("lost", "done"))


def test_a_name_that_is_nearly_right_is_proposed() -> None:
    edit = shipped.Edit()
    edit.element("passed").find("{*}conditionExpression").text = 'resullt = "pass"'
    faults = [f for f in check(edit.files(), only=["online_signing"]) if f.element_id == "passed"]
    assert any("是不是要写 result？" in f.sentence.zh for f in faults)


def test_scenarios_that_were_emptied_are_told_as_such() -> None:
    files = {**shipped.Edit().files(), "processes/signing/online_signing.scenarios.yaml": b"\n"}
    faults = [f for f in check(files, only=["online_signing"]) if f.severity == "error"]
    assert [f.sentence.zh for f in faults] == ["情景写得不对：里面是空的。请写上情景，或点“去掉这个文件”。"]


def test_what_is_cut_off_is_told_once_at_its_beginning() -> None:
    edit = shipped.Edit()
    edit.element("agreed").set("targetRef", "refused_end")
    cut = [f for f in check(edit.files(), only=["online_signing"]) if "没有路从开始" in f.sentence.zh]
    assert [f.element_id for f in cut] == ["generate_agreement"]
    assert "个环节也就走不到" in cut[0].sentence.zh
    behind = {"school_audits", "audit_gateway", "passed", "approve_agreement", "passed_end", "failed_end"}
    found = check(edit.files(), only=["online_signing"])
    assert not [f for f in found if f.element_id in behind], [f.text() for f in found]


def test_a_step_without_a_way_to_an_end_is_found() -> None:
    d = Diagram().start().user("a").xor("gate", default="gate_to_a").end()
    d.path("begin", "a", "gate").flow("gate", "a")
    d.user("b").timer("late", "a", "P1D").flow("late", "done")
    d.flow("gate", "b", condition="true").flow("b", "b")
    assert ("end.unreachable", "b") in codes(d)


def test_a_gateway_has_a_default() -> None:
    d = (
        Diagram()
        .start()
        .xor("gate")
        .user("a")
        .end()
        .path("begin", "gate")
        .flow("gate", "a", condition="true")
    )
    d.flow("gate", "done", condition="false").flow("a", "done")
    assert ("gate", "gateway.no_default") in {(e, c) for c, e in codes(d)}


def test_a_flow_of_a_gateway_has_a_condition() -> None:
    d = Diagram().start().xor("gate", default="gate_to_done").user("a").end().path("begin", "gate")
    d.flow("gate", "a").flow("gate", "done").flow("a", "done")
    assert ("gateway.no_condition", "gate_to_a") in codes(d)


def test_a_condition_without_a_gateway_is_told() -> None:
    d = Diagram().start().user("a").end().flow("begin", "a").flow("a", "done", condition="true")
    assert ("condition.ignored", "a_to_done") in codes(d)


def test_a_lane_is_a_role() -> None:
    d = Diagram().start().user("ask", "教务处").end().path("begin", "ask", "done")
    faults = [f for f in found(d) if f.code == "lane.no_role"]
    assert [f.element_name for f in faults] == ["教务处"]
    assert "毕业生" in faults[0].sentence.zh


def test_a_role_that_staff_added_is_known() -> None:
    d = Diagram().start().user("ask", "教务处").end().path("begin", "ask", "done")
    roles = {"学校": "school", "教务处": "school"}
    assert [f.code for f in check({PATH: d.xml()}, roles=roles) if f.is_error] == []


@pytest.mark.parametrize("lane", [None, "系统"])
def test_a_task_is_somebodys(lane: str | None) -> None:
    d = Diagram().start().user("ask", lane).end().path("begin", "ask", "done")
    assert ("task.no_lane", "ask") in codes(d)


def test_an_act_says_who_may_press_it() -> None:
    d = plain().act("change", "ask", action="修改").flow("change", "done")
    assert ("action.incomplete", "change") in codes(d)


def test_an_act_is_a_message_on_a_boundary() -> None:
    d = plain().timer("late", "ask", "P1D", action="修改", by="学校").flow("late", "done")
    assert ("action.incomplete", "late") in codes(d)


def test_other_people_are_those_of_another_task() -> None:
    d = Diagram().start().user("ask", distinct="nobody").end().path("begin", "ask", "done")
    assert ("distinct.unknown", "ask") in codes(d)


def test_an_id_fits_into_the_history() -> None:
    d = Diagram().start().user("a" * 61).end().path("begin", "a" * 61, "done")
    assert ("id.too_long", "a" * 61) in codes(d)


# ── what it refers to ──────────────────────────────────────────────────────────────────────────


def test_an_unknown_form_is_refused() -> None:
    d = Diagram().start().user("ask", form="demo/nothing").end().path("begin", "ask", "done")
    assert ("form.unknown", "ask") in codes(d)


def test_a_broken_form_is_told_at_the_form() -> None:
    d = Diagram().start().user("ask", form="demo/ask").end().path("begin", "ask", "done")
    faults = found(d, **{"forms/demo/ask.form": "{"})
    assert [(f.file, f.code) for f in faults if f.is_error] == [("forms/demo/ask.form", "form.wrong")]


def test_an_unknown_operation_is_refused() -> None:
    d = Diagram().start().service("do", "nobody.knows").end().path("begin", "do", "done")
    assert ("operation.unknown", "do") in codes(d)


def test_an_unknown_decision_is_refused() -> None:
    d = Diagram().start().rule("decide", "demo/nothing").end().path("begin", "decide", "done")
    assert ("decision.unknown", "decide") in codes(d)


def test_parameters_are_those_of_the_operation() -> None:
    d = Diagram(subject="agreement").start(start="声明", by="学校", on="agreement")
    d.service("do", "signing.void_agreement", resaon='"x"').end().path("begin", "do", "done")
    assert {("parameter.unknown", "do"), ("parameter.missing", "do")} <= codes(d)


def test_a_parameter_has_the_type_of_the_operation() -> None:
    d = Diagram(subject="agreement").start(start="声明", by="学校", on="agreement")
    d.service("do", "signing.void_agreement", reason="1 + 1").end().path("begin", "do", "done")
    assert ("parameter.type", "do") in codes(d)


def test_an_unknown_subject_is_refused() -> None:
    d = Diagram(subject="spaceship").start().user("ask").end().path("begin", "ask", "done")
    assert ("subject.unknown", "demo") in codes(d)


def test_a_subject_is_made_by_an_operation() -> None:
    d = (
        Diagram(subject="agreement")
        .start(start="办", by="学校")
        .user("ask")
        .end()
        .path("begin", "ask", "done")
    )
    assert ("subject.not_made", "demo") in codes(d)


def test_an_unknown_notice_is_refused() -> None:
    d = Diagram().start().user("ask", notify="hello").end().path("begin", "ask", "done")
    assert ("notice.unknown", "ask") in codes(d)


@pytest.mark.parametrize(
    "text",
    [
        "hello: {to: [学校], subject: x}",
        "hello: {to: [教务处], subject: x, body: y}",
        "hello: {to: [学校], subject: x, body: '{{ nobody.name }}'}",
        "hello: {to: [学校], subject: x, body: '{% include 1 %}'}",
        "hello: [",
    ],
)
def test_a_notice_that_is_wrong_is_told(text: str) -> None:
    faults = found(None, **{"processes/demo/demo.notices.yaml": text})
    assert {f.code for f in faults if f.is_error} == {"notice.wrong"}
    assert all(f.file.endswith("notices.yaml") for f in faults if f.is_error)


def test_a_called_process_is_there() -> None:
    d = Diagram().start().add("call", "sub", calledElement="nothing").end().path("begin", "sub", "done")
    assert ("process.unknown", "sub") in codes(d)


def test_a_process_does_not_call_itself() -> None:
    d = Diagram().start().add("call", "sub", calledElement="demo").end().path("begin", "sub", "done")
    assert ("process.recursive", "sub") in codes(d)


@pytest.mark.parametrize(
    "text", ["{{ x.__class__ }}", "{% for a in range(9) %}{% endfor %}", "{{ x", "{% include 'y' %}"]
)
def test_a_documents_text_reaches_for_nothing_closed(text: str) -> None:
    faults = found(None, **{"processes/demo/letter.html": text})
    wrong = {f.code for f in faults if f.is_error}
    assert wrong <= {"template.wrong"}
    assert wrong or text == "{{ x.__class__ }}"  # of a mapping that has no such key: empty


def test_a_documents_text_names_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.catalog.library._document_names", {})
    register_document("letter", {"name": Sentence("姓名", "Name")})
    assert found(None, **{"processes/demo/letter.html": "{{ name }}"}) == found()
    faults = found(None, **{"processes/demo/letter.html": "{{ nmae }}"})
    assert [f.code for f in faults if f.is_error] == ["template.wrong"]


@pytest.mark.parametrize(
    "text",
    [
        "scenarios: 5",
        "scenarios: [{steps: []}]",
        "scenarios: [{name: a, steps: [{jump: ask}]}]",
        "scenarios: [{name: a, steps: [{complete: ask, act: ask}]}]",
        "scenarios: [{name: a, steps: [{complete: nobody}]}]",
        "scenarios: [{name: a}, {name: a}]",
        "scenarios: [{name: a, name: b}]",
        "a: &a [1]\nscenarios: *a",
    ],
)
def test_a_scenario_that_is_wrong_is_told_with_its_line(text: str) -> None:
    faults = [f for f in found(None, **{"processes/demo/demo.scenarios.yaml": text}) if f.is_error]
    assert [f.code for f in faults] == ["scenario.wrong"]
    assert faults[0].line is not None


# ── expressions ────────────────────────────────────────────────────────────────────────────────


def asked(condition: str, **fields: object) -> set[tuple[str, str]]:
    """A form, then a gateway with a condition over its answers."""
    d = Diagram().start().user("ask", form="demo/ask").xor("gate", default="no").end()
    d.path("begin", "ask", "gate").flow("gate", "done", "yes", condition).end("other").flow(
        "gate", "other", "no"
    )
    return codes(d, **{"forms/demo/ask.form": form(**fields)})


def test_a_condition_over_a_known_answer_is_right() -> None:
    assert asked("amount > 1000", amount="number") == set()


def test_an_expression_that_does_not_compile_is_told() -> None:
    assert ("expression.wrong", "yes") in asked("amount >", amount="number")


def test_an_empty_condition_is_told() -> None:
    assert ("expression.wrong", "yes") in asked("=", amount="number")


def test_a_name_that_is_not_known_is_told() -> None:
    assert ("expression.unknown_name", "yes") in asked("amuont > 1000", amount="number")


def test_a_condition_is_true_or_false() -> None:
    assert ("expression.type", "yes") in asked("amount + 1", amount="number")


def test_a_name_known_on_some_ways_only_is_a_warning() -> None:
    d = (
        Diagram()
        .start()
        .user("first", form="demo/first")
        .xor("gate", default="past")
        .user("ask", form="demo/ask")
    )
    d.xor("merge").xor("last", default="no").end().end("other")
    d.path("begin", "first", "gate").flow("gate", "ask", "there", "big").flow("gate", "merge", "past")
    d.flow("ask", "merge").flow("merge", "last").flow("last", "done", "yes", "amount > 1").flow(
        "last", "other", "no"
    )
    forms = {"forms/demo/first.form": form(big="checkbox"), "forms/demo/ask.form": form(amount="number")}
    faults = [f for f in found(d, **forms) if f.element_id == "yes"]
    assert [(f.code, f.severity) for f in faults] == [("expression.uncertain_name", "warning")]


def test_after_a_parallel_join_the_answers_of_all_ways_are_known() -> None:
    d = Diagram().start().fork("part").user("a", form="demo/a").user("b", form="demo/b").fork("meet")
    d.xor("gate", default="no").end().end("other")
    d.flow("begin", "part").flow("part", "a").flow("part", "b").flow("a", "meet").flow("b", "meet")
    d.flow("meet", "gate").flow("gate", "done", "yes", "x > y").flow("gate", "other", "no")
    assert codes(d, **{"forms/demo/a.form": form(x="number"), "forms/demo/b.form": form(y="number")}) == set()


@pytest.mark.parametrize("text", ["P5D", '=duration("P5D")', "PT2H"])
def test_a_span_is_a_timer(text: str) -> None:
    assert codes(plain().timer("late", "ask", text).flow("late", "done")) == set()


@pytest.mark.parametrize("text", ["five days", "5", '"P5D"', "2026-01-01"])
def test_what_is_no_span_is_no_timer(text: str) -> None:
    faults = codes(plain().timer("late", "ask", text).flow("late", "done"))
    assert {element for _, element in faults} == {"late"}


def test_a_moment_is_a_timers_date() -> None:
    d = plain().timer("late", "ask", "2126-01-01T09:00:00+08:00", "timeDate").flow("late", "done")
    assert codes(d) == set()


def test_facts_are_not_known_before_the_subject_is_made() -> None:
    edit = shipped.Edit()
    edit.element("send_invitation").set("{urn:qihang:bpmn}due", "")
    parameter = edit.root.xpath("//*[@id='agreed_matters']")[0]
    parameter.set("value", "invitation.agreed_matters")
    faults = check(edit.files(), only=["online_signing"])
    assert ("expression.unknown_name", "send_invitation") in {(f.code, f.element_id) for f in faults}


def test_a_field_that_a_fact_does_not_have_is_told() -> None:
    edit = shipped.Edit()
    edit.element("student_answers").set("{urn:qihang:bpmn}due", "=invitation.expiers_at")
    faults = check(edit.files(), only=["online_signing"])
    assert ("expression.unknown_name", "student_answers") in {(f.code, f.element_id) for f in faults}


def test_free_text_is_not_kept_for_later_steps() -> None:
    """`reason` of the student's answer is in the submission; at the school's step it is no variable."""
    edit = shipped.Edit()
    edit.element("school_audits").set("{urn:qihang:bpmn}due", '=if position = "x" then @"P1D" else @"P2D"')
    faults = [f for f in check(edit.files(), only=["online_signing"]) if f.element_id == "school_audits"]
    assert [f.code for f in faults] == ["expression.unknown_name"]
    assert "invitation.position" in faults[0].sentence.zh


def test_a_variable_named_like_a_fact_is_refused() -> None:
    edit = shipped.Edit()
    operator = edit.root.xpath("//*[@id='signing.expire_invitation']")[0]
    operator.set("resultVariable", "student")
    faults = check(edit.files(), only=["online_signing"])
    assert ("variable.shadows_fact", "expire_invitation") in {(f.code, f.element_id) for f in faults}


def test_a_forms_expression_names_what_is_known_where_it_is_shown() -> None:
    d = Diagram().start().user("ask", form="demo/ask").end().path("begin", "ask", "done")
    body = (
        '{"type":"default","components":[{"type":"textfield","key":"a","label":"a","id":"a",'
        '"conditional":{"hide":"=nobody > 1"}}]}'
    )
    faults = found(d, **{"forms/demo/ask.form": body})
    assert [(f.code, f.element_id) for f in faults if f.is_error] == [("form.wrong", "a")]


# ── telling ────────────────────────────────────────────────────────────────────────────────────


def test_every_code_is_in_the_documentation() -> None:
    text = (shipped.ROOT / "docs" / "findings.md").read_text()
    listed = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert listed == set(CODES)


def test_a_finding_is_one_line_with_file_element_and_name() -> None:
    d = Diagram().start().user("ask", name="询问", form="demo/nothing").end().path("begin", "ask", "done")
    text = next(f.text() for f in found(d) if f.code == "form.unknown")
    assert text.startswith(f"{PATH}:")
    assert " ask“询问” [form.unknown] " in text
    assert "\n" not in text
