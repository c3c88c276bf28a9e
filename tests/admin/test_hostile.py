"""Values from hell at every route: a clear answer, never a crash; on both databases, which mind different things."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import make_account
from tests.people import Person

HUGE = 2**63
TEXTS = ("", "-1", "²", str(HUGE), "a\x00b", "' OR 1=1 -- %_\\", "💣" * 200, "{{7*7}}", '["x",{"a":1}]')
ARGUMENTS = ("id", "q", "view", "after", "back", "before", "step", "due", "college", "instance", "limit", "on",
             "next", "who", "page", "sort", "search", "task", "student")  # fmt: skip


def rules(app: Any, method: str) -> list[Any]:
    """The routes that take a method; of the tables' screens, which are one, those of the students."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods
        and rule.endpoint != "static"
        and (not rule.endpoint.startswith("crud_") or rule.endpoint.startswith("crud_student."))
    ]


def addresses(app: Any, value: Any) -> list[str]:
    """Every route that is read, each argument of it being `value`."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in rules(app, "GET"):
        numbers = {
            name for name, converter in rule._converters.items() if "Integer" in str(type(converter).__mro__)
        }
        values = {name: HUGE if name in numbers else value for name in rule.arguments}
        if any(name in numbers for name in values):
            path = rule.rule
            for name in values:
                path = path.replace(f"<int:{name}>", str(HUGE)).replace(f"<{name}>", "x")
            found.append(path)
        elif value or not values:
            found.append(adapter.build(rule.endpoint, values))
    return found


@pytest.fixture
def person(web, database):
    return Person(web, make_account("系统管理员")).enter()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_address_crashes_a_page(person, web, text):
    for url in addresses(web, text):
        answer = person.get(url, query_string=dict.fromkeys(ARGUMENTS, text))
        assert answer.status_code < 500, f"{url} {text[:20]!r}: {answer.status}"


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_submission_crashes_a_page(person, web, text):
    for rule in rules(web, "POST"):
        if rule.arguments:
            continue
        sent = dict.fromkeys((*ARGUMENTS, "login", "password", "old", "new", "again", "theme", "lang"), text)
        answer = person.enter().post(rule.rule, sent)
        assert answer.status_code < 500, f"{rule.rule} {text[:20]!r}: {answer.status}"


@pytest.mark.parametrize("body", ["{", "[]", "null", '{"login": 1, "password": []}', "[" * 5000])
def test_no_json_crashes_an_address(person, web, body):
    for rule in rules(web, "POST"):
        path = rule.rule.replace("<int:", "<")
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "1")
        answer = person.enter().client.post(
            path,
            data=body,
            headers={"X-CSRFToken": person.token(), "Accept": "application/json"},
            content_type="application/json",
        )
        assert answer.status_code < 500, f"{path} {body[:20]!r}: {answer.status}"


def test_a_body_that_is_no_form_is_refused(person):
    answer = person.client.post(
        "/sign-in",
        data=b"\xff\xfe\x00",
        headers={"X-CSRFToken": person.token()},
        content_type="multipart/form-data",
    )
    assert answer.status_code < 500
