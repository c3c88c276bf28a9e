"""Scenarios, run against a scratch database in memory with a clock that moves; and what they have covered."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine import catalog, clock, db, feel, models, runtime
from engine.bpmn import Process
from engine.catalog import Content, Files
from engine.catalog.files import sibling
from engine.catalog.graph import Level, levels
from engine.catalog.scenarios import Scenario, Step, read_scenarios
from engine.catalog.yaml_lines import YamlUnreadable
from engine.errors import QihangError, Sentence, SubmissionInvalid
from engine.models.facts import Facts, FactView
from engine.models.people import Role
from engine.models.seed import ensure_roles
from engine.models.workflow import Incident
from engine.release.course import Course, NotAsWritten, at_fields
from engine.release.examples import moment

#: When a scenario begins, unless it says so: a Monday morning.
DEFAULT_NOW = "2026-03-02T09:00"
_EXPECTED = frozenset({"open", "actions", "notified", "ended", "state"})


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step as it is written, and what went otherwise: at which element, in a sentence."""

    said: str
    line: int
    passed: bool
    problem: Sentence | None = None
    element_id: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What became of a scenario; steps after the first that failed are not run. `trail` are the elements."""

    name: str
    file: str
    line: int
    steps: tuple[StepResult, ...]
    trail: tuple[str, ...] = ()
    ended: str | None = None

    @property
    def passed(self) -> bool:
        return all(step.passed for step in self.steps)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which nodes and sequence flows of a process the scenarios have taken."""

    nodes: frozenset[str]
    flows: frozenset[str]
    nodes_not_taken: frozenset[str]
    flows_not_taken: frozenset[str]


@dataclass
class _Outcome:
    steps: list[StepResult] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    ended: str | None = None


def rehearse(
    files: Files,
    process_id: str,
    names: Iterable[str] | None = None,
    roles: Mapping[str, str] | None = None,
) -> list[ScenarioResult]:
    """Runs the scenarios of a process (or those named), each on rows and a clock of its own.

    `roles`: role → kind of party, those that staff have added among them. Touches no database but the one in
    memory. Raises KeyError where there is no such process, and DeploymentRefused where its files cannot be run
    at all; a scenario that fails is a result.
    """
    closed = {path: files[path] for path in catalog.closure(files, process_id)}
    content = catalog.content(process_id, closed)
    path = sibling(content.path, "scenarios.yaml")
    body = closed.get(path)
    if body is None:
        return []
    try:
        scenarios = read_scenarios(body)
    except YamlUnreadable as error:
        step = StepResult("", error.line or 1, False, error.sentence)
        return [ScenarioResult(path, path, error.line or 1, (step,))]
    wanted = None if names is None else set(names)
    return [
        _run(closed, content, scenario, path, roles or {})
        for scenario in scenarios
        if wanted is None or scenario.name in wanted
    ]


def _run(
    files: Files, content: Content, scenario: Scenario, path: str, roles: Mapping[str, str]
) -> ScenarioResult:
    outcome = _Outcome()
    try:
        now = moment(scenario.now or DEFAULT_NOW)
    except ValueError:
        sentence = Sentence(f"“{scenario.now}”不是时刻。", f"{scenario.now} is no moment.")
        outcome.steps.append(StepResult("now", scenario.line, False, sentence))
        return _result(scenario, path, outcome)
    with clock.frozen(now), db.scratch(models.all_models()):
        catalog.place(files)
        add_roles(roles)
        _play(content, scenario, outcome)
    return _result(scenario, path, outcome)


def add_roles(roles: Mapping[str, str]) -> None:
    """Roles that staff have added, before those of a new database."""
    ensure_roles()
    known = {row.name for row in Role.select(Role.name)}
    for name in sorted(set(roles) - known):
        Role.create(name=name, party_kind=roles[name])


def _result(scenario: Scenario, path: str, outcome: _Outcome) -> ScenarioResult:
    return ScenarioResult(
        scenario.name, path, scenario.line, tuple(outcome.steps), tuple(outcome.trail), outcome.ended
    )


