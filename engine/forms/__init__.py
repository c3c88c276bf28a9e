"""Forms: form-js JSON → FormSpec → a WTForms form over what was typed.

    spec = forms.read(json_bytes, "signing/invitation", english)   # raises FormUnreadable
    forms.check(json_bytes, key, names, english) -> [Finding]      # everything that is wrong with it
    bound = spec.bind(multidict, prefill, context, locale, actor=actor)     # None: nothing submitted yet
    bound = spec.bind_json(mapping, prefill, context, locale, actor=actor)  # the API's and scenarios' door
    bound.validate() -> bool; bound.errors; bound.confirmation(); bound.answers()

What a template reads. `bound` iterates the components that are to be shown, in order. Each is a WTForms field
with label, description (hint), errors, flags.required, id, name, data, _value() (what the control shows), and:

    spec, kind     the FieldSpec, and its kind: a name of `fields.KINDS`
    prefix, suffix, width ("sm" | "md" | "lg")      about the control
    rows, reasons                       textarea: lines, and sentences often used
    decimals                            number
    subtype                             datetime: date | time | datetime
    iter_choices()                      select, radio, checklist: (value, label, selected, {})
    outcomes                            answer: dicts of value, label, consequence, negative, confirm
    accept, multiple, limit             upload: endings, whether several, the limits in words
    text, lookup                        entity: the row's name; the address is admin's to set
    text, blocks                        text: plain, blank line between paragraphs; or Markdown's little, parsed
    form                                group: the components in it

The page posts a hidden `_shown` with `bound.shown`. An answer that wants a second page (`bound.confirmation()`
is not None after `validate()`): that page posts `bound.carried()` and `_confirmed` with the confirmation's value.

Names that begin with _ and csrf_token, revision, confirm, next are the page's; any other name that the form does
not have is refused. Settings of form-js that have no meaning here (adorner icons, grids) are kept and not read.
"""

from __future__ import annotations

from engine.forms.binding import BoundForm, Confirmation
from engine.forms.examples import example
from engine.forms.fields import COMMON, KINDS, Kind, Property, to_formjs_types
from engine.forms.findings import Finding, FormUnreadable
from engine.forms.form import FormSpec
from engine.forms.reading import check, read
from engine.forms.spec import Choice, Confirm, FieldSpec, Limits
from engine.forms.wording import in_words

__all__ = [
    "COMMON",
    "KINDS",
    "BoundForm",
    "Choice",
    "Confirm",
    "Confirmation",
    "FieldSpec",
    "Finding",
    "FormSpec",
    "FormUnreadable",
    "Kind",
    "Limits",
    "Property",
    "check",
    "example",
    "in_words",
    "read",
    "to_formjs_types",
]
