"""How many cases of a process stand where, by version: they stay on the version they began with."""

from __future__ import annotations

from dataclasses import dataclass

from engine import catalog, db


@dataclass(frozen=True, slots=True)
class Standing:
    """Running cases of a version at a step. `node_id` is None where a case waits for no person.

    `still`: whether the draft has the step too.
    """

    definition_id: int
    version: int
    node_id: str | None
    name: str
    count: int
    still: bool


def running(process_id: str, looked: catalog.Content | None = None, locale: str = "zh") -> list[Standing]:
    """Where the running cases of a process stand, the newest version first. Two queries."""
    at = _rows(
        "SELECT d.id, d.version, t.node_id, COUNT(DISTINCT i.id) FROM process_instance i"
        " JOIN process_definition d ON d.id = i.definition_id"
        " JOIN user_task t ON t.instance_id = i.id"
        " WHERE d.process_id = ? AND i.state = 'running' AND t.state = 'open' AND t.kind = 'task'"
        " GROUP BY d.id, d.version, t.node_id",
        process_id,
    )
    waiting = _rows(
        "SELECT d.id, d.version, NULL, COUNT(*) FROM process_instance i"
        " JOIN process_definition d ON d.id = i.definition_id"
        " WHERE d.process_id = ? AND i.state = 'running' AND NOT EXISTS (SELECT 1 FROM user_task t"
        " WHERE t.instance_id = i.id AND t.state = 'open' AND t.kind = 'task') GROUP BY d.id, d.version",
        process_id,
    )
    found = [_standing(row, looked, locale) for row in (*at, *waiting)]
    return sorted(found, key=lambda s: (-s.version, -s.count, s.name))


def count(process_id: str) -> int:
    """How many cases of a process run, of all versions."""
    row = db.run_sql(
        "SELECT COUNT(*) FROM process_instance i JOIN process_definition d ON d.id = i.definition_id"
        " WHERE d.process_id = ? AND i.state = 'running'",
        (process_id,),
    ).fetchone()
    return int(row[0])


def counts() -> dict[str, int]:
    """How many cases run, per process. One query."""
    rows = db.run_sql(
        "SELECT d.process_id, COUNT(*) FROM process_instance i"
        " JOIN process_definition d ON d.id = i.definition_id"
        " WHERE i.state = 'running' GROUP BY d.process_id"
    ).fetchall()
    return {str(row[0]): int(row[1]) for row in rows}


def by_version(process_id: str) -> dict[int, int]:
    """Running cases per version: definition id → how many."""
    rows = _rows(
        "SELECT d.id, d.version, NULL, COUNT(*) FROM process_instance i"
        " JOIN process_definition d ON d.id = i.definition_id"
        " WHERE d.process_id = ? AND i.state = 'running' GROUP BY d.id, d.version",
        process_id,
    )
    return {row[0]: row[3] for row in rows}


_Row = tuple[int, int, str | None, int]


def _rows(sql: str, process_id: str) -> list[_Row]:
    return [(int(r[0]), int(r[1]), r[2], int(r[3])) for r in db.run_sql(sql, (process_id,)).fetchall()]


def _standing(row: _Row, looked: catalog.Content | None, locale: str) -> Standing:
    definition_id, version, node_id, cases = row
    name = "" if node_id is None else catalog.load(definition_id).node_name(node_id, locale)
    still = looked is None or node_id is None or node_id in looked.nodes
    return Standing(definition_id, version, node_id, name, cases, still)
