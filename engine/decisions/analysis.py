"""What a table leaves open: gaps, overlaps, rules that never hit, each with an example.

Exact where cells are constants and intervals: columns are independent, so a table is a product of its
columns' atoms, and rules are bit masks over them. A cell that is anything else is said to be not analysed,
and nothing is claimed that would depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.decisions.atoms import Atom, column_atoms
from engine.decisions.boxes import Literal
from engine.decisions.cells import ValueSet, set_of
from engine.decisions.elements import Element
from engine.decisions.errors import Finding
from engine.decisions.model import Model
from engine.decisions.tables import TableLogic
from engine.errors import Sentence
from engine.feel import FeelError
from engine.feel.literals import NONE, constant

MAX_NODES = 100_000
MAX_FINDINGS = 8
_BIG = Sentence("表太大，没有检查是否有遗漏。", "The table is too large; gaps were not looked for.")


def analyse(model: Model) -> list[Finding]:
    """All findings about a file: what is wrong, then what is doubtful, then what was not analysed."""
    found = list(model.findings)
    for element in (*model.decisions.values(), *model.knowledge.values()):
        for table in model.tables[element.id]:
            found += TableAnalysis(table, element, model).findings()
    weight = {"error": 0, "warning": 1, "advice": 2}
    return sorted(found, key=lambda finding: weight[finding.severity])


@dataclass
class TooLarge(Exception):
    """The search for gaps met more than MAX_NODES nodes."""


class TableAnalysis:
    """One table."""

    def __init__(self, logic: TableLogic, element: Element, model: Model) -> None:
        self.logic = logic
        self.element = element
        self.table = logic.table
        self.labels = [clause.label for clause in self.table.inputs]
        self.rules = len(logic.cells)
        self.unknown = 0  # rules with a cell that was not analysed
        self.unknown_cells: list[tuple[int, int]] = []
        self.atoms = [self._column(at, model) for at in range(len(self.labels))]
        self.groups = [_grouped(column) for column in self.atoms]

    def _column(self, at: int, model: Model) -> list[Atom]:
        cells = [rule[at] for rule in self.logic.cells]
        anything = [cell.is_anything for cell in cells]
        sets: list[ValueSet | None] = []
        for number, cell in enumerate(cells):
            found = None if anything[number] else set_of(cell)
            sets.append(found)
            if found is None and not anything[number]:
                self.unknown |= 1 << number
                self.unknown_cells.append((number, at))
        return column_atoms(sets, anything, self._allowed(at, model), self.logic.input_types[at])

    def _allowed(self, at: int, model: Model) -> ValueSet | None:
        """The input values of a column, or those of its type."""
        expression = self.logic.allowed[at]
        if expression is None:
            text = model.types.allowed_text(self.table.inputs[at].expression.type_ref)
            if text is None:
                return None
            try:
                expression = feel.compile_unary(text, strict=False)
            except FeelError:
                return None
        return set_of(expression)

    # -- findings

    def findings(self) -> list[Finding]:
        """All findings of the table."""
        made = [*self._not_analysed(), *self._priorities(), *self._outputs()]
        dead = self._dead()
        made += [
            self._about_rule(
                "decision.dead",
                "warning",
                rule,
                Sentence("第 {rule} 条规则永远不会命中。", "Rule {rule} can never match."),
            )
            for rule in dead
        ]
        made += self._overlaps(dead)
        try:
            made += self._masked(dead)
            made += self._gaps()
        except TooLarge:
            made.append(self._finding("decision.not_analysed", "advice", _BIG))
        return made

    def _finding(
        self, code: str, severity: str, sentence: Sentence, example: Sequence[Atom] = (), **more: Any
    ) -> Finding:
        values = tuple(
            (label, atom.example) for label, atom in zip(self.labels, example, strict=False) if atom.known
        )
        more.setdefault("element_id", self.table.id or self.element.id)
        return Finding(code, severity, sentence, element_name=self.element.name, example=values, **more)

    def _about_rule(
        self,
        code: str,
        severity: str,
        rule: int,
        sentence: Sentence,
        example: Sequence[Atom] = (),
    ) -> Finding:
        element_id = self.table.rules[rule].id or self.table.id
        return self._finding(
            code, severity, sentence.format(rule=rule + 1), example, element_id=element_id, rule=rule + 1
        )

    def _not_analysed(self) -> Iterator[Finding]:
        for rule, column in self.unknown_cells[:MAX_FINDINGS]:
            sentence = Sentence(
                f"第 {rule + 1} 条规则的“{self.labels[column]}”格不是常量或区间，没有参与遗漏和重叠的检查。",
                f"Rule {rule + 1}: the cell of “{self.labels[column]}” is no constant or interval and was not analysed.",
            )
            yield self._finding(
                "decision.not_analysed",
                "advice",
                sentence,
                rule=rule + 1,
                column=column + 1,
                element_id=self.table.rules[rule].inputs[column].id or self.table.id,
            )

    def _priorities(self) -> Iterator[Finding]:
        if self.table.hit_policy in "PO" and not any(self.logic.orders):
            yield self._finding(
                "decision.no_priorities",
                "error",
                Sentence(
                    "命中策略要按输出值的先后取舍，但没有列出输出值。",
                    "The hit policy ranks outputs, but no output values are listed.",
                ),
            )
        if self.table.aggregation and len(self.table.outputs) > 1:
            yield self._finding(
                "decision.aggregation",
                "error",
                Sentence("有多个输出列时不能汇总。", "A table with several outputs cannot aggregate."),
            )

    def _outputs(self) -> Iterator[Finding]:
        """Output cells that are constants outside the listed output values."""
        for column, clause in enumerate(self.table.outputs):
            if clause.values is None:
                continue
            listed = _tests(clause.values)
            if listed is None:
                continue
            for number, rule in enumerate(self.table.rules):
                value = _constant(rule.outputs[column])
                if value is not NONE and value is not None and listed.evaluate({}, value) is False:
                    text = feel.value_text(value, None, True)
                    yield self._about_rule(
                        "decision.output",
                        "warning",
                        number,
                        Sentence(
                            f"第 {number + 1} 条规则的输出 {text} 不在输出值之中。",
                            f"Rule {number + 1}: the output {text} is not among the output values.",
                        ),
                    )

    # -- rules that never hit

    def _dead(self) -> list[int]:
        reach = (1 << self.rules) - 1
        for column in self.atoms:
            reach &= _union(column)
        return [rule for rule in range(self.rules) if not reach >> rule & 1]

    def _masked(self, dead: list[int]) -> Iterator[Finding]:
        """Rules of F and P tables that others take every case from."""
        if self.table.hit_policy not in "FP":
            return
        for rule in range(self.rules):
            if rule in dead or self.unknown >> rule & 1:
                continue
            stronger = self._stronger(rule) & ~self.unknown
            if stronger and self._escape(rule, stronger) is None:
                yield self._about_rule(
                    "decision.masked",
                    "warning",
                    rule,
                    Sentence(
                        "第 {rule} 条规则总是被其他规则抢先，永远不会起作用。",
                        "Rule {rule} never takes effect: other rules always come first.",
                    ),
                    self._example(1 << rule),
                )

    def _stronger(self, rule: int) -> int:
        """The rules that win where they match together with this one."""
        if self.table.hit_policy == "F":
            return (1 << rule) - 1
        ranks = [self._rank(number) for number in range(self.rules)]
        own = ranks[rule]
        if own is None:
            return 0
        return sum(
            1 << other
            for other, rank in enumerate(ranks)
            if rank is not None and (rank < own or (rank == own and other < rule))
        )

    def _rank(self, rule: int) -> tuple[int, ...] | None:
        """How early the rule's constant outputs stand in their lists; None where they are not constant."""
        found: list[int] = []
        for cell, order in zip(self.table.rules[rule].outputs, self.logic.orders, strict=True):
            value = _constant(cell)
            if value is NONE:
                return None
            listed = order.evaluate({}) if order is not None else []
            places = [n for n, item in enumerate(listed or ()) if feel.equal(item, value) is True]
            found.append(places[0] if places else len(listed or ()))
        return tuple(found)

    def _escape(self, rule: int, others: int) -> list[Atom] | None:
        """Atoms where a rule matches and none of the others."""
        return _search(self.groups, 1 << rule, lambda mask: not mask & others)

    # -- overlaps

    def _overlaps(self, dead: list[int]) -> Iterator[Finding]:
        if self.table.hit_policy not in "UA":
            return
        shown = 0
        for rule in range(self.rules):
            if rule in dead or self.unknown >> rule & 1:
                continue
            others = self._together(rule) & ~self.unknown & ~((2 << rule) - 1)
            for other in range(rule + 1, self.rules):
                if not others >> other & 1 or (
                    self.table.hit_policy == "A" and self._same_output(rule, other)
                ):
                    continue
                if shown == MAX_FINDINGS:
                    return
                shown += 1
                yield self._overlap(rule, other)

    def _overlap(self, rule: int, other: int) -> Finding:
        example = self._example(1 << rule | 1 << other)
        words = self._words(example)
        if self.table.hit_policy == "U":
            sentence = Sentence(
                f"第 {rule + 1} 条和第 {other + 1} 条规则重叠，例如：{words.zh}。",
                f"Rules {rule + 1} and {other + 1} overlap, for example where {words.en}.",
            )
        else:
            sentence = Sentence(
                f"第 {rule + 1} 条和第 {other + 1} 条规则同时命中而输出不同，例如：{words.zh}。",
                f"Rules {rule + 1} and {other + 1} match together with different outputs, for example where {words.en}.",
            )
        return self._about_rule("decision.overlap", "error", other, sentence, example)

    def _together(self, rule: int) -> int:
        """The rules that match somewhere together with this one: columns are independent."""
        found = -1
        for column in self.atoms:
            found &= _union([atom for atom in column if atom.mask >> rule & 1])
        return found & ((1 << self.rules) - 1)

    def _same_output(self, a: int, b: int) -> bool:
        pairs = zip(self.table.rules[a].outputs, self.table.rules[b].outputs, strict=True)
        return all(_same(x, y) for x, y in pairs)

    def _example(self, wanted: int) -> list[Atom]:
        """The first atom of each column in which all the wanted rules match."""
        return [
            next((atom for atom in column if atom.mask & wanted == wanted), column[0])
            for column in self.atoms
            if column
        ]

    # -- gaps

    def _gaps(self) -> Iterator[Finding]:
        """Inputs that no rule matches. Multiple hit policies may well give nothing, so there it is advice."""
        if any(clause.default for clause in self.table.outputs) or not self.atoms:
            return
        severity = "advice" if self.table.hit_policy in "CRO" else "warning"
        for example in _all_gaps(self.groups, (1 << self.rules) - 1):
            words = self._words(example)
            sentence = Sentence(
                f"没有规则适用，例如：{words.zh}。", f"No rule applies, for example where {words.en}."
            )
            yield self._finding("decision.gap", severity, sentence, example)

    def _words(self, example: Sequence[Atom]) -> Sentence:
        parts = [
            f"{label} = {feel.value_text(atom.example, None, True)}"
            for label, atom in zip(self.labels, example, strict=False)
            if atom.known
        ]
        return Sentence("，".join(parts) or "任何输入", " and ".join(parts) or "anything is given")


