"""BPMN XML as a plain graph. Knows nothing of engines; the checker walks it and the engine's tests ask it."""

from engine.bpmn.game import Choices, Place, TokenGame, UncaughtError
from engine.bpmn.graph import Flow, Lane, Loop, Node, Parameter, Process
from engine.bpmn.reading import DiagramUnreadable, parse, read

__all__ = [
    "Choices",
    "DiagramUnreadable",
    "Flow",
    "Lane",
    "Loop",
    "Node",
    "Parameter",
    "Place",
    "Process",
    "TokenGame",
    "UncaughtError",
    "parse",
    "read",
]
