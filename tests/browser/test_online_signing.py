"""A newcomer's path: an employer invites a graduate, she agrees on a phone without script, the school approves,
and the three-party agreement is opened as a PDF. Each page is looked at by axe, at a desk and on a phone."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from admin.demo import numbers
from tests.fixtures.chromium import overflow
from tests.fixtures.server import LiveServer

pytestmark = pytest.mark.browser
PASSWORD = "Songlan-2027"
STUDENT, NAME = "2023010101", "林一诺"

Look = Callable[[Page, str], None]


@pytest.fixture
def look(shot: Callable[..., Path], axe: Callable[[Page], list[object]]) -> Look:
    """Screenshots in light and dark; no serious finding of axe, no sideways scroll."""

    def looked_at(page: Page, name: str) -> None:
        shot(page, name)
        shot(page, name, dark=True)
        assert overflow(page) <= 0, f"{name} scrolls sideways"
        assert not axe(page), name

    return looked_at


def sign_in(page: Page, server: LiveServer, login: str) -> None:
    page.goto(f"{server.url}/sign-in")
    page.get_by_label(re.compile("学号|账号")).fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def send_the_letter(page: Page, server: LiveServer, look: Look) -> None:
    """签约发送: look the graduate up, add her, fill in the letter, confirm."""
    sign_in(page, server, "qingchuan")
    look(page, "employer_home")
    page.goto(f"{server.url}/signing/send")
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("手机号或身份证号").fill(numbers.mobile(101))
    page.get_by_role("button", name="查找").click()
    look(page, "signing_found")
    page.get_by_role("button", name="加入").click()
    page.get_by_label(f"选中 {NAME}").check()
    look(page, "signing_send")
    page.get_by_role("button", name="发送签约邀请").click()
    page.get_by_label("拟聘用职位").fill("测试工程师")
    page.get_by_label("工作职位类别").select_option("13")
    page.get_by_label("工作地点").fill("松岚市高新区")
    page.get_by_label("试用起薪").fill("3500.5")
    page.get_by_label("转正起薪").fill("6000")
    look(page, "signing_invite")
    page.locator("[name=archive_route]").first.check()
    page.get_by_label("档案转寄详细地址").fill("松岚市高新区云帆路 18 号")
    page.get_by_label("户口迁移地址").fill("不接收户口")
    page.locator("[name=takes_party_relation][value=no]").check()
    page.locator("form button.btn-primary").last.click()
    expect(page.locator("main")).to_contain_text("有 1 处要改")
    look(page, "signing_invite_wrong")
    expect(page.get_by_label("拟聘用职位")).to_have_value("测试工程师")
    page.get_by_label("试用起薪").fill("4800")
    page.locator("form button.btn-primary").last.click()
    look(page, "signing_invite_confirm")
    page.get_by_role("button", name="确认发送").click()
    expect(page.locator("main")).to_contain_text(NAME)
    look(page, "signing_sent")
    page.goto(f"{server.url}/signing/data")
    expect(page.locator("main")).to_contain_text("单位发起邀约")
    look(page, "signing_data")


def agree_on_a_phone(phone: Page, server: LiveServer, look: Look) -> None:
    """The letter, 同意, 【现在签约】: links and forms only, no script."""
    sign_in(phone, server, STUDENT)
    look(phone, "student_home")
    phone.get_by_role("link", name=re.compile("晴川软件")).first.click()
    look(phone, "student_letter")
    phone.get_by_role("button", name=re.compile("同意")).click()
    expect(phone.locator("h1")).to_contain_text("现在与晴川软件有限公司签约吗")
    look(phone, "student_letter_confirm")
    phone.get_by_role("button", name="现在签约").click()
    expect(phone.locator("main")).to_contain_text("双方已签约")
    look(phone, "student_details")
    phone.goto(f"{server.url}/signing/mine")
    look(phone, "student_mine")


def approve(page: Page, server: LiveServer, look: Look) -> None:
    """The inbox, the task page, 通过."""
    sign_in(page, server, "shen")
    page.goto(f"{server.url}/tasks/?q={NAME}")
    look(page, "inbox")
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    expect(page.locator("h1")).to_contain_text(f"{NAME}与晴川软件有限公司")
    page.wait_for_timeout(600)
    look(page, "task_agreement")
    page.locator("[name=result][value=pass]").check()
    page.get_by_role("button", name=re.compile("提交")).first.click()
    page.wait_for_load_state()


def read_the_paper(page: Page, server: LiveServer, tmp_path: Path) -> str:
    """Waits for the worker's PDF, and gives its text with the radicals of the font folded back."""
    page.goto(f"{server.url}/signing/data")
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    href = page.get_by_role("link", name=re.compile("下载")).first.get_attribute("href")
    for _ in range(40):  # 202 and a page that says so while the worker makes it
        answer = page.request.get(f"{server.url}{href}")
        if answer.headers["content-type"] == "application/pdf":
            break
        page.wait_for_timeout(500)
    path = tmp_path / "agreement.pdf"
    path.write_bytes(answer.body())
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    return unicodedata.normalize("NFKC", text)


def test_from_the_letter_to_the_printed_agreement(
    live_server: LiveServer, new_page: Callable[..., Page], look: Look, tmp_path: Path
) -> None:
    employer = new_page("desk")
    send_the_letter(employer, live_server, look)
    phone = new_page("phone")
    agree_on_a_phone(phone, live_server, look)
    approve(new_page("desk"), live_server, look)

    text = read_the_paper(employer, live_server, tmp_path)
    for printed in (NAME, "松岚市高新区云帆路 18 号", "晴川软件有限公司", "松岚理工大学", "协议书"):
        assert printed in text, printed
    number = re.search(r"1\d{15}", text)
    assert number is not None
    phone.goto(f"{live_server.url}/signing/mine")
    expect(phone.locator("main")).to_contain_text("签约鉴证通过")


def test_a_graduate_agrees_with_script_off(live_server: LiveServer, new_page: Callable[..., Page]) -> None:
    employer = new_page("desk")
    send_the_letter(employer, live_server, lambda _page, _name: None)
    phone = new_page("phone", javascript=False)
    agree_on_a_phone(phone, live_server, lambda _page, _name: None)


def test_the_id_numbers_of_the_demo_are_of_nobody() -> None:
    assert numbers.id_number("230102", date(2005, 1, 1), 1)[6:14] == "20050101"
