"""解约 in a browser, both ways round: a graduate asks on her phone and the employer agrees; the employer asks,
the graduate puts it on hold, then agrees. The school decides; a stranger checks the certificate."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_online_signing import sign_in
from tests.fixtures.chromium import overflow
from tests.fixtures.server import LiveServer

pytestmark = pytest.mark.browser
EMPLOYER = "第三示例医院"
ASKS, ASKS_NAME = "2023030101", "许清欢"
ASKED, ASKED_NAME = "2023030102", "欧阳若溪"

Look = Callable[[Page, str], None]


@pytest.fixture
def look(shot: Callable[..., Path], axe: Callable[[Page], list[object]]) -> Look:
    """Screenshots in light and dark; no finding of axe, no sideways scroll."""

    def looked_at(page: Page, name: str) -> None:
        shot(page, name)
        shot(page, name, dark=True)
        assert overflow(page) <= 0, f"{name} scrolls sideways"
        assert not axe(page), name

    return looked_at


def pass_the_signing(page: Page, server: LiveServer, name: str) -> None:
    page.goto(f"{server.url}/tasks/?q={name}")
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.locator("[name=result][value=pass]").check()
    page.get_by_role("button", name=re.compile("提交")).first.click()
    page.wait_for_load_state()


def submit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("提交|答复")).first.click()
    page.wait_for_load_state()


def ask_on_a_phone(phone: Page, server: LiveServer, look: Look) -> None:
    sign_in(phone, server, ASKS)
    phone.get_by_role("link", name="解约", exact=True).click()
    look(phone, "termination_mine")
    phone.get_by_role("link", name="解约申请").click()
    expect(phone.locator("h1")).to_contain_text(EMPLOYER)
    phone.get_by_label("解除原因").fill("家里有变故，要回原籍工作。")
    phone.get_by_role("button", name="申请解约").click()
    expect(phone.locator("main")).to_contain_text("有 1 处要改")  # the rules were not ticked
    look(phone, "termination_ask_wrong")
    expect(phone.get_by_label("解除原因")).to_have_value("家里有变故，要回原籍工作。")
    phone.get_by_label(re.compile("我同意并遵守")).check()
    phone.get_by_role("button", name="申请解约").click()
    expect(phone.locator("main")).to_contain_text("等用人单位答复")
    look(phone, "termination_mine_waiting")
    phone.get_by_role("link", name="查看办理情况").click()
    expect(phone.get_by_role("link", name="撤回解约申请")).to_be_visible()
    look(phone, "termination_case_waiting")
    phone.get_by_role("link", name="撤回解约申请").click()
    look(phone, "termination_withdraw")


def employer_agrees(page: Page, server: LiveServer, look: Look) -> None:
    sign_in(page, server, "yiyuan")
    page.get_by_role("link", name="解约办理").first.click()
    look(page, "termination_desk")
    page.get_by_role("link", name=ASKS_NAME).click()
    expect(page.locator("main")).to_contain_text("第 5 个工作日")
    page.wait_for_timeout(600)
    look(page, "termination_answer")
    page.locator("[name=answer][value=agree]").check()
    page.get_by_label(re.compile("我同意并遵守")).check()
    submit(page)
    expect(page.locator("h1")).to_contain_text(f"同意与{ASKS_NAME}解约吗")
    look(page, "termination_answer_confirm")
    page.get_by_role("button", name="同意解约").click()
    page.wait_for_load_state()


def employer_asks(page: Page, server: LiveServer, look: Look) -> None:
    page.goto(f"{server.url}/termination/desk?tab=signed")
    page.get_by_label(f"选中 {ASKED_NAME}").check()
    look(page, "termination_desk_signed")
    page.get_by_role("button", name="申请解约").click()
    look(page, "termination_ask")
    page.get_by_label("解除原因").fill("科室合并，岗位取消。")
    page.get_by_label(re.compile("我同意并遵守")).check()
    page.get_by_role("button", name="申请解约").click()
    expect(page.locator("main")).to_contain_text("已提交 1 份解约申请")


def hold_then_agree(phone: Page, server: LiveServer, look: Look) -> None:
    """The answer on a phone: links and forms."""
    sign_in(phone, server, ASKED)
    look(phone, "termination_student_home")
    phone.get_by_role("link", name=re.compile("申请与你解约")).first.click()
    look(phone, "termination_student_answer")
    phone.locator("[name=answer][value=hold]").check()
    phone.locator("[name=hold_reason]").fill("想先和科主任谈一次。")
    submit(phone)
    expect(phone.locator("main")).to_contain_text("暂不处理")
    phone.get_by_role("link", name="查看解约").click()
    phone.locator("[name=answer][value=agree]").check()
    submit(phone)
    expect(phone.locator("main")).to_contain_text("有 1 处要改")  # the rules were not ticked
    expect(phone.locator("[name=answer][value=agree]")).to_be_checked()
    phone.get_by_label(re.compile("我同意并遵守")).check()
    submit(phone)
    look(phone, "termination_student_confirm")
    phone.get_by_role("button", name="同意解约").click()
    expect(phone.locator("main")).to_contain_text("学校审核通过后生效")


def school_decides(page: Page, server: LiveServer, look: Look, name: str, passes: bool) -> None:
    page.goto(f"{server.url}/termination/office")
    look(page, "termination_office")
    page.get_by_role("link", name=name).click()
    page.wait_for_timeout(600)
    look(page, "termination_audit")
    page.locator(f"[name=result][value={'pass' if passes else 'fail'}]").check()
    if not passes:
        page.locator("[name=audit_reason]").fill("请双方先就培训费达成一致。")
    submit(page)


def certificate_text(phone: Page, server: LiveServer, tmp_path: Path) -> str:
    """Waits for the worker's PDF, and gives its text with the radicals of the font folded back."""
    href = phone.get_by_role("link", name="解约证明").get_attribute("href")
    for _ in range(40):
        answer = phone.request.get(f"{server.url}{href}")
        if answer.headers["content-type"] == "application/pdf":
            break
        phone.wait_for_timeout(500)
    path = tmp_path / "certificate.pdf"
    path.write_bytes(answer.body())
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    return unicodedata.normalize("NFKC", text)


