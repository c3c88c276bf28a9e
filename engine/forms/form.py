"""A form as its file declares it, and the door to forms that people fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import wtforms

from engine.actors import Actor
from engine.forms.binding import BoundForm
from engine.forms.expressions import feel_type
from engine.forms.spec import FieldSpec
from engine.forms.submitted import from_json
from engine.forms.wtf import build_form_class


@dataclass(frozen=True)
class FormSpec:
    """A form as its file declares it: read once, shared by threads, never changed.

    `items` is the tree as it stands on the page; `fields` what it asks, flat, in order.
    """

    key: str
    items: tuple[FieldSpec, ...]

    @cached_property
    def fields(self) -> tuple[FieldSpec, ...]:
        return tuple(item for item in self.walk() if item.is_field)

    @cached_property
    def by_key(self) -> Mapping[str, FieldSpec]:
        return {spec.key: spec for spec in self.fields}

    def walk(self) -> Iterator[FieldSpec]:
        """Every component, groups before what stands in them."""

        def below(items: tuple[FieldSpec, ...]) -> Iterator[FieldSpec]:
            for item in items:
                yield item
                yield from below(item.items)

        return below(self.items)

    @cached_property
    def conditional(self) -> tuple[FieldSpec, ...]:
        """The components that a condition may hide."""
        return tuple(item for item in self.walk() if item.hide)

    @cached_property
    def step_field(self) -> FieldSpec | None:
        """The `answer` field, where the form has one: what it says is the step."""
        return next((spec for spec in self.fields if spec.kind == "answer"), None)

    def names(self) -> dict[str, Any]:
        """The names that the answers have in FEEL, with their types: for the checker."""
        return {spec.key: feel_type(spec.feel_type) for spec in self.fields}

    @cached_property
    def _form_class(self) -> type[wtforms.Form]:
        return build_form_class(self)

    def form_class(self) -> type[wtforms.Form]:
        """The WTForms class, built once. `bind` makes a form of it that knows its context."""
        return self._form_class

    def bind(
        self,
        data: Any = None,
        prefill: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        locale: str = "zh",
        *,
        actor: Actor | None = None,
    ) -> BoundForm:
        """The form over what was typed (a MultiDict, files among it), or over what is known where None.

        context   what FEEL in the form may read besides the form's own answers
        actor     who fills it in; an `entity` field offers and takes only rows that they may see
        """
        return BoundForm(self, data, prefill or {}, context or {}, locale, actor)

    def bind_json(
        self,
        data: Mapping[str, Any],
        prefill: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        locale: str = "zh",
        *,
        actor: Actor | None = None,
    ) -> BoundForm:
        """The form over an object of the API or of a scenario. A key that is absent keeps what the form shows."""
        return self.bind(from_json(self, data), prefill, context, locale, actor=actor)
