"""A file that staff ask for in a flow: it is kept with its case, and opened by whom it concerns."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from admin.door import App
from engine import catalog, files, forms, operations, release, runtime
from engine.errors import SubmissionInvalid
from engine.forms.sample_files import samples
from engine.models.signing import Invitation
from engine.models.workflow import Attachment, HistoryEvent, Incident
from tests.builders_signing import Office, agreement_of, letter, shipped
from tests.people import Person, text_of

ANSWER = "forms/signing/answer.form"
AUDIT = "forms/signing/audit.form"
LETTER = "forms/signing/invitation.form"
PAPER = {
    "type": "upload", "key": "school_report", "id": "field_school_report", "label": "成绩单",
    "validate": {"required": True}, "properties": {"accept": "pdf, png", "max_mb": "1", "count": "2"},
    "conditional": {"hide": '=answer = "refuse"'},
}  # fmt: skip
PLAIN = {name: value for name, value in PAPER.items() if name != "conditional"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def office(database: str, web: App, tmp_path: Path) -> Office:
    files.configure((tmp_path / "files").as_uri())
    made = Office(web)
    catalog.deploy(asking(ANSWER, PAPER), note="成绩单", source="studio")
    return made


def asking(form: str, field: dict[str, Any], **more: Any) -> dict[str, bytes]:
    """Online signing with one more field on a form."""
    wanted = {
        path: body for path, body in shipped().items() if path in catalog.closure(shipped(), "online_signing")
    }
    read = json.loads(wanted[form])
    read["components"].append({**field, **more})
    return {**wanted, form: json.dumps(read, ensure_ascii=False).encode()}


def paper(name: str = "我的成绩单.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def upload() -> FileStorage:
    return FileStorage(io.BytesIO(PDF), filename="原件.pdf")


def breaks(*_: Any) -> None:
    raise ZeroDivisionError("broken")


def post(office: Office, invitation: Invitation, by: Person | None = None, **data: Any) -> Any:
    task = office.task(invitation, "student_answers")
    assert task is not None
    return (by or office.graduate).post(f"/tasks/{task.id}/letter", data, content_type="multipart/form-data")


def carried(page: Any) -> dict[str, str]:
    """The hidden controls of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: value for name, value in found if name != "csrf_token"}


def agreed(office: Office, invitation: Invitation) -> Any:
    """同意 with a file, then 现在签约 without choosing it again."""
    second = post(office, invitation, answer="agree", school_report=paper())
    assert "我的成绩单.pdf" in text_of(second)
    return post(office, invitation, **carried(second))


def link(person: Person, url: str) -> str:
    """Where a page opens the file."""
    found = re.search(r'href="(/cases/\d+/files/\d+)"', person.get(url).text)
    assert found is not None, f"{url} shows no file"
    return found[1]


def test_the_checker_takes_a_form_that_asks_for_a_file():
    assert [found for found in catalog.check(asking(ANSWER, PAPER)) if found.is_error] == []


def test_a_file_survives_the_second_page_and_is_opened_by_all_parties(office: Office):
    invitation = office.invite()
    assert agreed(office, invitation).status_code == 303
    row = Attachment.get()
    assert (row.kind, row.file_name, row.media_type, row.size) == (
        "school_report", "我的成绩单.pdf", "application/pdf", len(PDF),
    )  # fmt: skip
    assert (row.subject_id, row.account_id) == (office.case(invitation).id, office.graduate.account.id)
    task = office.task(invitation, "school_audits")
    assert task is not None
    seen = {
        f"/invitations/{invitation.id}": (office.graduate, office.employer, office.clerk),
        f"/invitations/{invitation.id}/letter": (office.graduate, office.employer, office.clerk),
        f"/cases/{office.case(invitation).id}": (office.graduate, office.employer, office.clerk),
        f"/tasks/{task.id}": (office.clerk,),
    }
    for url, people in seen.items():
        for person in people:
            answer = person.get(link(person, url))
            assert answer.data == PDF
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Content-Disposition"].isascii()
            assert answer.content_type == "application/pdf"


def test_a_stranger_opens_nothing(office: Office):
    invitation = office.invite()
    agreed(office, invitation)
    address = link(office.employer, f"/invitations/{invitation.id}")
    for stranger in (office.rival(), office.another(), office.person("学校"), office.person("学院")):
        assert stranger.get(address).status_code == 404
    other = office.case(office.invite(office.another().student))
    number = address.rsplit("/", 1)[1]
    assert office.employer.get(f"/cases/{other.id}/files/{number}").status_code == 404


