"""“Explain my case”: which rule fired on which inputs, and why the others did not."""

from __future__ import annotations

from engine import decisions
from tests.engine.decisions.dmn import decision, definitions, literal, table

RULES = [("< 18", '"a"', "未成年"), ("[18..30)", '"b"', "青年"), (">= 25", '"c"', "")]
MODEL = decisions.read(
    definitions(
        decision("盖章", table(["年龄"], ["r"], RULES, "FIRST")), decision("end", literal("盖章"), "盖章")
    )
)


def explained(model: decisions.Model, name: str, **context: object) -> list[str]:
    trace: list[decisions.DecisionTrace] = []
    model.evaluate(name, context, trace)
    return [sentence.zh for sentence in decisions.explain(decisions.from_json(decisions.to_json(trace)))]


def test_each_rule_says_why() -> None:
    assert explained(MODEL, "end", 年龄=26) == [
        '“盖章”的结果是 "b"。',
        "输入：年龄 = 26。",
        "第 1 条规则没有命中：年龄 = 26 不符合 < 18。",
        "第 2 条规则命中（青年）。",
        "第 3 条规则也符合，但其他规则优先。",
        '“end”的结果是 "b"。',
    ]


def test_no_match_and_conflicts_are_said() -> None:
    unique = decisions.read(definitions(decision("d", table(["x"], ["r"], [("> 1", "1"), ("> 2", "2")]))))
    assert "没有规则命中。" in explained(unique, "d", x=0)
    assert any("同时命中" in line for line in explained(unique, "d", x=5))


def test_a_trace_does_not_change_the_result() -> None:
    for age in (5, 18, 26, 40, None, "x"):
        assert MODEL.evaluate("end", {"年龄": age}, []) == MODEL.evaluate("end", {"年龄": age})
