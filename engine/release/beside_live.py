"""What is wrong with a draft beside what stands in this database: scenarios that got lost, roles nobody holds."""

from __future__ import annotations

from collections.abc import Mapping

from engine import catalog, clock
from engine.catalog import Finding
from engine.catalog.files import process_path, sibling
from engine.catalog.findings import finding
from engine.catalog.references import words
from engine.catalog.roles import SYSTEM_LANE
from engine.catalog.scenarios import read_scenarios
from engine.catalog.yaml_lines import YamlUnreadable
from engine.errors import NotFound, Sentence
from engine.models.people import Membership, Queue, Role

#: Kinds of parties whose people come by themselves, each with their own account.
_COME_BY_THEMSELVES = frozenset({"student", "employer"})


def lost_scenarios(process_id: str, own: Mapping[str, bytes]) -> list[Finding]:
    """Scenarios of the live version that the draft does not have any more: what nobody tries before it goes live."""
    try:
        before = catalog.live(process_id).content.files
    except NotFound:
        return []
    known, left = _names(before, process_id), _names(own, process_id)
    if left is None or known is None or len(left) >= len(known):
        return []
    gone = "、".join(f"“{name}”" for name in known if name not in left)
    path = sibling(process_path(own, process_id) or process_id, "scenarios.yaml")
    if not left:
        sentence = Sentence(
            f"在用的版本有 {len(known)} 个情景，草稿里一个也没有了，发布前就什么都不试了。请把情景放回去。",
            f"The live version has {len(known)} scenarios, the draft has none: nothing would be tried before it goes "
            "live. Put them back.",
        )
        return [finding("scenario.lost", sentence, file=path, severity="error")]
    sentence = Sentence(
        f"比在用的版本少了 {len(known) - len(left)} 个情景：{gone}。确实不再需要才去掉，否则请放回去。",
        f"There are {len(known) - len(left)} scenarios fewer than in the live version: {gone}. Put them back unless they "
        "are needed no more.",
    )
    return [finding("scenario.lost", sentence, file=path)]


def _names(files: Mapping[str, bytes], process_id: str) -> list[str] | None:
    """The names of a process's scenarios; None where they cannot be read."""
    path = process_path(files, process_id)
    body = None if path is None else files.get(sibling(path, "scenarios.yaml"))
    if path is None:
        return None
    try:
        return [] if body is None else [scenario.name for scenario in read_scenarios(body)]
    except YamlUnreadable:
        return None


def unheld_roles(content: catalog.Content) -> list[Finding]:
    """Roles that the diagram gives work to and that nobody holds at present. One query."""
    process = content.process
    wanted: dict[str, tuple[str, str]] = {}
    for node in process.all_nodes():
        if node.kind == "user_task" and node.lane and node.lane != SYSTEM_LANE:
            wanted.setdefault(node.lane, (node.id, node.name or ""))
        for role in words(node.ext.get("by")):
            wanted.setdefault(role, (node.id, node.name or ""))
    held = _held()
    return [
        finding(
            "role.unheld",
            Sentence(
                f"现在没有人担任“{role}”，交给这个角色的事会一直等着。请在“成员”里先安排人。",
                f"Nobody holds the role {role} at present; what is given to it would wait. Seat somebody first.",
            ),
            file=content.path,
            element_id=place[0],
            element_name=place[1],
        )
        for role, place in wanted.items()
        if held.get(role) == 0
    ]


def _held() -> dict[str, int]:
    """Role → how many of its seats are taken now; roles whose people come by themselves are left out."""
    now = clock.now()
    taken = {
        row.role_id
        for row in Queue.select(Queue.role)
        .join(Membership)
        .where((Membership.since <= now) & (Membership.until.is_null() | (Membership.until > now)))
        .distinct()
    }
    return {
        role.name: int(role.id in taken)
        for role in Role.select()
        if role.party_kind not in _COME_BY_THEMSELVES
    }
