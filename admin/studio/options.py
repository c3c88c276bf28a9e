"""What the editors' panels offer: roles, forms, operations, decisions, notices, and what is known at an element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask import Response, abort, request, url_for

from admin import door
from admin.door import actor, json_answer
from admin.studio import room
from admin.studio.api import api, unsaved
from admin.studio.room import studio
from engine import catalog, codes, feel, forms, models, operations, spiff
from engine.bpmn import Node, Process
from engine.catalog.facts import parameter_words
from engine.catalog.files import sibling, stem
from engine.catalog.graph import levels
from engine.catalog.library import Library, decision_id, document_names, fields_asked, read_library
from engine.catalog.names import Names
from engine.catalog.told import answered, notice_facts
from engine.errors import QihangError, Sentence
from engine.forms import FormSpec
from engine.models.base import Model
from engine.models.drafts import ProcessDraft
from engine.models.facts import extra_facts
from engine.models.organisations import PARTY_MODELS
from engine.operations.registry import type_words
from engine.release import drafts

#: What the palette may hold: kind of element (and event) → its name in BPMN. Which of them the engine runs,
#: it says itself.
_PALETTE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("bpmn:StartEvent", "start_event", {}),
    ("bpmn:EndEvent", "end_event", {}),
    ("bpmn:EndEvent/message", "end_event", {"event": "message", "event_ref": "m"}),
    ("bpmn:EndEvent/terminate", "end_event", {"event": "terminate"}),
    ("bpmn:UserTask", "user_task", {}),
    ("bpmn:ServiceTask", "service_task", {"operation": "x"}),
    ("bpmn:BusinessRuleTask", "business_rule_task", {"decision": "x"}),
    ("bpmn:ManualTask", "manual_task", {}),
    ("bpmn:ScriptTask", "script_task", {"scripts": ("x",)}),
    ("bpmn:SendTask", "send_task", {}),
    ("bpmn:ReceiveTask", "receive_task", {}),
    ("bpmn:ExclusiveGateway", "exclusive_gateway", {}),
    ("bpmn:ParallelGateway", "parallel_gateway", {}),
    ("bpmn:InclusiveGateway", "inclusive_gateway", {}),
    ("bpmn:EventBasedGateway", "event_based_gateway", {}),
    ("bpmn:ComplexGateway", "complex_gateway", {}),
    ("bpmn:SubProcess", "subprocess", {}),
    ("bpmn:CallActivity", "call_activity", {"called_element": "x"}),
    ("bpmn:IntermediateCatchEvent/timer", "catch_event", {"event": "timer", "timer_kind": "duration", "event_ref": "P1D"}),
    ("bpmn:IntermediateCatchEvent/message", "catch_event", {"event": "message", "event_ref": "m"}),
    ("bpmn:IntermediateThrowEvent", "throw_event", {}),
    ("bpmn:IntermediateThrowEvent/message", "throw_event", {"event": "message", "event_ref": "m"}),
    ("bpmn:BoundaryEvent/timer", "boundary_event", {"event": "timer", "timer_kind": "duration", "event_ref": "P1D", "attached_to": "task"}),
    ("bpmn:BoundaryEvent/message", "boundary_event", {"event": "message", "event_ref": "m", "attached_to": "task"}),
    ("bpmn:BoundaryEvent/error", "boundary_event", {"event": "error", "event_ref": "e", "attached_to": "task"}),
)  # fmt: skip
_DRAWN_BESIDE = ("bpmn:Participant", "bpmn:Lane", "bpmn:TextAnnotation", "bpmn:Group", "bpmn:SequenceFlow")
_COMPLAINS = {"kind", "event", "script", "task", "element"}


def _words(sentence: Sentence) -> str:
    return sentence.text(door.locale())


@cache
def palette() -> tuple[str, ...]:
    """The elements that the engine runs, as it says when asked about each alone."""
    return (*(name for name, kind, more in _PALETTE if _runs(kind, more)), *_DRAWN_BESIDE)


def _runs(kind: str, more: dict[str, Any]) -> bool:
    node = _node("x", kind, **more)
    task = _node("task", "user_task")
    start = _node("begin", "start_event")
    end = _node("done", "end_event")
    nodes = {n.id: n for n in (start, task, end, node)}
    process = Process("p", "p", {}, nodes, {}, [], 1)
    without = Process("p", "p", {}, {n.id: n for n in (start, task, end)}, {}, [], 1)
    known = {(u.element_id, u.code) for u in spiff.unsupported(without)}
    return not any(
        u.element_id == "x" and (u.code.split(".")[0] in _COMPLAINS)
        for u in spiff.unsupported(process)
        if (u.element_id, u.code) not in known
    )


def _node(node_id: str, kind: str, **more: Any) -> Node:
    return Node(node_id, kind, node_id, None, {}, (), (), 1, **more)


@studio.get("/api/drafts/<int:draft_id>/options")
@api
def api_options(draft_id: int) -> Response:
    """Everything that the panels of a draft's diagrams and forms offer."""
    draft = room.draft(actor(), draft_id)
    files = drafts.merged(draft)
    roles = catalog.known_roles()
    library = read_library(files, roles)
    path = request.args.get("path") or room.diagram_path(draft) or ""
    diagram = next((d for d in library.diagrams.values() if d.path == path), None)
    return json_answer(
        {
            "roles": _roles(roles),
            "forms": [_form(key, spec, draft) for key, spec in sorted(library.forms.items())],
            "operations": [_operation(op) for op in operations.all()],
            "decisions": _decisions(library, draft),
            "notices": _notices(library, path),
            "notices_url": _url(draft, sibling(path, "notices.yaml")),
            "models": [_model(model) for model in models.all_models() if model.facts or model.parties is not Model.parties],
            "tasks": [] if diagram is None else _tasks(diagram.process),
            "processes": [
                {"id": one.process.id, "name": one.process.name or one.process.id}
                for one in library.diagrams.values()
            ],
            "palette": list(palette()),
            "field_types": forms.to_formjs_types(),
            "code_lists": [
                {
                    "name": name,
                    "options": [{"value": v, "label": w} for v, w in codes.options(name, door.locale())][:200],
                }
                for name in codes.lists()
            ],
            "functions": _FUNCTIONS,
        }
    )  # fmt: skip