def _union(column: Sequence[Atom]) -> int:
    found = 0
    for atom in column:
        found |= atom.mask
    return found


def _grouped(column: Sequence[Atom]) -> list[Atom]:
    """One atom for each set of rules: what does not differ in rules need not be told apart."""
    found: dict[int, Atom] = {}
    for atom in column:
        found.setdefault(atom.mask, atom)
    return list(found.values())


def _search(columns: Sequence[Sequence[Atom]], must: int, done: Any) -> list[Atom] | None:
    """One atom a column, all with the `must` rules, whose common rules are `done`. None where there are none."""
    failed: set[tuple[int, int]] = set()
    nodes = 0

    def walk(at: int, mask: int, path: list[Atom]) -> list[Atom] | None:
        nonlocal nodes
        nodes += 1
        if nodes > MAX_NODES:
            raise TooLarge
        if at == len(columns):
            return path if done(mask) else None
        if (at, mask) in failed:
            return None
        for atom in columns[at]:
            if atom.mask & must == must:
                found = walk(at + 1, mask & atom.mask, [*path, atom])
                if found is not None:
                    return found
        failed.add((at, mask))
        return None

    return walk(0, -1, [])


def _all_gaps(columns: Sequence[Sequence[Atom]], full: int) -> list[list[Atom]]:
    """Up to MAX_FINDINGS examples where no rule is left; gaps that begin alike are one."""
    found: list[list[Atom]] = []
    closed: set[tuple[int, int]] = set()
    nodes = 0

    def walk(at: int, mask: int, path: list[Atom]) -> bool:
        """Whether there is a gap below."""
        nonlocal nodes
        nodes += 1
        if nodes > MAX_NODES:
            raise TooLarge
        if len(found) >= MAX_FINDINGS:
            return True
        if mask == 0:
            found.append([*path, *(column[0] for column in columns[at:] if column)])
            return True
        if at == len(columns) or (at, mask) in closed:
            return False
        open_ = [walk(at + 1, mask & atom.mask, [*path, atom]) for atom in columns[at]]
        if not any(open_):
            closed.add((at, mask))
        return any(open_)

    walk(0, full, [])
    return found


def _tests(literal: Literal) -> feel.Expression | None:
    try:
        return feel.compile_unary(literal.text, strict=False)
    except FeelError:
        return None


def _constant(cell: Literal) -> Any:
    """The value of an output cell; NONE where it is no constant. An empty one is null."""
    if not cell.text.strip():
        return None
    try:
        return constant(feel.compile(cell.text).node)
    except FeelError:
        return NONE


def _same(a: Literal, b: Literal) -> bool:
    x, y = _constant(a), _constant(b)
    if x is NONE or y is NONE:
        return a.text.split() == b.text.split()
    return x is y or feel.equal(x, y) is True


def boundary_values(model: Model, decision: str) -> list[tuple[str, list[Any]]]:
    """The values at which a decision's table changes its mind, with one on each side: what tests should try."""
    element = model.named(decision)
    found: list[tuple[str, list[Any]]] = []
    for table in model.tables.get(element.id, ()):
        analysis = TableAnalysis(table, element, model)
        for label, column in zip(analysis.labels, analysis.atoms, strict=True):
            found.append((label, [atom.example for atom in column if atom.known]))
    return found
