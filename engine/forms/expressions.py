"""FEEL in forms: when a field is hidden, where its choices come from, and texts that name facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine import feel
from engine.errors import QihangError, Sentence
from engine.forms.spec import Choice


def body(text: str) -> str:
    """The expression without the = that may lead it."""
    return text.strip().removeprefix("=").strip()


@lru_cache(maxsize=4096)
def compiled(text: str) -> feel.Expression:
    """Compiled without knowing the names in scope: the checker has looked at these before."""
    return feel.compile(body(text))


def feel_type(name: str) -> Any:
    """The FEEL type of a name such as `list<string>`."""
    return feel.type_named(name)


def evaluate(text: str, scope: Mapping[str, Any]) -> Any:
    """The value; null where the expression cannot be evaluated over what is known so far."""
    try:
        return compiled(text).evaluate(scope)
    except QihangError:
        return None


def shown(text: Sentence, scope: Mapping[str, Any], locale: str, otherwise: str = "") -> str:
    """A text in the user's language. One that begins with = is FEEL; where that gives no text, `otherwise`."""
    words = text.text(locale)
    if not words.startswith("="):
        return words
    value = evaluate(words, scope)
    return value if isinstance(value, str) else otherwise


def choices(text: str, scope: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The choices that an expression gives: values, or contexts with `value` and `label`."""
    found = evaluate(text, scope)
    if not isinstance(found, list):
        return ()
    offered = {choice.value: choice for item in found[:2000] if (choice := _choice(item))}
    return tuple(offered.values())


def _choice(item: Any) -> Choice | None:
    value, label = (item.get("value"), item.get("label")) if isinstance(item, Mapping) else (item, None)
    if value is None or isinstance(value, Mapping | list):
        return None
    text = str(value)
    words = str(label) if isinstance(label, str) else text
    return Choice(text, Sentence(words, words)) if text else None
