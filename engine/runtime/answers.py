"""What a form says to a step: its answers, and those of them that the case itself keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from engine import models
from engine.errors import Sentence, SubmissionInvalid
from engine.forms import carrying, uploads
from engine.runtime.errors import ConfirmationNeeded

#: Field kinds whose answers may route a case with a subject; free text stays in the submission only.
_ROUTING = frozenset({"answer", "radio", "select", "checkbox", "checklist", "number", "datetime"})

Answers = dict[str, Any]

_NO_FORM = Sentence("这一步没有要填的内容。", "This step asks nothing.")


def submitted(form: Any, subject: str | None, json: Mapping[str, Any] | None) -> tuple[Answers, Answers]:
    """The answers of a bound form, and those that the case keeps. Without a form there are none.

    Raises SubmissionInvalid, and ConfirmationNeeded where the form wants the answer a second time.
    """
    if form is None:
        if json:
            raise SubmissionInvalid(None, {name: [_NO_FORM.zh] for name in json})
        return {}, {}
    if not form.validate():
        raise SubmissionInvalid(form, form.errors)
    if form.confirmation() is not None:
        raise ConfirmationNeeded(form)
    answers = form.answers()
    return answers, answers if subject is None else _routing(form, answers, subject)


def _routing(form: Any, answers: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """The answers that a case with a subject keeps: choices, numbers and dates, never free text.

    What is a fact of the subject's row stands there and nowhere else.
    """
    if not answers:
        return {}
    kinds = {field.key: field.kind for field in form.spec.fields}
    facts = models.by_name(subject).readable
    return {k: value for k, value in answers.items() if kinds.get(k) in _ROUTING and k not in facts}


def kept(data: Any, json: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was sent, as an incident keeps it, to be sent again."""
    if json is not None:
        return {"data": dict(json), "json": True}
    lists = data.lists() if hasattr(data, "lists") else ((k, [v]) for k, v in dict(data or {}).items())
    return {"data": {name: list(values) for name, values in lists}, "json": False}


def as_sent(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept, as arguments of `start` and `complete`."""
    if kept["json"]:
        return {"json": kept["data"]}
    lists = kept["data"].items()
    return {
        "data": MultiDict([(name, carrying.unshelved(value)) for name, values in lists for value in values])
    }


def has_files(data: Any, json: Mapping[str, Any] | None) -> bool:
    """Whether files came along."""
    if json is not None:
        return any(
            isinstance(value, list) and value and isinstance(value[0], Mapping) for value in json.values()
        )
    lists = data.lists() if hasattr(data, "lists") else ()
    return any(isinstance(value, uploads.Sent) for _name, values in lists for value in values)
