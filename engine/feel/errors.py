"""What FEEL raises: texts that cannot be read, and evaluations that would cost too much."""

from __future__ import annotations

from engine.errors import QihangError, Sentence


class FeelError(QihangError):
    """A FEEL text is wrong. `position` is the offset of the place in the text, `sentence` says what it is."""

    def __init__(self, sentence: Sentence, position: int = 0, text: str = "") -> None:
        super().__init__(sentence)
        self.position = position
        self.text = text

    @property
    def line_and_column(self) -> tuple[int, int]:
        """Where `position` is, both counted from 1."""
        before = self.text[: self.position]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


class LimitExceeded(FeelError):
    """The text, or its evaluation, is larger than we allow (see `limits`)."""


def unknown_name(name: str, position: int, text: str) -> FeelError:
    """The error of a name that is not in scope."""
    hint = Sentence("", "")
    if any(c in "，；：（）！？＝＞＜＋－" for c in name):
        hint = Sentence("标点要用半角（英文）符号。", " Use half-width punctuation.")
    return FeelError(
        Sentence(
            f"没有名为“{name}”的变量或函数。{hint.zh}", f"There is no variable or function “{name}”.{hint.en}"
        ),
        position,
        text,
    )
