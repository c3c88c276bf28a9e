"""Who sees a case, and what it costs to ask."""

from __future__ import annotations

from engine import db
from engine.actors import Actor, Seat
from engine.models.workflow import ProcessInstance


def test_a_case_is_looked_up_by_its_key_however_many_the_school_has(sqlite: str) -> None:
    clerk = Actor(1, "沈老师", "学校", "school", 1, 1, (Seat(1, "学校", "school", 1),))
    asked = ProcessInstance.visible_to(clerk).where(ProcessInstance.id == 1)
    sql, params = asked.sql()
    plan = [row[3] for row in db.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
    assert "CORRELATED SCALAR SUBQUERY 1" in plan
    assert not [line for line in plan if line.startswith("LIST SUBQUERY")]
