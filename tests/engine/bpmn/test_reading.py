"""BPMN XML as a graph, and what is refused while reading it."""

from __future__ import annotations

import pytest

from engine import bpmn
from tests.engine.spiff.office import (
    boundary,
    diagram,
    element,
    error,
    flows,
    many,
    message,
    service,
    sub,
    timer,
    user,
)

_LANES = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:qh="urn:qihang:bpmn"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d">
 <bpmn:collaboration id="c"><bpmn:participant id="pool" name="签约" processRef="p" /></bpmn:collaboration>
 <bpmn:process id="p" name="签约" qh:subject="invitation">
  <bpmn:laneSet id="s"><bpmn:lane id="outer" name="学校" qh:party="invitation.school"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>
   <bpmn:flowNodeRef>b</bpmn:flowNodeRef><bpmn:flowNodeRef>inner</bpmn:flowNodeRef>
   <bpmn:childLaneSet id="t"><bpmn:lane id="deep" name="学院"><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>
  </bpmn:lane></bpmn:laneSet>
  <bpmn:userTask id="a" name="审核" qh:form="signing/audit" qh:due="P3D" />
  <bpmn:userTask id="b" />
  <bpmn:boundaryEvent id="e" attachedToRef="b"><bpmn:timerEventDefinition><bpmn:timeDate> day </bpmn:timeDate></bpmn:timerEventDefinition>
  </bpmn:boundaryEvent>
  <bpmn:subProcess id="inner"><bpmn:userTask id="in" /></bpmn:subProcess>
  <bpmn:dataStoreReference id="store" />
 </bpmn:process>
 <bpmndi:BPMNDiagram id="x"><bpmndi:BPMNPlane id="y" bpmnElement="p"><bpmndi:BPMNShape id="z" bpmnElement="a" />
 </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>""".encode()


def test_lanes_nest_and_go_inside_subprocesses_and_to_boundary_events() -> None:
    (process,) = bpmn.read(_LANES)
    lanes = {node.id: node.lane for node in process.all_nodes()}
    assert lanes == {"a": "学校", "b": "学院", "e": "学院", "inner": "学校", "in": "学校"}
    assert [(lane.name, lane.parent) for lane in process.lanes] == [("学校", None), ("学院", "outer")]
    assert process.lanes[0].ext == {"party": "invitation.school"}


def test_names_own_attributes_lines_and_what_is_drawn() -> None:
    (process,) = bpmn.read(_LANES)
    node = process.nodes["a"]
    assert (node.kind, node.name, node.line) == ("user_task", "审核", 9)
    assert node.ext == {"form": "signing/audit", "due": "P3D"}
    assert (process.name, process.ext, process.pools) == ("签约", {"subject": "invitation"}, 1)
    assert process.drawn == {"a"}
    assert process.others == (("dataStoreReference", "store", 14),)


def test_events_with_their_texts_and_names() -> None:
    body = diagram(
        user("work"), boundary("late", "work", timer("P5D"), False), boundary("change", "work", message("change")),
        service("book", "fairs.book", "booked"), boundary("full", "book", error("full")),
        flows("start > work > book > end", "late > end", "change > end", "full > end"),
    )  # fmt: skip
    nodes = bpmn.read(body)[0].nodes
    assert [
        (nodes[n].event, nodes[n].event_ref, nodes[n].interrupting) for n in ("late", "change", "full")
    ] == [
        ("timer", "P5D", False),
        ("message", "change", True),
        ("error", "full", True),
    ]
    assert (nodes["late"].timer_kind, nodes["late"].attached_to) == ("duration", "work")
    assert (nodes["book"].operation, nodes["book"].result_variable) == ("fairs.book", "booked")


def test_loops_calls_flows_and_subprocesses() -> None:
    loop = many(True, until="ok", collection="people", element="person", results="answers")
    body = diagram(
        user("ask", loop), element("callActivity", "call", calledElement="deep"), element("exclusiveGateway", "x", default="x_end"),
        sub("inner", user("deep_task"), flows("inner_start > deep_task > inner_end")),
        flows("start > ask > call > x", "x > inner : pay > 3", "x > end", "inner > end"),
    )  # fmt: skip
    process = bpmn.read(body)[0]
    assert process.nodes["ask"].loop == bpmn.Loop(None, "people", "person", "answers", "ok", True)
    assert process.nodes["call"].called_element == "deep"
    assert process.nodes["x"].default_flow == "x_end"
    assert process.flows["x_inner"].condition == "pay > 3"
    assert set(process.nodes["inner"].children) == {"inner_start", "inner_end", "deep_task"}
    assert {flow.id for flow in process.all_flows()} >= {"x_end", "inner_start_deep_task"}


_BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'
_FILE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><d>&f;</d>'


@pytest.mark.parametrize(
    "body",
    [
        _BOMB,
        _FILE,
        _BOMB.decode().encode("utf-16"),
        b"<not closed",
        b"",
        b"\x00\x01",
        b"<html />",
        b"<a>" * 500 + b"</a>" * 500,
        b"x" * 2_000_001,
        diagram(*[user(f"n{number}") for number in range(21_000)])[:1_999_000],
    ],
    ids=["bomb", "file", "utf16 bomb", "not xml", "empty", "binary", "html", "deep", "large", "cut"],
)
def test_what_is_not_safe_bpmn_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(bpmn.DiagramUnreadable) as caught:
        bpmn.read(body)
    assert caught.value.sentence.zh
    assert caught.value.sentence.en


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(bpmn.DiagramUnreadable):
        bpmn.read(diagram(*["<bpmn:task />"] * 21_000))
