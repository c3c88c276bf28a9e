"""What the notices of a case read: its facts, who began it, its parties, and the answers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from engine import catalog, models
from engine.models.facts import Facts, FactView
from engine.models.organisations import PARTY_MODELS
from engine.models.workflow import HistoryEvent, ProcessInstance
from engine.runtime.parties import read_parties
from engine.runtime.said import words_said


class Told(Mapping[str, Any]):
    """Looked up name by name, so that a text costs the queries of what it names. Facts go before answers."""

    def __init__(
        self, instance: ProcessInstance, definition: catalog.Definition, facts: Facts | None = None
    ) -> None:
        self._instance = instance
        self._definition = definition
        self._facts = facts if facts is not None else Facts(_subject(instance))

    def __getitem__(self, name: str) -> Any:
        if name in self._facts:
            return self._facts[name]
        if name == "starter":
            return self._starter
        if name in self._parties:
            return self._parties[name]
        return self._answers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._facts, "starter", *self._parties, *self._answers)))

    def __len__(self) -> int:
        return len(list(iter(self)))

    @cached_property
    def _starter(self) -> dict[str, str]:
        account = self._instance.started_by
        first = HistoryEvent.select(HistoryEvent.role).where(HistoryEvent.instance == self._instance)
        began = first.order_by(HistoryEvent.id).first()
        return {
            "name": account.name if account is not None else "",
            "role": (began.role if began is not None else None) or "",
        }

    @cached_property
    def _parties(self) -> dict[str, FactView]:
        found = {}
        for kind, party_id in read_parties(self._instance.get_id()).items():
            model = PARTY_MODELS.get(kind)
            row = model.get_or_none(model._meta.primary_key == party_id) if model is not None else None
            if row is not None:
                found[kind] = FactView(row)
        return found

    @cached_property
    def _answers(self) -> dict[str, str]:
        """Field → answer in words, of what was sent last."""
        return words_said(self._instance.get_id(), self._definition)


def _subject(instance: ProcessInstance) -> models.base.Model | None:
    if instance.subject_kind is None:
        return None
    model = models.by_name(instance.subject_kind)
    return model.get_or_none(model._meta.primary_key == instance.subject_id)
