"""Decisions: DMN files, read safely, evaluated by FEEL, analysed, explained and edited as tables."""

from engine.decisions.analysis import analyse, boundary_values
from engine.decisions.elements import Decision, Service
from engine.decisions.errors import DecisionUnknown, DecisionUnreadable, Finding
from engine.decisions.excel import to_xlsx
from engine.decisions.excel_reading import CellError, ExcelWrong, from_xlsx
from engine.decisions.explain import explain
from engine.decisions.kept import packed, unpacked
from engine.decisions.model import Model, read
from engine.decisions.trace import DecisionTrace, RuleTrace, TableTrace, from_json, to_json

__all__ = [
    "CellError",
    "Decision",
    "DecisionTrace",
    "DecisionUnknown",
    "DecisionUnreadable",
    "ExcelWrong",
    "Finding",
    "Model",
    "RuleTrace",
    "Service",
    "TableTrace",
    "analyse",
    "boundary_values",
    "explain",
    "from_json",
    "from_xlsx",
    "packed",
    "read",
    "to_json",
    "to_xlsx",
    "unpacked",
]