def _play(content: Content, scenario: Scenario, outcome: _Outcome) -> None:
    course: Course | None = None
    said, element = _written_start(scenario), content.start_node.id
    try:
        course = Course(content.process_id, scenario.given)
        _begin(course, scenario)
        outcome.steps.append(StepResult(said, scenario.start.line, True))
        for step in scenario.steps:
            said, element = written(step), step.target
            if step.kind == "expect":
                _expect(course, step)
            else:
                course.do(step)
            outcome.steps.append(StepResult(said, step.line, True))
    except QihangError as error:
        line = scenario.start.line if not outcome.steps else scenario.steps[len(outcome.steps) - 1].line
        outcome.steps.append(StepResult(said, line, False, _problem(error), element))
    except Exception as error:  # what a draft can do to the engine is a result too
        line = scenario.start.line if not outcome.steps else scenario.steps[len(outcome.steps) - 1].line
        outcome.steps.append(
            StepResult(said, line, False, _broke(f"{type(error).__name__}: {error}"), element)
        )
    if course is not None:
        outcome.trail = course.trail
        outcome.ended = course.instance.end_node if course.instance is not None else None


def _begin(course: Course, scenario: Scenario) -> None:
    says = scenario.start.says
    try:
        course.begin(scenario.start)
    except QihangError as error:
        problem = _problem(error)
        if says is None or says not in problem.zh:
            raise
        return
    if says is not None:
        raise NotAsWritten(Sentence("应被拒绝，却发起成功了。", "It should be refused, but was started."))


def _broke(problem: str) -> Sentence:
    return Sentence(f"这一步出了故障：{problem}", f"The step broke: {problem}")


def _problem(error: QihangError) -> Sentence:
    """The sentence, with those at the fields of a form; of an incident, what broke."""
    if isinstance(error, runtime.StepFailed):
        return _broke(Incident.get_by_id(error.incident_id).problem)
    if not isinstance(error, SubmissionInvalid):
        return error.sentence
    more = " ".join(at_fields(error))
    return Sentence(f"{error.sentence.zh} {more}", f"{error.sentence.en} {more}")


def written(step: Step) -> str:
    """A step in one line, as the file has it."""
    if step.kind == "expect":
        return "expect: " + ", ".join(f"{key}: {_plain(value)}" for key, value in step.expected.items())
    more = "".join(
        f" {key}: {value}" for key, value in (("by", step.by), ("says", step.says)) if value is not None
    )
    answers = ", ".join(f"{key}: {_plain(value)}" for key, value in step.answers.items())
    return f"{step.kind}: {step.target}{more}{f' with: {answers}' if answers else ''}"


def _written_start(scenario: Scenario) -> str:
    start = scenario.start
    return "start" + "".join(
        f" {key}: {value}" for key, value in (("by", start.by), ("on", start.on)) if value is not None
    )


# ── what must be true ──────────────────────────────────────────────────────────────────────────


def _expect(course: Course, step: Step) -> None:
    """Compares everything that a step expects; raises NotAsWritten with all that is otherwise."""
    wrong = [
        (key, wanted, found)
        for key, wanted in step.expected.items()
        if not _same(wanted, found := _found(course, key))
    ]
    if wrong:
        raise NotAsWritten(
            Sentence(
                "；".join(_otherwise(course, *one, "zh") for one in wrong),
                "; ".join(_otherwise(course, *one, "en") for one in wrong),
            )
        )


#: What a scenario expects, as the sentence about it says.
_ASKED = {
    "open": Sentence("等着办的环节", "open steps"),
    "actions": Sentence("可办的事", "acts"),
    "notified": Sentence("发出的通知", "notices sent"),
    "ended": Sentence("结束在", "ended at"),
    "state": Sentence("办理件的状态", "state of the case"),
}


def _otherwise(course: Course, key: str, wanted: Any, found: Any, locale: str) -> str:
    """What is otherwise, in names where there are some: elements by theirs, notices by their titles."""
    asked = _ASKED[key].text(locale) if key in _ASKED else key
    expected, is_now = (_named(course, key, value, locale) for value in (wanted, found))
    if locale == "en":
        return f"{asked}: expected {expected}, found {is_now}"
    return f"{asked}应是{expected}，实际是{is_now}"


