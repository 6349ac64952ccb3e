"""夏分析 looks at the insight centre: at the desk, on a phone, on the wall, and by the keyboard."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from yanlu.kernel import followers
from yanlu.places.selectors import place_by_code

#: A street in which no other story happens.
STREET, COMMUNITY = "310113111", "310113111001"
LAMP = "路口的路灯坏了三天，晚上走路看不清，请尽快修。"


@pytest.fixture(scope="module")
def said(server):
    """Seven matters in one neighbourhood of a street, by phone and on the web."""
    for number in range(7):
        people.hand_in(LAMP, place=COMMUNITY, channel=("phone", "web")[number % 2])
    followers.drain()


def address(**more: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/staff/insight/?place={place_by_code(STREET).id}{query}"


def six(page):
    return page.get_by_role("region", name="Six figures")


def test_figures_are_narrowed_shared_and_opened(at_work, said, check_access, shoot):
    desk = at_work("analyst")
    desk.goto("/staff/")
    desk.get_by_role("link", name="Insight centre").click()
    expect(desk.get_by_role("heading", name="What residents say")).to_be_visible()
    desk.goto(address())
    expect(six(desk).get_by_role("link", name="7", exact=True)).to_be_visible()
    expect(desk.locator("figure[data-chart] canvas")).to_have_count(2)
    check_access(desk)
    shoot(desk, "desk")

    desk.get_by_label("Channel", exact=True).select_option("phone")
    desk.get_by_role("button", name="Show").click()
    expect(desk).to_have_url(re.compile("channel=phone"))
    shared = at_work("supervisor")
    shared.goto(desk.url)
    six(shared).get_by_role("link", name="4", exact=True).click()
    expect(shared.get_by_text("4 matters in all")).to_be_visible()
    expect(shared.locator(".finding")).to_have_count(4)
    check_access(shared)
    shared.get_by_role("link", name="Insight centre").last.click()
    expect(shared.get_by_label("Channel", exact=True)).to_have_value("phone")


def test_every_chart_is_a_table_too_and_the_keyboard_reaches_it(at_work, said, check_access):
    page = at_work("analyst", javascript=False)
    page.goto(address())
    ranking = page.get_by_role("region", name="What residents talk about most")
    summary = ranking.get_by_text("The same as a table")
    summary.focus()
    page.keyboard.press("Enter")
    expect(ranking.get_by_role("row")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("category=|/cases/"))
    page.goto(address())
    flow = page.get_by_role("region", name="From channel over level to outcome")
    flow.get_by_role("link", name="Phone: 4").click()
    expect(page.get_by_text("4 matters in all")).to_be_visible()


def test_what_is_said_meanwhile_appears_by_itself(at_work, said):
    wall = at_work("analyst")
    wall.goto(f"/staff/insight/wall/?place={place_by_code('310113112').id}")
    expect(wall.get_by_role("heading", name="What residents say")).to_be_visible()
    expect(six(wall).locator(".six__figure").first).to_have_text("0")
    people.hand_in(LAMP, place="310113112001")
    followers.drain()
    wall.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(six(wall).locator(".six__figure").first).to_have_text("1")


def test_the_wall_needs_no_scrolling(at_work, said, shoot):
    wall = at_work("analyst")
    for width, height in ((1920, 1080), (3840, 2160)):
        wall.set_viewport_size({"width": width, "height": height})
        wall.goto("/staff/insight/wall/")
        expect(wall.locator("figure[data-chart] canvas")).to_have_count(2)
        assert wall.evaluate("document.documentElement.scrollHeight") <= height
        assert wall.evaluate("document.documentElement.scrollWidth") <= width
        body = wall.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        assert body >= width * 0.0125, "readable from five metres"
        shoot(wall, f"wall-{width}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_fits_a_phone_and_large_print_in_the_dark(at_work, said, language, check_access, shoot):
    phone = at_work("analyst", width=PHONE, language=language, text_size="26", dark=True)
    phone.goto(address())
    expect(phone.locator("figure[data-chart] canvas")).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    check_access(phone)
    shoot(phone, f"phone-{language}")


def test_an_empty_street_says_so(at_work, check_access):
    page = at_work("analyst", width=DESK)
    page.goto(address(since="2020-01-01", until="2020-01-31"))
    expect(page.get_by_text("Nothing was said here in these days.")).to_be_visible()
    check_access(page)


def test_the_workbook_counts_as_the_screen(at_work, said):
    page = at_work("analyst")
    page.goto(address())
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Workbook (.xlsx)").click()
    file = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    told = [[cell.value for cell in row] for sheet in file for row in sheet.iter_rows()]
    assert any(row[1:2] == [7] for row in told)
    assert any("7 matters" in str(row[0]) for row in told)


def test_a_chart_is_saved_as_a_picture(at_work, said):
    page = at_work("analyst")
    page.goto(address())
    for region in ("What residents talk about most", "From channel over level to outcome"):
        with page.expect_download() as waiting:
            page.get_by_role("region", name=region).get_by_role(
                "button", name="Save as a picture"
            ).click()
        assert waiting.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert waiting.value.suggested_filename == f"{region}.png"


@pytest.mark.parametrize("path", ["", "wall/", "cases/", "ladder/", "figures.xlsx"])
def test_who_does_not_watch_over_a_place_sees_no_figures(at_work, said, path):
    assert at_work("handler-enforcement").goto(f"/staff/insight/{path}").status == 403
    own = at_work("secretary")
    elsewhere = place_by_code(STREET).id
    assert own.goto(f"/staff/insight/{path}?place={elsewhere}").status == 404
