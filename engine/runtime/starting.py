"""Starting a case: what is offered to whom, its form, one start or many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import catalog, clock, db
from engine.actors import Actor
from engine.catalog.references import words
from engine.errors import NotFound, QihangError, Refused, Sentence, SubmissionInvalid
from engine.forms import uploads
from engine.models.base import Model
from engine.models.facts import FactView
from engine.models.organisations import PARTY_MODELS
from engine.models.workflow import ProcessInstance
from engine.runtime.answers import has_files, kept, submitted
from engine.runtime.case import Case
from engine.runtime.errors import guarded
from engine.runtime.timers import fire_between

SUSPENDED = Sentence("这项业务暂停受理。", "This process takes no new cases at present.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A start that an actor may see: the button's words, and why it cannot be pressed where it cannot."""

    process_id: str
    definition: catalog.Definition
    label: str
    form_key: str | None
    available: bool
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class StartResult:
    """What became of one of many rows: the case, or the sentence why not."""

    row: Model
    instance: ProcessInstance | None
    sentence: Sentence | None


def offers(actor: Actor, on: Model | None = None) -> list[Offer]:
    """The starts offered to the actor: those on `on`, or those on nothing where it is None."""
    found, context = [], None
    for definition in catalog.live_all():
        ext = definition.start_node.ext
        if "start" not in ext or not _is_offered(definition, actor, on):
            continue
        context = context or start_context(actor, on)
        reason = _reason(definition, context)
        found.append(
            Offer(definition.process_id, definition, ext["start"], ext.get("form"), reason is None, reason)
        )
    return found


def start_form(
    actor: Actor,
    process_id: str,
    on: Model | None = None,
    data: Any = None,
    *,
    locale: str = "zh",
    prefill: Mapping[str, Any] | None = None,
) -> Any:
    """The bound start form, or None where the process asks nothing. Raises NotFound, Refused."""
    definition = _offered_to(actor, process_id, on)
    context = start_context(actor, on)
    _check_available(definition, context)
    return _bind(definition, actor, context, data, None, locale, prefill)


def start(
    actor: Actor,
    process_id: str,
    *,
    on: Model | None = None,
    data: Any = None,
    json: Mapping[str, Any] | None = None,
    start_key: str | None = None,
    locale: str = "zh",
) -> ProcessInstance:
    """Starts a case in one step and gives its row.

    The same `start_key` again gives the case that it started before (a double click). Raises NotFound,
    Refused (with the diagram's reason), SubmissionInvalid, ConfirmationNeeded, Conflict, StepFailed.
    """
    known = _known(start_key, actor)
    if known is not None:
        return known  # before the offer is asked for: the first click may have used it up
    node_id = _offered_to(actor, process_id, on).start_node.id
    fire_between(actor, on)
    data = uploads.read_all(data)
    row = None if on is None else [on.model_name(), on.get_id()]
    retry = {"act": "start", "process": process_id, "on": row, "start_key": start_key, **kept(data, json)}
    with guarded(None, actor, node_id, retry):
        if has_files(data, json):
            _put_files(actor, process_id, on, data, json)
        try:
            with db.step():
                return _start(actor, process_id, on, data, json, start_key, locale)
        except db.IntegrityError:
            known = _known(start_key, actor)
            if known is None:
                raise
            return known


def _put_files(
    actor: Actor, process_id: str, on: Model | None, data: Any, json: Mapping[str, Any] | None
) -> None:
    """Stores what a start hands in before its step."""
    definition = _offered_to(actor, process_id, on)
    form = _bind(definition, actor, start_context(actor, on), data, json, "zh", None)
    if form is not None:
        form.put_files()


def _known(start_key: str | None, actor: Actor) -> ProcessInstance | None:
    """The case that this account has started by this key already. One query."""
    if start_key is None:
        return None
    found: ProcessInstance | None = ProcessInstance.get_or_none(
        (ProcessInstance.start_key == start_key) & (ProcessInstance.started_by == actor.account_id)
    )
    return found


def start_many(
    actor: Actor, process_id: str, rows: list[Any], data: Any, *, start_key: str, locale: str = "zh"
) -> list[StartResult]:
    """Starts one case on each row, each in a transaction of its own, and says for each what came of it.

    Raises SubmissionInvalid where the form itself does not hold: then nothing was started. A row on which
    the start is not offered says why by itself.
    """
    data = uploads.read_all(data)
    form = _first_form(actor, process_id, rows, data, locale)
    if form is not None and not form.validate():
        raise SubmissionInvalid(form, form.errors)
    results = []
    for row in rows:
        try:
            instance = start(
                actor, process_id, on=row, data=data, start_key=f"{start_key}:{row.get_id()}", locale=locale
            )
            results.append(StartResult(row, instance, None))
        except QihangError as error:
            results.append(StartResult(row, None, error.sentence))
    return results


