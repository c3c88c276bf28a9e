"""What goes wrong in a step: incidents for what nobody foresaw, sentences for the rest."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from engine import db, feel
from engine.actors import Actor
from engine.errors import QihangError, Sentence
from engine.models.workflow import Incident
from engine.runtime.parties import forget_queues

log = logging.getLogger("qihang.runtime")


class ConfirmationNeeded(QihangError):
    """The answer is asked for once more, on a page of its own; nothing has happened yet (P11 rule 8)."""

    def __init__(self, form: Any) -> None:
        super().__init__(Sentence("请再确认一次。", "Please confirm."))
        self.form = form


class StepFailed(QihangError):
    """The step raised what nobody foresaw: it is undone, recorded, and what was typed is kept."""

    def __init__(self, incident_id: int) -> None:
        super().__init__(
            Sentence(
                f"系统出了故障（编号 {incident_id}），这一步没有办成，办理件停在原处。"
                "你填的内容已保留，管理员处理后会继续。",
                f"Something failed (incident {incident_id}). The step did not happen and the case stays where"
                " it was. What you typed is kept; it goes on once this is mended.",
            )
        )
        self.incident_id = incident_id


@contextmanager
def guarded(
    instance_id: int | None,
    actor: Actor,
    node_id: str | None,
    retry: Mapping[str, Any] | None = None,
) -> Iterator[None]:
    """Turns an unforeseen exception into an incident of the case, in a transaction of its own.

    `retry` is what is needed to do the step again. At a start there is no case yet: it raises as it is.
    """
    try:
        yield
    except QihangError:
        forget_queues()
        raise
    except Exception:
        forget_queues()
        if instance_id is None:
            raise
        raise StepFailed(record(instance_id, actor, node_id, retry)) from None


def record(instance_id: int, actor: Actor, node_id: str | None, retry: Mapping[str, Any] | None) -> int:
    """Writes the exception being handled as an incident; a repeated one counts its tries. Gives its id."""
    trace = traceback.format_exc()
    log.exception("case %s: step %s failed", instance_id, node_id)
    problem = trace.strip().splitlines()[-1][:500]
    with db.step():
        known = Incident.get_or_none(
            (Incident.instance == instance_id)
            & (Incident.state == "open")
            & (Incident.node_id == node_id if node_id else Incident.node_id.is_null())
            & (Incident.problem == problem)
        )
        stored = orjson.dumps(feel.to_json(dict(retry))).decode() if retry else ""
        if known is not None:
            Incident.update(tries=Incident.tries + 1, retry=stored).where(Incident.id == known.id).execute()
            return int(known.id)
        return int(
            Incident.create(
                instance=instance_id, node_id=node_id, problem=problem, detail=trace[-8000:], retry=stored,
                account=actor.account_id or None,
            ).id
        )  # fmt: skip
