"""The office of signing with termination live as well: asking, answering, deciding, as pages post them."""

from __future__ import annotations

from functools import cache
from typing import Any

from werkzeug.test import TestResponse

from admin.door import App
from engine import catalog, runtime
from engine.models.signing import Agreement
from engine.models.termination import Termination
from engine.models.workflow import ProcessInstance, UserTask
from tests.builders_signing import ROOT, Office, agreement_of, now
from tests.people import Person

ENDING = ("termination", "termination_allowance")
REASON = "家里有变故，要回原籍工作。"
#: What 【同意】 with the tick on 解约须知 and 【同意解约】 behind it post.
AGREE = {"answer": "agree", "understood": "y", "_confirmed": "agree"}


@cache
def shipped_ending() -> dict[str, bytes]:
    """The files of termination, and of what it hears from."""
    files = catalog.read_folder(ROOT)
    wanted = {path for process in (*ENDING, "agreement_voiding") for path in catalog.closure(files, process)}
    return {path: files[path] for path in sorted(wanted)}


class EndingOffice(Office):
    """`graduate` and `employer` with an agreement to end; `clerk` decides."""

    def __init__(self, web: App) -> None:
        super().__init__(web)
        catalog.deploy(shipped_ending())

    def agreement(self, **changed: Any) -> Agreement:
        """An agreement in force."""
        return agreement_of(self.effective(**changed))

    def send_request(self, by: Person, *agreements: Agreement, **changed: Any) -> TestResponse:
        """【申请解约】, as the page posts it."""
        data = {"reason": REASON, "understood": "y", "_start_key": "k", **changed}
        data = {name: value for name, value in data.items() if value is not None}
        return by.post("/termination/ask", {**data, "agreement": [str(row.id) for row in agreements]})

    def asked(self, by: Person, agreement: Agreement, **changed: Any) -> Termination:
        """A request that has been sent."""
        before = Termination.select().count()
        answer = self.send_request(by, agreement, _start_key=f"k{before}", **changed)
        assert answer.status_code == 303, answer.text[:2000]
        return Termination.select().order_by(Termination.id.desc()).get()

    @staticmethod
    def case_of(row: Termination) -> ProcessInstance:
        return ProcessInstance.get(
            (ProcessInstance.subject_kind == "termination") & (ProcessInstance.subject_id == row.id)
        )

    def open_at(self, row: Termination, node: str) -> UserTask | None:
        """The open task or act at an element of a termination's case."""
        return UserTask.get_or_none(
            (UserTask.instance == self.case_of(row)) & (UserTask.node_id == node) & (UserTask.state == "open")
        )

    def do(self, person: Person, row: Termination, node: str, **data: str) -> TestResponse:
        """Completes a task or does an act by its page."""
        task = self.open_at(row, node)
        assert task is not None, f"{node} is not open"
        return person.post(f"/tasks/{task.id}", data)

    def answer_request(self, row: Termination, **data: str) -> TestResponse:
        """The asked side's answer."""
        by = self.employer if row.asked_by == "student" else self.graduate
        return self.do(by, row, f"{row.answered_by}_answers", **data)

    def agree_to(self, row: Termination) -> Termination:
        """【同意】 with the tick, and 【同意解约】."""
        assert self.answer_request(row, **AGREE).status_code == 303
        return now(row)

    def hold(self, row: Termination, reason: str = "") -> Termination:
        answer = self.answer_request(row, answer="hold", hold_reason=reason)
        assert answer.status_code == 303, (answer.status_code, answer.text)
        return now(row)

    def decide(self, row: Termination, result: str = "pass", reason: str = "") -> Termination:
        """The school's decision."""
        data = {"result": result}
        if reason:
            data["audit_reason"] = reason
        answer = self.do(self.clerk, row, "school_audits_termination", **data)
        assert answer.status_code in (302, 303), answer.text[:2000]
        return now(row)

    def ended(self, agreement: Agreement | None = None, by: Person | None = None) -> Termination:
        """A termination that took effect."""
        row = self.asked(by or self.graduate, agreement or self.agreement())
        return self.decide(self.agree_to(row))

    def fire(self) -> int:
        return runtime.fire_due()
