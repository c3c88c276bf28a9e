"""The texts of papers as a case's deployment has them: an old case prints its own version's words."""

from __future__ import annotations

from engine.models.signing import Agreement
from engine.models.workflow import Content, ProcessDefinition, ProcessInstance
from reports.pdf import RenderFailed
from reports.signing import AGREEMENT_TEXT


def agreement_text(agreement: Agreement) -> str:
    """The text of the agreement's own signing; of the version in use, where no case made it (offline)."""
    return _deployed(_signing_of(agreement), AGREEMENT_TEXT)


def _signing_of(agreement: Agreement) -> ProcessDefinition:
    cases = ProcessInstance.select().where(
        (ProcessInstance.subject_kind == "invitation")
        & (ProcessInstance.subject_id == agreement.invitation_id)
    )
    case = None if agreement.invitation_id is None else cases.order_by(ProcessInstance.id.desc()).first()
    if case is not None:
        return case.definition
    live = (ProcessDefinition.process_id == "online_signing") & ProcessDefinition.live
    return ProcessDefinition.get(live)


def _deployed(definition: ProcessDefinition, path: str) -> str:
    sha = definition.deployment.manifest.get(path)
    if sha is None:
        raise RenderFailed(f"{definition.process_id} version {definition.version} has no {path}")
    return bytes(Content.get_by_id(sha).body).decode("utf-8")
