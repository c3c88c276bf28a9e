"""`<process>.notices.yaml`: what a process tells whom. Read once a deployment, checked before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.errors import Sentence
from engine.notify import channels
from engine.notify.texts import Text, TextWrong

_KEYS = {"to", "subject", "body", "channels", "en", "sms"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a notice; `element_id` is its id, `line` counts from 1 within the file."""

    element_id: str
    line: int | None
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Notice:
    """One text for the members of some roles' queues, by some channels."""

    id: str
    to: tuple[str, ...]
    channels: tuple[str, ...]
    subject: Text
    body: Text
    subject_en: Text | None
    body_en: Text | None
    line: int | None

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """The facts that its texts read."""
        texts = (self.subject, self.body, self.subject_en, self.body_en)
        return frozenset().union(*(text.paths for text in texts if text is not None))


@dataclass(frozen=True, slots=True)
class Notices(Mapping[str, Notice]):
    """The notices of a process by id; `findings` says what of the file could not be taken."""

    known: Mapping[str, Notice] = field(default_factory=dict)
    findings: tuple[Problem, ...] = ()

    def __getitem__(self, notice_id: str) -> Notice:
        return self.known[notice_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def check(self, facts: Mapping[str, Collection[str]], roles: Collection[str]) -> list[Problem]:
        """Names of facts (name → what may be read of it) and roles that are not there."""
        return [problem for notice in self.known.values() for problem in _strangers(notice, facts, roles)]


def read(content: bytes) -> Notices:
    """The notices of a file. Never raises: what is wrong is in `findings`."""
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
        lines = {key.value: key.start_mark.line + 1 for key, _ in root.value} if root is not None else {}
        document = yaml.safe_load(content) or {}
        if b"&" in content and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(content)):
            return _unreadable(Sentence("不能用别名（*）。", "Aliases (*) are not allowed."), None)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else None
        return _unreadable(Sentence("不是正确的 YAML。", f"This is not YAML: {error.problem}."), line)
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError, ValueError, RecursionError):
        return _unreadable(Sentence("不是正确的 YAML。", "This is not a YAML list of notices."), None)
    if not isinstance(document, dict):
        return _unreadable(Sentence("应是“通知标识: 内容”。", "It must map ids to notices."), None)
    known: dict[str, Notice] = {}
    findings: list[Problem] = []
    for notice_id, entry in document.items():
        notice = _read(str(notice_id), entry, lines.get(str(notice_id)), findings)
        if notice is not None:
            known[notice.id] = notice
    return Notices(known, tuple(findings))


def _unreadable(sentence: Sentence, line: int | None) -> Notices:
    return Notices({}, (Problem("", line, sentence),))


def _read(notice_id: str, entry: Any, line: int | None, findings: list[Problem]) -> Notice | None:
    def wrong(zh: str, en: str) -> None:
        findings.append(Problem(notice_id, line, Sentence(zh, en)))

    if not isinstance(entry, dict) or not {"to", "subject", "body"} <= set(entry):
        wrong("通知要有 to、subject 和 body。", "A notice has `to`, `subject` and `body`.")
        return None
    if unknown := sorted(set(map(str, entry)) - _KEYS):
        wrong(f"不认识 {'、'.join(unknown)}。", f"Unknown: {', '.join(unknown)}.")
    to, by = _words(entry["to"]), _words(entry.get("channels", ["inbox", "mail"]))
    if not to:
        wrong("to 里要写角色名。", "`to` names roles.")
    for channel in by:
        refusal = channels.refusal(channel)
        if refusal is not None:
            findings.append(Problem(notice_id, line, refusal))
    english = entry.get("en") or {}
    if not isinstance(english, dict):
        wrong("en 里应有 subject 和 body。", "`en` has `subject` and `body`.")
        english = {}
    texts = [_text(notice_id, value, line, findings) for value in (
        entry["subject"], entry["body"], english.get("subject"), english.get("body"),
    )]  # fmt: skip
    subject, body, subject_en, body_en = texts
    if subject is None or body is None or not to:
        return None
    usable = tuple(channel for channel in by if channels.refusal(channel) is None)
    return Notice(notice_id, to, usable, subject, body, subject_en, body_en, line)


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.replace("，", ",").replace("、", ",").replace(",", " ").split())
    return tuple(str(word) for word in value) if isinstance(value, list) else ()


def _text(notice_id: str, source: Any, line: int | None, findings: list[Problem]) -> Text | None:
    if source is None:
        return None
    try:
        return Text(str(source).strip())
    except TextWrong as error:
        findings.append(Problem(notice_id, line, error.sentence))
        return None


def _strangers(
    notice: Notice, facts: Mapping[str, Collection[str]], roles: Collection[str]
) -> Iterator[Problem]:
    for role in notice.to:
        if role not in roles:
            yield Problem(
                notice.id, notice.line, Sentence(f"没有角色“{role}”。", f"There is no role named {role}.")
            )
    for path in sorted(notice.paths):
        if path[0] not in facts or (len(path) > 1 and path[1] not in facts[path[0]]):
            name = ".".join(path[:2])
            yield Problem(
                notice.id,
                notice.line,
                Sentence(f"文本里的 {name} 不存在。", f"The text reads {name}, which is not there."),
            )
