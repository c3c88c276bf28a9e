"""Decision files for the tests, written short."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(*parts: str, namespace: str = "urn:test", name: str = "test") -> bytes:
    return f'<definitions xmlns="{NAMESPACE}" id="defs" name="{name}" namespace="{namespace}">{"".join(parts)}</definitions>'.encode()


def literal(text: str, kind: str = "") -> str:
    ref = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{ref}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *requires: str, kind: str = "") -> str:
    ref = f' typeRef="{kind}"' if kind else ""
    wanted = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{r[1:]}"/></knowledgeRequirement>'
        if r.startswith("!")
        else f'<informationRequirement><required{"Input" if r.startswith("in_") else "Decision"} href="#{r}"/></informationRequirement>'
        for r in requires
    )
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{ref}/>{wanted}{logic}</decision>'


def table(
    inputs: Sequence[str | tuple[str, str] | tuple[str, str, str]],
    outputs: Sequence[str | tuple[str, str]],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    default: str = "",
    id: str = "table",
) -> str:
    """Inputs are expressions, with a type and allowed values; outputs names, with output values."""
    parts = []
    for n, clause in enumerate(inputs):
        expression, kind, values = (*((clause,) if isinstance(clause, str) else clause), "", "")[:3]
        ref = f' typeRef="{kind}"' if kind else ""
        allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
        parts.append(
            f'<input id="in{n}" label={quoteattr(expression)}><inputExpression id="ie{n}"{ref}>'
            f"<text>{escape(expression)}</text></inputExpression>{allowed}</input>"
        )
    for n, output in enumerate(outputs):
        name, values = (*((output,) if isinstance(output, str) else output), "")[:2]
        allowed = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        entry = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        parts.append(f'<output id="out{n}" name="{name}">{allowed}{entry}</output>')
    for n, rule in enumerate(rules, 1):
        cells = [
            f'<{"input" if at < len(inputs) else "output"}Entry id="{id}_c{n}_{at}"><text>{escape(text)}</text>'
            f"</{'input' if at < len(inputs) else 'output'}Entry>"
            for at, text in enumerate(rule[: len(inputs) + len(outputs)])
        ]
        notes = [
            f"<annotationEntry><text>{escape(t)}</text></annotationEntry>"
            for t in rule[len(inputs) + len(outputs) :]
        ]
        parts.append(f'<rule id="{id}_r{n}">{"".join(cells + notes)}</rule>')
    more = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="{id}" hitPolicy="{policy}"{more}>{"".join(parts)}</decisionTable>'
