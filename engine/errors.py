"""What callers catch. Each error carries a sentence in the user's languages; the door shows it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in both languages; `zh` is what `str()` gives."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def text(self, locale: str) -> str:
        """The sentence in `locale` ("zh…" or "en…"); Chinese where the locale is unknown."""
        return self.en if locale.startswith("en") else self.zh

    def format(self, **values: Any) -> Sentence:
        """Both languages with `{name}` filled in; a value that is a Sentence gives each language its own."""
        zh = {k: v.zh if isinstance(v, Sentence) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Sentence) else v for k, v in values.items()}
        return Sentence(self.zh.format(**zh), self.en.format(**en))


class QihangError(Exception):
    """Base of what a user may cause. Programmer errors are ordinary exceptions and fail loudly."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.zh)
        self.sentence = sentence


class NotFound(QihangError):
    """There is no such row for this actor: unknown, or another party's (section 0 rule 5)."""

    def __init__(self, sentence: Sentence = Sentence("没有找到这一项。", "Nothing was found here.")) -> None:
        super().__init__(sentence)


class Refused(QihangError):
    """The actor may see the thing but not do this."""


class Conflict(QihangError):
    """The state no longer allows the act. A BPMN error where the diagram catches `code`, else a 422 at the form."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.code = code


class StateChanged(Conflict):
    """Someone else was faster and nothing was changed (section 0 rule 4)."""

    def __init__(
        self,
        sentence: Sentence = Sentence(
            "状态已变化，请刷新。你的操作没有改动任何内容。",
            "The state has changed; please reload. Nothing was altered.",
        ),
    ) -> None:
        super().__init__("state_changed", sentence)


class TaskNotOpen(StateChanged):
    """The task was completed or withdrawn meanwhile; `by` and `at` tell by whom and when, where known."""

    def __init__(self, sentence: Sentence, by: str | None = None, at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.by = by
        self.at = at


class SubmissionInvalid(QihangError):
    """A form's answers do not hold. `form` is the bound form with what was typed and the errors at the fields."""

    def __init__(self, form: Any, errors: Mapping[str, Any]) -> None:
        count = len(errors)
        super().__init__(
            Sentence(f"有 {count} 处要改。", f"{count} field{'s' if count != 1 else ''} to correct.")
        )
        self.form = form
        self.errors = errors


class SettingInvalid(QihangError):
    """A setting stops the start; the sentence says which and why."""
