"""What residents see and do, told with 周阿姨, her neighbour 吴师傅 and a stranger."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.steps import CROSSING, handed_in, photo, sign_in
from yanlu.cases.matters import matters_of
from yanlu.intake.selectors import by_code
from yanlu.kernel import journal

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
    sent |= {"text": CROSSING, "who": "open", "looked": "on"}
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
    page = open_page(maps=True)
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
    # Sixty in ten minutes; twice as many, since the ten minutes may end in between.
    guesses = (f"/matter/{number:012d}/" for number in range(10**11, 10**11 + 125))
    statuses = (page.request.get(guess).status for guess in guesses)
    assert next(status for status in statuses if status != 404) == 429
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