def check_the_paper(page: Page, server: LiveServer, look: Look, number: str, code: str) -> None:
    """PUB-11: nobody is signed in."""
    page.goto(f"{server.url}/verify")
    look(page, "verify")
    page.get_by_label("编号").fill(number)
    page.get_by_label("校验码").fill("AAAA AAAA AAAA")
    page.get_by_role("button", name="核对").click()
    expect(page.locator("main")).to_contain_text("没有核对上")
    page.get_by_label("校验码").fill(code.lower())
    page.get_by_role("button", name="核对").click()
    expect(page.locator("main")).to_contain_text(EMPLOYER)
    expect(page.locator("main")).to_contain_text("有效")
    expect(page.locator("main")).not_to_contain_text(ASKS_NAME)
    look(page, "verify_valid")


def test_both_directions_end_to_end(
    live_server: LiveServer, new_page: Callable[..., Page], look: Look, tmp_path: Path
) -> None:
    clerk = new_page("desk")
    sign_in(clerk, live_server, "shen")
    for name in (ASKS_NAME, ASKED_NAME):
        pass_the_signing(clerk, live_server, name)

    phone, employer, other = new_page("phone"), new_page("desk"), new_page("phone")
    ask_on_a_phone(phone, live_server, look)
    employer_agrees(employer, live_server, look)
    employer_asks(employer, live_server, look)
    hold_then_agree(other, live_server, look)
    school_decides(clerk, live_server, look, ASKS_NAME, passes=True)
    school_decides(clerk, live_server, look, ASKED_NAME, passes=False)

    clerk.goto(f"{live_server.url}/termination/office?tab=done")
    clerk.get_by_role("link", name=ASKS_NAME).click()
    expect(clerk.get_by_role("link", name="允许再解约一次")).to_be_visible()
    look(clerk, "termination_case_done")
    other.goto(f"{live_server.url}/termination/mine")
    expect(other.locator("main")).to_contain_text("请双方先就培训费达成一致")
    expect(other.get_by_role("link", name="解约申请")).to_be_visible()
    phone.goto(f"{live_server.url}/termination/mine")
    expect(phone.locator("main")).to_contain_text("已解约")
    look(phone, "termination_mine_done")
    text = certificate_text(phone, live_server, tmp_path)
    for printed in ("解约证明", ASKS_NAME, EMPLOYER, "已失效", "家里有变故", "/verify"):
        assert printed in text, printed
    number, code = re.search(r"JY\d{14}", text), re.search(r"校验码\s+(\S{4} \S{4} \S{4})", text)
    assert number is not None
    assert code is not None
    check_the_paper(new_page("phone"), live_server, look, number[0], code[1])
