"""A version of a process, read: what the runtime, the notices and the pages ask of it.

`Content` depends on the files alone, so one is shared by all databases, threads and versions that hold the
same bytes; it is read-only. `Definition` adds which version of which database it is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar

from engine import decisions, feel, forms, notify, spiff
from engine.bpmn import Flow, Node, Process
from engine.catalog.expressions import compile_text
from engine.catalog.files import (
    Files,
    decision_path,
    folder,
    form_path,
    manifest_digest,
    manifest_of,
    process_path,
    sibling,
)
from engine.catalog.library import decision_id, english
from engine.catalog.references import called_of, closure, read_process
from engine.decisions import Model
from engine.errors import NotFound
from engine.forms import FormSpec
from engine.notify import Notices

Value = TypeVar("Value")


class Lru(Generic[Value]):
    """A bounded cache for threads: a value is made outside the lock and may be made twice, never torn."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[Any, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any, make: Callable[[], Value]) -> Value:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        value = make()
        with self._lock:
            value = self._known.setdefault(key, value)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return value


class Content:
    """The files of one version of one process, read when they are asked for."""

    def __init__(self, process_id: str, files: Files) -> None:
        path = process_path(files, process_id)
        if path is None:
            raise KeyError(process_id)
        self.process_id = process_id
        self.path = path
        self.files = {name: files[name] for name in closure(files, process_id)}
        self.digest = manifest_digest(manifest_of(self.files))
        self._forms: dict[str, FormSpec] = {}
        self._decisions: dict[str, Model] = {}
        self._expressions: dict[str, feel.Expression] = {}

    @cached_property
    def process(self) -> Process:
        return read_process(self.files, self.process_id)

    @cached_property
    def called(self) -> Mapping[str, Process]:
        """Every process that this one calls, directly or by others, by id."""
        found: dict[str, Process] = {}
        waiting = [self.process]
        while waiting:
            for name in called_of(waiting.pop()):
                if name not in found:
                    found[name] = read_process(self.files, name)
                    waiting.append(found[name])
        return found

    @cached_property
    def program(self) -> spiff.Program:
        diagrams = {path: body for path, body in self.files.items() if path.endswith(".bpmn")}
        return spiff.load(diagrams, self.process_id)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by id, those of subprocesses and of called processes too."""
        found = {node.id: node for called in self.called.values() for node in called.all_nodes()}
        return {**found, **{node.id: node for node in self.process.all_nodes()}}

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """Every sequence flow by id, those of subprocesses and of called processes too."""
        processes = (*self.called.values(), self.process)
        return {flow.id: flow for process in processes for flow in process.all_flows()}

    @cached_property
    def start_node(self) -> Node:
        """The start event at the top level."""
        return next(node for node in self.process.nodes.values() if node.kind == "start_event")

    @cached_property
    def lanes(self) -> Mapping[str, str | None]:
        """Lane name (role) → its `qh:party`, of this process and those it calls."""
        processes = (*self.called.values(), self.process)
        return {lane.name: lane.ext.get("party") for p in processes for lane in p.lanes}

    def form(self, key: str) -> FormSpec:
        """The form of a key. Raises KeyError."""
        found = self._forms.get(key)
        if found is None:
            path = form_path(key)
            texts = english(self.files, path)
            found = self._forms[key] = forms.read(self.files[path], key=key, english=texts)
        return found

    def decision(self, name: str) -> Model:
        """The decision file of `area/file` or `area/file#decision`. Raises KeyError."""
        path = decision_path(name)
        found = self._decisions.get(path)
        if found is None:
            found = self._decisions[path] = decisions.read(self.files[path])
        return found

    def decide(self, name: str, context: Mapping[str, Any], trace: list[Any] | None = None) -> Any:
        """The value of a decision in a context. Raises KeyError, feel.FeelError."""
        model = self.decision(name)
        return model.evaluate(decision_id(name, model), context, trace)

    def expression(self, text: str) -> feel.Expression:
        """The compiled expression of an attribute's text; each text is compiled once."""
        found = self._expressions.get(text)
        if found is None:
            found = self._expressions[text] = compile_text(text)
        return found

    @cached_property
    def notices(self) -> Notices:
        """The texts this process sends, by id, those of called processes too."""
        paths = [self.path, *(process_path(self.files, called) or "" for called in self.called)]
        found = [
            notify.read(self.files[p]) for p in (sibling(p, "notices.yaml") for p in paths) if p in self.files
        ]
        return Notices({key: value for notices in reversed(found) for key, value in notices.items()})

    def template(self, name: str) -> str:
        """The source of a document's text beside the diagram (`agreement` → agreement.html). Raises KeyError."""
        return self.files[f"{folder(self.path)}/{name}.html"].decode()

    @cached_property
    def english(self) -> Mapping[str, str]:
        """Id (of an element, or `id.reason` and the like) → English text."""
        paths = [process_path(self.files, called) or "" for called in self.called]
        found: dict[str, str] = {}
        for path in (*paths, self.path):
            found.update(english(self.files, path))
        return found


