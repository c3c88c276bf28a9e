"""The studio's pages in a browser: publication by keyboard only, what axe says, no sideways scroll."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio import NOTICES, Designer
from tests.fixtures.chromium import overflow

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_server: Any, new_page: Any) -> Any:
    """`desk("shen", "small_desk")`: a designer of the demo, signed in."""

    def make(login: str = "shen", size: str = "desk", **options: Any) -> Designer:
        return Designer(new_page(size, base_url=live_server.url, **options), login)

    return make


MORE = "\nlast_words:\n  to: [毕业生]\n  subject: 再说一次\n  body: 请看。\n"
#: What has the focus: its words, whether it is in sight, whether one sees that it has the focus.
FOCUSED = """(() => {
  const e = document.activeElement;
  if (e === document.body) return { words: '' };
  const box = e.getBoundingClientRect(), look = getComputedStyle(e);
  const ring = parseFloat(look.outlineWidth) > 0 && look.outlineStyle !== 'none' || look.boxShadow !== 'none';
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const at = document.elementFromPoint(box.left + box.width / 2, (top + bottom) / 2);
  return { words: (e.labels && e.labels[0] || e).textContent.trim() || e.ariaLabel || '', ring,
    seen: box.width > 1 && bottom > top && !!at && (e.contains(at) || at.contains(e)) };
})()"""


def focus(page: Page, name: str | re.Pattern[str]) -> None:
    """Goes on by Tab until something of that name has the focus; one sees where one is all the way."""
    for _ in range(120):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        if now["words"]:
            assert now["ring"], f"nothing shows that {now['words'][:40]} has the focus"
            assert now["seen"], f"{now['words'][:40]} has the focus out of sight"
        if re.search(name, now["words"]):
            return
    raise AssertionError(f"no way to {name} by keyboard on {page.url}")


def press(page: Page, name: str) -> None:
    """Tabs to something and presses Enter; waits for the page that it leads to."""
    focus(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("size", ["desk", "small_desk"])
def test_publication_by_keyboard_only(desk, size):
    """From the list of flows to a changed text, to the published version, and back to the old one."""
    page = desk("shen", size).page
    page.goto("/studio/")
    press(page, "^线上签约$")
    press(page, "^开始修改$")
    press(page, "^通知$")
    page.locator("[data-studio][data-ready]").wait_for()
    focus(page, "^通知$")  # the text itself, behind the link that led here
    if not page.evaluate("document.activeElement.matches('textarea')"):
        focus(page, "^通知$")
    page.keyboard.press("Control+End")
    page.keyboard.type(MORE)
    expect(page.locator("[data-studio]")).to_have_attribute("data-state", "saved", timeout=15_000)
    page.reload()
    press(page, "^检查并发布$")
    press(page, "改动$")
    press(page, "下一步：检查")
    press(page, "下一步：情景")
    press(page, "^运行情景$")
    expect(page.get_by_role("heading", name=re.compile("个全部通过")).first).to_be_visible(timeout=60_000)
    press(page, "下一步：在办件")
    press(page, "下一步：发布")
    focus(page, "^发布说明")
    page.keyboard.type("提醒说得更清楚")
    press(page, "^发布第 2 版$")
    expect(page.get_by_role("heading", level=1)).to_have_text("线上签约")
    expect(page.get_by_text("在用第 2 版")).to_be_visible()
    press(page, "^退回第 1 版$")
    expect(page.get_by_text("在用第 3 版")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("small_desk", "light"), ("small_desk", "dark")]
)
def test_every_page_reads_well(desk, axe, shot, size, scheme):
    shen = desk("shen", size, scheme=scheme)
    draft = shen.begin("online_signing")
    draft.change(NOTICES, ("还有两天到期", "后天到期"))
    draft.change(
        "processes/signing/online_signing.bpmn",
        ('qh:due="=working days(today(), 3)"', 'qh:due="=working days(today(), 5)"'),
        ('name="签约审核" qh', 'name="学校审核" qh'),
    )
    page = shen.page
    found: list[str] = []
    for name, url in {
        "flows": "/studio/",
        "flow": "/studio/online_signing",
        "new": "/studio/new",
        "import": "/studio/import",
        "changes": f"/studio/drafts/{draft.id}/publish?step=changes",
        "check": f"/studio/drafts/{draft.id}/publish?step=check",
        "scenarios": f"/studio/drafts/{draft.id}/publish?step=scenarios",
        "running": f"/studio/drafts/{draft.id}/publish?step=running",
        "publish": f"/studio/drafts/{draft.id}/publish?step=publish",
        "version": "/studio/versions/2",
        "compare": "/studio/versions/2/compare",
        "add_form": f"/studio/drafts/{draft.id}/add?what=form",
        "add_decision": f"/studio/drafts/{draft.id}/add?what=decision",
        "remove": f"/studio/drafts/{draft.id}/remove?file={NOTICES}",
        "drop": f"/studio/drafts/{draft.id}/drop",
        "preview_form": f"/studio/drafts/{draft.id}/preview/form?path=forms/signing/invitation.form",
        "preview_notice": f"/studio/drafts/{draft.id}/preview/notice?path={NOTICES}",
    }.items():
        page.goto(url)
        page.wait_for_load_state("networkidle")
        shot(page, f"studio_{name}")
        found += [f"{name}: {line}" for line in axe(page)]
        assert overflow(page) == 0, f"{name} scrolls sideways at {size}"
    assert not found, "\n".join(found)
