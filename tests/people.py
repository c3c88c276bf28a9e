"""Someone at a browser: a signed-in client that answers forms with the CSRF token, as a browser would."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.app import create_app
from admin.door import App
from engine import settings as settings_
from engine.actors import Actor
from engine.models.base import Model
from engine.models.people import Account, actor_of
from tests.builders import PASSWORD, make_account


class Person:
    """`.get(url)`, `.post(url, data)`, `.json(url, body)`; `.actor` is who the engine sees."""

    def __init__(self, app: App, account: Account) -> None:
        self.app = app
        self.account = account
        self.client: FlaskClient = app.test_client()

    @property
    def actor(self) -> Actor:
        found = actor_of(Account.get_by_id(self.account.id))
        assert found is not None
        return found

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        """Through the door, password and all."""
        form = {"login": self.account.login, "password": password}
        return self.post("/sign-in", form)

    def enter(self) -> Person:
        """Signed in without the password's hash, which takes its time by intent."""
        with self.client.session_transaction() as session:
            session["account"], session["epoch"] = self.account.id, Account.get_by_id(self.account.id).epoch
        return self

    def get(self, url: str, **options: Any) -> TestResponse:
        return self.client.get(url, **options)

    def post(self, url: str, data: Any = None, **options: Any) -> TestResponse:
        return self.client.post(url, data=data, headers={"X-CSRFToken": self.token()}, **options)

    def json(self, url: str, body: Any = None) -> TestResponse:
        """GET, or POST where there is a body; asks for JSON."""
        headers = {"Accept": "application/json"}
        if body is None:
            return self.client.get(url, headers=headers)
        return self.client.post(url, json=body, headers={**headers, "X-CSRFToken": self.token()})

    def token(self) -> str:
        """The CSRF token of this browser's session."""
        answer = self.client.get("/sign-in", headers={"Accept": "application/json"})
        return str(answer.get_json()["csrf_token"])


def text_of(answer: TestResponse) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


@pytest.fixture(scope="session")
def web() -> App:
    """The application, made once; it uses whatever database the test has bound."""
    return create_app(settings_.load({"DEMO": "1"}), testing=True)


NewPerson = Callable[..., Person]


@pytest.fixture
def new_person(web: App, database: str) -> NewPerson:
    """`new_person("学校", school)`: signed in, at that role of that party (a fresh one by default)."""

    def make(role: str, party: Model | None = None, **values: Any) -> Person:
        return Person(web, make_account(role, party, **values)).enter()

    return make
