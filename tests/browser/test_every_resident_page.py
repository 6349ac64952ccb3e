"""Pages of residents and the public: for every eye, hand, language, size and network."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.steps import CROSSING, handed_in

# --- language, size, what is public


def test_language_and_large_print_stick(open_page):
    page = open_page(language="")
    page.goto("/answered/")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.locator("summary.tool__button").click()
    page.get_by_role("button", name="English").click()
    assert page.url.endswith("/answered/")
    page.get_by_role("button", name="Large print").click()
    page.goto("/look-up/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"
    low = [
        box["height"]
        for box in (one.bounding_box() for one in page.locator("main .weui-btn, .tab").all())
        if box and box["height"] < 60
    ]
    assert not low
    page.get_by_role("button", name="Standard print").click()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"


def test_language_and_size_change_without_script(open_page):
    page = open_page(language="", javascript=False)
    page.goto("/settings/")
    page.locator("#size_30").check()
    page.locator("#lang_en").check()
    page.locator("form.preferences button").click()
    assert "elder-30" in page.locator("html").get_attribute("class")
    assert page.locator("html").get_attribute("lang") == "en"


def test_settings_lead_nowhere_else(open_page):
    page = open_page(javascript=False)
    page.goto("/settings/")
    token = page.locator("main input[name=csrfmiddlewaretoken]").get_attribute("value")
    answer = page.request.post(
        "/settings/",
        form={"csrfmiddlewaretoken": token, "language": "en", "next": "https://elsewhere.example/"},
        max_redirects=0,
    )
    assert answer.headers["location"] == "/"


def test_the_public_reads_what_was_agreed_to_and_no_nearer_than_the_subdistrict(
    world, phone, shoot
):
    phone.goto("/answered/")
    shoot(phone)
    phone.locator(f"a[href='/answered/{world.published}/']").click()
    text = phone.locator("main").inner_text()
    assert "13900000001" not in text
    assert "友谊路街道" in text
    assert "宝林一村" not in phone.locator(".facts").inner_text()
    assert phone.goto("/answered/20200101-000001/").status == 404


def test_the_public_searches_and_filters(world, phone):
    phone.goto("/answered/")
    phone.get_by_label("Search").fill("没有人说过的话")
    phone.get_by_role("button", name="Search").click()
    expect(phone.get_by_text("Nothing fits")).to_be_visible()
    phone.get_by_role("link", name="Show everything").click()
    expect(phone.locator(f"a[href='/answered/{world.published}/']")).to_be_visible()


# --- every page, for everybody

PAGES = {
    "home": "/",
    "hand-in": "/hand-in/",
    "look-up": "/look-up/",
    "mine": "/mine/",
    "answered": "/answered/",
    "answered-one": "/answered/{published}/",
    "matter": "/matter/{closed}/",
    "settings": "/settings/",
    "sign-in": "/sign-in/",
    "staff-sign-in": "/staff/sign-in/",
    "missing": "/nowhere/",
}


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_out(world, open_page, check_access, shoot, name):
    address = PAGES[name].format(published=world.published, closed=world.closed)
    for look in (
        {"language": "zh-hans"},
        {"language": "zh-hans", "text_size": "22", "dark": True},
        {"language": "en", "dark": True, "width": 1440},
        {"language": "en", "text_size": "30"},
    ):
        page = open_page(**look)
        page.goto(address)
        check_access(page)
        shoot(page, "-".join(map(str, look.values()))[:40])


def test_the_resident_s_own_pages_keep_nobody_out(world, signed_in, check_access, shoot):
    for look in ({}, {"dark": True, "text_size": "22"}):
        page = signed_in(people.aunt_zhou(), **look)
        for address in ("/", "/mine/", "/hand-in/", f"/matter/{world.answered}/"):
            page.goto(address)
            check_access(page)
            shoot(page, address.strip("/").replace("/", "_"))
    page.get_by_text("Your rights").click()
    check_access(page)


def test_her_words_in_the_data_pool_and_the_way_out_keep_nobody_out(
    world, signed_in, check_access, shoot
):
    for look in ({}, {"language": "zh-hans", "width": 1440}, {"dark": True, "text_size": "30"}):
        page = signed_in(people.aunt_zhou(), **look)
        page.goto(f"/matter/{world.closed}/pool/")
        check_access(page)
        out = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert out <= 0, look
        shoot(page, "-".join(map(str, look.values())) or "phone")
    page = signed_in(people.aunt_zhou())
    page.goto(f"/matter/{world.closed}/")
    shoot(page, "matter")
    page.get_by_role("link", name="Your words in the data pool").click()
    page.get_by_role("button", name="Take my words out of the pool").click()
    expect(page.get_by_role("heading", name="Being taken out")).to_be_visible()
    shoot(page, "asked")
    check_access(page)


@pytest.mark.parametrize("width", [320, 1440])
def test_nothing_sticks_out_sideways(world, open_page, width):
    for language in ("zh-hans", "en"):
        for text_size in ("", "30"):
            page = open_page(width=width, language=language, text_size=text_size)
            for name, address in PAGES.items():
                page.goto(address.format(published=world.published, closed=world.closed))
                out = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert out <= 0, (name, language, text_size)


def test_two_thousand_characters_and_a_name_of_one_fit(open_page):
    page = open_page()
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill("停车难" * 600 + "A" * 200)
    page.get_by_label("How may we call you?").fill("王")
    page.get_by_role("button", name="Hand in", exact=True).click()
    handed_in(page)
    page.get_by_role("link", name="See the page").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_alone_reaches_the_content_and_hands_in(phone):
    phone.goto("/hand-in/")
    phone.keyboard.press("Tab")
    expect(phone.locator(".skip")).to_be_focused()
    phone.keyboard.press("Enter")
    phone.get_by_label("What is it about?").focus()
    phone.keyboard.type("路灯不亮")
    for _ in range(40):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.matches('button.act')"):
            break
    phone.keyboard.press("Enter")
    handed_in(phone)


def test_a_broken_network_says_so_and_keeps_everything(phone):
    phone.goto("/hand-in/")
    phone.get_by_label("What is it about?").fill(CROSSING)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Hand in", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("no connection just now")
    assert phone.input_value("#id_text") == CROSSING
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Hand in", exact=True).click()
    handed_in(phone)


def test_the_service_says_that_it_is_well(phone):
    assert phone.request.get("/healthz/").json() == {"status": "ok"}