def _named(course: Course, key: str, value: Any, locale: str) -> str:
    if key not in ("open", "actions", "notified", "ended"):
        return f"“{_plain(value)}”" if key not in _ASKED and locale == "zh" else _plain(value)
    ids = value if isinstance(value, list | tuple) else [] if value is None else [value]
    nothing = Sentence("没有", "nothing").text(locale)
    return ("、" if locale == "zh" else ", ").join(
        _name(course, key, str(one), locale) for one in ids
    ) or nothing


def _name(course: Course, key: str, id_: str, locale: str) -> str:
    definition = course.definition
    if key == "notified":
        known = definition.notices.get(id_)
        name = known.subject.source if known is not None else ""
    else:
        node = definition.nodes.get(id_)
        name = definition.node_name(id_, locale) if node is not None and node.name else ""
    return f"“{name}”（{id_}）" if name not in ("", id_) else id_


def _found(course: Course, key: str) -> Any:
    instance = course.instance
    if key in _EXPECTED and instance is None:
        return None
    if key == "open":
        return sorted(task.node_id for task in course.open_tasks("task"))
    if key == "actions":
        return sorted({task.node_id for task in course.open_tasks("action")})
    if key == "notified":
        return sorted(set(course.notices))
    case = course.current()
    if key == "state":
        return case.state if case is not None else None
    if key == "ended":
        return case.end_node if case is not None and case.state != "running" else None
    return _value(course, key)


def _value(course: Course, key: str) -> Any:
    """A fact, a variable or a field of a given row, read as FEEL reads it."""
    case = course.current()
    layers: list[Mapping[str, Any]] = []
    if case is not None:
        stored = {name: value for name, value in (case.variables or {}).items() if not name.startswith("$")}
        layers.append(feel.from_json(stored))
        if case.subject_kind is not None:
            layers.append(Facts(models.by_name(case.subject_kind).get_by_id(case.subject_id)))
    given = {name: row for name in course.examples.rows if (row := course.row_of(name)) is not None}
    layers.append({name: FactView(row) for name, row in given.items()})
    scope: ChainMap[str, Any] = ChainMap(*layers)  # type: ignore[arg-type]
    try:
        return catalog.compile_text(key).evaluate(scope)
    except feel.FeelError as error:
        raise NotAsWritten(error.sentence) from None


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, list):
        items = list(found) if isinstance(found, list | tuple) else [found]
        return sorted(map(_plain, wanted)) == sorted(map(_plain, items))
    return _plain(wanted) == _plain(found)


def _plain(value: Any) -> str:
    """A value as scenarios write it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int | float):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime):
        local = value.astimezone(clock.office_zone()) if value.tzinfo else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(item) for item in value) + "]"
    if isinstance(value, FactView):
        return str(value.row)
    return str(value)


# ── coverage ───────────────────────────────────────────────────────────────────────────────────


def coverage(files: Files, process_id: str, results: Iterable[ScenarioResult]) -> Coverage:
    """Which nodes and flows the scenarios' cases have passed, of the process itself."""
    process = catalog.content(process_id, files).process
    nodes: set[str] = set()
    flows: set[str] = set()
    for result in results:
        nodes |= set(result.trail)
        flows |= _flows(process, result.trail)
    every = list(levels(process))
    all_nodes = {name for level in every for name in level.nodes}
    all_flows = {name for level in every for name in level.flows}
    return Coverage(
        frozenset(nodes & all_nodes),
        frozenset(flows),
        frozenset(all_nodes - nodes),
        frozenset(all_flows - flows),
    )


def _flows(process: Process, trail: tuple[str, ...]) -> set[str]:
    """The flows between elements that were reached: into each, from the source that was reached last."""
    place: dict[str, Level] = {name: level for level in levels(process) for name in level.nodes}
    last: dict[str, int] = {}
    found: set[str] = set()
    for index, name in enumerate(trail):
        level = place.get(name)
        if level is None:
            continue
        into = [flow for flow in level.into(level.nodes[name]) if flow.source in last]
        if level.nodes[name].kind == "parallel_gateway":
            found |= {flow.id for flow in into}
        elif into:
            latest = max(last[flow.source] for flow in into)
            found |= {flow.id for flow in into if last[flow.source] == latest}
        last[name] = index
    return found
