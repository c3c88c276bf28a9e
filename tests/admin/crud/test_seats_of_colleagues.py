"""The administrator seats a colleague at a role of his own, and says what the role may."""

from __future__ import annotations

from typing import Any

import pytest

from engine import catalog
from engine.models.people import Membership, Queue, Role
from tests import leave
from tests.builders import make_school
from tests.people import text_of


@pytest.fixture
def office(new_person: Any) -> Any:
    """`admin`, a clerk of a school, and a role that nobody holds."""

    class Office:
        school = make_school(name="松岚理工大学")
        admin = new_person("系统管理员")
        clerk = new_person("学校", school, name="高老师")
        head = Role.create(name="部门负责人", party_kind="school")

        def seat(self, **more: str) -> Any:
            values = {
                "account": str(self.clerk.account.id),
                "account__text": str(self.clerk.account),
                "party": str(self.school.id),
                "party__text": str(self.school),
                **more,
            }
            return self.admin.post(f"/admin/membership/new/?role={self.head.id}", values)

    return Office()


def test_a_colleague_is_seated_and_the_queue_comes_with_it(office: Any) -> None:
    assert "部门负责人" in text_of(office.admin.get("/admin/membership/new/"))
    assert office.seat().status_code == 302
    seat = Membership.get(Membership.account == office.clerk.account.id, Membership.queue.in_(
        Queue.select(Queue.id).where(Queue.role == office.head)
    ))  # fmt: skip
    assert (seat.queue.party_kind, seat.queue.party_id) == ("school", office.school.id)
    assert seat.queue_id in office.clerk.actor.queue_ids


def test_a_seat_taken_twice_is_told(office: Any) -> None:
    office.seat()
    again = office.seat()
    assert again.status_code == 422
    assert "已有一条这样的记录" in text_of(again)


def test_nobody_is_seated_without_a_party(office: Any) -> None:
    assert office.seat(party="", party__text="").status_code == 422
    assert Queue.select().where(Queue.role == office.head).count() == 0


def test_a_clerk_seats_nobody(office: Any) -> None:
    assert office.clerk.get(f"/admin/membership/new/?role={office.head.id}").status_code in (403, 404)


def test_rights_are_ticks_and_open_the_studio(office: Any) -> None:
    leave.deploy()
    office.seat()
    assert office.clerk.get("/studio/").status_code == 403
    url = f"/admin/role/edit/?id={office.head.id}"
    page = office.admin.get(url).get_data(as_text=True)
    assert 'value="studio:leave"' in page
    assert f'value="studio:{leave.PROCESS}"' in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    values = {"name": "部门负责人", "name_en": "", "party_kind": "school", "seen": seen}
    assert office.admin.post(url, {**values, "rights": ["studio:leave"]}).status_code == 302
    assert Role.get_by_id(office.head.id).rights == ["studio:leave"]
    assert "请假" in text_of(office.clerk.get("/studio/"))
    assert 'value="studio:leave" checked' in office.admin.get(url).get_data(as_text=True)


def test_a_right_that_is_none_is_not_given(office: Any) -> None:
    url = f"/admin/role/edit/?id={office.head.id}"
    seen = office.admin.get(url).get_data(as_text=True).split('name="seen" value="')[1].split('"')[0]
    values = {"name": "部门负责人", "party_kind": "school", "seen": seen, "rights": ["everything"]}
    assert office.admin.post(url, values).status_code == 422
    assert Role.get_by_id(office.head.id).rights == []


def test_a_role_that_a_flow_names_keeps_its_name(office: Any) -> None:
    leave.deploy()
    role = Role.get(Role.name == "学校")
    url = f"/admin/role/edit/?id={role.id}"
    seen = office.admin.get(url).get_data(as_text=True).split('name="seen" value="')[1].split('"')[0]
    values = {"name": "高校", "party_kind": "school", "seen": seen}
    answer = office.admin.post(url, values)
    assert answer.status_code == 422
    assert "请假" in text_of(answer)
    assert Role.get_by_id(role.id).name == "学校"
    assert office.admin.post(url, {**values, "name": "学校", "name_en": "University"}).status_code == 302
    assert catalog.live(leave.PROCESS).version == 1
