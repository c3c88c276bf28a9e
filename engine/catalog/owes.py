"""What a diagram owes: no operation in a state it does not accept, no end with something unfinished, nobody
waiting for ever. Each finding carries the way there, as node ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine import codes, operations
from engine.catalog.facts import model_or_none
from engine.catalog.findings import Finding, finding
from engine.catalog.flat import Place
from engine.catalog.graph import levels
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
    """Walks the diagram together with the states of its rows, up to a number of positions; says where it stopped."""
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


def _kinds(kinds: Iterable[str]) -> Sentence:
    words = [_PARTIES.get(kind, Sentence(kind, kind)) for kind in kinds]
    return Sentence("或".join(w.zh for w in words), " or ".join(w.en for w in words))


_DECISIONS = {
    "pass": Sentence("答了通过（同意）", "has said yes"),
    "refuse": Sentence("答了不通过（拒绝）", "has said no"),
    "answer": Sentence("给过答复", "has given an answer"),
    "done": Sentence("办过一步", "has done a step"),
}
_BECAUSE = {
    "refused": Sentence(
        "有一条路上{who}答的是否定的，也到了这里。请核对这条路上分岔的条件，两条路是不是接反了。",
        "on one way {who} has said no and it still leads here. Check the conditions of the gateways on that way; "
        "perhaps two flows are swapped.",
    ),
    "passed": Sentence(
        "有一条路上{who}答的是肯定的，也到了这里。请核对这条路上分岔的条件，两条路是不是接反了。",
        "on one way {who} has said yes and it still leads here. Check the conditions of the gateways on that way; "
        "perhaps two flows are swapped.",
    ),
    "returned": Sentence(
        "有一条路上{who}答的是别的一项（例如退回修改），毕业生或单位办过之后，没有再经过{who}就到了这里。"
        "请把这条路接回{who}的任务。",
        "on one way {who} has given another answer (to send it back, say), the student or the employer has done "
        "something upon it, and {who} does not look again before it leads here. Lead that way back to them.",
    ),
    "mute": Sentence(
        "有一条路上{who}那一步的表单里没有（或有时不显示）能答“通过、不通过”的“答复”字段（至少一项要标为否定），"
        "办完不等于通过。请给那一步选一张有答复的表单。",
        "on one way the form of the step of {who} has no answer field with a yes and a no, or hides it at times (one "
        "choice has to be marked as negative): completing it says neither. Choose a form with an answer for that step.",
    ),
    "none": Sentence(
        "{who}那一步“办几份”可能是 0，或集合可能是空的，那时没有人办就到了这里。"
        "请写至少 1 份，或先分路：一份都没有时不走这条路。",
        "the step of {who} may be done no time at all (a count of 0, an empty list), and then leads here with "
        "nobody having decided. Write a count of at least 1, or branch: not this way where there is none.",
    ),
    "missing": Sentence(
        "有一条路没有经过{who}就到了这里。请在这条路上加回{who}的任务。",
        "a way leads here without. Put a task of {who} on that way.",
    ),
}


def _undecided(walk: Walk, trouble: Trouble) -> Sentence:
    op = operations.get(trouble.detail["operation"])
    party, wanted = _kinds(op.decided_by), _DECISIONS[op.decision]
    because = _BECAUSE[trouble.detail["because"]]
    return Sentence(
        f"“{op.label.zh}”要先有{party.zh}{wanted.zh}才行，但{because.zh.format(who=party.zh)}",
        f"“{op.label.en}” is possible only where {party.en} {wanted.en}, but "
        f"{because.en.format(who=party.en)}",
    )


def _actor(walk: Walk, trouble: Trouble) -> Sentence:
    op = operations.get(trouble.detail["operation"])
    party = _kinds(op.acted_by)
    return Sentence(
        f"“{op.label.zh}”要在{party.zh}自己办理的那一步里做，但有一条路上，到这里时办理的是别人或是系统定时。"
        f"请把它直接接在{party.zh}办的一步后面。",
        f"“{op.label.en}” belongs to a step that {party.en} takes, but on one way somebody else, or a timer, "
        f"leads here. Put it right behind a step of {party.en}.",
    )


def _too_late(walk: Walk, trouble: Trouble) -> Sentence:
    op = operations.get(trouble.detail["operation"])
    return Sentence(
        f"“{op.label.zh}”要在发起的同一步里做（那时才知道是对谁发起的），但这里前面还隔着要等人或等时间的一步。"
        "请把它移到发起之后、第一个任务之前。",
        f"“{op.label.en}” has to run in the step that begins the case, which alone knows the row it was begun on; "
        "here something that waits lies before it. Move it right behind the start.",
    )


def _circle(walk: Walk, trouble: Trouble) -> Sentence:
    return Sentence(
        "这里会一直绕圈：从这个分岔出去又回到它自己，中间没有人办、也不等时间，条件也不会变，"
        "办到这里的人会一直等不到结果。请把回头的路接到一个要人办的步骤，或改条件。",
        "The case goes round for ever here: a way out of this gateway leads back to it, nobody acts and no time "
        "passes on it, and the condition stays as it is. Lead the way back to a step that somebody does, or "
        "change the condition.",
    )


def _may_circle(walk: Walk, trouble: Trouble) -> Sentence:
    return Sentence(
        "这里可能一直绕圈：从这个分岔出去又回到它自己，中间没有人办、也不等时间；"
        "只有每次算出来的结果不同才会停。最好让回头的路经过一个要人办的步骤。",
        "The case may go round for ever here: a way out of this gateway leads back to it and nobody acts on it; it "
        "ends only if what is worked out changes. Better lead the way back by a step that somebody does.",
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
    "owes.actor": _actor,
    "owes.too_late": _too_late,
    "owes.circle": _circle,
    "owes.may_circle": _may_circle,
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
            f"图太复杂，只走查了 {len(walk.worlds)} 种情形就停下了，其余的没有查到。"
            "所以这一版要由第二个人复核后发布；把并行的步骤减少一些，就能查完。",
            f"The diagram is large; the walk stopped after {len(walk.worlds)} positions, and did not look at the "
            "rest. A second person has therefore to publish it; with fewer parallel steps the walk would end.",
        ),
        (),
    )


def _never(diagram: Diagram, walk: Walk) -> Iterator[Finding]:
    reached = {walk.places[key].node.id for key in walk.seen}
    cut_off = {name for level in levels(diagram.process) for name in level.cut_off}  # that is told already
    for node in diagram.process.all_nodes():
        if node.id not in reached and node.id not in cut_off:
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
