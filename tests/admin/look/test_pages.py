"""Every page in a browser: nothing overflows, axe finds nothing serious, nothing goes wrong; and pictures to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.admin.look import gallery
from tests.fixtures.chromium import overflow

NAMES = sorted(gallery.PAGES)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_renders_in_both_languages(name: str, lang: str) -> None:
    client = gallery.app().test_client()
    client.set_cookie("lang", lang)
    answer = client.get(f"/{name}?toast=1")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert f'<html lang="{"en" if lang == "en" else "zh-CN"}"' in page
    assert page.count("<h1") == 1
    assert page.count('id="main"') == 1


def test_a_form_that_was_refused_says_so_in_the_title() -> None:
    page = gallery.app().test_client().get("/task_wrong").get_data(as_text=True)
    assert "<title>有 1 处要改 · " in page
    assert 'href="#reason"' in page


def test_the_theme_and_the_language_are_the_cookies() -> None:
    client = gallery.app().test_client()
    answer = client.post("/preferences", data={"theme": "dark", "lang": "en", "next": "/inbox"})
    assert answer.headers["Location"] == "/inbox"
    page = client.get("/inbox").get_data(as_text=True)
    assert 'data-theme="dark"' in page
    assert 'lang="en"' in page
    assert client.post("/preferences", data={"theme": "x", "next": "//elsewhere"}).headers["Location"] == "/"


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_stands_the_comparison(
    size: str, new_page: Callable[..., Any], gallery_url: str, shot: Any, axe: Any
) -> None:
    """Light and dark; the pictures lie in var/shots, to be looked at beside those of the specification."""
    page, found = new_page(size, base_url=gallery_url), []
    for name in NAMES:
        page.goto(f"/{name}")
        if overflow(page):
            found.append(f"{name}: scrolls sideways")
        found += [f"{name}: {problem}" for problem in axe(page)]
        shot(page, name)
        page.emulate_media(color_scheme="dark")
        found += [f"{name}, dark: {problem}" for problem in page.evaluate(CONTRAST)]
        page.emulate_media(color_scheme="light")
        shot(page, name, dark=True)
    assert found == []


CONTRAST = """async () => {
  const { violations } = await axe.run("html", { runOnly: { type: "rule", values: ["color-contrast"] } });
  return violations.flatMap((one) => one.nodes.map((node) => node.target.join(" ")));
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1024])
def test_no_width_scrolls_sideways(width: int, new_page: Callable[..., Any], gallery_url: str) -> None:
    page = new_page("desk", base_url=gallery_url)
    page.set_viewport_size({"width": width, "height": 800})
    wide = []
    for name in NAMES:
        page.goto(f"/{name}", wait_until="domcontentloaded")
        if overflow(page):
            wide.append(name)
    assert wide == []


@pytest.mark.browser
def test_english_fits_too(new_page: Callable[..., Any], gallery_url: str) -> None:
    page = new_page("phone", base_url=gallery_url)
    page.context.add_cookies([{"name": "lang", "value": "en", "url": gallery_url}])
    wide = []
    for name in NAMES:
        page.goto(f"/{name}", wait_until="domcontentloaded")
        if overflow(page):
            wide.append(name)
    assert wide == []
