"""The small comforts that scripts give; each page works without them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(new_page: Callable[..., Any], gallery_url: str) -> Any:
    return new_page("desk", base_url=gallery_url)


def test_the_bar_for_many_names_the_number(desk: Any) -> None:
    desk.goto("/inbox")
    bar = desk.locator("[data-bulk]")
    assert not bar.is_visible()
    desk.get_by_role("checkbox", name="选中 林一诺 2023010400").check()
    desk.get_by_role("checkbox", name="选中 周知远 2023010401").check()
    assert bar.is_visible()
    assert "已选 2 项" in bar.inner_text()
    assert bar.get_by_role("button", name="通过 2 项", exact=True).is_visible()
    bar.get_by_role("button", name="取消选择").click()
    bar.wait_for(state="hidden")


def test_without_script_the_bar_stands_there(new_page: Callable[..., Any], gallery_url: str) -> None:
    page = new_page("desk", base_url=gallery_url, javascript=False)
    page.goto("/inbox")
    assert page.get_by_role("button", name="通过", exact=True).is_visible()


def test_the_keyboard_moves_ticks_and_opens(desk: Any) -> None:
    desk.goto("/inbox")
    for key in ("j", "j", "x", "/"):  # single keys are also what speech input types
        desk.keyboard.press(key)
    assert desk.evaluate("document.activeElement === document.body")
    desk.locator("thead").click()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    assert desk.get_by_role("checkbox", name="选中 周知远 2023010401").is_checked()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/task")
    desk.goto("/inbox")
    desk.locator("thead").click()
    desk.keyboard.press("/")
    assert desk.evaluate("document.activeElement.type") == "search"


def test_a_field_follows_the_answer(desk: Any) -> None:
    desk.goto("/task")
    reason = desk.get_by_label("原因", exact=True)
    assert not reason.is_visible()
    assert "reason" not in desk.locator('input[name="_shown"]').input_value().split()
    desk.locator('input[value="fail"]').check()
    assert reason.is_visible()
    assert "reason" in desk.locator('input[name="_shown"]').input_value().split()
    desk.get_by_role("button", name="毕业生信息有误").click()
    assert reason.input_value() == "毕业生信息有误"
    desk.locator('input[value="pass"]').check()
    assert not reason.is_visible()


def test_a_yes_or_no_shows_what_it_asks_for(desk: Any) -> None:
    desk.goto("/employer_invite")
    unit = desk.get_by_label("组织关系接收单位")
    assert not unit.is_visible()
    desk.get_by_role("group", name="是否接收组织关系").get_by_role("radio", name="是").check()
    assert unit.is_visible()


def test_on_a_phone_the_foot_chooses_the_answer(new_page: Callable[..., Any], gallery_url: str) -> None:
    page = new_page("phone", base_url=gallery_url)
    page.goto("/task")
    page.get_by_role("link", name="不通过").click()
    assert page.locator('input[value="fail"]').is_checked()
    assert page.get_by_label("原因", exact=True).is_visible()


def test_a_combobox_offers_rows_and_keeps_the_id(desk: Any) -> None:
    desk.route("**/lookup?q=*", lambda route: route.fulfill(json=[{"id": 7, "text": "远屿食品"}, {"id": 8, "text": "远山"}]))
    desk.goto("/components")
    box = desk.get_by_role("combobox", name="单位 选填")
    box.fill("远")
    desk.get_by_role("option", name="远山").wait_for()
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == "远山"
    assert desk.locator('input[name="unit"]').input_value() == "8"
    box.press("Backspace")
    assert desk.locator('input[name="unit"]').input_value() == ""


def test_the_first_thing_after_a_refusal_is_its_sentence(desk: Any) -> None:
    desk.goto("/task_wrong")
    assert desk.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_menus_close_by_escape_and_by_a_click_elsewhere(desk: Any) -> None:
    desk.goto("/inbox")
    menu = desk.locator("details.menu:has(summary:text('学院'))")
    menu.locator("summary").click()
    assert menu.evaluate("one => one.open")
    desk.keyboard.press("Escape")
    assert not menu.evaluate("one => one.open")
    menu.locator("summary").click()
    desk.locator("h1").click()
    assert not menu.evaluate("one => one.open")


def test_what_is_typed_is_asked_about_before_another_form_leaves_the_page(desk: Any) -> None:
    asked, sent = [], []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.route("**/somewhere/inbox.claim", lambda route: (sent.append(1), route.abort()))
    desk.goto("/task")
    desk.locator('input[value="fail"]').check()
    desk.get_by_label("原因", exact=True).fill("缺材料")
    claim = desk.get_by_role("button", name="认领，只由我办")
    for _again in range(2):  # one stays, and the button is not dead
        claim.click()
        desk.wait_for_timeout(200)
    assert asked == ["beforeunload"] * 2
    assert sent == []
    assert desk.get_by_label("原因", exact=True).input_value() == "缺材料"


def test_on_a_phone_the_toast_does_not_lie_on_the_answers(new_page: Callable[..., Any], gallery_url: str) -> None:
    page = new_page("phone", base_url=gallery_url)
    page.goto("/task?toast=1")
    toast, answers = page.locator(".toast").bounding_box(), page.locator(".actbar").bounding_box()
    assert toast["y"] + toast["height"] <= answers["y"]


def test_the_banner_leads_to_the_first_of_several_controls(desk: Any) -> None:
    desk.goto("/task_unanswered")
    desk.get_by_role("alert").get_by_role("link").first.click()
    assert desk.evaluate("document.activeElement.type") == "radio"
    group = desk.get_by_role("group", name="审核结果")
    described = group.get_attribute("aria-describedby")
    assert desk.locator(f"#{described}").inner_text()


def test_a_form_is_sent_once(desk: Any) -> None:
    sent = []
    desk.route("**/somewhere/inbox.complete", lambda route: (sent.append(1), route.abort()))
    desk.goto("/task")
    desk.locator('input[value="pass"]').check()
    desk.evaluate("() => { const f = document.getElementById('decide'); f.requestSubmit(); f.requestSubmit(); }")
    desk.wait_for_timeout(300)
    assert len(sent) == 1
