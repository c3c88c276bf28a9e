"""What a diagram owes: no operation in a state it does not accept, no end with something unfinished, nobody
waiting for ever. Each finding carries the way there, as node ids.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine import codes, operations
from engine.catalog.facts import model_or_none
from engine.catalog.findings import Finding, finding
from engine.catalog.flat import Place
from engine.catalog.library import Diagram, Library
from engine.catalog.walk import Edge, Trouble, Walk
from engine.catalog.worlds import World
from engine.errors import Sentence

#: Kinds of parties, as people call them.
_PARTIES = {
    "student": Sentence("毕业生", "the graduate"),
    "employer": Sentence("用人单位", "the employer"),
    "school_class": Sentence("辅导员", "the counsellor"),
    "college": Sentence("学院", "the college"),
    "school": Sentence("学校", "the school"),
    "province": Sentence("省中心", "the provincial centre"),
    "system": Sentence("系统管理员", "the administrator"),
}


def check_owes(library: Library, diagram: Diagram) -> list[Finding]:
    """Walks the diagram together with the states of its rows. At most two seconds; it says where it stopped."""
    walk = Walk(library, diagram.process)
    walk.explore()
    found = [_told(diagram, walk, trouble) for trouble in walk.troubles.values()]
    found += _open_forever(diagram, walk)
    if walk.stopped:
        found.append(_limit(diagram, walk))
    elif not found:
        found += list(_never(diagram, walk))
    return found


def _at(
    diagram: Diagram, walk: Walk, code: str, key: str, sentence: Sentence, path: tuple[str, ...]
) -> Finding:
    place = _place(walk, key)
    node = place.node if place is not None else None
    return finding(
        code,
        sentence,
        file=diagram.path,
        element_id=node.id if node is not None else diagram.process.id,
        element_name=(node.name if node is not None else diagram.process.name) or "",
        line=node.line if node is not None else None,
        path=path,
    )


def _place(walk: Walk, key: str) -> Place | None:
    """The element of a key; of a token that waits at a join, the join."""
    if key.startswith("f:"):
        return next((p for p in walk.places.values() if key[2:] in p.arriving), None)
    return walk.places.get(key[2:] if key.startswith("n:") else key)


def _told(diagram: Diagram, walk: Walk, trouble: Trouble) -> Finding:
    sentence = _SENTENCES[trouble.code](walk, trouble)
    return _at(diagram, walk, trouble.code, trouble.key, sentence, trouble.path)


def _state(walk: Walk, trouble: Trouble) -> Sentence:
    op = operations.get(trouble.detail["operation"])
    row, state = _row(trouble), _words(trouble.detail["model"], trouble.detail["state"])
    accepted = [_words(trouble.detail["model"], word) for word in op.accepts[trouble.detail["model"]]]
    return Sentence(
        f"走到这里时，{row.zh}可能是“{state.zh}”，而系统操作“{op.label.zh}”只接受"
        f"“{'、'.join(word.zh for word in accepted)}”。请改连线，或在前面先分路。",
        f"{row.en} can be “{state.en}” here, but the operation “{op.label.en}” accepts only "
        f"“{', '.join(word.en for word in accepted)}”. Change the flow, or branch before it.",
    )


def _unfinished(walk: Walk, trouble: Trouble) -> Sentence:
    row, state = _row(trouble), _words(trouble.detail["model"], trouble.detail["state"])
    return Sentence(
        f"流程可能在{row.zh}还是“{state.zh}”时就结束，以后没有人会再处理它。"
        "请看是不是少了一步（例如审核），或这条路应接到别处。",
        f"The case can end here while {row.en} is still “{state.en}”, and nobody would deal with it again. "
        "See whether a step is missing (an audit, say), or the flow should lead elsewhere.",
    )


def _undecided(walk: Walk, trouble: Trouble) -> Sentence:
    op = operations.get(trouble.detail["operation"])
    party = _PARTIES.get(trouble.detail["kind"], Sentence(trouble.detail["kind"], trouble.detail["kind"]))
    return Sentence(
        f"“{op.label.zh}”要先由{party.zh}办过一步才行，但有一条路没有经过{party.zh}就到了这里。"
        f"请在这条路上加回{party.zh}的任务。",
        f"“{op.label.en}” needs a decision of {party.en} first, but a way leads here without one. "
        f"Put a task of {party.en} on that way.",
    )


def _deadlock(walk: Walk, trouble: Trouble) -> Sentence:
    return Sentence(
        "办理件可能永远停在这里：并行汇合在等另一条路，而那条路不会再来。"
        "分开时是几条路、怎样分的，汇合时就要怎样合（排他分的用排他合，并行分的用并行合）。",
        "A case can wait here for ever: the join waits for another way, on which nothing will come. "
        "Join ways by the kind of gateway that parted them: exclusive by exclusive, parallel by parallel.",
    )


_SENTENCES = {
    "owes.state": _state,
    "owes.unfinished": _unfinished,
    "owes.undecided": _undecided,
    "owes.deadlock": _deadlock,
}


def _row(trouble: Trouble) -> Sentence:
    model = model_or_none(trouble.detail["model"])
    return Sentence(trouble.detail["model"], trouble.detail["model"]) if model is None else model.label


def _words(model_name: str, state: str) -> Sentence:
    """What people call a state."""
    if not state:
        return Sentence("还没有", "not there")
    model = model_or_none(model_name)
    listed = model.codes.get("state") if model is not None else None
    if listed is None:
        return Sentence(state, state)
    return Sentence(codes.name(listed, state), codes.name(listed, state, "en"))


# ── left open for ever ─────────────────────────────────────────────────────────────────────────


def _open_forever(diagram: Diagram, walk: Walk) -> list[Finding]:
    """Positions in which a row stands in a state with a deadline, and no chain of timers ends that."""
    by_timer: dict[World, list[Edge]] = {}
    for edge in walk.edges:
        if edge.by_timer:
            by_timer.setdefault(edge.before, []).append(edge)
    found: dict[str, Finding] = {}
    for world in walk.worlds:
        for name, state in world.states:
            model = model_or_none(name)
            if model is None or state not in model.deadlines or world not in walk.expanded:
                continue
            token = next((t for t in world.tokens if t.startswith("n:")), world.tokens[0])
            if token not in found and not _ends_by_itself(walk, world, name, state, by_timer):
                found[token] = _at(
                    diagram, walk, "owes.open_forever", token, _forever(name, state), walk.path_to(world)
                )
    return list(found.values())


def _ends_by_itself(
    walk: Walk, world: World, model: str, state: str, by_timer: dict[World, list[Edge]]
) -> bool:
    """Whether timers alone lead out of the state; where the walk stopped it gets the benefit of the doubt."""
    seen: set[World] = set()
    waiting = [world]
    while waiting:
        current = waiting.pop()
        if current.state(model) != state or (current.tokens and current not in walk.expanded):
            return True
        if current not in seen:
            seen.add(current)
            waiting.extend(edge.after for edge in by_timer.get(current, []))
    return False


def _forever(model_name: str, state: str) -> Sentence:
    model = model_or_none(model_name)
    assert model is not None
    word = _words(model_name, state)
    return Sentence(
        f"{model.label.zh}会停在“{word.zh}”：对方一直不办，就永远不会结束。"
        "请在这个任务边上加一个到期的定时事件，并连到使它过期的一步。",
        f"{model.label.en} would stay “{word.en}”: if nobody acts, it never ends. "
        "Put a timer event on this task's boundary and lead it to the step that lets it expire.",
    )


# ── what the walk did not see ──────────────────────────────────────────────────────────────────


def _limit(diagram: Diagram, walk: Walk) -> Finding:
    return _at(
        diagram,
        walk,
        "owes.limit",
        "",
        Sentence(
            f"图太复杂，只走查了 {len(walk.worlds)} 种情形就停下了；其余的没有查。",
            f"The diagram is large; the walk stopped after {len(walk.worlds)} positions, and did not look at "
            "the rest.",
        ),
        (),
    )


def _never(diagram: Diagram, walk: Walk) -> Iterator[Finding]:
    reached = {walk.places[key].node.id for key in walk.seen}
    for node in diagram.process.all_nodes():
        if node.id not in reached:
            yield _at(
                diagram,
                walk,
                "owes.never",
                node.id,
                Sentence(
                    "怎么走也走不到这一步：前面的条件不会让它发生。请核对网关的条件。",
                    "No course of a case reaches this step: the conditions before it never lead here. "
                    "Check the gateways' conditions.",
                ),
                (),
            )
