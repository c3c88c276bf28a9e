"""Two versions of notices and of scenarios, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.catalog.yaml_lines import YamlUnreadable, read_yaml
from engine.errors import Sentence as S
from engine.release.difference import Difference, shown

_PARTS = {
    "to": S("收的人", "receivers"),
    "channels": S("方式", "channels"),
    "subject": S("标题", "subject"),
    "body": S("正文", "text"),
    "en.subject": S("英文标题", "English subject"),
    "en.body": S("英文正文", "English text"),
}


def notice_changes(old: bytes, new: bytes) -> Iterator[Difference]:
    """The differences of two notices files. Raises ValueError where one cannot be read."""
    before, after = _mapping(old), _mapping(new)
    for name in after:
        if name not in before:
            title = shown(_part(after[name], "subject")) or name
            yield Difference(S(f"增加通知“{title}”", f"Added the notice {name}"), "added", name)
    for name in before:
        title = shown(_part(before[name], "subject")) or name
        if name not in after:
            yield Difference(S(f"删去通知“{title}”", f"Removed the notice {name}"), "removed", name)
            continue
        for part, word in _PARTS.items():
            was, now = _part(before[name], part), _part(after[name], part)
            if was != now:
                yield Difference(
                    S(f"通知“{title}”的{word.zh}", f"{word.en.capitalize()} of the notice {name}"),
                    "changed", name, shown(was).strip(), shown(now).strip(),
                )  # fmt: skip


def scenario_changes(old: bytes, new: bytes) -> Iterator[Difference]:
    """The differences of two scenarios files. Raises ValueError where one cannot be read."""
    before, after = _scenarios(old), _scenarios(new)
    for name in after:
        if name not in before:
            yield Difference(S(f"增加情景“{name}”", f"Added the scenario {name}"), "added")
        elif before[name] != after[name]:
            yield Difference(S(f"情景“{name}”的步骤", f"The steps of the scenario {name}"))
    for name in before:
        if name not in after:
            yield Difference(S(f"删去情景“{name}”", f"Removed the scenario {name}"), "removed")


def _mapping(body: bytes) -> Mapping[str, Any]:
    try:
        found = read_yaml(body)
    except YamlUnreadable as error:
        raise ValueError(str(error)) from None
    return {str(key): value for key, value in found.items()} if isinstance(found, Mapping) else {}


def _part(notice: Any, part: str) -> Any:
    found = notice
    for name in part.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _scenarios(body: bytes) -> dict[str, Any]:
    document = _mapping(body)
    listed: Any = next((document[key] for key in ("scenarios", "情景", "场景") if document.get(key)), [])
    found = {}
    for n, one in enumerate(listed if isinstance(listed, list) else [], 1):
        if isinstance(one, Mapping):
            found[str(one.get("name") or one.get("名称") or n)] = shown(one)
    return found
