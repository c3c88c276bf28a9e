"""What every answer has: headers, gzip, the language, errors as pages or as problem+json."""

from __future__ import annotations

import gzip

import pytest

from engine.errors import Conflict, NotFound, QihangError, Refused, Sentence, StateChanged
from tests.builders import make_account
from tests.people import Person

SAID = Sentence("说中文。", "Says English.")


@pytest.fixture
def person(web, sqlite):
    return Person(web, make_account("学校")).enter()


@pytest.fixture
def raising(web, monkeypatch):
    """`raising(error)` makes the list of messages raise it."""

    def make(error: Exception) -> None:
        def view() -> None:
            raise error

        monkeypatch.setitem(web.view_functions, "messages.index", view)

    return make


def test_scripts_and_styles_come_from_this_house_only(person):
    policy = person.get("/messages/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "default-src 'self'" in policy


def test_no_page_carries_a_script_or_style_of_its_own(person):
    body = person.get("/messages/").text
    assert "<style" not in body
    assert "onclick=" not in body
    assert all("src=" in part.split(">")[0] for part in body.split("<script")[1:])


def test_pages_are_kept_by_nobody_and_named_files_for_ever(person, web):
    assert person.get("/messages/").headers["Cache-Control"] == "private, no-store"
    with web.test_request_context():
        url = web.jinja_env.globals["asset"]("css/tokens.css")
    answer = person.get(url)
    assert "immutable" in answer.headers["Cache-Control"]
    assert person.get(url.split("?")[0]).headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("url", ["/messages/", "/static/css/tokens.css"])
def test_text_is_packed_for_who_takes_it(person, url):
    plain = person.get(url)
    packed = person.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    if url.startswith("/static"):
        assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(SAID), 404),
        (Refused(SAID), 403),
        (Conflict("taken", SAID), 422),
        (StateChanged(SAID), 409),
        (QihangError(SAID), 422),
    ],
)
def test_an_error_says_its_sentence_in_the_readers_language(person, raising, error, status):
    raising(error)
    page = person.get("/messages/")
    assert page.status_code == status
    assert SAID.zh in page.text
    person.client.set_cookie("lang", "en")
    assert SAID.en in person.get("/messages/").text
    answer = person.json("/messages/")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"] == SAID.en


def test_a_page_that_is_not_there_is_a_page(person):
    assert person.get("/no/such/page").status_code == 404
    assert person.json("/no/such/page").mimetype == "application/problem+json"
    assert person.client.get("/messages/read").status_code in (404, 405)


def test_a_body_that_is_too_large_is_not_read(person):
    answer = person.post("/messages/read", {"much": "x" * (12 * 1024 * 1024)})
    assert answer.status_code == 413


def test_the_language_is_the_cookies_else_the_accounts(web, sqlite):
    english = Person(web, make_account("学校", locale="en")).enter()
    assert 'lang="en"' in english.get("/messages/").text
    english.client.set_cookie("lang", "zh")
    assert 'lang="zh-CN"' in english.get("/messages/").text


def test_a_load_balancer_is_answered_without_a_sign_in(web, sqlite):
    assert web.test_client().get("/health").get_json() == {"status": "ok"}


def test_a_program_error_is_recorded_and_tells_nothing(sqlite, caplog):
    from admin.app import create_app
    from engine import settings

    app = create_app(settings.load({"DEMO": "1"}), testing=True)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    person = Person(app, make_account("学校")).enter()

    def view() -> None:
        raise ZeroDivisionError("a secret of the program")

    app.view_functions["messages.index"] = view
    answer = person.get("/messages/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    reference = caplog.records[-1].getMessage().split()[1]
    assert reference in answer.text
