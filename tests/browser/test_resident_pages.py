"""What residents and the public see, told with 周阿姨, her neighbour 吴师傅 and a stranger."""

import io
import re
from dataclasses import dataclass, replace

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from PIL import Image
from playwright.sync_api import Page, expect

from tests import people
from yanlu.cases import services
from yanlu.cases.files import matters_of
from yanlu.intake.selectors import by_code
from yanlu.kernel import journal

#: Password of the demo's staff, printed at every start of it.
PASSWORD = "baoshan-2021"
CROSSING = "菊泉街路口的绿灯太短，老人走到一半就变红了，希望延长十秒钟。"


@dataclass(frozen=True)
class World:
    """Matters at different points of their way."""

    answered: str
    closed: str
    published: str
    new: str


@pytest.fixture(scope="module")
def world(server) -> World:
    """周阿姨 handed in three matters: one waits for her word, one is settled, one is new."""
    zhou = people.aunt_zhou()
    answered = people.hand_in(by=zhou, may_publish=True)
    people.bring_to(people.case_of(answered), people.HANDLED)
    closed = people.hand_in(
        by=zhou, may_publish=True, text=f"{people.STAIRS}请打 13900000001 找我。"
    )
    case = people.bring_to(people.case_of(closed), ("dispatch", "accept", "start"))
    form = replace(people.form(), is_public=True)
    services.answer_case(actor=people.handler_of(case.lead_unit), case_id=case.pk, form=form)
    case.refresh_from_db()
    people.bring_to(case, ("call_back", "confirm"))
    new = people.hand_in(by=zhou, text="谢谢！", kind="praise")
    return World(answered.query_code, closed.query_code, case.number, new.query_code)