def _roles(roles: Mapping[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "label": name, "kind": kind} for name, kind in roles.items()
    ]
    return [*found, {"name": catalog.SYSTEM_LANE, "label": catalog.SYSTEM_LANE, "kind": None}]


def _url(draft: ProcessDraft, path: str) -> str | None:
    if path not in draft.manifest:
        return None
    return url_for("studio.edit", process_id=draft.process_id, file=path)


def _form(key: str, spec: FormSpec | None, draft: ProcessDraft) -> dict[str, Any]:
    path = f"forms/{key}.form"
    fields = [] if spec is None else [_field(field) for field in spec.fields]
    first = fields[0]["label"] if fields else ""
    title = f"{stem(path)}（{first}）" if first else stem(path)
    return {"key": key, "path": path, "title": title, "url": _url(draft, path), "fields": fields}


def _field(field: forms.FieldSpec) -> dict[str, Any]:
    values = [{"value": c.value, "label": _words(c.label)} for c in field.choices]
    return {
        "key": field.key,
        "label": _words(field.label) or field.key,
        "type": str(field.feel_type),
        "kind": field.kind,
        "values": values or None,
    }


def _operation(op: operations.Operation) -> dict[str, Any]:
    words = parameter_words(op)
    return {
        "id": op.name,
        "label": _words(op.label),
        "area": op.name.partition(".")[0],
        "creates": op.creates,
        "parameters": [
            {
                "name": p.name,
                "label": _words(words[p.name]) if p.name in words else p.name,
                "type": p.feel_type,
                "type_words": _words(type_words(p.type)),
                "required": p.required,
            }
            for p in op.parameters.values()
        ],
        "results": [{"name": name, "type": kind} for name, kind in op.results.items()],
    }


def _decisions(library: Library, draft: ProcessDraft) -> list[dict[str, Any]]:
    found = []
    for key, model in sorted(library.decisions.items()):
        path = f"processes/{key}.dmn"
        if model is None or not model.decisions:
            continue
        wanted = decision_id(key, model)
        for name, decision in model.decisions.items():
            outputs = [column for table in model.tables.get(name, ()) for column in table.names]
            found.append(
                {
                    "key": key if name == wanted else f"{key}#{name}",
                    "label": decision.name or name,
                    "path": path,
                    "url": _url(draft, path),
                    "inputs": sorted(decision.required_names),
                    "outputs": outputs,
                }
            )
    return found


