"""DMN XML to data: safely, and in the forms that DMN 1.1 to 1.5 tools write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from engine.decisions.boxes import (
    Box,
    Conditional,
    ContextBox,
    Entry,
    FilterBox,
    FunctionBox,
    InputClause,
    Invocation,
    ListBox,
    Literal,
    Loop,
    OutputClause,
    Relation,
    Rule,
    Table,
)
from engine.decisions.elements import (
    Decision,
    Definitions,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Service,
)
from engine.decisions.errors import DecisionUnreadable
from engine.errors import Sentence

MAX_BYTES = 4 << 20
_NAMESPACE = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(MODEL/|dmn\.xsd)")
_POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
_AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}


def parse(xml: bytes, whole: bool = False) -> Any:
    """The root of a document without DTD, entities or network; `whole` keeps comments. Raises DecisionUnreadable."""
    if len(xml) > MAX_BYTES:
        raise DecisionUnreadable(Sentence("决策文件太大。", "The decision file is too large."))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DecisionUnreadable(
            Sentence(f"不是有效的 XML：{error}", f"This is not well-formed XML: {error}")
        ) from None
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise DecisionUnreadable(
            Sentence("文件中不允许有 DOCTYPE。", "A DOCTYPE is not allowed in the file.")
        )
    return root


def read_definitions(xml: bytes) -> Definitions:
    """A DMN file as data. Raises DecisionUnreadable."""
    root = parse(xml)
    namespace = etree.QName(root).namespace or ""
    if etree.QName(root).localname != "definitions" or not _NAMESPACE.fullmatch(namespace):
        raise DecisionUnreadable(Sentence("这不是 DMN 文件。", "This is not a DMN file."))
    return _Reader(root, namespace).definitions()


def nearest_id(element: Any) -> str:
    """The element's id, or the nearest one above."""
    while element is not None:
        if element.get("id"):
            return str(element.get("id"))
        element = element.getparent()
    return ""