def test_what_an_office_hands_in_stays_among_offices(office: Office):
    catalog.deploy(asking(AUDIT, {**PLAIN, "key": "inner_paper"}), note="备注", source="studio")
    invitation = office.signed()
    task = office.task(invitation, "school_audits")
    assert task is not None
    sent = {"result": "pass", "inner_paper": paper("内部.pdf")}
    answer = office.clerk.post(f"/tasks/{task.id}", sent, content_type="multipart/form-data")
    assert answer.status_code in (302, 303)
    address = link(office.clerk, f"/invitations/{invitation.id}")
    assert office.clerk.get(address).data == PDF
    for person in (office.graduate, office.employer):
        assert "内部.pdf" not in text_of(person.get(f"/invitations/{invitation.id}"))
        assert person.get(address).status_code == 404


def test_a_required_file_that_is_missing_or_wrong_keeps_nothing(office: Office):
    invitation = office.invite()
    page = post(office, invitation, answer="agree")
    assert page.status_code == 422
    assert "请上传文件" in page.text
    page = post(office, invitation, answer="agree", school_report=paper("a.pdf", b"MZ"))
    assert page.status_code == 422
    assert "文件没有留下，请重新选择。" in page.text
    assert files.all_digests() == []
    assert Attachment.select().count() == 0


def test_who_goes_back_from_the_second_page_has_the_file_still(office: Office):
    invitation = office.invite()
    second = post(office, invitation, answer="agree", school_report=paper())
    first = post(office, invitation, **carried(second), _back="1")
    assert "我的成绩单.pdf" in text_of(first)
    other = post(
        office, invitation, answer="agree", school_report=[carried(first)["school_report"], paper("新.pdf")]
    )
    assert post(office, invitation, **carried(other)).status_code == 303
    assert [row.file_name for row in Attachment.select()] == ["新.pdf"]


def test_a_note_of_a_file_is_worth_nothing_to_another_account(office: Office):
    other = office.another()
    first, second = office.invite(), office.invite(other.student)
    stolen = carried(post(office, first, answer="agree", school_report=paper()))["school_report"]
    page = post(office, second, other, answer="agree", school_report=stolen)
    assert page.status_code == 422
    assert "请上传文件" in page.text


def test_an_answer_in_json_hands_in_bytes_and_names_no_blob(office: Office):
    invitation = office.invite()
    task = office.task(invitation, "student_answers")
    assert task is not None
    answer = {"answer": "agree", "_confirmed": "agree"}
    known = files.put(PDF)
    for named in ([{"blob": known, "name": "a.pdf", "size": 1, "type": "pdf"}], [known], known):
        refused = office.graduate.json(f"/tasks/{task.id}", {**answer, "school_report": named})
        assert refused.status_code == 422
    sent = [{"name": "a.pdf", "content": base64.b64encode(PDF).decode()}]
    assert office.graduate.json(f"/tasks/{task.id}", {**answer, "school_report": sent}).status_code == 200
    assert Attachment.get().sha == known


def test_a_step_that_failed_has_its_files_when_it_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    invitation = office.invite()
    task = office.task(invitation, "student_answers")
    assert task is not None
    with monkeypatch.context() as broken:
        broken.setattr(operations, "call", breaks)
        sent = MultiDict({"answer": "agree", "_confirmed": "agree", "school_report": upload()})
        with pytest.raises(runtime.StepFailed):
            runtime.complete(task, office.graduate.actor, sent)
    assert Attachment.select().count() == 0
    runtime.retry(Incident.get())
    assert Attachment.get().file_name == "原件.pdf"
    assert files.get(Attachment.get().sha) == PDF


def test_a_letter_that_is_changed_keeps_its_file(office: Office):
    catalog.deploy(asking(LETTER, PLAIN), note="附件", source="studio")
    sent = MultiDict({**letter(), "school_report": upload()})
    case = runtime.start(office.employer.actor, "online_signing", on=office.student, data=sent)
    invitation = Invitation.get_by_id(case.subject_id)
    task = office.task(invitation, "employer_changes")
    assert task is not None
    page = office.employer.get(f"/tasks/{task.id}")
    assert "原件.pdf" in text_of(page)
    form = runtime.task_form(task, office.employer.actor)
    kept = {field.name: field._value() for field in form.form.inputs if field.kind != "upload"}
    kept |= {"position": "架构师"}
    changed = office.employer.post(f"/tasks/{task.id}", kept, content_type="multipart/form-data")
    assert changed.status_code == 303, text_of(changed)
    assert Attachment.select().count() == 1
    assert office.graduate.get(link(office.graduate, f"/invitations/{invitation.id}/letter")).data == PDF


