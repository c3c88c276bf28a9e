"""The elements of a decision file, as read."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.decisions.boxes import Box, Entry, FunctionBox, Literal


@dataclass
class Import:
    name: str
    namespace: str
    location: str


@dataclass
class ItemDefinition:
    """A type of the model. `allowed` tests a value (each item of a collection), `constraint` the whole."""

    name: str
    type_ref: str | None
    collection: bool = False
    allowed: Literal | None = None
    constraint: Literal | None = None
    components: list[ItemDefinition] = field(default_factory=list)
    is_function: bool = False
    result: str | None = None
    params: list[Entry] = field(default_factory=list)


@dataclass
class Element:
    """What a requirement may refer to. Names are with single spaces."""

    id: str
    name: str
    type_ref: str | None


@dataclass
class InputData(Element):
    pass


@dataclass
class Decision(Element):
    """`requires` are hrefs; `required_names` what it reads from outside the file, filled by the model."""

    requires: list[str] = field(default_factory=list)
    logic: Box | None = None
    required_names: frozenset[str] = frozenset()


@dataclass
class Knowledge(Element):
    """A business knowledge model."""

    requires: list[str] = field(default_factory=list)
    function: FunctionBox | None = None


@dataclass
class Service(Element):
    outputs: list[str] = field(default_factory=list)
    encapsulated: list[str] = field(default_factory=list)
    input_decisions: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)


@dataclass
class Definitions:
    """A whole file; dictionaries are by id, in the file's order."""

    name: str
    namespace: str
    id: str
    imports: list[Import] = field(default_factory=list)
    items: dict[str, ItemDefinition] = field(default_factory=dict)
    inputs: dict[str, InputData] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    knowledge: dict[str, Knowledge] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
