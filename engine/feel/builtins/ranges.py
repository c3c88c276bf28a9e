"""Functions of points and ranges (DMN 1.5, table 78) and `range`."""

from __future__ import annotations

from typing import Any

from engine.feel import literals
from engine.feel.builtins.registry import builtin
from engine.feel.values import Range, equal, in_range, kind_of, less, order

_POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


def _both(*conditions: bool | None) -> bool | None:
    if any(c is False for c in conditions):
        return False
    return None if any(c is None for c in conditions) else True


def _either(*conditions: bool | None) -> bool | None:
    if any(c is True for c in conditions):
        return True
    return None if any(c is None for c in conditions) else False


def _relation(name: str, *kinds: str) -> Any:
    """Registers a relation of two; `p` is a point, `r` a range."""
    names = {
        "pp": ("point1", "point2"),
        "pr": ("point", "range"),
        "rp": ("range", "point"),
        "rr": ("range1", "range2"),
    }

    def register(run: Any) -> Any:
        for kind in kinds:
            params = (
                f"{n}: {_POINT if k == 'p' else 'range'}" for n, k in zip(names[kind], kind, strict=True)
            )
            builtin(name, *params, result="boolean")(run)
        return run

    return register


def _is_range(value: Any) -> bool:
    return isinstance(value, Range)


def _before(a: Any, b: Any) -> bool | None:
    end, end_in = (a.end, a.end_included) if _is_range(a) else (a, True)
    start, start_in = (b.start, b.start_included) if _is_range(b) else (b, True)
    return _either(less(end, start), _both(equal(end, start), not end_in or not start_in))


@_relation("before", "pp", "pr", "rp", "rr")
def before(a: Any, b: Any) -> bool | None:
    return _before(a, b)


@_relation("after", "pp", "pr", "rp", "rr")
def after(a: Any, b: Any) -> bool | None:
    return _before(b, a)


@_relation("meets", "rr")
def meets(a: Range, b: Range) -> bool | None:
    return _both(a.end_included, b.start_included, equal(a.end, b.start))


@_relation("met by", "rr")
def met_by(a: Range, b: Range) -> bool | None:
    return meets(b, a)


def _reaches(a: Range, b: Range) -> bool | None:
    """a ends behind the start of b, or at it with both included."""
    return _either(less(b.start, a.end), _both(equal(a.end, b.start), a.end_included, b.start_included))


@_relation("overlaps", "rr")
def overlaps(a: Range, b: Range) -> bool | None:
    return _both(_reaches(a, b), _reaches(b, a))


@_relation("overlaps before", "rr")
def overlaps_before(a: Range, b: Range) -> bool | None:
    starts = _either(
        less(a.start, b.start), _both(equal(a.start, b.start), a.start_included, not b.start_included)
    )
    ends = _either(less(a.end, b.end), _both(equal(a.end, b.end), not a.end_included or b.end_included))
    return _both(starts, _reaches(a, b), ends)


@_relation("overlaps after", "rr")
def overlaps_after(a: Range, b: Range) -> bool | None:
    starts = _either(
        less(b.start, a.start), _both(equal(b.start, a.start), b.start_included, not a.start_included)
    )
    ends = _either(less(b.end, a.end), _both(equal(b.end, a.end), not b.end_included or a.end_included))
    return _both(starts, _reaches(b, a), ends)


def _starts_within(a: Range, b: Range) -> bool | None:
    return _either(
        less(b.start, a.start), _both(equal(a.start, b.start), not a.start_included or b.start_included)
    )


def _ends_within(a: Range, b: Range) -> bool | None:
    return _either(less(a.end, b.end), _both(equal(a.end, b.end), not a.end_included or b.end_included))


@_relation("finishes", "pr", "rr")
def finishes(a: Any, b: Range) -> bool | None:
    if not _is_range(a):
        return _both(b.end_included, equal(b.end, a))
    return _both(a.end_included == b.end_included, equal(a.end, b.end), _starts_within(a, b))


@_relation("finished by", "rp", "rr")
def finished_by(a: Range, b: Any) -> bool | None:
    return finishes(b, a)


@_relation("includes", "rp", "rr")
def includes(a: Range, b: Any) -> bool | None:
    return in_range(b, a) if not _is_range(b) else _both(_starts_within(b, a), _ends_within(b, a))


@_relation("during", "pr", "rr")
def during(a: Any, b: Range) -> bool | None:
    return includes(b, a)


@_relation("starts", "pr", "rr")
def starts(a: Any, b: Range) -> bool | None:
    if not _is_range(a):
        return _both(equal(b.start, a), b.start_included)
    return _both(equal(a.start, b.start), a.start_included == b.start_included, _ends_within(a, b))


@_relation("started by", "rp", "rr")
def started_by(a: Range, b: Any) -> bool | None:
    return starts(b, a)


@_relation("coincides", "pp", "rr")
def coincides(a: Any, b: Any) -> bool | None:
    if not _is_range(a):
        return equal(a, b)
    same = (a.start_included, a.end_included) == (b.start_included, b.end_included)
    return _both(equal(a.start, b.start), same, equal(a.end, b.end))


def ordered(interval: Range) -> bool:
    """Whether a range's ends are of one kind and in order (or open)."""
    if interval.start is None or interval.end is None:
        return True
    found = order(interval.start, interval.end)
    return found is not None and found <= 0 and kind_of(interval.start) == kind_of(interval.end)


@builtin("range", "from: string", result="range")
def range_from_text(text: str) -> Range | None:
    """An interval written out, such as [18..21) or (..@"2026-01-01"]; its ends are literals or left open."""
    opening, body, closing = text.strip()[:1], text.strip()[1:-1], text.strip()[-1:]
    if opening not in ("[", "(", "]") or closing not in ("]", ")", "["):
        return None
    ends = literals.read_ends(body)
    if ends is None:
        return None
    made = Range(*ends, opening == "[", closing == "]")
    open_ends = (made.start is None and made.start_included) or (made.end is None and made.end_included)
    return made if ordered(made) and not open_ends else None
