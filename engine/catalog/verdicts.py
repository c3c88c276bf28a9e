"""What parties have decided on the way: who has said yes, who no, who has only done a step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: OTHER is a further answer that is not negative (退回修改, 有条件通过): as good as a yes until the student or the
#: employer has done something upon it; then it has to be looked at again.
YES, OTHER, NO, DONE, ACT = "yes", "other", "no", "done", "act"

#: What an operation asks for → the verdicts that are good for it. A button is a decision of its own.
_GOOD = {
    "pass": {YES, OTHER, ACT},
    "refuse": {NO, ACT},
    "answer": {YES, OTHER, NO, ACT},
    "done": {YES, OTHER, DONE, ACT},
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody of a kind of party said. Of a refusal also at which element, and which elements of the same
    kind stood open beside it: what is said there does not answer the refusal."""

    kind: str
    said: str
    at: str = ""
    beside: frozenset[str] = frozenset()


Verdicts = frozenset[Verdict]


def given(known: Verdicts, kind: str, said: str, at: str, beside: Iterable[str]) -> Verdicts:
    """The verdicts after another one: a refusal takes back what was passed, a later yes answers a refusal."""
    if said == NO:
        kept = {v for v in known if not (v.kind == kind and v.said in (YES, OTHER, ACT))}
        kept = {v for v in kept if not (v.kind == kind and v.said == NO and v.at == at)}
        return frozenset(kept | {Verdict(kind, NO, at, frozenset(beside) - {at})})
    if said == DONE:
        return known | {Verdict(kind, DONE)}
    kept = {v for v in known if not (v.kind == kind and v.said == NO and (v.at == at or at not in v.beside))}
    return frozenset(kept | {Verdict(kind, said)})


def answered_by(known: Verdicts, kind: str) -> Verdicts:
    """The verdicts after somebody of the two sides has done a task: what was no plain yes of others is spent."""
    return frozenset(v for v in known if v.said != OTHER or v.kind == kind)


def decided(known: Verdicts, kinds: Iterable[str], wanted: str) -> bool:
    """Whether one of the kinds of parties has decided as an operation wants it."""
    for kind in kinds:
        said = {v.said for v in known if v.kind == kind}
        if said & _GOOD[wanted] and not (wanted == "pass" and NO in said):
            return True
    return False


def refused_by(known: Verdicts, kinds: Iterable[str]) -> bool:
    """Whether one of the kinds of parties has said no, and nothing has answered that."""
    return any(v.kind in set(kinds) and v.said == NO for v in known)
