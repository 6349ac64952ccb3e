"""周阿姨 finds in one place what she was told, and says how she wishes to be told."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from yanlu.kernel import followers, journal
from yanlu.notices.models import Notice
from yanlu.notices.services import Note, notify_all


@pytest.fixture(scope="module")
def told(server):
    """What happened to a matter of 顾老伯's, and a danger that a dispatcher was told of."""
    gu = people.old_gu()
    case = people.case_of(people.hand_in(by=gu))
    people.bring_to(case, people.HANDLED)
    followers.drain()
    about = journal.Subject("case", case.pk)
    words = {"number": case.number, "date": "2026-03-09", "unit": "友谊路街道城市管理科"}
    notify_all(
        actor=people.TESTS,
        notes=[
            Note(gu.pk, "case.extension_granted", about, words, is_right=True),
            Note(people.account("dispatcher").pk, "case.alarmed", about, words, is_urgent=True),
        ],
    )
    return case


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_resident_reads_what_is_new_and_goes_to_the_matter(
    told, signed_in, check_access, shoot, width
):
    Notice.objects.filter(account=people.old_gu()).update(read_at=None)
    page = signed_in(people.old_gu(), width=width, language="zh-hans")
    page.goto("/")
    bell = page.locator("a.bell")
    assert bell.locator(".bell__count").inner_text() == "3"
    shoot(page, "home")
    bell.click()
    expect(page.locator(".row--new")).to_have_count(3)
    check_access(page)
    shoot(page, "inbox")
    page.get_by_role("link", name="答复了您").click()
    check_access(page)
    shoot(page, "notice")
    assert told.number in page.locator(".words").inner_text()
    page.get_by_role("link", name="去看这件事").click()
    expect(page.locator("h1")).to_be_visible()
    assert "/matter/" in page.url
    page.goto("/notices/")
    expect(page.locator(".row--new")).to_have_count(2)
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".row--new")).to_have_count(0)
    expect(page.locator(".bell__count")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_resident_says_how_to_be_told_without_script(told, signed_in, shoot, width, settings):
    settings.YANLU_SMTP_URL = "smtp://127.0.0.1:9"
    page = signed_in(people.old_gu(), width=width, language="zh-hans", javascript=False)
    page.goto("/notices/settings/")
    shoot(page, "before")
    page.get_by_label("电子邮件", exact=True).check()
    page.get_by_label("邮箱地址").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("邮件发到哪里")
    shoot(page, "refused")
    page.get_by_label("邮箱地址").fill("gu@example.com")
    page.get_by_label("每天一次").check()
    page.get_by_label("从几点起不打扰").fill("21:30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已记下")).to_be_visible()
    page.goto("/notices/settings/")
    assert page.get_by_label("邮箱地址").input_value() == "gu@example.com"
    assert page.get_by_label("从几点起不打扰").input_value() == "21:30"
    assert page.get_by_label("每天一次").is_checked()


def test_the_settings_are_open_to_everybody(told, signed_in, check_access, settings):
    settings.YANLU_SMTP_URL = "smtp://127.0.0.1:9"
    for more in ({}, {"text_size": "30"}, {"dark": True}):
        page = signed_in(people.old_gu(), **more)
        page.goto("/notices/settings/")
        check_access(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_nothing_yet_and_nobody(signed_in, phone, shoot, check_access):
    page = signed_in(people.neighbour_wu(), language="zh-hans")
    page.goto("/notices/")
    expect(page.get_by_text("还没有通知")).to_be_visible()
    check_access(page)
    shoot(page)
    assert page.goto("/notices/999999/").status == 404
    phone.goto("/notices/")
    assert "/sign-in/" in phone.url


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_staff_read_in_their_own_dress(told, at_work, check_access, shoot, width, settings):
    settings.YANLU_SMTP_URL = "smtp://127.0.0.1:9"
    Notice.objects.filter(account=people.account("dispatcher")).update(read_at=None)
    page = at_work("dispatcher", width=width, language="zh-hans")
    page.goto("/notices/")
    assert page.url.endswith("/staff/notices/")
    expect(page.locator(".is-new")).not_to_have_count(0)
    check_access(page)
    shoot(page, "inbox")
    page.get_by_role("link", name=f"危急：{told.number}").first.click()
    check_access(page)
    shoot(page, "notice")
    page.get_by_role("link", name="打开", exact=True).click()
    assert f"/staff/cases/{told.pk}/" in page.url
    page.goto("/staff/notices/settings/")
    check_access(page)
    shoot(page, "settings")
    page.get_by_label("每天一次").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已记下")).to_be_visible()
    check_access(page)


def test_staff_who_were_told_nothing(at_work, shoot):
    page = at_work("supervisor", language="zh-hans")
    page.goto("/staff/notices/")
    expect(page.get_by_text("还没有通知")).to_be_visible()
    shoot(page)
