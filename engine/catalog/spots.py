"""Checks of every expression of a diagram: that it compiles, names what is known there, and is of use there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from engine import clock, feel, operations
from engine.bpmn import Node
from engine.catalog.coded import check_cells
from engine.catalog.comparisons import WORDS, mismatches
from engine.catalog.expressions import compile_text, feel_text
from engine.catalog.facts import fields_of, parameter_words
from engine.catalog.findings import Finding, finding
from engine.catalog.graph import Level, levels
from engine.catalog.library import Diagram, Library
from engine.catalog.names import Names, fits
from engine.catalog.structure import at
from engine.errors import Sentence
from engine.feel import nodes
from engine.forms import FieldSpec

_MOMENTS = ("date", "date and time", "days and time duration", "years and months duration")


@dataclass(frozen=True)
class Spot:
    """An expression, where it stands, what is known there, and the FEEL types that are of use."""

    text: str
    what: Sentence
    element_id: str
    element_name: str
    line: int | None
    names: Mapping[str, Any]
    unsure: set[str] = field(default_factory=set)
    wanted: tuple[str, ...] = ()
    code: str = "expression.type"
    #: Names that were set side by side: name → what to say of it.
    overwritten: Mapping[str, Sentence] = field(default_factory=dict)
    #: Answers that are gone once the case has waited: name → what people call it.
    passing: Mapping[str, Sentence] = field(default_factory=dict)


CONDITION = Sentence("条件", "condition")
TIMER = Sentence("定时", "timer")
DUE = Sentence("办理期限", "due date")
PARTY = Sentence("泳道的当事方", "party of the lane")
WHEN = Sentence("可办条件", "condition of the button")
KEY = Sentence("消息的接收对象", "receiver of the message")
COLLECTION = Sentence("多实例的集合", "collection of the multi-instance")
CARDINALITY = Sentence("多实例的次数", "number of instances")
INPUT = Sentence("决策要读的", "input of the decision")
COMPLETION = Sentence("提前结束的条件", "completion condition")


def check_expressions(library: Library, diagram: Diagram) -> Iterator[Finding]:
    """Every expression of a diagram, and the names of its variables."""
    names = Names(library, diagram.process)
    passing, lost = names.passing(), _lost(diagram, names)
    for spot in _spots(diagram, names):
        spot = replace(spot, passing=passing)
        for found in check_spot(diagram.path, spot):
            # An answer of a form that cannot be read is no unknown name: the form is what has to be mended. Where
            # no way leads nothing is known, and that no way leads there is told.
            if found.code != "expression.unknown_name" or not (names.broken or spot.element_id in lost):
                yield found
    yield from _decided(diagram, names)
    yield from check_cells(library, names)
    yield from _left_empty(diagram, names)
    yield from _variables(library, diagram, names)


def check_spot(path: str, spot: Spot) -> Iterator[Finding]:
    """One expression."""

    def found(code: str, sentence: Sentence) -> Finding:
        return finding(
            code,
            sentence,
            file=path,
            element_id=spot.element_id,
            element_name=spot.element_name,
            line=spot.line,
        )

    if not spot.text.strip().removeprefix("=").strip():
        zh, en = f"{spot.what.zh}是空的，请写上。", f"The {spot.what.en} is empty."
        yield found("expression.wrong", Sentence(zh, en))
        return
    try:
        plain = compile_text(spot.text)
    except feel.FeelError as error:
        shown = _short(feel_text(spot.text))
        yield found(
            "expression.wrong",
            Sentence(
                f"{spot.what.zh}“{shown}”写得不对：{error.sentence.zh}",
                f"The {spot.what.en} “{shown}” does not compile: {error.sentence.en}",
            ),
        )
        return
    unknown = sorted(name for name in plain.free_names if name not in spot.names)
    for name in unknown:
        yield found("expression.unknown_name", _unknown(spot, name))
    for name in sorted(plain.free_names & spot.unsure):
        yield found(
            "expression.uncertain_name",
            Sentence(
                f"{spot.what.zh}用到“{name}”，但有的路走到这里时还没有它，那时它是空值。",
                f"The {spot.what.en} uses {name}, which is not known on every way to here; it is null then.",
            ),
        )
    for name in sorted(plain.free_names & spot.overwritten.keys()):
        yield found("expression.overwritten", spot.overwritten[name])
    strange = sorted(filter(None, (_stranger(spot.names, path) for path in plain.paths)))
    for way in strange:
        yield found("expression.unknown_name", _no_field(spot, way))
    if not unknown and not strange:
        yield from _typed(found, spot)
        for text, problem in mismatches(plain, spot.names):
            yield found(
                spot.code if spot.code != "timer.wrong" else "expression.type", _at_part(spot, text, problem)
            )


def _at_part(spot: Spot, text: str, problem: Sentence) -> Sentence:
    return Sentence(
        f"{spot.what.zh}里的“{_short(text)}”：{problem.zh}",
        f"“{_short(text)}” in the {spot.what.en}: {problem.en}",
    )


def _stranger(names: Mapping[str, Any], path: tuple[str, ...]) -> tuple[str, ...]:
    """The part of a path up to the first field that a fact does not have; () where all are there."""
    kind = names.get(path[0])
    for length, name in enumerate(path[1:], start=2):
        kind = None if kind is None else feel.member(kind, name)
        if kind is None:
            return path[:length] if path[0] in names else ()
    return ()


def _no_field(spot: Spot, path: tuple[str, ...]) -> Sentence:
    owner = ".".join(path[:-1])
    kind = spot.names[path[0]]
    for name in path[1:-1]:
        kind = feel.member(kind, name)
    known = list(_fields(kind))
    return Sentence(
        f"{spot.what.zh}里，{owner} 没有“{path[-1]}”。它有：{'、'.join(known)}。",
        f"In the {spot.what.en}, {owner} has no field {path[-1]}. It has: {', '.join(known)}.",
    )


def _typed(found: Any, spot: Spot) -> Iterator[Finding]:
    """The second reading, with the types of the names: unknown fields, and what the value is good for."""
    try:
        typed = compile_text(spot.text, spot.names)
    except feel.FeelError as error:
        yield found(
            "expression.unknown_name",
            Sentence(
                f"{spot.what.zh}“{_short(feel_text(spot.text))}”：{error.sentence.zh}",
                f"The {spot.what.en} “{_short(feel_text(spot.text))}”: {error.sentence.en}",
            ),
        )
        return
    if _is_past(spot, typed):
        yield found(
            "timer.past",
            Sentence(
                f"{spot.what.zh}“{_short(feel_text(spot.text))}”已经过去，走到这里会马上到期。",
                f"The {spot.what.en} “{_short(feel_text(spot.text))}” has passed: what comes here is over at once.",
            ),
        )
    if _no_time(spot, typed):
        yield found(
            "timer.wrong",
            Sentence(
                f"{spot.what.zh}“{_short(feel_text(spot.text))}”一开始就已经到期，别人来不及办。时长要大于零，如 P3D。",
                f"The {spot.what.en} “{_short(feel_text(spot.text))}” is over before anybody can act. A span is more "
                "than nothing: P3D, say.",
            ),
        )
    if spot.wanted and not any(fits(typed.type, kind) for kind in spot.wanted):
        yield found(
            spot.code,
            Sentence(
                f"{spot.what.zh}“{_short(feel_text(spot.text))}”的结果是{_zh(str(typed.type))}，"
                f"这里要{'或'.join(_zh(kind) for kind in spot.wanted)}。",
                f"The {spot.what.en} “{_short(feel_text(spot.text))}” is of type {typed.type}; "
                f"{' or '.join(spot.wanted)} is wanted here.",
            ),
        )


def _no_time(spot: Spot, expression: feel.Expression) -> bool:
    """Whether a span is written down that is over before it begins."""
    if not {"days and time duration"} <= set(spot.wanted) or not _literal(expression.node):
        return False
    try:
        value = expression.evaluate({})
    except feel.FeelError:
        return False
    return isinstance(value, timedelta) and value <= timedelta(0)


def _is_past(spot: Spot, expression: feel.Expression) -> bool:
    """Whether a day or moment is written down that has passed."""
    if not {"date", "date and time"} & set(spot.wanted) or not isinstance(expression.node, nodes.At):
        return False
    value = expression.evaluate({})
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=clock.office_zone())) < clock.now()
    return isinstance(value, date) and value < clock.today()


def _literal(node: nodes.Node) -> bool:
    """A span as people write it down: P3D, or duration("P3D")."""
    if isinstance(node, nodes.Negate):
        return _literal(node.operand)
    called = node.function if isinstance(node, nodes.Call) else None
    return isinstance(node, nodes.At) or (isinstance(called, nodes.Name) and called.name == "duration")


def _unknown(spot: Spot, name: str) -> Sentence:
    known = list(spot.names)
    owner = next((fact for fact in known if name in _fields(spot.names[fact])), None)
    if name in spot.passing:
        label = spot.passing[name]
        stands = f"{owner}.{name}" if owner is not None else ""
        return Sentence(
            f"{spot.what.zh}要用“{label.zh or name}”（{name}），可是这样填写的文字只在填它的那一步用得到，"
            "等过别人办理就不再留着了（几步同时进行时，先办完的那一步填的也是）。请把用它的一步直接接在填它的一步后面，"
            "或改用单选、下拉选择、数字、日期一类会留下来的字段，或在这里写一句固定的话。"
            + (f"办理对象上已记下的，请写 {stands}。" if stands else ""),
            f"The {spot.what.en} uses “{label.en or name}” ({name}), but text that is typed is known only in the "
            "step that asks it, and gone once somebody else was waited for (at a join, that of the way that came "
            "first). Put what uses it right behind the step that asks it, or ask by a choice, a number or a date, "
            "which are kept, or write fixed words here."
            + (f" What the row itself keeps is {stands}." if stands else ""),
        )
    if owner is not None:
        return Sentence(
            f"{spot.what.zh}里的“{name}”在这里不是已知的。要读“{owner}”的，请写 {owner}.{name}。",
            f"{name} in the {spot.what.en} is not known here. It is a field of {owner}: write {owner}.{name}.",
        )
    listed = "、".join(known[:20]) or "无"
    near = get_close_matches(name, known, 1)
    return Sentence(
        f"{spot.what.zh}里的“{name}”在这里不是已知的。{f'是不是要写 {near[0]}？' if near else ''}"
        f"走到这里时已知的有：{listed}。",
        f"{name} in the {spot.what.en} is not known here.{f' Did you mean {near[0]}?' if near else ''} "
        f"Known at this point: {', '.join(known[:20]) or 'nothing'}.",
    )


def _fields(kind: Any) -> Mapping[str, Any]:
    found = getattr(kind, "fields", None)
    return found if isinstance(found, Mapping) else {}


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


_MORE = {"list": "列表", "context": "一组值"}


def _zh(kind: str) -> str:
    words = WORDS.get(kind)
    return words.zh if words is not None else _MORE.get(kind.partition("<")[0], kind)


# ── where expressions stand ────────────────────────────────────────────────────────────────────


def _lost(diagram: Diagram, names: Names) -> set[str]:
    """Elements, and flows out of them, to which no way leads."""
    nodes = [node for node in diagram.process.all_nodes() if node.id not in names.before]
    return {node.id for node in nodes} | {flow for node in nodes for flow in node.outgoing}


def _spots(diagram: Diagram, names: Names) -> Iterator[Spot]:
    for level in levels(diagram.process):
        yield from _conditions(level, names)
        for node in level.nodes.values():
            yield from _of_node(names, node)
    yield from _parties(diagram, names)


def _conditions(level: Level, names: Names) -> Iterator[Spot]:
    for flow in level.flows.values():
        source = level.nodes.get(flow.source)
        if flow.condition and source is not None:
            known, unsure = names.at(source, after=True)
            spot = Spot(
                flow.condition, CONDITION, flow.id, flow.name or "", flow.line, known, unsure, ("boolean",)
            )
            yield replace(spot, overwritten=_overwritten(names, source, after=True))


def _overwritten(names: Names, node: Node, *, after: bool = False) -> dict[str, Sentence]:
    """What to say of names that several steps fill in at the same time."""
    found = {}
    for name, ids in names.overwritten(node, after=after).items():
        steps = [names.nodes[one] for one in sorted(ids) if one in names.nodes]
        keys = [step.ext.get("form", "") for step in steps]
        specs = [spec for key in keys if (spec := names.library.forms.get(key)) is not None]
        label = next((spec.by_key[name].label for spec in specs if name in spec.by_key), Sentence(name, name))
        zh = "、".join(f"“{step.name or step.id}”" for step in steps)
        en = ", ".join(f"“{step.name or step.id}”" for step in steps)
        found[name] = Sentence(
            f"同时进行的几步{zh}都填“{label.zh or name}”，后填的会盖掉先填的，这里只读得到最后一个。"
            "请给其中一步换一张表单，或在表单里给这个字段换一个名字，再在条件里两个都写上。",
            f"The steps {en} go on at the same time and all fill in “{label.en or name}”: the last one wins, and "
            "only that is read here. Give one of them another form, or the field another name, and name both in "
            "the condition.",
        )
    return found


def _of_node(names: Names, node: Node) -> Iterator[Spot]:
    known, unsure = names.at(node)
    overwritten = _overwritten(names, node)

    def spot(text: str, what: Sentence, *wanted: str, more: Mapping[str, Any] | None = None) -> Spot:
        scope = {**known, **(more or {})}
        found = Spot(text, what, node.id, node.name or "", node.line, scope, unsure, wanted)
        return replace(found, overwritten=overwritten)

    if node.event == "timer" and node.event_ref is not None and node.timer_kind != "cycle":
        yield _timer(spot(node.event_ref, TIMER), node)
    if node.ext.get("due"):
        yield spot(node.ext["due"], DUE, *_MOMENTS)
    if node.ext.get("key"):
        yield spot(node.ext["key"], KEY)
    if node.ext.get("when"):
        when = spot(node.ext["when"], WHEN, "boolean")
        yield replace(when, names=names.at_start(node)) if node.kind == "start_event" else when
    if node.loop is not None:
        inside = names.inside_loop(node)
        if node.loop.cardinality:
            yield spot(node.loop.cardinality, CARDINALITY, "number")
        if node.loop.collection:
            yield spot(node.loop.collection, COLLECTION, "list")
        if node.loop.completion:
            yield spot(node.loop.completion, COMPLETION, "boolean", more=inside)
        known = {**known, **inside}
    if node.kind == "service_task" and node.operation in operations.names():
        yield from _parameters(spot, node)
    if node.kind == "business_rule_task":
        yield from (spot(name, INPUT) for name in names.decision_inputs(node))


def _parameters(spot: Any, node: Node) -> Iterator[Spot]:
    op = operations.get(node.operation or "")
    for parameter in node.parameters:
        declared = op.parameters.get(parameter.name)
        label = parameter_words(op).get(parameter.name) or Sentence(parameter.name, parameter.name)
        what = Sentence(f"参数“{label.zh}”", f"parameter “{label.en}”")
        wanted = () if declared is None else (declared.feel_type,)
        found: Spot = spot(parameter.value or "", what, *wanted)
        yield replace(found, code="parameter.type")


def _timer(spot: Spot, node: Node) -> Spot:
    wanted = _MOMENTS[2:] if node.timer_kind == "duration" else _MOMENTS[:2]
    return replace(spot, wanted=wanted, code="timer.wrong")


def _parties(diagram: Diagram, names: Names) -> Iterator[Spot]:
    for lane in diagram.process.lanes:
        text = lane.ext.get("party")
        if text:
            yield Spot(text, PARTY, lane.id, lane.name or "", lane.line, names.facts)


def _left_empty(diagram: Diagram, names: Names) -> Iterator[Finding]:
    """A parameter that needs a value, given an answer that may be left empty."""
    for node in diagram.process.all_nodes():
        if node.operation not in operations.names():
            continue
        op, state = operations.get(node.operation or ""), names.before.get(node.id)
        for parameter in node.parameters if state is not None else ():
            declared = op.parameters.get(parameter.name)
            name = feel_text(parameter.value or "")
            if declared is None or declared.optional or state is None or name not in state.variables:
                continue
            steps = [names.nodes[one] for one in sorted(state.variables[name].by)]
            specs = [names.library.forms.get(step.ext.get("form", "")) for step in steps]
            fields = [spec.by_key[name] for spec in specs if spec is not None and name in spec.by_key]
            free = next((field_ for field_ in fields if _may_be_empty(field_)), None)
            if free is not None:
                yield at(diagram, "parameter.empty", node, _empty(op, free))


def _may_be_empty(field_: FieldSpec) -> bool:
    return not field_.required and field_.empty is None and field_.default is None and field_.kind in _TYPED


#: Kinds of fields that people fill in, or not; a tick that is not set is an answer, and so is a choice.
_TYPED = frozenset({"textfield", "textarea", "number", "datetime", "radio", "select"})


def _empty(op: Any, field_: FieldSpec) -> Sentence:
    label, other = field_.label.zh or field_.key, field_.label.en or field_.key
    return Sentence(
        f"“{op.label.zh}”一定要有“{label}”，而表单里这个字段可以不填，没填时这一步会办不成。"
        "请在表单里把它设为必填，或给它一个固定的值。",
        f"“{op.label.en}” needs “{other}”, but the form lets it be left empty, and the step would fail then. "
        "Make the field required, or give a fixed value.",
    )


# ── names of variables ─────────────────────────────────────────────────────────────────────────


def _decided(diagram: Diagram, names: Names) -> Iterator[Finding]:
    """A decision whose single value goes nowhere."""
    for node in diagram.process.all_nodes():
        if node.kind == "business_rule_task" and not names.decision_names(node):
            yield at(
                diagram,
                "decision.no_result",
                node,
                Sentence(
                    "查决策表得出的结果没有名字，后面的条件读不到。请在“结果记为”里写一个英文名字，例如 reviewer。",
                    "What the table says has no name, and no condition after it can read it. Give it one in “Result is "
                    "kept as”, such as reviewer.",
                ),
            )


def _variables(library: Library, diagram: Diagram, names: Names) -> Iterator[Finding]:
    """A variable named like a fact, or like a field of the subject, would be a stale copy of it."""
    if names.subject is None:
        return
    fields = set(fields_of(names.subject))
    for level in levels(diagram.process):
        for node in level.nodes.values():
            own = [node.result_variable]
            if node.loop is not None:
                own += [node.loop.element, node.loop.results]
            for name in filter(None, own):
                if name in names.facts or name in fields:
                    yield at(diagram, "variable.shadows_fact", node, _shadows(name))
            spec = library.forms.get(node.ext.get("form", ""))
            for name in spec.by_key if spec is not None else ():
                if name in names.facts:
                    yield at(diagram, "variable.shadows_fact", node, _shadows(name))


def _shadows(name: str) -> Sentence:
    return Sentence(
        f"变量“{name}”与办理对象的数据同名，会读到旧的副本。请换一个名字。",
        f"The variable {name} is named like a fact and would be a stale copy of it. Give it another name.",
    )
