"""吴师傅 types of a lamp that 周阿姨 has reported: the page tells him, and he joins her."""

import pytest
from playwright.sync_api import Page, expect

from tests import people

LAMP = "宝林一村3号楼门口的路灯坏了一个星期，晚上黑漆漆的，老人摔了一跤，请快点来修路灯。"
TYPED = "3号楼门口路灯坏了"


@pytest.fixture(scope="module", autouse=True)
def lamps(server) -> None:
    people.hand_in(LAMP, by=people.aunt_zhou(), may_publish=True)
    people.hand_in(LAMP.replace("一个星期", "好几天"))


def type_of_the_lamp(page: Page) -> None:
    page.goto("/hand-in/")
    page.locator("#id_place").select_option(str(people.place_by_code(people.BAOLIN).id))
    page.locator("#id_text").press_sequentially(TYPED)
    expect(page.locator(".alike")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "look", [{}, {"text_size": "26"}, {"dark": True}, {"language": "zh-hans"}], ids=str
)
def test_alike_matters_appear_while_typing_for_everybody(
    open_page, shoot, check_access, width, look
):
    page = open_page(width=width, **look)
    type_of_the_lamp(page)
    page.get_by_label("友谊路街道" if look.get("language") else "Youyilu").first.check()
    shoot(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_access(page)


def test_a_screen_reader_is_told_how_many_and_the_keyboard_chooses(phone):
    type_of_the_lamp(phone)
    expect(phone.locator("#alike-told")).to_have_text("2 open matters are like yours.")
    phone.get_by_label("None of them").focus()
    phone.keyboard.press("ArrowUp")
    assert phone.locator(".alike input:checked").input_value()

    phone.locator("#id_text").press_sequentially("，天黑")
    phone.wait_for_timeout(1_500)
    assert phone.locator(".alike input:checked").input_value(), "the choice stays"
    phone.get_by_role("button", name="Hand in", exact=True).click()
    phone.wait_for_url("**/receipt/**")


def test_without_script_there_is_a_step_between(open_page, shoot):
    page = open_page(javascript=False)
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill(f"宝林一村{TYPED}")
    page.locator("#id_place").select_option(str(people.place_by_code(people.BAOLIN).id))
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_text("Not handed in yet")).to_be_visible()
    shoot(page)
    page.get_by_label("None of them").check()
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("**/receipt/**")


def test_what_fails_in_the_background_disturbs_nobody(phone):
    phone.route("**/hand-in/similar/", lambda route: route.abort())
    phone.goto("/hand-in/")
    phone.locator("#id_text").press_sequentially(TYPED)
    phone.wait_for_timeout(1_500)
    assert phone.locator("[role=alert]").count() == 0
    assert phone.input_value("#id_text") == TYPED