def photo(colour: str = "teal") -> dict[str, object]:
    """A photo as a telephone would send it."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def sign_in(page: Page, sms, number: str) -> None:
    """Sign in by phone."""
    page.goto("/sign-in/")
    page.get_by_label("Mobile number").fill(number)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("The six digits").fill(re.findall(r"\d{6}\b", sms())[-1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/mine/")


def handed_in(page: Page) -> str:
    """The code on the receipt."""
    page.wait_for_url("**/receipt/**")
    shown = page.locator("#code").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){2}[0-9A-Z]{4}", shown)
    return shown.replace("-", "")


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# --- handing in


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_stranger_hands_in_with_a_photo_and_follows_it(open_page, shoot, javascript):
    page = open_page(javascript=javascript)
    page.goto("/")
    page.get_by_role("link", name="Hand in a matter").click()
    page.get_by_label("What is it about?").fill(CROSSING)
    page.set_input_files("#id_photos", [photo()])
    page.get_by_label("Community", exact=True).select_option(index=3)
    page.get_by_role("button", name="Hand in", exact=True).click()
    code = handed_in(page)
    shoot(page, "receipt")
    page.get_by_role("link", name="See the page of this matter").click()
    expect(page.locator("blockquote")).to_have_text(CROSSING)
    assert page.locator(".photos img").evaluate("i => i.decode().then(() => i.naturalWidth)") == 320
    assert by_code(code).channel == "web"


def test_wrong_input_keeps_what_was_typed_and_the_photo(phone, shoot):
    phone.goto("/hand-in/")
    phone.get_by_label("What is it about?").fill(CROSSING)
    phone.set_input_files("#id_photos", [photo()])
    phone.get_by_label("Phone, so that you can be asked").fill("12")
    phone.get_by_role("button", name="Hand in", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("What you entered is still here")
    shoot(phone)
    assert phone.input_value("#id_text") == CROSSING
    assert phone.locator("#chosen img").count() == 1
    phone.get_by_label("Phone, so that you can be asked").fill("021-5678 1234")
    phone.get_by_role("button", name="Hand in", exact=True).click()
    handed_in(phone)
    phone.get_by_role("link", name="See the page").click()
    expect(phone.locator(".photos img")).to_have_count(1)


def test_without_script_words_are_kept_and_photos_asked_for_again(open_page):
    page = open_page(javascript=False)
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill(CROSSING)
    page.set_input_files("#id_photos", [photo()])
    page.get_by_label("Phone, so that you can be asked").fill("12")
    page.get_by_role("button", name="Hand in", exact=True).click()
    assert page.input_value("#id_text") == CROSSING
    expect(page.get_by_text("Please choose your photos once more")).to_be_visible()


def test_nothing_said_is_not_taken_in(phone):
    phone.goto("/hand-in/")
    phone.get_by_label("What is it about?").fill("   \n ")
    phone.get_by_role("button", name="Hand in", exact=True).click()
    expect(phone.locator("#id_text_error")).to_have_text("Please write what it is about.")


def test_a_file_that_is_no_photo_is_refused_with_the_words_kept(phone):
    phone.goto("/hand-in/")
    phone.get_by_label("What is it about?").fill(CROSSING)
    fake = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"not a photo"}
    phone.set_input_files("#id_photos", [fake])
    phone.get_by_role("button", name="Hand in", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("no photo that we can read")
    assert phone.input_value("#id_text") == CROSSING


def test_the_same_form_sent_twice_hands_in_once(phone):
    phone.goto("/hand-in/")
    fields = ("csrfmiddlewaretoken", "token")
    sent = {name: phone.locator(f"form.hand-in [name={name}]").input_value() for name in fields}
    sent |= {"text": CROSSING, "who": "open"}
    first, again = (phone.request.post("/hand-in/", form=sent, max_redirects=0) for _ in range(2))
    assert first.status == 302
    assert again.headers["location"] == first.headers["location"]
    other = phone.request.post("/hand-in/", form=sent | {"text": "楼下的路灯不亮了。"})
    assert other.status == 409
    assert "handed in from this page before" in other.text()
    assert sent["token"] not in other.text()


def test_a_draft_survives_a_closed_page_and_goes_with_the_receipt(phone):
    phone.goto("/hand-in/")
    phone.get_by_label("What is it about?").press_sequentially("路灯不亮")
    phone.goto("/")
    phone.goto("/hand-in/")
    assert phone.input_value("#id_text") == "路灯不亮"
    phone.get_by_role("button", name="Hand in", exact=True).click()
    handed_in(phone)
    phone.goto("/hand-in/")
    assert phone.input_value("#id_text") == ""


def test_a_tap_on_the_map_says_which_community_it_is(open_page, shoot):
    page = open_page()
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill(CROSSING)
    page.get_by_role("button", name="Choose on the map").click()
    page.locator(".maplibregl-canvas").wait_for()
    page.wait_for_function("document.querySelectorAll('.map-name').length > 5")
    box = page.locator("#map").bounding_box()
    page.locator("#map").click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator("#picked")).to_contain_text("Position chosen")
    shoot(page)
    page.get_by_role("button", name="Hand in", exact=True).click()
    submission = by_code(handed_in(page))
    assert submission.lat == pytest.approx(31.39, abs=0.15)
    assert submission.place_id is not None


def test_my_position_is_taken_when_allowed(open_page):
    page = open_page(
        geolocation={"latitude": 31.36, "longitude": 121.37}, permissions=["geolocation"]
    )
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill(CROSSING)
    page.get_by_role("button", name="Use my position").click()
    expect(page.locator("#picked")).to_be_visible()
    page.get_by_role("button", name="Hand in", exact=True).click()
    submission = by_code(handed_in(page))
    assert (submission.lat, submission.lon) == (31.36, 121.37)


def test_a_few_letters_shorten_the_list_of_communities(phone):
    phone.goto("/hand-in/")
    everything = phone.locator("#id_place option").count()
    phone.get_by_label("Find a community").fill("baolin")
    assert 1 < phone.locator("#id_place option").count() < everything / 4
    assert (
        phone.locator("#id_place").evaluate("s => s.selectedOptions[0].text").startswith("Baolin")
    )


def test_what_is_said_anonymously_leads_to_nobody(signed_in):
    page = signed_in(people.aunt_zhou())
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill(CROSSING)
    page.get_by_text("Nobody (anonymous)").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    submission = by_code(handed_in(page))
    assert submission.account_id is None
    assert submission.identity_id is None
    (entry,) = journal.history(journal.Subject("submission", submission.pk))
    assert entry.actor == "system:web"
    assert submission.query_code not in {one.code for one in matters_of(people.aunt_zhou())}


# --- looking up


def test_a_code_is_read_however_it_is_typed(world, phone):
    typed = world.closed.lower()
    phone.goto("/look-up/")
    phone.get_by_label("Query code").fill(f" {typed[:4]} {typed[4:8]}-{typed[8:]} ")
    phone.get_by_role("button", name="Look up").click()
    phone.wait_for_url("**/matter/**")
    expect(phone.get_by_role("heading", name="The answer")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Please enter the code"),
        ("7K2M", "twelve letters"),
        ("7K2M9QXW4TBD", "no matter by this"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(world, phone, typed, told):
    phone.goto("/look-up/")
    phone.get_by_label("Query code").fill(typed)
    phone.get_by_role("button", name="Look up").click()
    expect(phone.locator("#id_code_error")).to_contain_text(told)
    assert phone.input_value("#id_code") == typed


def test_who_holds_the_code_reads_it_masked_and_can_change_nothing(world, phone):
    phone.goto(f"/matter/{world.closed}/")
    expect(phone.locator("blockquote")).not_to_contain_text("13900000001")
    expect(phone.get_by_text("Names, numbers and addresses are hidden here")).to_be_visible()
    expect(phone.get_by_role("button", name="Open it again")).to_have_count(0)


def test_guessing_codes_comes_to_an_end(world, open_page):
    page = open_page(javascript=False)
    statuses = [
        page.request.get(f"/matter/{number:012d}/").status for number in range(10**11, 10**11 + 70)
    ]
    assert set(statuses) == {404, 429}
    assert page.request.get(f"/matter/{world.new}/").status == 429


def test_a_photo_is_not_for_strangers(open_page):
    page = open_page()
    page.goto("/hand-in/")
    page.get_by_label("What is it about?").fill(CROSSING)
    page.set_input_files("#id_photos", [photo("maroon")])
    page.get_by_role("button", name="Hand in", exact=True).click()
    handed_in(page)
    page.get_by_role("link", name="See the page").click()
    address = page.locator(".photos img").get_attribute("src")
    assert page.request.get(address).headers["content-type"] == "image/jpeg"
    assert open_page().request.get(address).status == 404


# --- the resident's own word


def test_a_resident_says_that_something_is_missing(signed_in, shoot):
    zhou = people.aunt_zhou()
    submission = people.hand_in(by=zhou, text="15号楼门禁坏了两周，陌生人随便进出。")
    people.bring_to(people.case_of(submission), people.HANDLED)
    page = signed_in(zhou)
    page.goto(f"/matter/{submission.query_code}/")
    page.get_by_role("button", name="Send my word").click()
    expect(page.get_by_role("alert")).to_contain_text("say whether it is settled")
    page.get_by_label("No, something is missing").check()
    page.get_by_label("Acceptable").first.check()
    page.get_by_label("Not satisfied").last.check()
    page.get_by_label("In your words").fill("门禁还是刷不开。")
    page.get_by_role("button", name="Send my word").click()
    expect(page.locator(".matter__state")).to_contain_text("Being worked on again")
    shoot(page)
    case = people.case_of(submission)
    assert case.state == "re_handling"


def test_a_resident_reopens_what_is_not_over(signed_in):
    zhou = people.aunt_zhou()
    submission = people.hand_in(by=zhou, text="16号楼楼道灯又坏了，晚上老人不敢走。")
    people.bring_to(people.case_of(submission), (*people.HANDLED, "call_back", "confirm"))
    page = signed_in(zhou)
    page.goto(f"/matter/{submission.query_code}/")
    page.get_by_label("What is still open?").fill("昨天又不亮了。")
    page.get_by_role("button", name="Open it again").click()
    expect(page.locator(".matter__state")).to_contain_text("Opened again")


def test_my_matters_begin_with_those_that_ask_for_my_word(world, signed_in, shoot):
    page = signed_in(people.aunt_zhou())
    page.goto("/mine/")
    shoot(page)
    headings = page.locator("main h2").all_inner_texts()
    assert headings[0].startswith("Your word is asked")
    expect(page.locator(f"a[href='/matter/{world.new}/']")).to_be_visible()


def test_a_new_resident_starts_with_an_empty_page_that_says_how(open_page, sms):
    page = open_page()
    sign_in(page, sms, "13811112222")
    expect(page.get_by_text("You have not handed in anything yet")).to_be_visible()
    page.get_by_role("link", name="Hand in a matter").click()
    page.wait_for_url("**/hand-in/")


# --- signing in


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
