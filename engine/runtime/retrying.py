"""A step that failed: done again with what was sent then, or given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine import db, feel, models
from engine.actors import Actor
from engine.errors import Refused, Sentence
from engine.models.people import Account, AuditEntry, actor_of
from engine.models.workflow import Incident
from engine.runtime.answers import as_sent
from engine.runtime.starting import start
from engine.runtime.tasks import complete, task_now
from engine.runtime.timers import fire


def retry(incident: Incident) -> None:
    """Does a failed step again; the incident is closed where it works now, or is done already. Each step is
    done once, however many retry it at a time. Caller has checked the right to do so.

    Raises what the step raises.
    """
    if incident.state != "open":
        raise Refused(Sentence("这个故障已经处理。", "This incident is closed already."))
    kept = feel.from_json(orjson.loads(incident.retry))
    _AGAIN[kept["act"]](incident, kept)
    with db.step():
        Incident.update(state="closed").where(Incident.id == incident.id).execute()


def dismiss(incident: Incident, actor: Actor, reason: str) -> None:
    """Closes an incident without doing its step, with a reason that stands in the audit log. Caller has checked
    the right to do so."""
    if not reason.strip():
        raise Refused(Sentence("写明关闭的原因。", "Say why it is closed."))
    with db.step():
        Incident.update(state="closed").where(Incident.id == incident.id).execute()
        AuditEntry.write(actor, "dismiss", incident, reason=reason.strip()[:200])


def _fire(incident: Incident, _kept: Mapping[str, Any]) -> None:
    fire(incident.instance_id)


def _complete(incident: Incident, kept: Mapping[str, Any]) -> None:
    task = task_now(int(kept["task"]))
    if task.state == "open":
        complete(task, _who(incident), **as_sent(kept))


def _start(incident: Incident, kept: Mapping[str, Any]) -> None:
    who = _who(incident)
    on = None
    if kept["on"] is not None:
        kind, row_id = kept["on"]
        on = models.by_name(kind).fetch(who, int(row_id))
    key = kept["start_key"] or f"incident:{incident.id}"
    start(who, kept["process"], on=on, start_key=key, **as_sent(kept))


_AGAIN = {"timer": _fire, "complete": _complete, "start": _start}


def _who(incident: Incident) -> Actor:
    account = Account.get_or_none(Account.id == incident.account_id)
    who = None if account is None else actor_of(account)
    if who is None:
        raise Refused(Sentence("提交人已不在岗。", "Who sent this no longer sits anywhere."))
    return who
