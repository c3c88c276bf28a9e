"""Running diagrams with SpiffWorkflow: the only package that imports it.

A Program is a deployed process, parsed and mended once, shared and read-only. A Run is one case at work; its
position is stored compactly and pruned, its variables lie outside the library in a tree of scopes.
"""

from engine.spiff.program import Program, load
from engine.spiff.run import BpmnError, OpenTask, Run, Services, Waiting
from engine.spiff.support import Unsupported, unsupported

__all__ = [
    "BpmnError",
    "OpenTask",
    "Program",
    "Run",
    "Services",
    "Unsupported",
    "Waiting",
    "load",
    "unsupported",
]
