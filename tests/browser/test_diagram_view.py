"""The viewer's bundle by itself: what it marks, what it says, how it is moved."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

DIST = Path(__file__).resolve().parent.parent.parent / "admin" / "static" / "dist"
ORIGIN = "http://localhost:1"
TASKS = {"send": "发送邀请", "answer": "查看邀请函", "audit": "签约审核"}


def diagram() -> str:
    """start → send → answer → audit, in a row."""
    ids = ["start", *TASKS]
    nodes = '<startEvent id="start"/>' + "".join(f'<task id="{i}" name="{n}"/>' for i, n in TASKS.items())
    flows = "".join(f'<sequenceFlow id="to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))
    shapes = "".join(
        f'<di:BPMNShape id="{i}_di" bpmnElement="{i}"><dc:Bounds x="{140 * at}" y="50" width="100" height="80"/></di:BPMNShape>'
        for at, i in enumerate(ids)
    )
    edges = "".join(
        f'<di:BPMNEdge id="{b}_edge" bpmnElement="to_{b}"><dd:waypoint x="{140 * at + 100}" y="90"/>'
        f'<dd:waypoint x="{140 * at + 140}" y="90"/></di:BPMNEdge>'
        for at, b in enumerate(ids[1:])
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"'
        ' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        ' xmlns:dd="http://www.omg.org/spec/DD/20100524/DI">'
        f'<process id="p">{nodes}{flows}</process><di:BPMNDiagram id="g"><di:BPMNPlane id="l" bpmnElement="p">'
        f"{shapes}{edges}</di:BPMNPlane></di:BPMNDiagram></definitions>"
    )


@pytest.fixture
def show(page: Page):
    """`show(attributes, lang)` opens a page with one diagram filled by the bundle."""
    manifest = json.loads((DIST / "manifest.json").read_text())

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/d.bpmn":
            route.fulfill(body=diagram(), content_type="application/xml")
        elif path.startswith("/dist/"):
            route.fulfill(path=DIST / path.removeprefix("/dist/"))
        else:
            route.fulfill(body=page.html, content_type="text/html; charset=utf-8")  # type: ignore[attr-defined]

    def show(
        attributes: str = 'data-gone="start send to_send" data-here="answer"', lang: str = "zh-CN"
    ) -> Page:
        page.html = (  # type: ignore[attr-defined]
            f'<!doctype html><html lang="{lang}"><title>流程</title><link rel="stylesheet" href="/dist/{manifest["viewer.css"]}">'
            f'<main><h1>流程</h1><div data-diagram="/d.bpmn" {attributes}>查看邀请函</div></main>'
            f'<script type="module" src="/dist/{manifest["viewer.js"]}"></script></html>'
        )
        page.route(f"{ORIGIN}/**", answer)
        page.goto(f"{ORIGIN}/")
        page.wait_for_selector(".qh-diagram-bar")
        return page

    return show


def marked(page: Page, mark: str) -> set[str]:
    return set(page.eval_on_selector_all(f".qh-{mark}", "all => all.map(one => one.dataset.elementId)"))


def test_it_marks_gone_here_and_ahead(show):
    page = show()
    assert marked(page, "gone") == {"start", "send", "to_send"}
    assert marked(page, "here") == {"answer"}
    assert marked(page, "ahead") == {"audit"}


def test_what_lies_ahead_can_be_named(show):
    assert marked(show('data-gone="start" data-here="send" data-ahead="answer to_answer"'), "ahead") == {
        "answer",
        "to_answer",
    }


def test_an_id_that_is_not_drawn_is_passed_over(show):
    assert marked(show('data-gone="start vanished" data-here="send"'), "gone") == {"start"}


def test_a_screen_reader_hears_where_the_case_is(show):
    drawing = show().locator("svg[role=img]")
    assert drawing.get_attribute("aria-label") == "已走：发送邀请。现在：查看邀请函。之后：签约审核。"


def test_the_sentence_follows_the_language_of_the_page(show):
    assert (
        show(lang="en")
        .locator("svg[role=img]")
        .get_attribute("aria-label")
        .startswith("Done: 发送邀请. Now:")
    )


def test_a_finished_case_says_so(show):
    drawing = show('data-gone="start send answer audit" data-here=""').locator("svg[role=img]")
    assert drawing.get_attribute("aria-label") == "已走：发送邀请、查看邀请函、签约审核。已办结。"


def test_it_is_moved_and_zoomed_by_keys(show):
    page = show()
    page.locator(".qh-diagram svg[tabindex]").focus()
    where = "document.querySelector('.qh-diagram .viewport').getAttribute('transform') || ''"
    before = page.evaluate(where)
    page.keyboard.press("ArrowRight")
    moved = page.evaluate(where)
    page.keyboard.press("+")
    assert len({before, moved, page.evaluate(where)}) == 3


def test_the_page_scrolls_over_a_diagram_without_focus(show):
    page = show()
    page.evaluate("document.body.style.height = '3000px'")
    page.locator(".qh-diagram").hover()
    page.mouse.wheel(0, 300)
    page.wait_for_function("window.scrollY > 0")


def test_what_the_server_wrote_stays_where_the_drawing_fails(show):
    page = show()
    page.route(f"{ORIGIN}/d.bpmn", lambda route: route.fulfill(body="<not a diagram"))
    page.reload()
    page.wait_for_selector("[data-failed]")
    assert page.inner_text("[data-diagram]") == "查看邀请函"


def test_axe_finds_nothing(show, axe):
    assert axe(show(), weights=("minor", "moderate", "serious", "critical")) == []
