"""A trace in words: which rule fired on which inputs, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.decisions.trace import DecisionTrace, RuleTrace, TableTrace
from engine.errors import Sentence


def explain(trace: list[DecisionTrace]) -> list[Sentence]:
    """One sentence for each decision's result, and one for each rule of its tables."""
    return [sentence for step in trace for sentence in _step(step)]


def _step(step: DecisionTrace) -> Iterator[Sentence]:
    value = feel.value_text(step.value, None, True)
    yield Sentence(f"“{step.name}”的结果是 {value}。", f"“{step.name}” is {value}.")
    for table in step.tables:
        yield from _table(table)


def _table(table: TableTrace) -> Iterator[Sentence]:
    inputs = "，".join(f"{label} = {feel.value_text(v, None, True)}" for label, v in table.inputs)
    if inputs:
        yield Sentence(f"输入：{inputs}。", f"Inputs: {inputs.replace('，', ', ')}.")
    if table.conflict:
        matched = [rule.number for rule in table.rules if rule.matched]
        yield Sentence(
            f"第 {'、'.join(map(str, matched))} 条规则同时命中，命中策略不允许，所以没有结果。",
            f"Rules {', '.join(map(str, matched))} match together, which the hit policy forbids: there is no result.",
        )
    if not any(rule.matched for rule in table.rules):
        yield Sentence("没有规则命中。", "No rule matched.")
    for rule in table.rules:
        yield _rule(rule, table)


def _rule(rule: RuleTrace, table: TableTrace) -> Sentence:
    if rule.hit or (rule.matched and table.conflict):
        note = f"（{'；'.join(rule.notes)}）" if rule.notes else ""
        return Sentence(f"第 {rule.number} 条规则命中{note}。", f"Rule {rule.number} fired{note}.")
    if rule.matched:
        return Sentence(
            f"第 {rule.number} 条规则也符合，但其他规则优先。",
            f"Rule {rule.number} matches too, but another comes first.",
        )
    failed = [at for at, held in enumerate(rule.held) if not held]
    reasons = [
        (table.inputs[at][0], feel.value_text(table.inputs[at][1], None, True), rule.cells[at])
        for at in failed
    ]
    zh = "，".join(f"{label} = {value} 不符合 {cell}" for label, value, cell in reasons)
    en = ", ".join(f"{label} = {value} does not meet {cell}" for label, value, cell in reasons)
    return Sentence(f"第 {rule.number} 条规则没有命中：{zh}。", f"Rule {rule.number} did not fire: {en}.")