_contents: Lru[Content] = Lru(256)


def content(process_id: str, files: Files, digest: str | None = None) -> Content:
    """The read content of a process, shared by digest. Raises KeyError, bpmn.DiagramUnreadable."""
    if digest is not None:
        return _contents.get((process_id, digest), lambda: Content(process_id, files))
    made = Content(process_id, files)
    return _contents.get((process_id, made.digest), lambda: made)


@dataclass(frozen=True)
class Definition:
    """A version of a process in the database. What is not said here is `content`'s."""

    id: int
    process_id: str
    version: int
    name: str
    name_en: str
    suspended: bool
    deployment_id: int
    content: Content

    @property
    def process(self) -> Process:
        return self.content.process

    @property
    def program(self) -> spiff.Program:
        return self.content.program

    @property
    def nodes(self) -> Mapping[str, Node]:
        return self.content.nodes

    @property
    def flows(self) -> Mapping[str, Flow]:
        return self.content.flows

    @property
    def start_node(self) -> Node:
        return self.content.start_node

    @property
    def subject(self) -> str | None:
        """The model of the subject, None for a case without one."""
        return self.content.process.ext.get("subject") or None

    @property
    def notices(self) -> Notices:
        return self.content.notices

    @property
    def path(self) -> str:
        return self.content.path

    @property
    def xml(self) -> bytes:
        """The diagram as it was deployed."""
        return self.content.files[self.content.path]

    def form(self, key: str) -> FormSpec:
        return self.content.form(key)

    def decision(self, name: str) -> Model:
        return self.content.decision(name)

    def decide(self, name: str, context: Mapping[str, Any], trace: list[Any] | None = None) -> Any:
        return self.content.decide(name, context, trace)

    def expression(self, text: str) -> feel.Expression:
        return self.content.expression(text)

    def template(self, name: str) -> str:
        return self.content.template(name)

    def lane_party(self, lane: str) -> str | None:
        """The `qh:party` of a lane, None where it has none."""
        return self.content.lanes.get(lane)

    def node(self, node_id: str) -> Node:
        """The node of an id, wherever it is nested. Raises NotFound: an id of another version."""
        found = self.content.nodes.get(node_id)
        if found is None:
            raise NotFound()
        return found

    def text(self, key: str, locale: str = "zh") -> str:
        """The words of an element (its id) or of `id.reason`, `id.action`, `id.start`; "" where it has none."""
        if locale.startswith("en") and key in self.content.english:
            return self.content.english[key]
        node_id, _, part = key.partition(".")
        node = self.content.nodes.get(node_id)
        if node is None:
            return self.title(locale) if node_id == self.process_id else ""
        return node.ext.get(part, "") if part else node.name or ""

    def node_name(self, node_id: str, locale: str = "zh") -> str:
        """What an element is called; its id where it has no name, or is of another version."""
        return self.text(node_id, locale) or node_id

    def title(self, locale: str = "zh") -> str:
        """The name of the process."""
        return (self.name_en or self.name) if locale.startswith("en") else self.name

    def __hash__(self) -> int:
        return hash((self.id, self.content.digest))


__all__ = ["Content", "Definition", "Lru", "content", "decision_id"]
