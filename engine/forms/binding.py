"""A form with its answers: what a step checks before it does anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.errors import Sentence as S
from engine.forms import expressions, values
from engine.forms.submitted import Submitted, from_json
from engine.forms.wtf import ChoiceInput, FlowForm, Input, UploadInput

if TYPE_CHECKING:
    from engine.forms.form import FormSpec

#: Names that a page may send besides the form's own; others that begin with _ too.
CARRIED = frozenset({"csrf_token", "revision", "confirm", "next"})
_UNKNOWN = S(
    "表单里没有“{name}”这一项。请刷新页面后重填。",
    "This form has no field “{name}”. Please reload the page and fill it in again.",
)
_MORE = S("按你的选择，下面多出了几项，请接着填写。", "Your choice asks for more below. Please fill it in.")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The second page of an answer. It posts what was typed again, with `_confirmed` = `value`."""

    value: str
    title: str
    text: str
    button: str


class BoundForm:
    """A FormSpec over one submission, or over what is known where nothing was submitted.

    spec, form (WTForms), locale, hidden (keys of fields that conditions hide)
    """

    def __init__(
        self,
        spec: FormSpec,
        data: Any,
        prefill: Mapping[str, Any],
        context: Mapping[str, Any],
        locale: str,
        actor: Actor | None,
    ) -> None:
        if isinstance(data, Mapping) and not hasattr(data, "getlist"):
            data = from_json(spec, data)
        self.spec = spec
        self.locale = locale
        self.submitted = data
        self._holds = False
        form_class: Any = spec.form_class()
        known = {key: prefill[key] for key in spec.by_key if key in prefill}
        self.form: FlowForm = form_class(
            data, data=known, meta={"locale": locale, "context": context, "actor": actor}
        )

    @property
    def hidden(self) -> set[str]:
        return {field.name for field in self.form.inputs if field.hidden}

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences by field; under "" those of the form as a whole."""
        return dict(self.form.errors)

    def __iter__(self) -> Any:
        return iter(self.form)

    def validate(self) -> bool:
        """Whether the submission holds. An answer that still wants its second page holds; see `confirmation`."""
        self._holds = self._check()
        return self._holds

    def _check(self) -> bool:
        self.form.form_errors = []
        if self.submitted is None:
            return False
        sentences = [_UNKNOWN.format(name=values.visible(name)[:60]) for name in self._unknown()]
        valid = self.form.validate()
        new = self.newly_shown
        if new:
            sentences.append(_MORE)
            for field in self.form.inputs:
                if field.name in new:
                    field.errors = []
        self.form.form_errors = [sentence.text(self.locale) for sentence in sentences]
        return valid and not sentences

    def _unknown(self) -> list[str]:
        known = set(self.spec.by_key) | CARRIED
        known |= {f"{spec.key}__text" for spec in self.spec.fields if spec.kind == "entity"}
        names = dict.fromkeys(str(name) for name in self.submitted)
        return [name for name in names if name not in known and not name.startswith("_")][:5]

    @property
    def shown(self) -> str:
        """For a hidden control `_shown`: the fields on the page, so that new ones can be told from empty ones."""
        return " ".join(field.name for field in self.form.inputs if not field.hidden)

    @property
    def newly_shown(self) -> set[str]:
        """Fields that what was typed has brought up and the page had not shown (a browser without script)."""
        said = self._carried("_shown")
        if said is None:
            return set()
        before = set(said.split())
        return {field.name for field in self.form.inputs if not field.hidden} - before

    def _carried(self, name: str) -> str | None:
        sent = self.submitted.getlist(name) if self.submitted is not None and name in self.submitted else []
        return sent[-1] if sent and isinstance(sent[-1], str) else None

    def confirmation(self) -> Confirmation | None:
        """The second page that the chosen answer wants and that was not pressed yet; None where none is wanted."""
        step = self.spec.step_field
        field = None if step is None else self.form.component(step)
        if self.submitted is None or not isinstance(field, ChoiceInput) or field.hidden:
            return None
        chosen = field.chosen
        if chosen is None or chosen.confirm is None or self._carried("_confirmed") == chosen.value:
            return None
        scope, confirm = self.form.scope, chosen.confirm
        label = chosen.label.text(self.locale)
        button = expressions.shown(confirm.button, scope, self.locale, label)
        return Confirmation(
            chosen.value,
            expressions.shown(confirm.title, scope, self.locale, button),
            expressions.shown(confirm.text, scope, self.locale),
            button,
        )

    def carried(self) -> list[tuple[str, str]]:
        """What was typed, as pairs of name and text: the hidden controls of the second page. Files are stored."""
        if self.submitted is None:
            return []
        return [(field.name, text) for field in self.form.inputs for text in self._carried_of(field)]

    def _carried_of(self, field: Input) -> list[str]:
        if isinstance(field, UploadInput):
            return field.carried()
        sent = self.submitted.getlist(field.name) if field.name in self.submitted else []
        return [values.visible(text) for text in sent if isinstance(text, str)]

    def put_files(self) -> None:
        """Stores the files of a form that holds and wants no second page. Writing them is slow, so whoever is
        about to hold the one writer does it before; the answers find them stored."""
        uploads = [field for field in self.form.inputs if isinstance(field, UploadInput) and field.data]
        if uploads and self.validate() and self.confirmation() is None:
            for field in uploads:
                field.answer()

    def answers(self) -> dict[str, Any]:
        """The FEEL values by field. What is hidden is null, whatever was sent. Uploads are stored here.

        Raises RuntimeError where `validate` does not say yes, or the second page was not pressed.
        """
        if not self._holds and not self.validate():
            raise RuntimeError(f"answers of a form that does not hold: {sorted(self.errors)}")
        if self.confirmation() is not None:
            raise RuntimeError("answers of a form that waits for its second page")
        return {field.name: field.answer() for field in self.form.inputs}


__all__ = ["BoundForm", "Confirmation", "Submitted"]
