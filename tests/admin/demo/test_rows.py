"""The demo's rows: written once, nobody's numbers, everybody can sign in."""

from __future__ import annotations

from admin.demo import rows, signings
from engine import catalog, clock
from engine.models.organisations import Employer, Student
from engine.models.people import Account, actor_of
from engine.models.signing import Agreement, AgreementSerial, Invitation
from engine.models.termination import Termination
from engine.models.workflow import UserTask
from engine.settings import ROOT
from tests.people import Person


def test_the_demo_is_written_once(database):
    assert rows.load()
    students = Student.select().count()
    assert not rows.load()
    assert Student.select().count() == students == 60


def test_every_account_of_the_demo_has_its_seat(sqlite):
    rows.load()
    for account in Account.select():
        actor = actor_of(account)
        assert actor is not None
        assert actor.party_kind == "system" or actor.school_id or actor.party_kind in ("employer", "province")


def test_one_employer_waits_for_its_review(sqlite):
    rows.load()
    assert Employer.select().where(Employer.state == "passed").count() == 8
    assert Employer.select().where(Employer.state == "pending").count() == 1


def test_whom_the_sign_in_offers_can_sign_in(web, sqlite):
    rows.load()
    for login, _name, _role in rows.accounts()[:3]:
        account = Account.get(Account.login == login)
        assert Person(web, account).sign_in(rows.password()).status_code == 302


def test_numbers_of_agreements_can_be_given_to_the_demos_students(sqlite):
    rows.load()
    student = Student.get(Student.student_number == "2023010101")
    assert AgreementSerial.next_number(student) == "1202714002200001"


def test_the_demos_signings_are_what_the_diagram_makes_of_them(sqlite):
    rows.load()
    catalog.deploy_shipped(ROOT)
    begun = signings.begin()
    assert begun == Invitation.select().count() == 12
    assert Agreement.select().where(Agreement.state == "generated").count() == 8
    assert Agreement.select().where(Agreement.state == "effective").count() == 2
    assert Termination.get().state == "waiting_other"
    waiting = UserTask.select().where((UserTask.state == "open") & (UserTask.kind == "task"))
    assert {task.node_id for task in waiting} == {"school_audits", "student_answers", "employer_answers"}
    assert waiting.where(UserTask.due_at < clock.now()).exists()


def test_without_the_process_no_signing_is_begun(sqlite):
    rows.load()
    assert signings.begin() == 0
