"""Limits against hostile or mistaken texts. They are generous for what offices write."""

from __future__ import annotations

import time

from engine.errors import Sentence
from engine.feel.errors import LimitExceeded

MAX_TEXT = 20_000  # characters of one expression
MAX_DEPTH = 100  # nested brackets, ifs, functions …
MAX_CALLS = 60  # functions that call functions
MAX_STEPS = 500_000  # iterations, calls and elements made
MAX_STRING = 1_000_000  # characters of one string made
MAX_SECONDS = 2.0
_CLOCK_EVERY = 2_000


class Budget:
    """What one evaluation may still spend. Iterations, calls and elements are a step each."""

    __slots__ = ("_check_at", "_deadline", "depth", "left")

    def __init__(self, steps: int = MAX_STEPS, seconds: float = MAX_SECONDS) -> None:
        self.left = steps
        self.depth = 0
        self._check_at = steps - _CLOCK_EVERY
        self._deadline = seconds

    def spend(self, steps: int = 1) -> None:
        """Counts steps. Raises LimitExceeded where none are left or the time is over."""
        self.left -= steps
        if self.left < self._check_at:
            self._check()

    def _check(self) -> None:
        if self.left < 0:
            raise too_many_steps()
        now = time.monotonic()
        if self._deadline < 1e6:  # first look at the clock: only now is the deadline an instant
            self._deadline += now + 1e6
        elif now + 1e6 > self._deadline:
            raise too_long()
        self._check_at = self.left - _CLOCK_EVERY

    def enter(self) -> None:
        """One function deeper."""
        self.left -= 1
        self.depth += 1
        if self.depth > MAX_CALLS:
            raise too_deep(0, "")
        if self.left < self._check_at:
            self._check()


def check_string(length: int) -> None:
    """A string of `length` characters is about to be made. Raises LimitExceeded where that is too long."""
    if length > MAX_STRING:
        raise LimitExceeded(
            Sentence(
                f"文字太长（超过 {MAX_STRING} 个字符）。", f"A string is longer than {MAX_STRING} characters."
            )
        )


def too_many_steps() -> LimitExceeded:
    """The evaluation took more steps than MAX_STEPS."""
    return LimitExceeded(
        Sentence("表达式计算量太大，已停止。", "The expression takes too many steps and was stopped.")
    )


def too_long() -> LimitExceeded:
    """The evaluation took longer than MAX_SECONDS."""
    return LimitExceeded(
        Sentence("表达式计算时间太长，已停止。", "The expression takes too long and was stopped.")
    )


def too_deep(position: int, text: str) -> LimitExceeded:
    """Brackets or functions are nested too deeply."""
    return LimitExceeded(Sentence("表达式嵌套太深。", "The expression is nested too deeply."), position, text)


def check_text(text: str) -> None:
    """Raises LimitExceeded where a text is too long to be an expression."""
    if len(text) > MAX_TEXT:
        raise LimitExceeded(
            Sentence(
                f"表达式太长（超过 {MAX_TEXT} 个字符）。",
                f"The expression is longer than {MAX_TEXT} characters.",
            ),
            MAX_TEXT,
            text,
        )
