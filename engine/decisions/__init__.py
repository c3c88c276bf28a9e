"""Decisions: DMN files, read safely, evaluated by FEEL, analysed, explained and edited as tables."""

from engine.decisions.elements import Decision, Service
from engine.decisions.errors import DecisionUnknown, DecisionUnreadable, Finding
from engine.decisions.model import Model, read
from engine.decisions.trace import DecisionTrace, RuleTrace, TableTrace

__all__ = [
    "Decision",
    "DecisionTrace",
    "DecisionUnknown",
    "DecisionUnreadable",
    "Finding",
    "Model",
    "RuleTrace",
    "Service",
    "TableTrace",
    "read",
]
