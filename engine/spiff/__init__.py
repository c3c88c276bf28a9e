"""Running diagrams with SpiffWorkflow: the only package that imports it.

A Program is a deployed process, made ready once, shared and read-only. A Run is one case at work: its position
is stored compactly and holds no past, its variables lie beside it in a tree of scopes. Expressions, decisions
and operations are the caller's (`Services`).
"""

from engine.spiff.errors import BadValue, BpmnError, NotRunnable, NotWaiting
from engine.spiff.program import Program, load
from engine.spiff.run import OpenTask, Run, Services, Waiting
from engine.spiff.support import Unsupported, unsupported

__all__ = [
    "BadValue",
    "BpmnError",
    "NotRunnable",
    "NotWaiting",
    "OpenTask",
    "Program",
    "Run",
    "Services",
    "Unsupported",
    "Waiting",
    "load",
    "unsupported",
]
