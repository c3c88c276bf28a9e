"""WTForms classes of forms: a field for every component, read by its kind. Widgets are plain; admin draws its own."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import wtforms
from wtforms import widgets
from wtforms.fields.choices import Choice as Option
from wtforms.utils import unset_value

from engine import clock
from engine.errors import Sentence as S
from engine.forms import carrying, entities, expressions, markdown, mistakes, regions, uploads, values
from engine.forms.fields import KINDS
from engine.forms.mistakes import Mistake
from engine.forms.spec import Choice, FieldSpec
from engine.forms.submitted import Submitted

if TYPE_CHECKING:
    from engine.forms.form import FormSpec

_CHOOSE = S("请选择", "Choose")


class Component(wtforms.Field):
    """A component of a form. `spec` says all of it; `hidden` whether it is to be shown now; `speaks` whether
    its words name what is known, so that they change with it."""

    widget = widgets.TextInput()

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        spec: FieldSpec,
        speaks: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label or "", validators, **kwargs)
        self.spec = spec
        self.speaks = speaks
        self.kind = spec.kind
        self.subtype = spec.subtype
        self.width = spec.width
        self.hidden = False
        self.flags.required = spec.required
        self.dress({})

    def dress(self, scope: Mapping[str, Any]) -> None:
        """Gives the words in the user's language, with what is known in them."""
        spec = self.spec
        self.label.text = self.words(spec.label, scope)
        self.description = self.words(spec.hint, scope)
        self.prefix = self.words(spec.prefix, scope)
        self.suffix = self.words(spec.suffix, scope)

    def words(self, sentence: S, scope: Mapping[str, Any], otherwise: str = "") -> str:
        return expressions.shown(sentence, scope, self.meta.locale, otherwise)

    def __call__(self, **kwargs: Any) -> Any:
        return super().__call__(**{**(self.render_kw or {}), **kwargs})

    def _value(self) -> str:
        return ""


class StaticText(Component):
    """A text to read: `text` without marks, `blocks` with them."""

    def dress(self, scope: Mapping[str, Any]) -> None:
        super().dress(scope)
        self.blocks = markdown.blocks(self.words(self.spec.text, scope))
        self.text = "\n\n".join(block.plain for block in self.blocks)


class Group(Component):
    """Fields under one heading; `form` iterates those that are shown."""

    @property
    def form(self) -> list[Component]:
        return [field for item in self.spec.items if not (field := self._form.component(item)).hidden]


