"""Decision tables: which rules match, and what their hit policy makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.decisions.boxes import Literal, OutputClause, Table
from engine.decisions.index import Column, columns_of
from engine.decisions.scopes import Scope, Work
from engine.decisions.trace import RuleTrace, TableTrace
from engine.feel import Type
from engine.feel.frames import Frame

if TYPE_CHECKING:
    from engine.decisions.building import Builder

Names = Mapping[str, Type]


class TableLogic:
    """A compiled table. Columns whose cells are constants and intervals are looked up, not gone through."""

    def __init__(self, table: Table, builder: Builder, names: Names) -> None:
        self.table = table
        self.scope = frozenset(names)
        self.inputs = [builder.literal(clause.expression, names) for clause in table.inputs]
        self.allowed = [
            builder.compiled(clause.values, names, unary=True) if clause.values else None
            for clause in table.inputs
        ]
        self.input_types = [self._input_type(clause.expression, builder, names) for clause in table.inputs]
        self.cells = [[self._cell(cell, builder, names) for cell in rule.inputs] for rule in table.rules]
        self.outputs = [[builder.build(cell, names) for cell in rule.outputs] for rule in table.rules]
        self.defaults = [
            builder.build(clause.default, names) if clause.default else None for clause in table.outputs
        ]
        self.orders = [self._order(clause, builder, names) for clause in table.outputs]
        self.names = [
            clause.name or clause.label or f"output{n}" for n, clause in enumerate(table.outputs, 1)
        ]

    @cached_property
    def columns(self) -> list[Column]:
        """The index, made when the table is first evaluated."""
        return columns_of(self.cells, len(self.table.inputs))

    @staticmethod
    def _input_type(literal: Literal, builder: Builder, names: Names) -> Type:
        declared = builder.types.feel_type(literal.type_ref)
        if declared != feel.ANY or not literal.text.strip():
            return declared
        found = builder.compiled(literal, names)
        return found.type if found is not None else feel.ANY

    @staticmethod
    def _cell(cell: Literal, builder: Builder, names: Names) -> feel.Expression:
        """The tests of a cell; what does not compile never matches. An empty cell is `-`."""
        if not cell.text.strip():
            return _ANYTHING
        return builder.compiled(cell, names, unary=True) or _NOTHING

    @staticmethod
    def _order(clause: OutputClause, builder: Builder, names: Names) -> feel.Expression | None:
        """The output values as a list, which is the order of priorities."""
        if clause.values is not None:
            text, owner = clause.values.text, clause.values.id
        else:
            text, owner = builder.types.allowed_text(clause.type_ref) or "", clause.id
        if not text.strip() or text.strip() == "-":
            return None
        return builder.compiled(Literal(owner, text=f"[{text}]"), names)

    # -- evaluation

    def evaluate(self, scope: Scope, work: Work) -> Any:
        """The table's value."""
        values = [run(scope, work) for run in self.inputs]
        if work.trace is not None:
            return self._explained(values, scope, work)
        if self.table.hit_policy == "F":
            matched = self._matching(values, scope, work, first=True)
        else:
            matched = self._matching(values, scope, work)
        return self._result(matched, scope, work)

    def _matching(self, values: Sequence[Any], scope: Scope, work: Work, first: bool = False) -> list[int]:
        """The numbers (from 0) of the rules that match, in their order."""
        candidates = (1 << len(self.cells)) - 1
        frames: list[Frame] = []
        for column, value in enumerate(values):
            frame = Frame(scope, work, value)
            frames.append(frame)
            allowed = self.allowed[column]
            free = allowed is None or allowed.run(frame) is True
            candidates &= self.columns[column].candidates(value, free)
            if not candidates:
                return []
        return self._confirmed(candidates, frames, work, first)

    def _confirmed(self, candidates: int, frames: list[Frame], work: Work, first: bool) -> list[int]:
        """The candidates whose other cells hold too."""
        matched: list[int] = []
        while candidates:
            low = candidates & -candidates
            rule = low.bit_length() - 1
            candidates ^= low
            work.spend()
            cells = self.cells[rule]
            if all(
                column.settles(rule) or cell.run(frame) is True
                for column, cell, frame in zip(self.columns, cells, frames, strict=True)
            ):
                matched.append(rule)
                if first:
                    break
        return matched

    def _explained(self, values: list[Any], scope: Scope, work: Work) -> Any:
        """The same, with every cell looked at and written down."""
        found = TableTrace(
            table_id=self.table.id,
            hit_policy=self.table.hit_policy + self.table.aggregation,
            inputs=[(clause.label, value) for clause, value in zip(self.table.inputs, values, strict=True)],
        )
        frames = [Frame(scope, work, value) for value in values]
        free = [a is None or a.run(f) is True for a, f in zip(self.allowed, frames, strict=True)]
        for number, cells in enumerate(self.cells):
            held = [
                ok if cell.is_anything else cell.run(frame) is True
                for cell, frame, ok in zip(cells, frames, free, strict=True)
            ]
            work.spend()
            rule = self.table.rules[number]
            texts = [cell.text.strip() or "-" for cell in rule.inputs]
            found.rules.append(
                RuleTrace(number + 1, rule.id, held, texts, [a for a in rule.annotations if a.strip()])
            )
        matched = [rule.number - 1 for rule in found.rules if rule.matched]
        result = self._result(matched, scope, work, found)
        assert work.trace is not None
        work.trace.append(found)
        return result

    # -- hit policies

    def _output(self, rule: int, scope: Scope, work: Work) -> Any:
        values = [run(scope, work) for run in self.outputs[rule]]
        return values[0] if len(values) == 1 else dict(zip(self.names, values, strict=True))

    def _result(self, matched: list[int], scope: Scope, work: Work, trace: TableTrace | None = None) -> Any:
        if not matched:
            return self._default(scope, work)
        policy = self.table.hit_policy
        if policy == "U" and len(matched) > 1:
            if trace is not None:
                trace.conflict = True
            return None
        if policy == "F":
            matched = matched[:1]
        outputs = [self._output(rule, scope, work) for rule in matched]
        if policy in "PO":
            ranked = sorted(range(len(outputs)), key=lambda i: self._rank(outputs[i], scope, work))
            matched, outputs = [matched[i] for i in ranked], [outputs[i] for i in ranked]
        if trace is not None:
            self._mark(trace, matched[:1] if policy in "UAFP" else matched)
        if policy == "A":
            same = all(feel.equal(outputs[0], other) is True or outputs[0] is other for other in outputs[1:])
            if not same and trace is not None:
                trace.conflict = True
            return outputs[0] if same else None
        if policy in "UFP":
            return outputs[0]
        return self._collected(outputs, work)

    @staticmethod
    def _mark(trace: TableTrace, matched: list[int]) -> None:
        for rule in matched:
            trace.rules[rule].hit = True

    def _default(self, scope: Scope, work: Work) -> Any:
        if not any(self.defaults):
            return None
        values = [run(scope, work) if run else None for run in self.defaults]
        return values[0] if len(values) == 1 else dict(zip(self.names, values, strict=True))

    def _rank(self, output: Any, scope: Scope, work: Work) -> tuple[int, ...]:
        """How early an output's parts stand in the lists of output values."""
        parts = [output] if len(self.names) == 1 else [output[name] for name in self.names]
        ranks = []
        for part, order in zip(parts, self.orders, strict=True):
            values = order.evaluate_within(scope, work) if order is not None else []
            found = [n for n, value in enumerate(values or ()) if _is(part, value)]
            ranks.append(found[0] if found else len(values or ()))
        return tuple(ranks)

    def _collected(self, outputs: list[Any], work: Work) -> Any:
        function = {"+": "sum", "<": "min", ">": "max", "#": "count"}.get(self.table.aggregation)
        if function is None or self.table.hit_policy != "C":
            return outputs
        return feel.FUNCTIONS[function].call([outputs], work)


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, feel.Range):
        return feel.in_range(value, wanted) is True
    return feel.equal(value, wanted) is True


_ANYTHING = feel.compile_unary("-")
_NOTHING = feel.compile_unary("not(?=?)")
