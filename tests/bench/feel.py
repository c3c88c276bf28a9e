"""`python -m tests.bench.feel`: FEEL and decision tables against what else there is in Python, in one run.

bkflow-feel is compared where it is installed (`pip install bkflow-feel`); SpiffWorkflow's DMN has Python in
its cells, plain Python is a compiled expression and an if-chain. Times are the best of five runs.
"""

from __future__ import annotations

import contextlib
import io
import logging
import timeit
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from engine import decisions, feel

CONTEXT: dict[str, Any] = {
    "amount": 1500, "dept": "it", "level": "本科", "pay": 3200.5, "year": 2026, "done": True, "tags": ["a", "b"],
    "agreement": {"pay": 3000, "state": "generated"}, "due": date(2026, 5, 1), "seals": 2,
}  # fmt: skip
# FEEL, and the same in Python.
CONDITIONS = [
    ('amount > 1000 and dept = "it"', "amount > 1000 and dept == 'it'"),
    ('level = "本科" or level = "硕士"', "level == '本科' or level == '硕士'"),
    ("pay between 2000 and 5000", "2000 <= pay <= 5000"),
    ("agreement.pay >= 2500", "agreement['pay'] >= 2500"),
    ('if amount > 1000 then "a" else "b"', "'a' if amount > 1000 else 'b'"),
    ("year in [2025..2027]", "2025 <= year <= 2027"),
    ('dept in ("it", "hr")', "dept in ('it', 'hr')"),
    ("amount * 0.1 + 5 <= 200", "amount * 0.1 + 5 <= 200"),
    ('due < date("2026-06-01")', "due < date(2026, 6, 1)"),
    ("not(done) or seals >= 2", "not done or seals >= 2"),
]
LIMITS = {"condition": 3.0, "table of 500": 300.0}


def best(call: Callable[[], Any], number: int = 2_000) -> float:
    """Microseconds of one call."""
    return min(timeit.repeat(call, number=number, repeat=5)) / number * 1e6


def table_xml(rules: int, cell: Callable[[int], tuple[str, str]]) -> bytes:
    """A UNIQUE table of `rules` rules over age bands and a text column, in FEEL or in Python."""
    rows = []
    for number in range(rules):
        first, second = cell(number)
        escaped = first.replace("<", "&lt;").replace(">", "&gt;")
        rows.append(
            f'<rule id="r{number}"><inputEntry id="a{number}"><text>{escaped}</text></inputEntry>'
            f'<inputEntry id="b{number}"><text>{second}</text></inputEntry>'
            f'<outputEntry id="c{number}"><text>"out {number}"</text></outputEntry></rule>'
        )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="t" namespace="n">'
        '<decision id="t" name="t"><decisionTable id="dt" hitPolicy="UNIQUE"><input id="i1" label="age">'
        '<inputExpression id="e1" typeRef="number"><text>age</text></inputExpression></input>'
        '<input id="i2" label="kind"><inputExpression id="e2" typeRef="string"><text>kind</text></inputExpression>'
        f'</input><output id="o" name="result" typeRef="string"/>{"".join(rows)}</decisionTable></decision></definitions>'
    ).encode()


def feel_cell(number: int) -> tuple[str, str]:
    return f"[{number * 10}..{number * 10 + 10})", '"a", "b"' if number % 2 else "-"


def python_cell(number: int) -> tuple[str, str]:
    return f"{number * 10} <= ? < {number * 10 + 10}", '? in ("a", "b")' if number % 2 else ""


def ours(rules: int, inputs: dict[str, Any]) -> Callable[[], Any]:
    model = decisions.read(table_xml(rules, feel_cell))
    return lambda: model.evaluate("t", inputs)


def spiff(rules: int, inputs: dict[str, Any]) -> Callable[[], Any]:
    """SpiffWorkflow's table, its Python cells evaluated by its own engine."""
    from lxml import etree
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

    root = etree.fromstring(table_xml(rules, python_cell))
    parser = DMNParser(None, root, {"dmn": etree.QName(root).namespace})
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])

    class Task:
        data = inputs

        class workflow:
            script_engine = PythonScriptEngine()

        class task_spec:
            name = "t"
            file = None

    return lambda: engine.result(Task)


def python_table(rules: int, inputs: dict[str, Any]) -> Callable[[], Any]:
    """An if-chain, as a programmer would write the table."""
    lines = ["def table(age, kind):"]
    for number in range(rules):
        test = f"{number * 10} <= age < {number * 10 + 10}"
        lines.append(
            f"    if {test}{' and kind in (chr(97), chr(98))' if number % 2 else ''}: return 'out {number}'"
        )
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)
    return lambda: space["table"](**inputs)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    with contextlib.redirect_stdout(io.StringIO()):
        yield
    logging.disable(logging.NOTSET)


def conditions() -> list[float]:
    """The times of our conditions; prints the comparison."""
    try:
        from bkflow_feel.api import parse_expression as bkflow
    except ImportError:
        bkflow = None
    print(f"{'condition':42} {'ours µs':>8} {'bkflow-feel':>12} {'ratio':>7} {'Python':>8} {'ratio':>7}")
    times = []
    for text, python in CONDITIONS:
        expression = feel.compile(text, list(CONTEXT))
        code = compile(python, "bench", "eval")
        space = {**CONTEXT, "date": date}
        assert expression.evaluate(CONTEXT) == eval(code, space)
        own = best(lambda: expression.evaluate(CONTEXT))  # noqa: B023
        plain = best(lambda: eval(code, space))  # noqa: B023
        times.append(own)
        other = _bkflow(bkflow, text)
        shown = (
            f"{other:12.1f} {other / own:6.0f}×"
            if other
            else f"{'fails' if bkflow else 'not here':>12} {'–':>7}"
        )
        print(f"{text:42} {own:8.2f} {shown} {plain:8.2f} {plain / own:6.2f}×")
    return times


def _bkflow(parse: Any, text: str) -> float | None:
    if parse is None:
        return None
    try:
        with quiet():
            parse(text, CONTEXT)
            return best(lambda: parse(text, CONTEXT), 20)
    except Exception:
        return None


def tables() -> dict[int, float]:
    """The times of our tables by size; prints the comparison."""
    print(
        f"\n{'UNIQUE table':14} {'ours µs':>9} {'SpiffWorkflow':>14} {'ratio':>8} {'Python':>9} {'ratio':>7}"
    )
    times = {}
    for rules in (4, 50, 500):
        inputs = {"age": rules * 10 - 5, "kind": "a"}
        call = ours(rules, inputs)
        assert call() == f"out {rules - 1}"
        own, plain = best(call, 500), best(python_table(rules, inputs), 500)
        times[rules] = own
        try:
            with quiet():
                other: float | None = best(spiff(rules, inputs), 5)
        except Exception as error:
            print(f"SpiffWorkflow: {type(error).__name__}: {error}")
            other = None
        shown = f"{other:14.0f} {other / own:7.0f}×" if other else f"{'fails':>14} {'–':>8}"
        print(f"{rules:5} rules    {own:9.1f} {shown} {plain:9.1f} {plain / own:6.2f}×")
    return times


def main() -> None:
    times = conditions()
    sizes = tables()
    typical = sorted(times)[len(times) // 2]
    print(
        f"\ntypical condition {typical:.2f} µs (at most {LIMITS['condition']}), slowest {max(times):.2f} µs"
    )
    print(f"UNIQUE table of 500 rules {sizes[500]:.1f} µs (at most {LIMITS['table of 500']})")


if __name__ == "__main__":
    main()