class Input(Component):
    """A component that asks for something. `data` is the FEEL value; `mistake` what is wrong with what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.mistake: S | None = None
        self.present = False
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Keeps what came; `read` makes a value of it when the context is known."""
        self.process_errors: list[Any] = []
        self.object_data = self.data = self.from_known(None if data is unset_value else data)
        self.raw_data = None
        if formdata is not None:
            self.present = self.name in formdata
            self.raw_data = list(formdata.getlist(self.name))

    def from_known(self, known: Any) -> Any:
        """A known value as this field's value; None where it does not fit."""
        return known

    def read(self, scope: Mapping[str, Any], submitted: Any) -> None:
        """Makes a value of what was submitted. A field that was not sent keeps what it showed."""
        if submitted is None or self.spec.readonly:
            return
        if not self.present and not self._absent_is_empty(submitted):
            return
        if isinstance(submitted, Submitted) and self.name in submitted.shapes:
            self.data, self.mistake = None, submitted.shapes[self.name]
            return
        try:
            self.data = self.parse(self.raw_data or [], scope)
        except Mistake as mistake:
            self.data, self.mistake = None, mistake.sentence

    def _absent_is_empty(self, submitted: Any) -> bool:
        """Browsers do not send boxes that are not ticked."""
        return self.kind in {"checkbox", "checklist", "upload"} and not isinstance(submitted, Submitted)

    def parse(self, texts: list[Any], scope: Mapping[str, Any]) -> Any:
        parse = KINDS[self.kind].parse
        assert parse is not None
        return parse(self.spec, texts)

    def known(self) -> Any:
        """What FEEL reads of it."""
        return self.data

    @property
    def is_empty(self) -> bool:
        return (
            self.data is None
            or self.data == ""
            or self.data == []
            or (self.kind == "checkbox" and not self.data)
        )

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        self.errors = []
        if not self.hidden:
            wrong = self.mistake or (
                mistakes.missing(self.spec) if self.spec.required and self.is_empty else None
            )
            if wrong is not None:
                self.errors = [wrong.text(self.meta.locale)]
        return not self.errors

    def answer(self) -> Any:
        """The FEEL value of the answer: null where hidden."""
        if self.hidden:
            return None
        return self.spec.empty if self.is_empty and self.spec.empty is not None else self.data

    def _value(self) -> str:
        """What the control shows: what was typed, without what cannot be seen; else the value as text."""
        if self.raw_data and not self.spec.readonly:
            return "\n".join(values.visible(text) for text in self.raw_data[:1] if isinstance(text, str))
        return self.as_text(self.data)

    def as_text(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return values.plain(value)
        if isinstance(value, datetime):
            return f"{value.astimezone(clock.office_zone()):%Y-%m-%dT%H:%M}"
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return str(value)


class TextInput(Input):
    """textfield, textarea and the kinds that are one line of text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = self.spec.options.get("reasons", "")
        self.reasons = [reason.strip() for reason in reasons.split("|") if reason.strip()]
        self.rows = int(self.spec.options.get("rows", 4))
        if self.kind == "textarea":
            self.widget = widgets.TextArea()

    def from_known(self, known: Any) -> Any:
        return known if isinstance(known, str) and known else None


class NumberInput(Input):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decimals = self.spec.limits.decimals
        self.render_kw = {"inputmode": "decimal" if self.decimals else "numeric", "autocomplete": "off"}

    def from_known(self, known: Any) -> Any:
        if isinstance(known, bool) or not isinstance(known, int | float | Decimal | str):
            return None
        try:
            value = Decimal(str(known))
        except ArithmeticError:
            return None
        return (values.plain(value) if self.spec.as_text else value) if value.is_finite() else None


class DateTimeInput(Input):
    _INPUT: ClassVar = {"time": widgets.TimeInput(), "datetime": widgets.DateTimeLocalInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget = self._INPUT.get(self.subtype, widgets.DateInput())

    def from_known(self, known: Any) -> Any:
        kind: type = {"time": time, "datetime": datetime}.get(self.subtype, date)
        if isinstance(known, str):
            try:
                return self.parse([known], {})
            except Mistake:
                return None
        if kind is date and isinstance(known, datetime):
            return clock.office_date(known) if known.tzinfo else known.date()
        return known if isinstance(known, kind) else None


class CheckboxInput(Input):
    widget = widgets.CheckboxInput()

    def from_known(self, known: Any) -> Any:
        return known is True or (isinstance(known, str) and known.lower() == "true")

    def _value(self) -> str:
        return "true"


class ChoiceInput(Input):
    """select, radio, answer and checklist: values of a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.offered: tuple[Choice, ...] = ()
        super().__init__(*args, **kwargs)
        if self.kind == "select":
            self.widget = widgets.Select()
        elif self.kind == "checklist":
            self.widget = widgets.Select(multiple=True)
        else:
            self.widget = widgets.ListWidget(prefix_label=False)

    def from_known(self, known: Any) -> Any:
        if self.kind == "answer":
            return None  # an answer is given, never suggested
        if self.kind == "checklist":
            return [str(each) for each in known] if isinstance(known, list | tuple) and known else None
        if self.spec.boolean:
            return known if isinstance(known, bool) else {"true": True, "false": False}.get(str(known))
        return None if known is None or isinstance(known, bool) else str(known) or None

    def read(self, scope: Mapping[str, Any], submitted: Any) -> None:
        self.offered = self.spec.choices
        if self.spec.choices_from:
            self.offered = expressions.choices(self.spec.choices_from, scope)
        super().read(scope, submitted)

    def parse(self, texts: list[Any], scope: Mapping[str, Any]) -> Any:
        offered = [choice.value for choice in self.offered]
        if self.kind == "checklist":
            return values.parse_checklist(self.spec, texts, offered)
        return values.parse_choice(self.spec, texts, offered)

    @property
    def chosen(self) -> Choice | None:
        """The one choice that is made, where one is."""
        return next((choice for choice in self.offered if self._is_chosen(choice)), None)

    def _is_chosen(self, choice: Choice) -> bool:
        if self.kind == "checklist":
            return isinstance(self.data, list) and choice.value in self.data
        if self.spec.boolean:
            return self.data is not None and self.data == (choice is self.offered[0])
        return bool(choice.value == self.data)

    def iter_choices(self) -> Iterator[Option]:
        """The options for a template: value, label, whether selected. A select begins with an empty one."""
        if self.kind == "select" and (not self.spec.required or self.chosen is None):
            yield Option("", _CHOOSE.text(self.meta.locale), self.chosen is None, {})
        for choice in self.offered:
            yield Option(choice.value, choice.label.text(self.meta.locale), self._is_chosen(choice), {})

    _iter_choices_normalized = iter_choices

    def has_groups(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        """Radio buttons one by one, for WTForms' own widget."""
        for index, option in enumerate(self.iter_choices()):
            radio = wtforms.BooleanField(
                label=option.label, id=f"{self.id}-{index}", name=self.name, _form=None, _meta=self.meta,
                widget=widgets.RadioInput(),
            )  # fmt: skip
            radio.process(None, option.selected)
            radio._value = lambda value=option.value: value
            radio.checked = option.selected
            yield radio

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """The choices of an `answer`, each with what follows from it."""
        scope = self._form.scope
        return [
            {
                "value": choice.value,
                "label": choice.label.text(self.meta.locale),
                "consequence": self.words(choice.consequence, scope),
                "negative": choice.negative,
                "confirm": choice.confirm is not None,
            }
            for choice in self.offered
        ]


class RegionInput(TextInput):
    """A district; shown by its full name, answered by its code."""

    def as_text(self, value: Any) -> str:
        return regions.name(value) if value else ""


class UploadInput(Input):
    """Files: those that came now (Sent), or those of the answer before, which stand until others come.

    `files` are those that the page need not send again: name, size, and the note that it carries along. `again`:
    what came now is lost with this page and has to be chosen once more.
    """

    widget = widgets.FileInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accept = ",".join("." + ending for ending in uploads.accepted(self.spec))
        self.multiple = uploads.most_files(self.spec) > 1
        self.limit = uploads.limit_words(self.spec).text(self.meta.locale)

    def from_known(self, known: Any) -> Any:
        stored = isinstance(known, list) and known and all(uploads.is_stored(each) for each in known)
        return known if stored else None

    def read(self, scope: Mapping[str, Any], submitted: Any) -> None:
        before = self.data
        super().read(scope, submitted)
        said_none = isinstance(submitted, Submitted) and self.present
        if self.data is None and self.mistake is None and not said_none:
            self.data = before

    def parse(self, texts: list[Any], scope: Mapping[str, Any]) -> Any:
        if not any(uploads.read(each) for each in texts if not isinstance(each, str)):
            account = self.meta.actor.account_id if self.meta.actor is not None else 0
            texts = [carrying.noted(each, self.name, account) for each in texts if isinstance(each, str)]
        return super().parse([each for each in texts if each is not None], scope)

    @property
    def files(self) -> list[dict[str, Any]]:
        return [file for file in self.handed_in if file["note"] is not None]

    @property
    def handed_in(self) -> list[dict[str, Any]]:
        """All of them: name, size; and the note, "" of an earlier answer's, None of what came now."""
        return [
            {"name": each.name, "size": len(each.content), "note": each.note or None}
            if isinstance(each, uploads.Sent)
            else {"name": each["name"], "size": int(each["size"]), "note": ""}
            for each in self.data or []
        ]

    @property
    def again(self) -> bool:
        return any(uploads.read(each) for each in self.raw_data or [] if not isinstance(each, str))

    def known(self) -> Any:
        return self.data and [
            each.in_feel() if isinstance(each, uploads.Sent) else each for each in self.data
        ]

    def carried(self) -> list[str]:
        """The notes that the second page carries; the files are stored with them."""
        if self.meta.actor is None:
            return []
        account = self.meta.actor.account_id
        sent = [each for each in self.data or [] if isinstance(each, uploads.Sent)]
        return [each.note or carrying.note(each, self.name, account) for each in sent]

    def answer(self) -> Any:
        """What was handed in, stored now: blobs are written before the row that names them."""
        found = super().answer()
        return found and [uploads.store(each) if isinstance(each, uploads.Sent) else each for each in found]


class EntityInput(Input):
    """A row of another table, by id. `text` is its name; admin gives the address that finds rows."""

    lookup = ""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data)
        self.typed = formdata.getlist(f"{self.name}__text") if formdata is not None else []
        self.present = self.present or bool(self.typed)

    def from_known(self, known: Any) -> Any:
        return Decimal(known) if isinstance(known, int) and not isinstance(known, bool) else None

    def parse(self, texts: list[Any], scope: Mapping[str, Any]) -> Any:
        row = entities.find(self.spec, texts, self.typed, self.meta.actor)
        return None if row is None else Decimal(row.get_id())

    @property
    def text(self) -> str:
        typed = [values.visible(text) for text in self.typed[:1] if isinstance(text, str)]
        return entities.name_of(self.spec, self.data, self.meta.actor) or "".join(typed)


_CLASSES: dict[str, type[Component]] = {
    "text": StaticText, "group": Group, "separator": Component, "spacer": Component, "number": NumberInput,
    "datetime": DateTimeInput, "checkbox": CheckboxInput, "checklist": ChoiceInput, "radio": ChoiceInput,
    "select": ChoiceInput, "answer": ChoiceInput, "region": RegionInput, "upload": UploadInput,
    "entity": EntityInput,
}  # fmt: skip


class FlowForm(wtforms.Form):
    """The base of every form that a file declares. Iterating gives what is shown, groups as one.

    Options of `meta`: locale, context (what FEEL may read besides the answers), actor.
    """

    spec: ClassVar[FormSpec]

    class Meta:
        locale: ClassVar[str] = "zh"
        context: ClassVar[Mapping[str, Any]] = {}
        actor: ClassVar[Any] = None

    def __iter__(self) -> Iterator[Component]:
        for item in self.spec.items:
            field = self.component(item)
            if not field.hidden and not (field.kind == "group" and not field.form):
                yield field

    def component(self, item: FieldSpec) -> Component:
        return self._fields[item.key or item.id]

    @property
    def inputs(self) -> list[Input]:
        return [self._fields[spec.key] for spec in self.spec.fields]

    @property
    def data(self) -> dict[str, Any]:
        return {field.name: field.data for field in self.inputs}

    @property
    def scope(self) -> Mapping[str, Any]:
        """What FEEL reads: the answers as they stand now, then the context."""
        known = {field.name: None if field.hidden else field.known() for field in self.inputs}
        return ChainMap(known, self.meta.context)

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **kwargs: Any) -> None:
        known = {**self._defaults(), **{k: v for k, v in dict(data or {}, **kwargs).items() if v is not None}}
        super().process(formdata, obj, known)
        for later in (False, True):
            for field in self.inputs:
                if bool(field.spec.choices_from) is later:
                    field.read(self.scope if later else {}, formdata)
        self._hide()
        speaking = [field for field in self._fields.values() if field.speaks]
        scope = self.scope if speaking else {}
        for field in speaking:
            field.dress(scope)

    def _defaults(self) -> dict[str, Any]:
        context = self.meta.context
        found = {spec.key: spec.default for spec in self.spec.fields if spec.default is not None}
        return {
            key: expressions.evaluate(value, context)
            if isinstance(value, str) and value.startswith("=")
            else value
            for key, value in found.items()
        }

    def _hide(self) -> None:
        """Hides what the conditions say. One condition may read what another one hides, so until it settles."""
        conditional = [(self.component(item), item.hide) for item in self.spec.conditional]
        for _ in range(len(conditional) + 1 if conditional else 0):
            scope = self.scope
            found = [
                any(expressions.evaluate(text, scope) is True for text in hide) for _, hide in conditional
            ]
            if found == [field.hidden for field, _ in conditional]:
                return
            for (field, _), hidden in zip(conditional, found, strict=True):
                field.hidden = hidden

    def validate(self, extra_validators: Any = None) -> bool:
        found = [field.validate(self) for field in self.inputs]  # all of them, so that each says its own
        return all(found) and not self.form_errors


def _speaks(item: FieldSpec) -> bool:
    """Whether a text of the component is FEEL."""
    texts = (item.label, item.hint, item.prefix, item.suffix, item.text)
    return any(text.zh.startswith("=") or text.en.startswith("=") for text in texts)


def build_form_class(spec: FormSpec) -> type[FlowForm]:
    """The class of a form, with an attribute for every component."""
    fields = {
        item.key or item.id: _CLASSES.get(item.kind, TextInput)(
            spec=item, id=item.key or item.id, speaks=_speaks(item)
        )
        for item in spec.walk()
    }
    return type("Form", (FlowForm,), {"spec": spec, "__module__": __name__, **fields})
