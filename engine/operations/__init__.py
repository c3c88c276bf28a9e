"""The named, typed functions that diagrams may call. Importing the package imports every area's module."""

from __future__ import annotations

import importlib
import pkgutil

from engine.operations.registry import (
    Operation,
    Parameter,
    WrongParameters,
    call,
    get,
    names,
    operation,
)
from engine.operations.registry import all_operations as all
from engine.operations.step import Job, Note, Step

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = [
    "Job",
    "Note",
    "Operation",
    "Parameter",
    "Step",
    "WrongParameters",
    "all",
    "call",
    "get",
    "names",
    "operation",
]