def _first_form(actor: Actor, process_id: str, rows: list[Any], data: Any, locale: str) -> Any:
    """The form as it is on the first row on which the start is offered; None where it is on none."""
    for row in rows:
        try:
            return start_form(actor, process_id, row, data, locale=locale)
        except Refused:
            continue
    return None


def _start(
    actor: Actor,
    process_id: str,
    on: Model | None,
    data: Any,
    json: Mapping[str, Any] | None,
    start_key: str | None,
    locale: str,
) -> ProcessInstance:
    """Inside the step: what the row says now decides whether the case may begin."""
    on = None if on is None else _locked(on)
    definition = _offered_to(actor, process_id, on)
    reads = definition.start_node.ext.keys() & {"when", "form"}
    context = start_context(actor, on) if reads else {}
    _check_available(definition, context)
    case = Case.new(definition, actor, on, start_key)
    form = _bind(definition, actor, context, data, json, locale, None)
    answers, routing = submitted(form, definition.subject, json)
    case.begin(answers, routing)
    case.save("start", definition.start_node.id, answers)
    return case.row


def _locked(on: Model) -> Model:
    """The row as it is now, and until the step ends. Rows that refer to it may still be written. Raises NotFound."""
    query = type(on).select().where(type(on)._meta.primary_key == on.get_id())
    row = (query.for_update("FOR NO KEY UPDATE") if db.is_postgres() else query).first()
    if row is None:
        raise NotFound()
    return row


def _offered_to(actor: Actor, process_id: str, on: Model | None) -> catalog.Definition:
    """The version in use, where its start is offered to the actor's role and on such a row. Raises NotFound."""
    definition = catalog.live(process_id)
    if not _is_offered(definition, actor, on):
        raise NotFound()
    return definition


def _is_offered(definition: catalog.Definition, actor: Actor, on: Model | None) -> bool:
    ext = definition.start_node.ext
    wanted = ext.get("on") or None
    return bool(actor.roles & _roles(ext)) and wanted == (on.model_name() if on is not None else None)


def _check_available(definition: catalog.Definition, context: Mapping[str, Any]) -> None:
    reason = _reason(definition, context)
    if reason is not None:
        raise Refused(reason)


def _roles(ext: Mapping[str, str]) -> set[str]:
    return set(words(ext.get("by")))


def _reason(definition: catalog.Definition, context: Mapping[str, Any]) -> Sentence | None:
    """Why the start cannot be pressed now; None where it can."""
    ext = definition.start_node.ext
    if definition.suspended:
        return SUSPENDED
    when = ext.get("when")
    if not when or definition.expression(when).evaluate(context) is True:
        return None
    text = ext.get("reason") or "现在还不能办。"
    return Sentence(text, definition.text(f"{definition.start_node.id}.reason", "en") or text)


def start_context(actor: Actor, on: Model | None) -> dict[str, Any]:
    """What a start's condition and form may read: who starts (`starter.role`, `starter.kind`), the row it is
    offered on and the starter's own party."""
    context: dict[str, Any] = {"starter": {"role": actor.role, "kind": actor.party_kind}}
    model = PARTY_MODELS.get(actor.party_kind)
    if model is not None:
        party = model.get_or_none(model._meta.primary_key == actor.party_id)
        if party is not None:
            context[actor.party_kind] = FactView(party)
    if on is not None:
        context[on.model_name()] = FactView(on)
        for name, attribute in type(on).facts.items():
            row = on if not attribute else getattr(on, attribute)
            context[name] = None if row is None else FactView(row)
    context["today"] = clock.today()
    return context


def _bind(
    definition: catalog.Definition,
    actor: Actor,
    context: Mapping[str, Any],
    data: Any,
    json: Mapping[str, Any] | None,
    locale: str,
    prefill: Mapping[str, Any] | None,
) -> Any:
    key = definition.start_node.ext.get("form")
    if not key:
        return None
    spec = definition.form(key)
    if json is not None:
        return spec.bind_json(dict(json), prefill=prefill or {}, context=context, locale=locale, actor=actor)
    return spec.bind(data, prefill=prefill or {}, context=context, locale=locale, actor=actor)
