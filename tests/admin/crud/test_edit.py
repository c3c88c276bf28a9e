"""Creating, changing and deleting rows: what may be written, what is told, what stays in the audit log."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.models.organisations import College, Major, SchoolClass, Student
from engine.models.people import AuditEntry, Membership, Queue
from engine.models.workflow import CaseParty
from tests.builders import make_class, make_employer, make_student
from tests.people import text_of


def typed(person: Any, url: str, **changes: str) -> dict[str, str]:
    """What a browser would send: the page's own values, and the changes."""
    page = person.get(url).get_data(as_text=True)
    form = page[page.index("<form class=\"form\"") :]
    values = dict(re.findall(r'<input value="([^"]*)" id="\w+" name="(\w+)"', form))
    values = {name: value for value, name in values.items()}
    for name, rest in re.findall(r'<select id="\w+" name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', rest) or re.search(r'<option value="([^"]*)"', rest)
        values[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input inputmode="numeric" autocomplete="off" value="([^"]*)" id="(\w+)"', form):
        values[value] = name
    for one in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form):
        values[one[0]] = one[1]
    for name, value in re.findall(r'name="(\w+__text)" value="([^"]*)"', form):
        values[name] = value
    return {**values, **changes}


def test_a_change_is_written_and_kept_in_the_audit_log(school: Any) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    answer = school.clerk.post(url, typed(school.clerk, url, name="新名字", mobile="13800000001"))
    assert answer.status_code == 302, text_of(answer)
    row = Student.get_by_id(student.id)
    assert (row.name, row.mobile) == ("新名字", "13800000001")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.model, entry.row_id) == ("update", "student", student.id)
    assert entry.detail["name"] == [student.name, "新名字"]
    assert entry.detail["mobile"][1] == "138****0001"
    assert set(entry.detail) == {"name", "mobile"}
    assert "新名字" in text_of(school.clerk.get(f"/admin/student/details/?id={student.id}"))


def test_a_masked_value_that_was_left_alone_is_no_change(school: Any) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    before = AuditEntry.select().count()
    assert school.clerk.post(url, typed(school.clerk, url)).status_code == 302
    assert Student.get_by_id(student.id).mobile == student.mobile
    assert AuditEntry.select().count() == before


@pytest.mark.parametrize("mobile", ["138****0009", "*"])
def test_a_masked_value_that_was_changed_is_written_whole(school: Any, mobile: str) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    answer = school.clerk.post(url, typed(school.clerk, url, mobile=mobile))
    assert answer.status_code == 422
    assert "不要留星号" in text_of(answer)
    assert Student.get_by_id(student.id).mobile == student.mobile


def test_a_read_only_column_stays_whatever_is_sent(school: Any) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    sent = typed(school.clerk, url, student_number="999", employment_status="employed", school="2")
    assert school.clerk.post(url, sent).status_code == 302
    row = Student.get_by_id(student.id)
    assert (row.student_number, row.employment_status) == (student.student_number, "not_employed")


def test_whoever_saves_over_anothers_change_is_told_and_keeps_what_was_typed(school: Any) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    sent = typed(school.clerk, url, name="我的改动")
    Student.update(name="别人的改动").where(Student.id == student.id).execute()
    answer = school.clerk.post(url, sent)
    assert answer.status_code == 422
    assert "别人改过这条记录" in text_of(answer)
    assert 'value="我的改动"' in answer.get_data(as_text=True)
    assert Student.get_by_id(student.id).name == "别人的改动"


def test_a_mistake_stands_at_its_field(school: Any) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    answer = school.clerk.post(url, typed(school.clerk, url, name="", graduation_year="二〇二七"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "有 2 处要改" in page
    assert "请填上。" in page
    assert "只写整数，例如 2027。" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"gender": "x"}, "请从列表里选一项。"),
        ({"graduation_year": str(2**63)}, "这个数太大"),
    ],
)
def test_a_value_that_is_none_is_told_with_how_to_mend_it(school: Any, changes: Any, told: str) -> None:
    url = f"/admin/student/edit/?id={make_student(school.school_class).id}"
    answer = school.clerk.post(url, typed(school.clerk, url, **changes))
    assert answer.status_code == 422
    assert told in text_of(answer)


@pytest.mark.parametrize("day", ["30.6.2027", "0001-01-01"])
def test_a_day_that_is_none_is_told_with_an_example(school: Any, day: str) -> None:
    sent = {"school": str(school.school.id), "school__text": school.school.name, "day": day, "name": "校庆"}
    answer = school.clerk.post("/admin/office_day/new/", sent)
    assert answer.status_code == 422
    assert "日期这样写：2027-06-30。" in text_of(answer)


@pytest.mark.parametrize("since", ["0001-01-01T00:00", "9999-12-31T23:59", "gestern"])
def test_a_moment_outside_all_years_is_told(school: Any, since: str) -> None:
    seat = Membership.create(account=school.clerk.account, queue=Queue.of("系统管理员", "system", 0))
    url = f"/admin/membership/edit/?id={seat.id}"
    answer = school.system.post(url, typed(school.system, url, since=since))
    assert answer.status_code == 422
    assert "时间这样写：2027-06-30 09:00。" in text_of(answer)


