"""A designer of the demo at a browser: drafts begun and published by clicks, and what lies in their files."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from admin.demo.rows import password

SIGNING = "processes/signing/online_signing.bpmn"
NOTICES = "processes/signing/online_signing.notices.yaml"
SCENARIOS = "processes/signing/online_signing.scenarios.yaml"


def sign_in(page: Page, login: str) -> None:
    """Through the sign-in page."""
    page.goto("/sign-in")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password())
    page.locator("main button:not([name]), main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


class Designer:
    """Signed in as `login`; begins drafts and publishes them by clicking through the publication page."""

    def __init__(self, page: Page, login: str = "shen") -> None:
        self.page = page
        sign_in(page, login)

    def begin(self, process: str) -> Draft:
        """开始修改, or 继续修改 where there is a draft."""
        self.page.goto(f"/studio/{process}")
        self.page.get_by_role("button", name="开始修改").or_(
            self.page.get_by_role("link", name="继续修改")
        ).first.click()
        mount = self.page.locator("[data-studio][data-draft]").first
        mount.wait_for(state="attached")
        return Draft(
            self, int(mount.get_attribute("data-draft") or 0), mount.get_attribute("data-csrf") or ""
        )


class Draft:
    """A draft in the browser of its designer."""

    def __init__(self, who: Designer, draft_id: int, csrf: str) -> None:
        self.who = who
        self.id = draft_id
        self.csrf = csrf
        self.api = f"/studio/api/drafts/{draft_id}"

    @property
    def page(self) -> Page:
        return self.who.page

    def text(self, path: str) -> str:
        return self.page.request.get(f"{self.api}/files/{path}").text()

    def put(self, path: str, body: str) -> None:
        """Saves a file as the editors do: the PUT with the revision that it was taken over at."""
        about = self.page.request.get(self.api).json()
        known = {one["path"]: one["revision"] for one in about["files"]}
        headers = {"X-CSRFToken": self.csrf, "Accept": "application/json", "Content-Type": "text/plain"}
        headers |= {"If-Match": f'"{known[path]}"'} if path in known else {"If-None-Match": "*"}
        answer = self.page.request.put(f"{self.api}/files/{path}", data=body.encode(), headers=headers)
        assert answer.ok, answer.text()

    def change(self, path: str, *pairs: tuple[str, str]) -> None:
        """Replaces texts of a file; each must be there."""
        body = self.text(path)
        for old, new in pairs:
            assert old in body, f"{old} is not in {path}"
            body = body.replace(old, new)
        self.put(path, body)

    def check(self) -> list[dict[str, Any]]:
        """The checker's errors, as the editors get them."""
        answer = self.page.request.post(
            f"{self.api}/check",
            data="{}",
            headers={"X-CSRFToken": self.csrf, "Content-Type": "application/json"},
        )
        found: list[dict[str, Any]] = answer.json()["findings"]
        return [one for one in found if one["severity"] == "error"]

    def publish(self, note: str, version: int = 2) -> None:
        """Clicks through the five steps; each must stand as it should."""
        page = self.page
        page.goto(f"/studio/drafts/{self.id}/publish?step=changes")
        expect(page.get_by_role("heading", name="改了什么")).to_be_visible()
        page.get_by_role("link", name="下一步：检查").click()
        assert not self.check(), self.check()
        page.get_by_role("link", name="下一步：情景").click()
        page.get_by_role("button", name="运行情景").click()
        expect(page.get_by_role("heading", name=re.compile("个全部通过")).first).to_be_visible(timeout=60_000)
        page.get_by_role("link", name="下一步：在办件").click()
        page.get_by_role("link", name="下一步：发布").click()
        page.get_by_label("发布说明").fill(note)
        page.get_by_role("button", name=f"发布第 {version} 版").click()
        expect(page.get_by_text(f"在用第 {version} 版")).to_be_visible(timeout=30_000)