def _notices(library: Library, path: str) -> list[dict[str, Any]]:
    known = library.notices.get(sibling(path, "notices.yaml"))
    return (
        []
        if known is None
        else [
            {"id": notice.id, "subject": notice.subject.source, "to": list(notice.to)}
            for notice in known.values()
        ]
    )


def _model(model: type[Model]) -> dict[str, str]:
    return {"name": model.model_name(), "label": _words(model.label) or model.model_name()}


def _tasks(process: Process) -> list[dict[str, str]]:
    return [
        {"id": node.id, "name": node.name or node.id}
        for node in process.all_nodes()
        if node.kind == "user_task"
    ]


_FUNCTIONS = [
    {"name": "today", "params": [], "text": "today()"},
    {"name": "now", "params": [], "text": "now()"},
    {"name": "working days", "params": ["date", "n"], "text": "working days(today(), 3)"},
    {"name": "duration", "params": ["from"], "text": 'duration("P3D")'},
    {"name": "date and time", "params": ["date", "time"], "text": 'date and time(today(), time("09:00:00"))'},
    {"name": "list contains", "params": ["list", "element"], "text": "list contains(list, element)"},
]


# ── what is known at an element ────────────────────────────────────────────────────────────────────


@studio.post("/api/drafts/<int:draft_id>/names")
@api
def api_names(draft_id: int) -> Response:
    """The names that an expression at an element may read, with types, words and the values of choices."""
    draft = room.draft(actor(), draft_id)
    sent = door.json_body()
    element = sent.get("element")
    if not isinstance(element, str):
        abort(400)
    files = {**drafts.merged(draft), **unsaved(draft)}
    return json_answer({"names": names_at(files, draft.process_id, element)})


def names_at(files: Mapping[str, bytes], process_id: str, element: str) -> list[dict[str, Any]]:
    """The names known at an element or on a flow."""
    try:
        known = catalog.names_at(files, process_id, element, catalog.known_roles())
    except QihangError:
        return []
    return [_known(one) for one in known]


_SIMPLE = frozenset({"string", "number", "boolean", "date", "date and time", "Any"})


def names_anywhere(files: Mapping[str, bytes], process_id: str) -> list[dict[str, Any]]:
    """The simple names known somewhere in a flow: what a decision table may look at. An answer that a fact
    keeps is the fact."""
    try:
        known = catalog.names_anywhere(files, process_id, catalog.known_roles())
    except QihangError:
        return []
    facts = {one.name.partition(".")[2] for one in known if "." in one.name}
    return [_known(one) for one in known if one.type in _SIMPLE and one.name not in facts]


#: Names that no model's words tell.
_SAID = {
    "starter.role": Sentence("发起人的角色", "Role of who starts"),
    "starter.name": Sentence("发起人的姓名", "Name of who starts"),
    "starter.kind": Sentence("发起人属于哪一方", "Party of who starts"),
}

#: What a party is called where its model's screens are called otherwise (学生库).
_PARTIES = {"student": Sentence("毕业生", "Graduate")}


STARTER = Sentence("发起人", "Who starts")
ANSWERS = Sentence("填的内容", "Answers")


def _known(one: catalog.Known) -> dict[str, Any]:
    head, _dot, part = one.name.partition(".")
    group, values = "", [{"value": v, "label": _words(w)} for v, w in one.choices]
    if one.name == "starter.role":
        values = [{"value": role, "label": role} for role in catalog.known_roles()]
    if one.name == "starter.kind":
        values = [
            {"value": kind, "label": _words(_PARTIES.get(kind, model.label))}
            for kind, model in PARTY_MODELS.items()
            if model
        ]
    model = _fact_model(head) if part else None
    if model is not None:
        group = _words(model.label)
        values = values or _values(model, part)
    label = _words(_SAID.get(one.name, one.label))
    return {
        "path": one.name,
        "label": f"{group} · {label}" if group else label,
        "type": one.type,
        "certain": one.certain,
        "values": values or None,
        "group": group,
    }


def _fact_model(name: str) -> type[Model] | None:
    try:
        return models.by_name(name)
    except KeyError:
        return None


