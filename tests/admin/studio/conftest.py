"""The shipped flows live in a school with two designers; one flow's draft edited as its editors would."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from engine import catalog, files, secrets, settings
from engine.models.people import Account, Membership, Queue, Role
from engine.models.seed import ensure_roles
from engine.settings import ROOT
from tests.builders import make_account, make_school
from tests.people import Person, web

__all__ = ["web"]

SIGNING = "processes/signing/online_signing.bpmn"


@cache
def shipped() -> dict[str, bytes]:
    """The content of the checkout."""
    return catalog.read_folder(ROOT)


@pytest.fixture(autouse=True)
def _demo_keys() -> None:
    secrets.configure(settings.load({"DEMO": "1"}).data_keys)


class Studio:
    """`shen` and `gao` may design signing flows, `clerk` of the same school may not, `admin` may all."""

    def __init__(self, person: Any) -> None:
        ensure_roles()
        catalog.deploy(shipped(), checked=True)
        Role.create(name="流程设计", party_kind="school", rights=["studio:signing"])
        self.person = person
        self.school = make_school()
        self.shen = self._designer("沈老师")
        self.gao = self._designer("高老师")
        self.clerk = person("学校", self.school)
        self.admin = person("系统管理员")

    def _designer(self, name: str) -> Person:
        made: Person = self.person("学校", self.school, name=name)
        queue = Queue.of("流程设计", "school", self.school.id)
        Membership.create(account=Account.get_by_id(made.account.id), queue=queue)
        return made

    def begin(self, who: Person | None = None, process: str = "online_signing") -> Draft:
        who = who or self.shen
        answer = who.post(f"/studio/{process}/drafts")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        page = who.get(f"/studio/{process}/edit").get_data(as_text=True)
        return Draft(who, int(page.split('data-draft="')[1].split('"')[0]))


class Draft:
    """A draft through the API, as one person's editor sees it."""

    def __init__(self, who: Person, draft_id: int) -> None:
        self.who = who
        self.id = draft_id
        self.api = f"/studio/api/drafts/{draft_id}"
        self.page = f"/studio/drafts/{draft_id}/publish"

    def of(self, who: Person) -> Draft:
        return Draft(who, self.id)

    def about(self) -> dict[str, Any]:
        found: dict[str, Any] = self.who.json(self.api).get_json()
        return found

    def revision(self, path: str) -> str | None:
        return next((f["revision"] for f in self.about()["files"] if f["path"] == path), None)

    def text(self, path: str) -> str:
        return str(self.who.get(f"{self.api}/files/{path}").get_data(as_text=True))

    def put(self, path: str, body: str | bytes, began_from: str | None = "") -> Any:
        """Saves a file; `began_from` is the revision the editor took over, "" for the one now, None for new."""
        known = self.revision(path) if began_from == "" else began_from
        headers = {"X-CSRFToken": self.who.token(), "Accept": "application/json"}
        headers |= {"If-None-Match": "*"} if known is None else {"If-Match": f'"{known}"'}
        return self.who.client.put(f"{self.api}/files/{path}", data=body, headers=headers)

    def change(self, path: str, *pairs: tuple[str, str]) -> None:
        """Replaces texts in a file; each must be there."""
        body = self.text(path)
        for old, new in pairs:
            assert old in body, f"{old} is not in {path}"
            body = body.replace(old, new)
        answer = self.put(path, body)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def check(self) -> dict[str, Any]:
        found: dict[str, Any] = self.who.json(f"{self.api}/check", {}).get_json()
        return found

    def errors(self) -> list[dict[str, Any]]:
        return [f for f in self.check()["findings"] if f["severity"] == "error"]

    def rehearse(self) -> str:
        answer = self.who.post(f"/studio/drafts/{self.id}/scenarios", follow_redirects=True)
        return str(answer.get_data(as_text=True))

    def publish(self, note: str = "试一试") -> Any:
        """Presses the button of the last step."""
        return self.who.post(self.page, {"note": note, "revision": self.about()["revision"]})


def _studio(web: Any, tmp_path: Any) -> Studio:
    files.configure((tmp_path / "files").as_uri())

    def person(role: str, party: Any = None, **values: Any) -> Person:
        return Person(web, make_account(role, party, **values)).enter()

    return Studio(person)


@pytest.fixture
def studio(web: Any, sqlite: str, tmp_path: Any) -> Studio:
    return _studio(web, tmp_path)


@pytest.fixture
def studio_anywhere(web: Any, database: str, tmp_path: Any) -> Studio:
    """The same on each database: for what depends on it."""
    return _studio(web, tmp_path)
