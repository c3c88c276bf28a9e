"""All functions of the standard; `FUNCTIONS` is the registry, `register` adds our own."""

from engine.feel.builtins import lists, logic, numbers, ranges, strings, times
from engine.feel.builtins.registry import FUNCTIONS, Builtin, register

__all__ = ["FUNCTIONS", "Builtin", "lists", "logic", "numbers", "ranges", "register", "strings", "times"]
