"""What goes wrong in a step: incidents for what nobody foresaw, sentences for the rest."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from engine import db, feel
from engine.actors import SYSTEM, Actor
from engine.errors import Conflict, NotFound, QihangError, Refused, Sentence, SubmissionInvalid
from engine.forms import carrying
from engine.models.workflow import Incident

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


#: What a user is told and can mend. Any other error is the program's fault, or the diagram's.
_ANSWERS = (Conflict, Refused, NotFound, SubmissionInvalid, ConfirmationNeeded)


@contextmanager
def guarded(
    instance_id: int | None, actor: Actor, node_id: str | None, retry: Mapping[str, Any]
) -> Iterator[None]:
    """Turns what nobody foresaw into an incident, in a transaction of its own, and raises StepFailed. A timer or
    a message has nobody to tell: there a conflict is an incident too.

    `retry` is what is needed to do the step again. At a start there is no case yet.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, _ANSWERS) and actor is not SYSTEM:
            raise
        incident_id = _record(error, instance_id, actor, node_id, retry)
        raise StepFailed(incident_id) from None


def _record(
    error: Exception, instance_id: int | None, actor: Actor, node_id: str | None, retry: Mapping[str, Any]
) -> int:
    """Writes an error as an incident; the same one again counts its tries. Gives its id. Each start that
    failed is one of its own, since each sent something else."""
    log.error("case %s: step %s failed", instance_id, node_id, exc_info=error)
    stored = orjson.dumps(feel.to_json(carrying.shelved(retry))).decode()
    same = {
        "instance": instance_id,
        "kind": "timer" if retry["act"] == "timer" else "step",
        "node_id": node_id,
        "problem": f"{type(error).__name__}: {error}".splitlines()[0][:500],
        "account": actor.account_id or None,
    }
    with db.step():
        known = None if instance_id is None else Incident.get_or_none(state="open", **same)
        if known is not None:
            Incident.update(tries=Incident.tries + 1, retry=stored).where(Incident.id == known.id).execute()
            return int(known.id)
        detail = "".join(traceback.format_exception(error))[-8000:]
        return int(Incident.create(detail=detail, retry=stored, **same).id)


def settle(instance_id: int, node_id: str | None, account_id: int | None) -> None:
    """A step was done at an element (None: by the clock): what had failed there is no incident any more, of
    this account alone where one is given."""
    if node_id is None:
        here = Incident.kind == "timer"
    else:
        here = (Incident.kind == "step") & (Incident.node_id == node_id)
    if account_id is not None:
        here &= Incident.account == account_id
    Incident.update(state="closed").where(
        (Incident.instance == instance_id) & (Incident.state == "open") & here
    ).execute()
