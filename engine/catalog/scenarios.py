"""`<process>.scenarios.yaml`: what must happen, as staff write it. Read here, run by engine/release.

given: {student: {name: 王小雨}}          # rows; models supply what is not said. Chinese: 给定
scenarios:                               # 情景
  - name: 同意后学校通过
    start: {by: 用人单位, on: student, with: {position: 测试工程师}}
    steps:
      - complete: student_answers        # a user task; by: the lane's role, with: answers
      - act: change_invitation           # an act without a task
      - after: P5D                       # the clock moves on; at: 2026-03-01T09:00 moves it to a moment
      - refuse: student_answers          # it must be refused; says: a part of the sentence
      - expect: {invitation.state: signed, open: [school_audits], ended: passed_end}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalog.yaml_lines import Mapped, YamlUnreadable, read_yaml
from engine.errors import Sentence

#: Chinese keys that staff may write instead.
_ALIASES = {
    "给定": "given",
    "情景": "scenarios",
    "场景": "scenarios",
    "名称": "name",
    "发起": "start",
    "步骤": "steps",
    "办理": "complete",
    "按": "act",
    "过": "after",
    "到": "at",
    "应拒绝": "refuse",
    "应当": "expect",
    "谁": "by",
    "对象": "on",
    "填写": "with",
    "提示": "says",
    "办理时": "now",
    "以": "as",
}
STEP_KINDS = ("complete", "act", "after", "at", "refuse", "expect", "message", "start")
_STEP_KEYS = frozenset({"by", "with", "says", "as", "on", "process"})


@dataclass(frozen=True, slots=True)
class Start:
    """How the case begins: who, on which given row, with which answers; `says` where it must be refused."""

    by: str | None
    on: str | None
    answers: Mapping[str, Any]
    says: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `target` is a node id, a span, a moment or a message; `colleague` picks another person."""

    kind: str
    target: str
    by: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    says: str | None = None
    colleague: int = 0
    expected: Mapping[str, Any] = field(default_factory=dict)
    on: str | None = None
    line: int = 1


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named course of a case: the rows it needs, its start, its steps, and at which moment it begins."""

    name: str
    given: Mapping[str, Mapping[str, Any]]
    start: Start
    steps: tuple[Step, ...]
    now: str | None
    line: int


def read_scenarios(body: bytes) -> list[Scenario]:
    """The scenarios of a file. Raises YamlUnreadable with the line and what is wrong."""
    read = read_yaml(body)
    if read is None:
        raise _wrong(
            1,
            "里面是空的。请写上情景，或点“去掉这个文件”。",
            "the file is empty. Write one, or take the file away",
        )
    data = _named(read, 1)
    _only(data, {"given", "scenarios", "now"})
    entries = data.get("scenarios") or []
    if not isinstance(entries, list):
        raise _wrong(_line(data, "scenarios"), "scenarios 应是一个列表。", "scenarios should be a list")
    shared = _given(data.get("given"), data.line)
    found = [_scenario(entry, shared, _said(data, "now"), data.line) for entry in entries]
    names = [scenario.name for scenario in found]
    for scenario in found:
        if names.count(scenario.name) > 1:
            raise _wrong(
                scenario.line,
                f"有两个情景叫“{scenario.name}”。",
                f"two scenarios are called {scenario.name}",
            )
    return found


def _scenario(entry: Any, shared: Mapping[str, Any], now: str | None, line: int) -> Scenario:
    data = _named(entry, line)
    _only(data, {"name", "given", "start", "steps", "now"})
    name = _said(data, "name")
    if not name:
        raise _wrong(data.line, "情景没有名称（name）。", "a scenario has no name")
    given = {key: dict(values) for key, values in shared.items()}
    for key, values in _given(data.get("given"), data.line).items():
        given[key] = {**given.get(key, {}), **values}
    steps = data.get("steps") or []
    if not isinstance(steps, list):
        raise _wrong(_line(data, "steps"), "steps 应是一个列表。", "steps should be a list")
    return Scenario(
        name=name,
        given=given,
        start=_start(data.get("start"), data.line),
        steps=tuple(_step(step, data.line) for step in steps),
        now=_said(data, "now") or now,
        line=data.line,
    )


def _start(value: Any, line: int) -> Start:
    data = _named({} if value is None else value, line)
    _only(data, {"by", "on", "with", "says"})
    return Start(_said(data, "by"), _said(data, "on"), _answers(data), _said(data, "says"), data.line)


def _step(value: Any, line: int) -> Step:
    data = _named(value, line)
    kinds = [kind for kind in STEP_KINDS if kind in data]
    if len(kinds) != 1:
        raise _wrong(
            data.line,
            f"一步只能是这些中的一个：{'、'.join(STEP_KINDS)}。",
            f"a step is exactly one of {', '.join(STEP_KINDS)}",
        )
    kind = kinds[0]
    _only(data, {kind, *_STEP_KEYS})
    if kind == "expect":
        if not isinstance(data["expect"], Mapping):
            raise _wrong(data.line, "expect 应写“名称: 值”。", "expect should be a mapping")
        return Step("expect", "", expected=dict(data["expect"]), line=data.line)
    return Step(
        kind=kind,
        target=str(data[kind]).strip(),
        by=_said(data, "by"),
        answers=_answers(data),
        says=_said(data, "says"),
        colleague=_colleague(data),
        on=_said(data, "on"),
        line=data.line,
    )


def _colleague(data: Mapped) -> int:
    value = data.get("as")
    if value in (None, "same", "本人"):
        return 0
    if value in ("colleague", "同事"):
        return 1
    raise _wrong(_line(data, "as"), "as 只能是 本人 或 同事。", "`as` is either same or colleague")


def _given(value: Any, line: int) -> dict[str, dict[str, Any]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(line, "given 应写“名称: {字段: 值}”。", "given should map names to fields")
    found = {}
    for key, fields in value.items():
        if fields is not None and not isinstance(fields, Mapping):
            raise _wrong(line, f"given 里的 {key} 应是 {{字段: 值}}。", f"{key} in given should be a mapping")
        found[str(key)] = dict(fields or {})
    return found


def _answers(data: Mapped) -> dict[str, Any]:
    value = data.get("with")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(_line(data, "with"), "with 应写“字段: 值”。", "`with` should be a mapping")
    return dict(value)


def _named(value: Any, line: int) -> Mapped:
    """The mapping with Chinese keys turned into ours."""
    if not isinstance(value, Mapped):
        if value == {}:
            made = Mapped()
            made.line, made.lines = line, {}
            return made
        raise _wrong(line, "这里应写“名称: 值”。", "a mapping is wanted here")
    made = Mapped({_ALIASES.get(key, key): inner for key, inner in value.items()})
    made.line = value.line
    made.lines = {_ALIASES.get(key, key): number for key, number in value.lines.items()}
    return made


def _said(data: Mapped, key: str) -> str | None:
    value = data.get(key)
    return None if value is None else str(value).strip() or None


def _only(data: Mapped, known: set[str]) -> None:
    for key in data:
        if key not in known:
            raise _wrong(_line(data, key), f"不认识“{key}”。", f"{key} is not known here")


def _line(data: Mapped, key: str) -> int:
    return data.lines.get(key, data.line)


def _wrong(line: int, zh: str, en: str) -> YamlUnreadable:
    return YamlUnreadable(Sentence(f"情景写得不对：{zh}", f"The scenarios are wrong: {en}."), line)
