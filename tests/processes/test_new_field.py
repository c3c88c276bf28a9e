"""A field that staff add to a form: it is asked, shown to whom it concerns, and printed where a text names it."""

from __future__ import annotations

import json
from typing import Any

from admin.door import App
from engine import catalog, runtime
from engine.models.workflow import ProcessDefinition
from reports import signing as papers
from reports import texts
from tests.builders_signing import ROOT, Office, agreement_of
from tests.people import text_of

FORM = "forms/signing/invitation.form"
AUDIT = "forms/signing/audit.form"
TEXT = "processes/signing/agreement.html"
MONTHS = {
    "type": "select", "key": "probation_months", "id": "field_probation_months", "label": "试用期长短",
    "validate": {"required": True},
    "values": [{"value": "1", "label": "一个月"}, {"value": "6", "label": "六个月"}],
}  # fmt: skip
NOTE = {"type": "textfield", "key": "inner_note", "id": "field_inner_note", "label": "内部备注"}


def with_fields(text: str) -> dict[str, bytes]:
    """Online signing with a field on the letter, one on the school's audit, and a text behind the clauses."""
    files = catalog.read_folder(ROOT)
    wanted = {path: files[path] for path in catalog.closure(files, "online_signing")}
    wanted[FORM] = _with(wanted[FORM], MONTHS)
    wanted[AUDIT] = _with(wanted[AUDIT], NOTE)
    wanted[TEXT] += text.encode()
    return wanted


def _with(form: bytes, field: dict[str, Any]) -> bytes:
    read = json.loads(form)
    read["components"].append(field)
    return json.dumps(read, ensure_ascii=False).encode()


def test_a_new_field_of_the_letter_is_read_by_all_and_stands_on_the_paper(database: str, web: App) -> None:
    office = Office(web)
    catalog.deploy(with_fields("<p>试用期：{{ probation_months }}。</p>"), note="试用期", source="studio")
    invitation = office.invite(probation_months="6")

    for person in (office.graduate, office.employer, office.clerk):
        assert "六个月" in text_of(person.get(f"/invitations/{invitation.id}/letter"))
    office.agree(invitation)
    office.audit(invitation)
    assert "六个月" in text_of(office.clerk.get(f"/invitations/{invitation.id}"))
    agreement = agreement_of(invitation)
    assert "<p>试用期：六个月。</p>" in papers.agreement_html(agreement, texts.agreement_text(agreement))


def test_a_changed_letter_begins_with_what_was_said_and_replaces_it(database: str, web: App) -> None:
    office = Office(web)
    catalog.deploy(with_fields(""), note="试用期", source="studio")
    invitation = office.invite(probation_months="6")
    task = office.task(invitation, "employer_changes")
    assert task is not None
    form = runtime.task_form(task, office.employer.actor)
    assert form.form.probation_months.data == "6"


def test_what_an_office_notes_stays_among_offices(database: str, web: App) -> None:
    office = Office(web)
    catalog.deploy(with_fields(""), note="备注", source="studio")
    invitation = office.invite(probation_months="1")
    office.agree(invitation)
    task = office.task(invitation, "school_audits")
    office.clerk.post(f"/tasks/{task.id}", {"result": "pass", "inner_note": "材料齐全"})
    assert agreement_of(invitation).state == "effective"
    assert "材料齐全" in text_of(office.clerk.get(f"/invitations/{invitation.id}"))
    for person in (office.graduate, office.employer):
        assert "材料齐全" not in text_of(person.get(f"/invitations/{invitation.id}"))


def test_a_text_names_only_what_the_flows_of_its_folder_ask(database: str, web: App) -> None:
    Office(web)
    before = ProcessDefinition.select().count()
    for name, wrong in (("probation_months", False), ("probation_years", True)):
        found = catalog.check(with_fields(f"<p>{{{{ {name} }}}}</p>"))
        assert any(each.code == "template.wrong" for each in found) is wrong
    assert ProcessDefinition.select().count() == before
