"""What a run raises by itself. What services raise passes through unchanged."""

from __future__ import annotations

from engine.errors import QihangError, Sentence, StateChanged


class BpmnError(Exception):
    """A business error with a code. The nearest error event that names the code catches it; else the caller."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotWaiting(StateChanged):
    """Nothing in the instance waits for this task, event or message (any more)."""


class NotRunnable(QihangError):
    """The diagram has something the engine cannot run. Deployment refuses it, so nobody should see this."""


class BadValue(QihangError):
    """An expression gave a value of the wrong kind: a count that is no number, a moment that is no date."""

    def __init__(self, node_id: str, zh: str, en: str) -> None:
        super().__init__(Sentence(f"{node_id}：{zh}", f"{node_id}: {en}"))
        self.node_id = node_id