def _values(model: type[Model], part: str) -> list[dict[str, str]]:
    """The values that a coded column may have."""
    listed = model.codes.get(part)
    if listed is None:
        return []
    return [{"value": value, "label": label} for value, label in codes.options(listed, door.locale())][:200]


@studio.post("/api/drafts/<int:draft_id>/feel")
@api
def api_feel(draft_id: int) -> Response:
    """Whether an expression compiles, over what is known at an element where one is named."""
    draft = room.draft(actor(), draft_id)
    sent = door.json_body()
    text = sent.get("text")
    if not isinstance(text, str) or len(text) > 10_000:
        abort(400)
    names: Mapping[str, Any] | None = None
    if isinstance(sent.get("element"), str):
        files = {**drafts.merged(draft), **unsaved(draft)}
        names = _types(files, draft.process_id, sent["element"])
    try:
        body = catalog.feel_text(text)
        found = feel.compile_unary(body, names) if sent.get("unary") else feel.compile(body, names)
    except feel.FeelError as error:
        return json_answer(
            {"ok": False, "type": None, "detail": _words(error.sentence), "position": error.position}
        )
    return json_answer({"ok": True, "type": str(found.type), "detail": "", "position": None})


def _types(files: Mapping[str, bytes], process_id: str, element: str) -> dict[str, Any]:
    """The names at an element as FEEL's compiler takes them."""
    library = read_library(files, catalog.known_roles())
    diagram = library.diagrams.get(process_id)
    if diagram is None:
        return {}
    names = Names(library, diagram.process)
    for level in levels(diagram.process):
        flow = level.flows.get(element)
        node = level.nodes.get(flow.source if flow is not None else element)
        if node is not None:
            if node.kind == "start_event" and flow is None:
                return names.at_start(node)
            return names.at(node, after=flow is not None)[0]
    return {}


# ── what texts may read ────────────────────────────────────────────────────────────────────────────


@studio.get("/api/drafts/<int:draft_id>/fields")
@api
def api_fields(draft_id: int) -> Response:
    """What may be inserted into a notice or a document of the draft."""
    draft = room.draft(actor(), draft_id)
    path = request.args.get("path", "")
    if path.endswith(".html"):
        listed = list(_printed(draft, path))
    else:
        listed = list(_facts(draft))
    filters = [
        {"insert": " | 日期", "label": "日期" if door.locale() == "zh" else "date"},
        {"insert": " | 金额", "label": "金额" if door.locale() == "zh" else "money"},
    ]
    return json_answer({"fields": listed, "filters": filters})


def _printed(draft: ProcessDraft, path: str) -> Iterable[dict[str, str]]:
    """What the text of a document may read: the paper's own values, then what its flows' forms ask."""
    own = document_names(stem(path))
    library = read_library(drafts.merged(draft), catalog.known_roles())
    asked = {key: field.label for key, field in fields_asked(library, path).items() if key not in own}
    for group, listed in (("", own), (_words(ANSWERS), asked)):
        for name, words in listed.items():
            yield {"insert": f"{{{{ {name} }}}}", "label": _words(words) or name, "group": group}


def _facts(draft: ProcessDraft) -> Iterable[dict[str, str]]:
    """What a notice of the flow may read: facts of the subject, who began it, its parties, its answers."""
    library = read_library(drafts.merged(draft), catalog.known_roles())
    diagram = library.diagrams.get(draft.process_id)
    if diagram is None:
        return
    known = notice_facts(library, diagram.process)
    asked = {field.key: field for field in answered(library, diagram.process) if not known.get(field.key)}
    for fact, fields in known.items():
        model = _fact_model(fact)
        group = _words(model.label) if model is not None else _words(STARTER) if fact == "starter" else fact
        for name in fields:
            words = _SAID.get(f"{fact}.{name}") or (model.words.get(name) if model is not None else None)
            extra = extra_facts(model).get(name) if model is not None else None
            words = words if extra is None else extra.words
            label = _words(words) if words is not None else name
            yield {"insert": f"{{{{ {fact}.{name} }}}}", "label": label, "group": group}
    for key, field in asked.items():
        yield {"insert": f"{{{{ {key} }}}}", "label": _words(field.label) or key, "group": _words(ANSWERS)}
