"""Checks of the XML itself: ids used twice, elements without a shape, so that any BPMN editor opens the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine import bpmn
from engine.bpmn import Flow, Node
from engine.catalog.findings import Finding, finding
from engine.catalog.graph import levels
from engine.catalog.library import Diagram, Library
from engine.errors import Sentence

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def check_drawing(library: Library, diagram: Diagram) -> Iterator[Finding]:
    """Every node has a shape, every flow a line, every id is used once. The file was read before, safely."""
    root = bpmn.parse(library.files[diagram.path])
    ids = Counter(element.get("id") for element in root.iter(f"{{{BPMN}}}*") if element.get("id"))
    for name, count in ids.items():
        if count > 1:
            yield finding(
                "id.duplicate",
                Sentence(
                    f"标识“{name}”用了 {count} 次，每个元素的标识要不同。",
                    f"The id {name} is used {count} times; each element needs one of its own.",
                ),
                file=diagram.path,
                element_id=str(name),
            )
    for level in levels(diagram.process):
        items: list[Node | Flow] = [*level.nodes.values(), *level.flows.values()]
        for item in items:
            if item.id not in diagram.process.drawn:
                yield finding(
                    "diagram.not_drawn",
                    Sentence(
                        "这个元素没有画出来，编辑器里看不见。请在编辑器里重新画上。",
                        "This element is not drawn, so no editor shows it. Draw it again in an editor.",
                    ),
                    file=diagram.path,
                    element_id=item.id,
                    element_name=item.name or "",
                    line=item.line,
                )