class _Reader:
    """Reads elements of one DMN namespace; others (drawings, extensions) are passed over."""

    def __init__(self, root: Any, namespace: str) -> None:
        self.root = root
        self.prefix = f"{{{namespace}}}"

    # -- XML

    def children(self, element: Any, *names: str) -> Iterator[Any]:
        for child in element:
            ours = isinstance(child.tag, str) and child.tag.startswith(self.prefix)
            if ours and (not names or child.tag[len(self.prefix) :] in names):
                yield child

    def child(self, element: Any, *names: str) -> Any:
        return next(self.children(element, *names), None)

    def text(self, element: Any, name: str = "text") -> str:
        found = self.child(element, name)
        return (found.text or "") if found is not None else ""

    def name(self, element: Any) -> str:
        return " ".join((element.get("name") or "").split())

    def type_ref(self, element: Any) -> str | None:
        """The typeRef attribute, or DMN 1.1's element; without a namespace's prefix (feel:string)."""
        found = element.get("typeRef") or self.text(element, "typeRef").strip()
        return " ".join(found.rpartition(":")[2].split()) or None

    def id(self, element: Any) -> str:
        return nearest_id(element)

    # -- the model

    def definitions(self) -> Definitions:
        root = self.root
        found = Definitions(
            name=self.name(root), namespace=root.get("namespace") or "", id=root.get("id") or ""
        )
        found.imports = [
            Import(self.name(e), e.get("namespace") or "", e.get("locationURI") or "")
            for e in self.children(root, "import")
        ]
        found.items = {self.name(e): self.item(e) for e in self.children(root, "itemDefinition")}
        makers: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {
            "inputData": (self.input_data, found.inputs),
            "decision": (self.decision, found.decisions),
            "businessKnowledgeModel": (self.knowledge, found.knowledge),
            "decisionService": (self.service, found.services),
        }
        for element in self.children(root, *makers):
            make, into = makers[etree.QName(element).localname]
            made = make(element)
            made.id = element.get("id") or made.name
            if made.id in found.elements:
                raise DecisionUnreadable(
                    Sentence(f"id“{made.id}”用了两次。", f"The id “{made.id}” is used twice.")
                )
            into[made.id] = found.elements[made.id] = made
        return found

    def item(self, element: Any) -> ItemDefinition:
        function = self.child(element, "functionItem")
        return ItemDefinition(
            name=self.name(element),
            type_ref=self.type_ref(element),
            collection=element.get("isCollection") in ("true", "1"),
            allowed=self.tests(element, "allowedValues"),
            constraint=self.tests(element, "typeConstraint"),
            components=[self.item(e) for e in self.children(element, "itemComponent")],
            is_function=function is not None,
            result=function.get("outputTypeRef") if function is not None else None,
            params=[self.variable(e) for e in self.children(function, "parameters")]
            if function is not None
            else [],
        )

    def tests(self, element: Any, name: str) -> Literal | None:
        found = self.child(element, name)
        if found is None:
            return None
        text = self.text(found)
        return Literal(self.id(found), text=text) if text.strip() else None

    def variable(self, element: Any) -> Entry:
        return Entry(self.name(element), self.type_ref(element), None)

    def own_type(self, element: Any) -> str | None:
        variable = self.child(element, "variable")
        return self.type_ref(variable) if variable is not None else None

    def input_data(self, element: Any) -> InputData:
        return InputData(self.id(element), self.name(element), self.own_type(element))

    def requirements(self, element: Any) -> list[str]:
        """The hrefs of inputs, decisions and knowledge an element requires, in the file's order."""
        found = []
        for requirement in self.children(element, "informationRequirement", "knowledgeRequirement"):
            for required in self.children(
                requirement, "requiredInput", "requiredDecision", "requiredKnowledge"
            ):
                found.append(required.get("href") or "")
        return found

    def decision(self, element: Any) -> Decision:
        return Decision(
            id=self.id(element),
            name=self.name(element),
            type_ref=self.own_type(element),
            requires=self.requirements(element),
            logic=self.expression(element),
        )

    def knowledge(self, element: Any) -> Knowledge:
        logic = self.child(element, "encapsulatedLogic")
        return Knowledge(
            id=self.id(element),
            name=self.name(element),
            type_ref=self.own_type(element),
            requires=self.requirements(element),
            function=self.function(logic) if logic is not None else None,
        )

    def service(self, element: Any) -> Service:
        def hrefs(name: str) -> list[str]:
            return [e.get("href") or "" for e in self.children(element, name)]

        return Service(
            id=self.id(element),
            name=self.name(element),
            type_ref=self.own_type(element),
            outputs=hrefs("outputDecision"),
            encapsulated=hrefs("encapsulatedDecision"),
            input_decisions=hrefs("inputDecision"),
            inputs=hrefs("inputData"),
        )

    # -- boxed expressions

    def expression(self, element: Any) -> Box | None:
        """The first boxed expression among an element's children."""
        for child in self.children(element):
            read = getattr(self, f"read_{etree.QName(child).localname}", None)
            if read is not None:
                found: Box = read(child)
                return found
        return None

    def inner(self, element: Any, name: str) -> Box | None:
        child = self.child(element, name)
        return self.expression(child) if child is not None else None

    def literal(self, element: Any) -> Literal:
        return Literal(
            self.id(element), self.type_ref(element), self.text(element), element.get("expressionLanguage")
        )

    def read_literalExpression(self, element: Any) -> Box:
        return self.literal(element)

    def read_context(self, element: Any) -> Box:
        entries = []
        for entry in self.children(element, "contextEntry"):
            variable = self.child(entry, "variable")
            name = self.name(variable) if variable is not None else None
            kind = self.type_ref(variable) if variable is not None else None
            entries.append(Entry(name, kind, self.expression(entry)))
        return ContextBox(self.id(element), self.type_ref(element), entries)

    def read_invocation(self, element: Any) -> Box:
        bindings = []
        for binding in self.children(element, "binding"):
            parameter = self.child(binding, "parameter")
            bindings.append(Entry(self.name(parameter), self.type_ref(parameter), self.expression(binding)))
        return Invocation(self.id(element), self.type_ref(element), self.expression(element), bindings)

    def function(self, element: Any) -> FunctionBox:
        params = [self.variable(e) for e in self.children(element, "formalParameter")]
        body = self.expression(element)
        if not params and isinstance(body, Table):  # a table's input expressions are its parameters' names
            params = [Entry(c.expression.text.strip(), c.expression.type_ref, None) for c in body.inputs]
        return FunctionBox(
            self.id(element),
            self.type_ref(element),
            params,
            body,
            element.get("kind") or "FEEL",
        )

    def read_functionDefinition(self, element: Any) -> Box:
        return self.function(element)

    def read_relation(self, element: Any) -> Box:
        columns = [self.variable(e) for e in self.children(element, "column")]
        rows = [self.boxes(row) for row in self.children(element, "row")]
        return Relation(self.id(element), self.type_ref(element), columns, rows)

    def boxes(self, element: Any) -> list[Box]:
        found = []
        for child in self.children(element):
            read = getattr(self, f"read_{etree.QName(child).localname}", None)
            if read is not None:
                found.append(read(child))
        return found

    def read_list(self, element: Any) -> Box:
        return ListBox(self.id(element), self.type_ref(element), self.boxes(element))

    def read_conditional(self, element: Any) -> Box:
        parts = (self.inner(element, name) for name in ("if", "then", "else"))
        return Conditional(self.id(element), self.type_ref(element), *parts)

    def read_filter(self, element: Any) -> Box:
        return FilterBox(
            self.id(element), self.type_ref(element), self.inner(element, "in"), self.inner(element, "match")
        )

    def loop(self, element: Any, kind: str, body: str) -> Loop:
        domain = self.child(element, "in")
        return Loop(
            self.id(element),
            self.type_ref(element),
            kind,
            " ".join((element.get("iteratorVariable") or "").split()),
            self.expression(domain) if domain is not None else None,
            self.type_ref(domain) if domain is not None else None,
            self.inner(element, body),
        )

    def read_for(self, element: Any) -> Box:
        return self.loop(element, "for", "return")

    def read_some(self, element: Any) -> Box:
        return self.loop(element, "some", "satisfies")

    def read_every(self, element: Any) -> Box:
        return self.loop(element, "every", "satisfies")

    # -- tables

    def read_decisionTable(self, element: Any) -> Box:
        policy = (element.get("hitPolicy") or "UNIQUE").upper()
        if policy not in _POLICIES:
            raise DecisionUnreadable(
                Sentence(f"命中策略“{policy}”未知。", f"The hit policy “{policy}” is unknown.")
            )
        aggregation = (element.get("aggregation") or "").upper()
        table = Table(
            self.id(element),
            self.type_ref(element),
            _POLICIES[policy],
            _AGGREGATIONS.get(aggregation, ""),
            [self.input_clause(e) for e in self.children(element, "input")],
            [self.output_clause(e) for e in self.children(element, "output")],
            [self.rule(e) for e in self.children(element, "rule")],
            [self.name(e) for e in self.children(element, "annotation")],
        )
        self.check(table)
        return table

    def check(self, table: Table) -> None:
        for number, rule in enumerate(table.rules, 1):
            if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
                raise DecisionUnreadable(
                    Sentence(
                        f"第 {number} 条规则的格数与表头不符。",
                        f"Rule {number} does not have the table's cells.",
                    )
                )

    def input_clause(self, element: Any) -> InputClause:
        expression = self.child(element, "inputExpression")
        literal = self.literal(expression) if expression is not None else Literal(self.id(element))
        label = element.get("label") or literal.text.strip()
        return InputClause(self.id(element), label, literal, self.tests(element, "inputValues"))

    def output_clause(self, element: Any) -> OutputClause:
        default = self.child(element, "defaultOutputEntry")
        name = self.name(element)
        return OutputClause(
            self.id(element),
            name,
            element.get("label") or name,
            self.type_ref(element),
            self.tests(element, "outputValues"),
            self.literal(default) if default is not None else None,
        )

    def rule(self, element: Any) -> Rule:
        return Rule(
            element.get("id") or "",
            [Literal(self.id(e), None, self.text(e)) for e in self.children(element, "inputEntry")],
            [
                Literal(self.id(e), self.type_ref(e), self.text(e))
                for e in self.children(element, "outputEntry")
            ],
            [self.text(e) for e in self.children(element, "annotationEntry")],
        )
