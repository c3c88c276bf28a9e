"""Files: requirements, knowledge, services, imports, types and boxed expressions; and files that are hostile."""

from __future__ import annotations

from typing import Any

import pytest

from engine import decisions, feel
from tests.engine.decisions.dmn import NAMESPACE, decision, definitions, literal, table

KNOWS = (
    '<businessKnowledgeModel id="grow" name="grow"><variable name="grow"/><encapsulatedLogic>'
    '<formalParameter name="n" typeRef="number"/>'
    + literal("if n < 1 then 0 else n + grow(n - 1)")
    + "</encapsulatedLogic>"
    "</businessKnowledgeModel>"
)
INPUT = '<inputData id="in_pay" name="pay"><variable name="pay" typeRef="number"/></inputData>'


def test_decisions_require_inputs_decisions_and_knowledge() -> None:
    model = decisions.read(
        definitions(
            INPUT,
            KNOWS,
            decision("a", literal("grow(pay)"), "in_pay", "!grow"),
            decision("b", literal("a * 2"), "a"),
        )
    )
    assert model.evaluate("b", {"pay": 4}) == 20
    assert model.decisions["b"].required_names == {"pay"}
    with pytest.raises(decisions.DecisionUnknown):
        model.evaluate("c", {})


def test_an_input_of_another_type_is_null() -> None:
    model = decisions.read(definitions(INPUT, decision("a", literal("pay = null"), "in_pay")))
    assert model.evaluate("a", {"pay": "x"}) is True


def test_facts_that_are_no_elements_need_no_requirement() -> None:
    model = decisions.read(definitions(decision("d", table(["agreement.pay"], ["r"], [("> 10", "other")]))))
    assert model.evaluate("d", {"agreement": {"pay": 11}, "other": "x"}) == "x"
    assert model.decisions["d"].required_names == {"agreement", "other"}


def test_an_element_that_is_not_required_is_not_seen() -> None:
    model = decisions.read(definitions(INPUT, decision("a", literal("pay"))))
    assert model.evaluate("a", {"pay": 1}) is None


def test_a_result_is_made_to_fit_its_type() -> None:
    person = (
        '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="kind"><typeRef>tKind</typeRef></itemComponent></itemDefinition>'
        '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
        '<itemDefinition name="tKinds" isCollection="true"><typeRef>tKind</typeRef>'
        "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
    )

    def typed(text: str, kind: str) -> Any:
        return decisions.read(definitions(person, decision("d", literal(text), kind=kind))).evaluate("d", {})

    assert typed('{name: "x", kind: "a"}', "tPerson") == {"name": "x", "kind": "a"}
    assert typed('{name: "x", kind: "c"}', "tPerson") is None
    assert typed('{name: "x"}', "tPerson") is None
    assert typed('["a"]', "tKind") == "a"
    assert typed('"a"', "tKinds") == ["a"]
    assert typed('["a", "b", "a"]', "tKinds") is None
    assert typed('"1"', "number") is None


def test_services_are_called_with_their_inputs() -> None:
    service = (
        '<decisionService id="svc" name="svc"><variable name="svc"/><outputDecision href="#b"/>'
        '<encapsulatedDecision href="#a"/><inputData href="#in_pay"/></decisionService>'
    )
    logic = [decision("a", literal("pay + 1"), "in_pay"), decision("b", literal("a * 2"), "a")]
    model = decisions.read(
        definitions(INPUT, service, *logic, decision("c", literal("svc(1) + svc(pay: 2)"), "!svc"))
    )
    assert model.evaluate("c", {"pay": 100}) == 10
    assert model.evaluate("svc", {"pay": 3}) == 8


def test_imports_are_reached_by_the_imports_name() -> None:
    library = definitions(
        INPUT, KNOWS, decision("twice", literal("pay * 2"), "in_pay"),
        '<itemDefinition name="tN"><typeRef>number</typeRef></itemDefinition>', namespace="urn:lib",
    )  # fmt: skip
    user = definitions(
        '<import name="the lib" namespace="urn:lib" importType="x"/>',
        '<decision id="d" name="d"><variable name="d" typeRef="the lib.tN"/>'
        '<informationRequirement><requiredDecision href="urn:lib#twice"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:lib#grow"/></knowledgeRequirement>'
        + literal("the lib.twice + the lib.grow(2)") + "</decision>",
    )  # fmt: skip
    model = decisions.read(user, [library])
    assert model.evaluate("d", {"the lib": {"pay": 10}}) == 23
    assert model.findings == []
    missing = decisions.read(user)
    assert missing.evaluate("d", {}) is None
    assert {f.code for f in missing.findings} == {"decision.requirement"}


