"""What a form says to a step: its answers, and those of them that the case itself keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import models
from engine.errors import SubmissionInvalid
from engine.runtime.errors import ConfirmationNeeded

#: Field kinds whose answers may route a case with a subject; free text stays in the submission only.
_ROUTING = frozenset({"answer", "radio", "select", "checkbox", "checklist", "number", "datetime"})

Answers = dict[str, Any]


def submitted(form: Any, subject: str | None, json: Mapping[str, Any] | None) -> tuple[Answers, Answers]:
    """The answers of a bound form, and those that the case keeps. Without a form there are none, but where
    the case has no subject it keeps what was sent as JSON.

    Raises SubmissionInvalid, and ConfirmationNeeded where the form wants the answer a second time.
    """
    if form is None:
        answers = dict(json) if subject is None and json else {}
        return answers, answers
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