def test_a_letter_to_several_hands_the_file_to_each(office: Office):
    catalog.deploy(asking(LETTER, PLAIN), note="附件", source="studio")
    other = office.another()
    office.listed(office.student, other.student)  # type: ignore[attr-defined]
    sent = {**office.sending(office.student, other.student), "school_report": paper()}  # type: ignore[attr-defined]
    del sent["_confirmed"]
    second = office.employer.post("/signing/send/invite", sent, content_type="multipart/form-data")
    assert "我的成绩单.pdf" in text_of(second)
    again = {**office.sending(office.student, other.student), **carried(second)}  # type: ignore[attr-defined]
    del again["student"]
    again["student"] = [str(office.student.id), str(other.student.id)]  # type: ignore[attr-defined]
    office.employer.post("/signing/send/invite", again)
    assert sorted(row.file_name for row in Attachment.select()) == ["我的成绩单.pdf"] * 2
    assert len({row.subject_id for row in Attachment.select()}) == 2


def test_a_file_that_a_refusal_asks_for_is_chosen_on_the_second_page(office: Office):
    wanted = {"key": "excuse", "conditional": {"hide": '=not(answer = "refuse")'}}
    catalog.deploy(asking(ANSWER, PAPER, **wanted), note="拒绝", source="studio")
    invitation = office.invite()
    second = post(office, invitation, answer="refuse", _shown="answer")
    assert 'type="file"' in second.text
    assert 'enctype="multipart/form-data"' in second.text
    assert post(office, invitation, **{**carried(second), "excuse": paper("说明.pdf")}).status_code == 303
    assert [row.file_name for row in Attachment.select()] == ["说明.pdf"]


def test_a_file_for_many_tasks_at_once_is_kept_with_each(office: Office):
    catalog.deploy(asking(AUDIT, {**PLAIN, "key": "inner_paper"}), note="备注", source="studio")
    other = office.another()
    first, second = office.signed(), office.invite(other.student)  # type: ignore[attr-defined]
    office.agree(second, other)
    tasks = [office.task(each, "school_audits") for each in (first, second)]
    ids = [str(task.id) for task in tasks if task is not None]
    page = office.clerk.post("/tasks/bulk", {"task": ids, "outcome": "pass"})
    assert 'enctype="multipart/form-data"' in page.text
    sent = {"task": ids, "result": "pass", "_asked": "1", "inner_paper": paper("内部.pdf")}
    assert office.clerk.post("/tasks/bulk", sent, content_type="multipart/form-data").status_code == 200
    assert {row.subject_id for row in Attachment.select()} == {
        office.case(each).id for each in (first, second)
    }


def test_an_optional_file_may_be_left_out(office: Office):
    catalog.deploy(asking(ANSWER, PAPER, validate={}), note="选填", source="studio")
    invitation = office.invite()
    assert office.agree(invitation).status_code == 303
    assert agreement_of(invitation).state == "generated"
    assert HistoryEvent.select().where(HistoryEvent.node_id == "student_answers").exists()


def test_scenarios_hand_in_an_example_and_leave_nothing(tmp_path: Path):
    files.configure((tmp_path / "files").as_uri())
    for result in release.rehearse(asking(ANSWER, PAPER), "online_signing"):
        assert result.passed, [step for step in result.steps if not step.passed]
    assert files.all_digests() == []


def test_there_is_an_example_of_each_kind():
    spec = forms.read(json.dumps({"components": [{**PLAIN, "properties": {"count": "3"}}]}).encode(), "x")
    assert [each["name"] for each in samples(spec.fields[0])] == ["示例.jpg", "示例.png", "示例.pdf"]
    assert spec.bind_json(forms.example(spec)).validate()


def test_what_does_not_hold_is_refused_before_anything_is_stored(office: Office):
    invitation = office.invite()
    task = office.task(invitation, "student_answers")
    assert task is not None
    sent = MultiDict({"answer": "nonsense", "school_report": upload()})
    with pytest.raises(SubmissionInvalid):
        runtime.complete(task, office.graduate.actor, sent)
    assert files.all_digests() == []
