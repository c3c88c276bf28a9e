"""Regular expressions of XPath (DMN names them): read by our own parser, run by RE2 in linear time.

Patterns with back-references, which RE2 has not, are run by a small backtracking matcher that counts its steps.
"""

from engine.feel.regex.pattern import Pattern, compiled

__all__ = ["Pattern", "compiled"]
