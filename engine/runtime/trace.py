"""流程追踪: who did what, when, how long; as a list, and on the diagram."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from engine import catalog, clock, db, decisions, secrets
from engine.errors import Sentence
from engine.models.base import Model
from engine.models.workflow import ProcessInstance


@dataclass(frozen=True, slots=True)
class TraceLine:
    """A line of the trace. `tone`: done, bad (a refusal) or now (where the case waits).

    `reasons`: what decision tables answered in the step, by which rule, and why the others did not fire.
    """

    at: datetime
    who: str
    role: str
    operation: str
    remark: str
    node_id: str | None
    kind: str
    tone: str
    waited: timedelta | None
    instance_id: int
    reasons: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the viewer draws: the way gone, where the case is, and what may still come."""

    xml: bytes
    gone: list[str]
    here: list[str]
    ahead: list[str]
    definition: catalog.Definition


NONE = {"zh": "无", "en": "none"}


def trace(instance: ProcessInstance, locale: str = "zh") -> list[TraceLine]:
    """The trace of one case, newest first. Two queries."""
    return _trace([instance.id], locale)


def trace_of(rows: Iterable[Model], locale: str = "zh") -> list[TraceLine]:
    """The trace of all cases about these rows, joined, newest first."""
    ids: list[int] = []
    for row in rows:
        found = db.run_sql(
            "SELECT id FROM process_instance WHERE subject_kind = ? AND subject_id = ?",
            (row.model_name(), row.get_id()),
        )
        ids += [int(one[0]) for one in found.fetchall()]
    return _trace(ids, locale) if ids else []


def _trace(ids: list[int], locale: str) -> list[TraceLine]:
    marks = ", ".join("?" * len(ids))
    rows = db.run_sql(
        "SELECT h.at, a.name, h.role, h.operation, h.remark, h.node_id, h.kind, i.definition_id, h.instance_id,"
        " h.decided"
        " FROM history_event h JOIN process_instance i ON i.id = h.instance_id"
        " LEFT JOIN account a ON a.id = h.account_id"
        f" WHERE h.instance_id IN ({marks}) ORDER BY h.at DESC, h.id DESC",
        tuple(ids),
    ).fetchall()
    return _waiting(ids, locale) + [_line(row, locale) for row in rows]


def _line(row: tuple[Any, ...], locale: str) -> TraceLine:
    definition = catalog.load(row[7])
    english = locale.startswith("en")
    operation = row[3] or (definition.node_name(row[5], locale) if row[5] else definition.name)
    remark = (
        secrets.decrypt(bytes(row[4])).decode() if row[4] is not None else NONE["en" if english else "zh"]
    )
    who = row[1] or ("System" if english else "系统")
    tone = "bad" if row[6] == "refusal" else "done"
    reasons = _reasons(definition, row[9]) if row[9] is not None else ()
    return TraceLine(
        db.instant(row[0]), who, row[2] or "", operation, remark, row[5], row[6], tone, None, row[8], reasons
    )


def _reasons(definition: catalog.Definition, stored: Any) -> tuple[Sentence, ...]:
    """Why the decisions of a step came out as they did, in the words of the version it ran on."""
    found: list[Sentence] = []
    for name, kept in orjson.loads(secrets.decrypt(bytes(stored))):
        found += decisions.explain(decisions.unpacked(kept, definition.decision(name)))
    return tuple(found)


def _waiting(ids: list[int], locale: str) -> list[TraceLine]:
    """Where the cases wait now, and since when."""
    marks = ", ".join("?" * len(ids))
    rows = db.run_sql(
        "SELECT t.opened_at, a.name, r.name, t.node_id, i.definition_id, t.instance_id FROM user_task t"
        " JOIN process_instance i ON i.id = t.instance_id LEFT JOIN account a ON a.id = t.assignee_id"
        " LEFT JOIN queue q ON q.id = t.queue_id LEFT JOIN role r ON r.id = q.role_id"
        f" WHERE t.state = 'open' AND t.kind = 'task' AND t.instance_id IN ({marks}) ORDER BY t.opened_at DESC",
        tuple(ids),
    ).fetchall()
    now = clock.now()
    return [
        TraceLine(
            db.instant(row[0]), row[1] or "", row[2] or "", catalog.load(row[4]).node_name(row[3], locale), "",
            row[3], "task", "now", now - db.instant(row[0]), row[5],
        )
        for row in rows
    ]  # fmt: skip


def diagram(instance: ProcessInstance) -> Diagram:
    """The case's diagram on its own version, with the way gone. Two queries."""
    definition = catalog.load(instance.definition_id)
    rows = db.run_sql(
        "SELECT way FROM history_event WHERE instance_id = ? AND way IS NOT NULL ORDER BY id", (instance.id,)
    ).fetchall()
    visited = [node for row in rows for node in row[0].split()]
    open_rows = db.run_sql(
        "SELECT DISTINCT node_id FROM user_task WHERE instance_id = ? AND state = 'open' AND kind = 'task'",
        (instance.id,),
    ).fetchall()
    here = [row[0] for row in open_rows]
    gone = _gone(definition, visited, set(here))
    known = {*gone, *here}
    ahead = [node_id for node_id in _reachable(definition, here) if node_id not in known]
    return Diagram(definition.xml, gone, here, ahead, definition)


def _gone(definition: catalog.Definition, visited: list[str], here: set[str]) -> list[str]:
    """Elements entered, and the flows between two that were entered."""
    seen = set(visited)
    flows = [
        flow.id
        for flow in definition.flows.values()
        if flow.source in seen and flow.target in seen and _followed(visited, flow.source, flow.target)
    ]
    return [node for node in dict.fromkeys(visited) if node not in here] + flows


def _followed(visited: list[str], source: str, target: str) -> bool:
    """Whether the target was entered some time after the source; good enough to draw the way."""
    return visited.index(source) < len(visited) - 1 - visited[::-1].index(target)


def _reachable(definition: catalog.Definition, start: list[str]) -> list[str]:
    found: dict[str, None] = {}
    todo = list(start)
    while todo:
        node_id = todo.pop()
        node = definition.nodes.get(node_id)
        if node is None:
            continue
        for flow_id in node.outgoing:
            flow = definition.flows[flow_id]
            if flow_id not in found:
                found[flow_id] = None
                found.setdefault(flow.target)
                todo.append(flow.target)
        todo += [n.id for n in definition.nodes.values() if n.attached_to == node_id and n.id not in found]
        for boundary in definition.nodes.values():
            if boundary.attached_to == node_id:
                found.setdefault(boundary.id)
    return list(found)