def test_a_choice_that_must_be_made_is_made_by_nobody_else(school: Any) -> None:
    page = school.clerk.get("/admin/student/new/").get_data(as_text=True)
    assert re.search(r'<select id="gender" name="gender"[^>]*>\s*<option value="">', page)


def test_a_related_row_is_found_by_its_name_without_script(school: Any) -> None:
    student, other = make_student(school.school_class), make_class(school.school_class.college)
    url = f"/admin/student/edit/?id={student.id}"
    sent = typed(school.clerk, url, school_class="", school_class__text=other.name)
    assert school.clerk.post(url, sent).status_code == 302
    assert Student.get_by_id(student.id).school_class_id == other.id


def test_a_row_of_another_school_cannot_be_referred_to(school: Any) -> None:
    student = make_student(school.school_class)
    url = f"/admin/student/edit/?id={student.id}"
    sent = typed(school.clerk, url, school_class=str(school.other_class.id), school_class__text=school.other_class.name)
    answer = school.clerk.post(url, sent)
    assert answer.status_code == 422
    assert "没有找到唯一的一项" in text_of(answer)


def test_a_new_row_is_made_with_what_is_fixed_afterwards(school: Any) -> None:
    college = school.school_class.college
    sent = {"college": str(college.id), "college__text": college.name, "name": "信息安全", "code": "0809"}
    answer = school.clerk.post("/admin/major/new/", sent)
    assert answer.status_code == 302, text_of(answer)
    row = Major.get(Major.name == "信息安全")
    assert row.college_id == college.id
    assert AuditEntry.select().where(AuditEntry.action == "create", AuditEntry.row_id == row.id).count() == 1


def test_a_second_row_of_one_name_is_refused_with_a_sentence(school: Any) -> None:
    college = school.school_class.college
    sent = {"college": str(college.id), "college__text": college.name, "name": "信息安全", "code": ""}
    assert school.clerk.post("/admin/major/new/", sent).status_code == 302
    answer = school.clerk.post("/admin/major/new/", sent)
    assert answer.status_code == 422
    assert "已有一条这样的记录" in text_of(answer)
    assert Major.select().where(Major.name == "信息安全").count() == 1


def test_a_wrong_credit_code_stands_at_its_field(new_person: Any) -> None:
    province = new_person("省中心")
    sent = {"name": "晴川软件有限公司", "credit_code": "91230100MA0000000X", "unit_nature": "33", "unit_industry": "34"}
    answer = province.post("/admin/employer/new/", sent)
    assert answer.status_code == 422
    assert "号码不对" in text_of(answer)


def test_a_row_that_others_refer_to_is_not_deleted(school: Any) -> None:
    make_student(school.school_class)
    answer = school.clerk.post(f"/admin/school_class/delete/?id={school.school_class.id}")
    assert answer.status_code == 422
    assert "不能删除" in text_of(answer)
    assert SchoolClass.get_or_none(SchoolClass.id == school.school_class.id) is not None


def test_a_party_of_a_case_is_not_deleted(school: Any) -> None:
    empty = make_class(school.school_class.college)
    CaseParty.insert(instance=_case(), party_kind="school_class", party_id=empty.id).execute()
    answer = school.clerk.post(f"/admin/school_class/delete/?id={empty.id}")
    assert answer.status_code == 422
    assert "有办理件用到它" in text_of(answer)


def _case() -> int:
    from engine.models.workflow import Deployment, ProcessDefinition, ProcessInstance

    deployment = Deployment.create(manifest={}, digest="d")
    definition = ProcessDefinition.create(
        process_id="p", version=1, name="p", deployment=deployment, path="p.bpmn", digest="d"
    )
    return int(ProcessInstance.create(definition=definition).id)


def test_a_row_that_nobody_uses_is_deleted_after_the_page_that_asks(school: Any) -> None:
    college = College.create(school=school.school, name="空学院")
    url = f"/admin/college/delete/?id={college.id}"
    assert "删除“空学院”吗？" in text_of(school.clerk.get(url))
    assert College.get_or_none(College.id == college.id) is not None
    assert school.clerk.post(url).status_code == 302
    assert College.get_or_none(College.id == college.id) is None
    assert AuditEntry.select().where(AuditEntry.action == "delete", AuditEntry.row_id == college.id).count() == 1


def test_what_may_not_be_edited_is_refused(school: Any) -> None:
    employer = make_employer()
    assert school.clerk.get(f"/admin/employer/edit/?id={employer.id}").status_code == 403
    assert school.clerk.post(f"/admin/employer/edit/?id={employer.id}", {"name": "x"}).status_code == 403
    assert school.clerk.get("/admin/employer/new/").status_code == 403


def test_nothing_is_written_without_the_token(school: Any) -> None:
    student = make_student(school.school_class)
    answer = school.clerk.client.post(f"/admin/student/edit/?id={student.id}", data={"name": "x"})
    assert answer.status_code == 400
    assert Student.get_by_id(student.id).name == student.name
