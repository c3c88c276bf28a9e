"""The shipped content, and copies of its diagrams that somebody has changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine import catalog

ROOT = Path(__file__).resolve().parents[3]
SIGNING = "processes/signing/online_signing.bpmn"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@cache
def files() -> dict[str, bytes]:
    """The checkout's content; do not change it."""
    return catalog.read_folder(ROOT)


def changed(path: str, body: bytes | str) -> dict[str, bytes]:
    """The shipped content with one file another."""
    return {**files(), path: body.encode() if isinstance(body, str) else body}


class Edit:
    """A diagram of the shipped content, edited as a modeller would."""

    def __init__(self, path: str = SIGNING) -> None:
        self.path = path
        self.root = etree.fromstring(files()[path])

    def element(self, element_id: str) -> Any:
        return self.root.xpath(f"//*[@id='{element_id}']")[0]

    def delete(self, node_id: str) -> Edit:
        """Deletes a node as bpmn-js does: with its boundary events; one way in and one out are joined."""
        for event in self.root.xpath(f"//*[@attachedToRef='{node_id}']"):
            self.delete(event.get("id"))
        into = self.root.xpath(f"//*[local-name()='sequenceFlow'][@targetRef='{node_id}']")
        out = self.root.xpath(f"//*[local-name()='sequenceFlow'][@sourceRef='{node_id}']")
        if len(out) == 1 and len(into) >= 1:
            for flow in into:
                flow.set("targetRef", out[0].get("targetRef"))
            self.drop(out[0].get("id"))
        else:
            for flow in [*into, *out]:
                self.drop(flow.get("id"))
        self.drop(node_id)
        self.prune()
        return self

    def prune(self) -> None:
        """Deletes what no way leads to any more."""
        for node in self.root.findall(f".//{BPMN}process/*"):
            name, tag = node.get("id"), etree.QName(node).localname
            if tag in ("startEvent", "boundaryEvent", "sequenceFlow", "laneSet"):
                continue
            if not self.root.xpath(f"//*[local-name()='sequenceFlow'][@targetRef='{name}']"):
                self.delete(name)
                return

    def drop(self, element_id: str) -> None:
        for found in self.root.xpath(f"//*[@id='{element_id}']"):
            found.getparent().remove(found)
        for reference in self.root.xpath(f"//*[text()='{element_id}']"):
            reference.getparent().remove(reference)
        for shape in self.root.xpath(f"//*[@bpmnElement='{element_id}']"):
            shape.getparent().remove(shape)

    def files(self) -> dict[str, bytes]:
        return changed(self.path, etree.tostring(self.root, xml_declaration=True, encoding="UTF-8"))
