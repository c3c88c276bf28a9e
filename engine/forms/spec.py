"""What a form file says of its components, as typed values: fields, their limits and their choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.errors import Sentence

NOTHING = Sentence("", "")


@dataclass(frozen=True, slots=True)
class Confirm:
    """The second page of an answer: its title is the question, `button` the verb that makes it a step."""

    title: Sentence
    button: Sentence
    text: Sentence = NOTHING


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a field offers; consequence, confirm and negative are for `answer` fields."""

    value: str
    label: Sentence
    consequence: Sentence = NOTHING
    confirm: Confirm | None = None
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value must keep to. Lengths count code points, so a Chinese character counts one.

    line_ends   whether a line end counts as a character (CRLF and LF count alike, as one)
    decimals    digits allowed after the point
    not_past    a date or moment before now is refused
    """

    min: Decimal | None = None
    max: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    pattern_hint: Sentence = NOTHING
    format: str = ""
    line_ends: bool = True
    decimals: int = 0
    not_past: bool = False


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One component of a form file. `kind` is a name of the registry in engine/forms/fields.py.

    key          the name of the answer; "" for what only stands there (text, separator, spacer, group)
    hide         FEEL of the component and of the groups around it; one that is true hides it
    choices_from FEEL that gives a list of values or of contexts with `value` and `label`
    default      what stands in the field when nothing was known; text with a leading = is FEEL
    empty        the answer of a field that is left empty (无)
    boolean      the choice is answered as true or false: of two values the first means true
    options      what a custom kind declares for itself: accept, max_mb, count, model
    """

    key: str
    kind: str
    id: str
    label: Sentence = NOTHING
    hint: Sentence = NOTHING
    required: bool = False
    limits: Limits = Limits()
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    default: Any = None
    empty: str | None = None
    example: str | None = None
    hide: tuple[str, ...] = ()
    readonly: bool = False
    boolean: bool = False
    as_text: bool = False
    subtype: str = ""
    prefix: Sentence = NOTHING
    suffix: Sentence = NOTHING
    text: Sentence = NOTHING
    width: str = ""
    row: str = ""
    columns: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    items: tuple[FieldSpec, ...] = ()

    @property
    def is_field(self) -> bool:
        """Whether it asks for something."""
        return bool(self.key)

    @property
    def feel_type(self) -> str:
        """The FEEL type of the answer, in the standard's words."""
        from_kind = {
            "number": "string" if self.as_text else "number",
            "entity": "number",
            "checkbox": "boolean",
            "checklist": "list<string>",
            "upload": "list<context<blob: string, name: string, size: number, type: string>>",
            "datetime": {"time": "time", "datetime": "date and time"}.get(self.subtype, "date"),
        }
        return "boolean" if self.boolean else from_kind.get(self.kind, "string")
