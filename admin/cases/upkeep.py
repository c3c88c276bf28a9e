"""What keeps cases going: a failed step is done again, a case that nothing else can end is cancelled."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _

from admin import door, starts
from admin.door import Answer, App, actor, page, toast
from engine import catalog, db, jobs, runtime
from engine.actors import Actor
from engine.errors import QihangError, Refused, Sentence
from engine.models.people import AuditEntry
from engine.models.workflow import Incident, ProcessInstance

upkeep = Blueprint("upkeep", __name__)
MAY_NOT = Sentence("只有系统管理员可以终止办理件。", "Only a system administrator may cancel a case.")


@upkeep.route("/incidents/<int:incident_id>/retry", methods=["GET", "POST"])
def retry(incident_id: int) -> Answer:
    """The failure in words, and the button that does the step again with what was sent then."""
    incident = Incident.fetch(actor(), incident_id)
    problem = None
    if request.method == "POST":
        try:
            _again(incident)
        except QihangError as error:
            problem = error.sentence.text(door.locale())
        else:
            queued = incident.kind == "job"
            toast(_("已重新排队，后台会再做一次。") if queued else _("重试成功，办理件已经往前走。"))
            return redirect(_after(incident))
    body = page("cases/incident.html", incident=incident, problem=problem, back_url=_after(incident))
    return body, 422 if problem else 200


@upkeep.post("/incidents/<int:incident_id>/dismiss")
def dismiss(incident_id: int) -> Answer:
    """Gives a failed step up, with a reason."""
    incident = Incident.fetch(actor(), incident_id)
    try:
        runtime.dismiss(incident, actor(), request.form.get("reason", ""))
    except Refused as refused:
        problem = refused.sentence.text(door.locale())
        return page("cases/incident.html", incident=incident, problem=problem, back_url=_after(incident)), 422
    toast(_("故障已关闭。"))
    return redirect(_after(incident))


@upkeep.app_template_filter("failed_step")
def failed_step(incident: Incident) -> str:
    """What the element is called where a step failed."""
    if incident.instance_id is None or not incident.node_id:
        return ""
    return catalog.load(incident.instance.definition_id).node_name(incident.node_id, door.locale())


def _again(incident: Incident) -> None:
    with db.step():
        AuditEntry.write(actor(), "retry", incident)
    if incident.kind == "job":
        jobs.retry(incident)
    else:
        runtime.retry(incident)


def _after(incident: Incident) -> str:
    if incident.instance_id is None:
        return url_for("home.index")
    return url_for("cases.case", case_id=incident.instance_id)


@upkeep.route("/cases/<int:case_id>/cancel", methods=["GET", "POST"])
def cancel(case_id: int) -> Answer:
    """Ends a case without its diagram, with a reason that stands in its trace."""
    case = ProcessInstance.fetch(actor(), case_id)
    if actor().party_kind != "system":
        raise Refused(MAY_NOT)
    problem, reason = None, request.form.get("reason", "").strip()
    if request.method == "POST":
        try:
            if not reason:
                raise Refused(Sentence("写明终止的原因。", "Say why."))
            runtime.cancel(case, actor(), reason[:200])
        except QihangError as error:
            problem = error.sentence.text(door.locale())
        else:
            toast(_("已终止：%(case)s", case=case.caption))
            return redirect(url_for("cases.case", case_id=case.id))
    body = page("cases/cancel.html", case=case, problem=problem, reason=reason)
    return body, 422 if problem else 200


def _of_incident(incident: Incident, _asks: Actor) -> list[starts.Start]:
    if incident.state != "open":
        return []
    return [starts.Start(_("重试"), _("故障"), url_for("upkeep.retry", incident_id=incident.id), None)]


def _of_case(case: ProcessInstance, asks: Actor) -> list[starts.Start]:
    found = [starts.Start(_("打开办理件"), _("办理件"), url_for("cases.case", case_id=case.id), None)]
    if case.state == "running" and asks.party_kind == "system":
        found.append(starts.Start(_("终止"), _("办理件"), url_for("upkeep.cancel", case_id=case.id), None))
    return found


def register(app: App) -> None:
    app.register_blueprint(upkeep)
    starts.MORE["incident"] = _of_incident
    starts.MORE["process_instance"] = _of_case