BOXES = {
    "conditional": "<conditional><if>{x}</if><then>{one}</then><else>{two}</else></conditional>",
    "filter": "<filter><in>{list}</in><match>{big}</match></filter>",
    "for": '<for iteratorVariable="i"><in>{list}</in><return>{double}</return></for>',
    "some": '<some iteratorVariable="i"><in>{list}</in><satisfies>{isbig}</satisfies></some>',
    "every": '<every iteratorVariable="i"><in>{list}</in><satisfies>{isbig}</satisfies></every>',
    "list": "<list>{one}{two}</list>",
    "relation": '<relation><column name="a"/><column name="b"/><row>{one}{two}</row><row>{two}{one}</row></relation>',
    "context": '<context><contextEntry><variable name="a"/>{one}</contextEntry><contextEntry><variable name="b"/>{next}'
    "</contextEntry><contextEntry>{sum}</contextEntry></context>",
    "open context": '<context><contextEntry><variable name="a"/>{one}</contextEntry></context>',
    "function": '<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="n"/>{recursive}'
    "</functionDefinition></contextEntry><contextEntry>{call}</contextEntry></context>",
    "invocation": "<invocation>{abs}<binding><parameter name=\"n\"/>{minus}</binding></invocation>",
}  # fmt: skip
TEXTS = {
    "x": "x > 1", "one": "1", "two": "2", "list": "[1, 2, 3]", "big": "item > 1", "double": "i * 2 + count(partial)", "isbig": "i > 2",
    "next": "a + 1", "sum": "a + b", "recursive": "if n < 2 then 1 else n * f(n - 1)", "call": "f(4)", "abs": "abs", "minus": "-7",
}  # fmt: skip
RESULTS = {
    "conditional": 1, "filter": [2, 3], "for": [2, 5, 8], "some": True, "every": False, "list": [1, 2],
    "relation": [{"a": 1, "b": 2}, {"a": 2, "b": 1}], "context": 3, "open context": {"a": 1}, "function": 24, "invocation": 7,
}  # fmt: skip


@pytest.mark.parametrize("name", BOXES)
def test_a_boxed_expression(name: str) -> None:
    xml = BOXES[name].format(**{key: literal(text) for key, text in TEXTS.items()})
    assert decisions.read(definitions(decision("d", xml))).evaluate("d", {"x": 5}) == RESULTS[name]


@pytest.mark.parametrize("version", ["20180521", "20191111", "20211108", "20230324"])
def test_all_versions_are_read(version: str) -> None:
    xml = definitions(decision("d", literal("1 + 1"))).replace(
        NAMESPACE.encode(), NAMESPACE.replace("20191111", version).encode()
    )
    assert decisions.read(xml).evaluate("d", {}) == 2


BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><definitions xmlns="%s" name="&b;"/>'
    % NAMESPACE.encode()
)


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a/>",
        b"not xml",
        BOMB,
        b"<definitions/>",
        b"\x00\xff",
        definitions("<decision")[:-3],
        b"<a" * 5_000_000,
    ],
)
def test_what_is_no_decision_file_is_refused(xml: bytes) -> None:
    with pytest.raises(decisions.DecisionUnreadable) as caught:
        decisions.read(xml)
    assert caught.value.sentence.zh


def test_files_are_not_read_from_entities(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    xml = (
        f'<!DOCTYPE d [<!ENTITY s SYSTEM "file://{secret}">]>'
        + definitions(decision("d", literal('"&s;"'))).decode()
    )
    with pytest.raises(decisions.DecisionUnreadable):
        decisions.read(xml.encode())


def test_circles_and_endless_recursion_end() -> None:
    circle = definitions(decision("a", literal("b"), "b"), decision("b", literal("a"), "a"))
    assert decisions.read(circle).evaluate("a", {}) is None
    endless = KNOWS.replace("if n &lt; 1 then 0 else n + grow(n - 1)", "grow(n + 1)")
    with pytest.raises(feel.LimitExceeded):
        decisions.read(definitions(endless, decision("a", literal("grow(1)"), "!grow"))).evaluate("a", {})
