"""Decision tables: gaps and overlaps at their rows, a row to try values in, and workbooks out and in."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from werkzeug.utils import secure_filename

from admin import door
from admin.door import actor, as_file, json_answer
from admin.studio import room
from admin.studio.api import api, unsaved
from admin.studio.room import studio
from engine import catalog, decisions, feel
from engine.catalog.files import stem
from engine.catalog.library import decision_id
from engine.errors import NotFound, QihangError, Sentence
from engine.models.drafts import ProcessDraft
from engine.release import drafts
from reports.excel import MEDIA_XLSX

_MOST_WORKBOOK = 2_000_000


def _table(draft: ProcessDraft, path: str) -> bytes:
    key = draft.manifest.get(path)
    if key is None or not path.endswith(".dmn"):
        raise NotFound()
    return catalog.body_of(key)


@studio.post("/api/drafts/<int:draft_id>/decision")
@api
def api_decision(draft_id: int) -> Response:
    """Findings of a decision file, as stored or as sent; with `try`, what it gives for values."""
    draft = room.draft(actor(), draft_id)
    sent = door.json_body()
    path = str(sent.get("path", ""))
    body = unsaved(draft).get(path) or _table(draft, path)
    try:
        model = decisions.read(body)
    except (QihangError, feel.FeelError) as error:
        told = {
            "severity": "error",
            "sentence": error.sentence.text(door.locale()),
            "rule": None,
            "element": "",
        }
        return json_answer({"findings": [told], "value": None})
    answer: dict[str, Any] = {
        "findings": [
            {
                "severity": found.severity,
                "sentence": found.sentence.text(door.locale()),
                "rule": found.rule,
                "element": found.element_id,
            }
            for found in decisions.analyse(model)
        ],
        "value": None,
    }
    if isinstance(sent.get("try"), dict):
        answer.update(_tried(model, sent, path))
    return json_answer(answer)


def _tried(model: decisions.Model, sent: dict[str, Any], path: str) -> dict[str, Any]:
    key = path.removeprefix("processes/").removesuffix(".dmn")
    wanted = str(sent.get("decision") or decision_id(key, model))
    trace: list[Any] = []
    try:
        context = {str(name): _value(value) for name, value in sent["try"].items()}
        value = model.evaluate(wanted, context, trace)
    except (QihangError, feel.FeelError) as error:
        return {"problem": error.sentence.text(door.locale()), "trace": []}
    hit = [rule.rule_id for step in trace for table in step.tables for rule in table.rules if rule.hit]
    said = [sentence.text(door.locale()) for sentence in decisions.explain(trace)]
    return {"value": feel.to_json({"value": value})["value"], "trace": hit, "explained": said}


def _value(value: Any) -> Any:
    """What was typed to try: a FEEL literal where it is one, else the text itself."""
    if not isinstance(value, str):
        return value
    try:
        return feel.compile(value, {}).evaluate({})
    except feel.FeelError:
        return value


@studio.get("/api/drafts/<int:draft_id>/decision.xlsx")
@api
def api_workbook(draft_id: int) -> Response:
    """The tables of a decision file as a workbook."""
    draft = room.draft(actor(), draft_id)
    path = request.args.get("path", "")
    answer = Response(decisions.to_xlsx(_table(draft, path)), mimetype=MEDIA_XLSX)
    name = secure_filename(f"{stem(path)}.xlsx")
    return as_file(answer, name)


@studio.post("/api/drafts/<int:draft_id>/decision.xlsx")
@api
def api_take_workbook(draft_id: int) -> Response:
    """A workbook's rules become the decision's. What does not fit is told by cell; nothing is saved then."""
    asks = actor()
    draft = room.draft(asks, draft_id)
    path = request.form.get("path", "")
    base = _table(draft, path)
    sent = request.files.get("file")
    if sent is None:
        abort(400)
    body = sent.read(_MOST_WORKBOOK + 1)
    if len(body) > _MOST_WORKBOOK:
        raise QihangError(Sentence("工作簿超过 2 MB。", "The workbook is over 2 MB."))
    made = decisions.from_xlsx(body, base)
    saved = drafts.save(draft.id, path, made, request.form.get("revision") or draft.manifest[path], asks)
    return json_answer({"revision": saved.manifest[path], "draft_revision": saved.revision})
