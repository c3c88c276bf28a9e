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


def diagram(gap: int = 140) -> str:
    """start → send → answer → audit, in a row."""
    ids = ["start", *TASKS]
    nodes = '<startEvent id="start"/>' + "".join(f'<task id="{i}" name="{n}"/>' for i, n in TASKS.items())
    flows = "".join(f'<sequenceFlow id="to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))
    shapes = "".join(
        f'<di:BPMNShape id="{i}_di" bpmnElement="{i}"><dc:Bounds x="{gap * at}" y="50" width="100" height="80"/></di:BPMNShape>'
        for at, i in enumerate(ids)
    )
    edges = "".join(
        f'<di:BPMNEdge id="{b}_edge" bpmnElement="to_{b}"><dd:waypoint x="{gap * at + 100}" y="90"/>'
        f'<dd:waypoint x="{gap * at + gap}" y="90"/></di:BPMNEdge>'
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
            route.fulfill(body=diagram(page.gap), content_type="application/xml")
        elif path.startswith("/dist/"):
            route.fulfill(path=DIST / path.removeprefix("/dist/"))
        else:
            route.fulfill(body=page.html, content_type="text/html; charset=utf-8")  # type: ignore[attr-defined]

    def show(
        attributes: str = 'data-gone="start send to_send" data-here="answer"',
        lang: str = "zh-CN",
        gap: int = 140,
    ) -> Page:
        page.gap = gap  # type: ignore[attr-defined]
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


SEEN = """() => {
  const box = document.querySelector('.qh-diagram').getBoundingClientRect();
  return [...document.querySelectorAll('.djs-shape')].filter(one => {
    const { left, right, top, bottom } = one.querySelector('.djs-visual').getBoundingClientRect();
    return left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom;
  }).map(one => one.dataset.elementId);
}"""
EVERY = {"start", *TASKS}
ENDED = 'data-gone="start to_send send to_answer answer to_audit audit" data-here="" data-ahead=""'


def seen(page: Page) -> set[str]:
    return set(page.evaluate(SEEN))


def letters(page: Page) -> float:
    """How high the names are drawn, in px."""
    found: float = page.evaluate(
        "(one => 12 * one.getBoundingClientRect().width / one.getBBox().width)(document.querySelector('.djs-visual text'))"
    )
    return found


def test_all_of_an_ended_case_is_in_sight_at_a_desk(show):
    assert seen(show(ENDED, gap=600)) == EVERY


def test_a_phone_shows_where_the_case_is_with_its_neighbours_large_enough_to_read(show, page):
    page.set_viewport_size({"width": 440, "height": 844})
    page = show('data-gone="start send" data-here="answer"')
    assert seen(page) == {"send", "answer", "audit"}
    assert letters(page) > 10
    page.get_by_role("button", name="看全图").click()
    assert seen(page) == EVERY


def test_a_phone_shows_where_a_case_has_ended(show, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page = show(ENDED)
    assert "audit" in seen(page)
    assert letters(page) > 10


def test_elements_are_called_as_the_reader_calls_them(show):
    names = json.dumps({"answer": "See the letter", "p": "Signing"})
    page = show(f"data-gone='start' data-here='answer' data-names='{names}'", lang="en")
    drawn = page.locator('[data-element-id="answer"] text').text_content()
    assert "".join(drawn.split()) == "Seetheletter"
    assert "Now: See the letter." in page.locator("svg[role=img]").get_attribute("aria-label")


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
