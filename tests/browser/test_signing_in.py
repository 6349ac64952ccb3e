"""How residents and staff come in, and who does not."""

import re

from playwright.sync_api import expect

from tests import people
from tests.browser.steps import (
    PASSWORD,
    code_of,
    sign_in,
)


def test_wrong_codes_are_counted_and_an_account_comes_only_with_the_right_one(open_page, sms):
    page = open_page()
    page.goto("/sign-in/")
    page.get_by_label("Mobile number").fill("138 3333 4444")
    page.get_by_role("button", name="Send me the code").click()
    right = re.findall(r"\d{6}\b", sms())[-1]
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1):
        page.get_by_label("The six digits").fill(wrong)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#id_code_error")).to_contain_text(f"{left} more tries")
    page.get_by_label("The six digits").fill(wrong)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Too many wrong codes")).to_be_visible()
    assert people.found.account_by_phone("13833334444") is None


def test_a_known_number_signs_in_to_what_was_handed_in_before(world, open_page, sms):
    page = open_page()
    sign_in(page, sms, "139-0000-0001")
    expect(page.locator(f"a[href='/matter/{world.new}/']")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_asking_for_codes_again_and_again_is_slowed_down(open_page, sms):
    page = open_page()
    for _ in range(2):
        page.goto("/sign-in/")
        page.get_by_label("Mobile number").fill("13855556666")
        page.get_by_role("button", name="Send me the code").click()
    expect(page.locator("#id_phone_error")).to_contain_text("in a short time")
    assert sms().startswith("SMS to 13855556666")


def test_a_number_that_is_none_is_told_so(phone):
    phone.goto("/sign-in/")
    phone.get_by_label("Mobile number").fill("1234")
    phone.get_by_role("button", name="Send me the code").click()
    expect(phone.locator("#id_phone_error")).to_contain_text("eleven digits")


def test_staff_go_to_their_work_and_in_the_demo_may_leave_the_second_factor(desk, shoot):
    desk.goto("/staff/sign-in/")
    desk.get_by_label("User name").fill("dispatcher")
    desk.get_by_label("Password").fill("wrong")
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("alert")).to_contain_text("don't belong together")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    expect(desk).to_have_url(re.compile(r"/staff/(\?|$)"))
    desk.goto("/staff/two-factor/")
    expect(desk.get_by_text("offered, not demanded")).to_be_visible()
    shoot(desk)


def test_outside_the_demo_staff_set_up_the_second_factor_first(desk, settings, shoot):
    settings.YANLU_DEMO = False
    desk.goto("/staff/sign-in/")
    desk.get_by_label("User name").fill("operator")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.wait_for_url("**/staff/two-factor/")
    desk.get_by_role("link", name="Set it up").click()
    secret = desk.locator(".secret").inner_text()
    shoot(desk, "set-up")
    desk.get_by_label("The six digits that the app shows now").fill(code_of(secret))
    desk.get_by_role("button", name="Switch it on").click()
    expect(desk.locator(".codes li")).to_have_count(10)
    shoot(desk, "recovery-codes")
    recovery = desk.locator(".codes li").first.inner_text()
    desk.goto("/sign-out/")
    desk.get_by_role("button", name="Sign out").click()
    desk.goto("/staff/sign-in/")
    desk.get_by_label("User name").fill("operator")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_label("Code from your app, or a recovery code").fill("000000")
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.locator("#id_code_error")).to_contain_text("does not fit")
    desk.get_by_label("Code from your app, or a recovery code").fill(recovery)
    desk.get_by_role("button", name="Sign in").click()
    desk.wait_for_url("**/staff/**")


def test_without_a_gateway_nobody_is_promised_a_code(phone, settings):
    settings.YANLU_DEMO = False
    phone.goto("/sign-in/")
    expect(phone.get_by_text("not set up here yet")).to_be_visible()
    expect(phone.get_by_label("Mobile number")).to_have_count(0)


def test_pages_of_staff_are_not_for_residents(phone, signed_in):
    phone.goto("/staff/")
    phone.wait_for_url("**/staff/sign-in/**")
    page = signed_in(people.neighbour_wu())
    assert page.goto("/staff/").status == 403
    expect(page.get_by_role("heading")).to_contain_text("This is not open to you")
