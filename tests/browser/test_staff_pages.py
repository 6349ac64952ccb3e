"""What staff do, told with the demo's dispatcher, 小陈 who handles, and the callback clerk."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import PHONE
from tests.browser.steps import (
    PASSWORD,
    act,
    choose,
    events,
    handled_by,
    waiting,
)
from yanlu.cases import services
from yanlu.intake.selectors import by_code
from yanlu.kernel import followers
from yanlu.places.selectors import place_by_code

# ---- Dispatching ----


def test_a_dispatcher_signs_in_and_confirms_what_was_proposed(desk):
    case = waiting("第一件：这里的事情说了很久，请来看一看。")

    desk.goto("/staff/")
    expect(desk).to_have_url(re.compile("/staff/sign-in/"))
    desk.get_by_label("User name").fill("dispatcher")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    expect(desk).to_have_url(re.compile("view=to_dispatch"))
    expect(desk.get_by_role("heading", level=1)).to_have_text("To dispatch")

    desk.goto(f"{desk.url}&search={case.number}")  # among those of all other stories
    desk.locator(".row-case", has_text=case.number).get_by_role("link").click()
    expect(desk.locator("blockquote")).to_have_text(case.submission.text)
    desk.get_by_role("button", name="Dispatch", exact=True).click()

    expect(desk.get_by_text("Dispatched. The unit sees it now.")).to_be_visible()
    expect(desk.locator(".matter__line")).to_contain_text("working days left")
    assert events(case)[-1] == "case.dispatched"


def test_a_dispatcher_corrects_unit_category_and_place(at_work):
    case = waiting()
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{case.pk}/")

    form = act(page, "Dispatch")
    unit = people.unit("urban_management", "310113003")
    form.get_by_label("Unit in charge: Type to narrow the list").fill(unit.name_en[:30])
    form.locator("[name=unit]").select_option(str(unit.pk))
    form.get_by_text("Correct what it is").click()
    form.locator("[name=place]").select_option(str(place_by_code(people.BAOLIN).id))
    form.locator("[name=kind]").select_option("complaint")
    form.get_by_text("Assisting units, note").click()
    form.locator("[name=assisting]").nth(1).check()
    form.get_by_label("Note to the units").fill("请和居委会一起上门看一看。")
    form.get_by_role("button", name="Dispatch").click()

    expect(page.get_by_text("Dispatched. The unit sees it now.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("请和居委会一起上门看一看。")
    expect(page.get_by_role("heading", name="Decision")).to_contain_text("set by a person")
    expect(page.get_by_role("heading", name="Parts of units")).to_be_visible()
    case.refresh_from_db()
    assert (case.kind, case.place.code) == ("complaint", people.BAOLIN)
    assert case.assists.count() == 1


def test_the_case_says_which_building_the_words_name(at_work):
    case = waiting("友谊路1518弄3号501室楼上一直漏水，请来看一看。")
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{case.pk}/")
    expect(page.get_by_role("region", name="Where")).to_contain_text("友谊路1518弄3号")
    page = at_work("supervisor")
    page.goto(f"/staff/cases/{case.pk}/")
    expect(page.locator("blockquote")).to_contain_text("〔门牌〕")
    expect(page.get_by_role("region", name="Where")).not_to_contain_text("1518弄")


def test_several_matters_in_one_letter_are_pointed_out(at_work, check_access, shoot):
    case = waiting("1、楼道里堆满旧家具没人管；2、楼下饭店油烟熏得睡不着；3、公交车太少。")
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{case.pk}/")
    expect(page.get_by_text("These may be several matters:")).to_be_visible()
    shoot(page)
    check_access(page)


def test_what_it_is_in_another_scheme_is_shown_and_chosen(at_work, check_access, shoot):
    case = waiting("窨井盖不见了，晚上差点摔进去，请补上井盖。")
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{case.pk}/")
    about = page.get_by_role("region", name="Decision")
    expect(about).to_contain_text("Grid events and parts (GB/T 30428.2)")

    form = act(page, "Dispatch")
    form.get_by_text("Categories of other schemes").click()
    grid = form.get_by_label("Grid events and parts (GB/T 30428.2)", exact=True)
    chosen = grid.locator("option").nth(5)
    name = chosen.inner_text().strip()
    grid.select_option(chosen.get_attribute("value"))
    shoot(page)
    check_access(page)
    form.get_by_role("button", name="Dispatch").click()

    expect(page.get_by_text("Dispatched. The unit sees it now.")).to_be_visible()
    line = page.locator(".decision__line", has_text="Grid events and parts")
    expect(line).to_contain_text(name)
    expect(line).to_contain_text("set by a person")


def test_many_proposals_at_once_and_one_that_was_gone(at_work):
    first, second, gone = (waiting(f"一起派单的第{n}件：请来看一看。") for n in "一二三")
    page = at_work("dispatcher")
    page.goto("/staff/?view=to_dispatch&search=一起派单")
    for case in (first, second, gone):
        page.get_by_label(f"Mark {case.number}").check()
    expect(page.get_by_text("3 marked")).to_be_visible()

    page.get_by_role("searchbox", name="Search").fill(first.number)
    expect(page.locator(".row-case")).to_have_count(1)
    expect(page.get_by_text("3 marked")).to_be_visible()
    services.dispatch_case(actor=people.account("dispatcher"), case_id=gone.pk)
    page.get_by_role("button", name="Dispatch as proposed").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("2 matters dispatched of 3 marked")
    expect(page.locator(".refused li")).to_contain_text(gone.number)
    expect(page.locator(".refused li")).to_contain_text("Somebody was faster")


def test_a_matter_for_the_court_is_not_accepted(at_work):
    case = waiting()
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{case.pk}/")

    form = act(page, "Do not accept")
    form.get_by_role("radio").first.check()
    expect(form.get_by_text("The resident is told:").first).to_be_visible()
    form.get_by_role("button", name="Do not accept").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    form = act(page, "Do not accept")
    expect(form.get_by_role("radio").first).to_be_checked()
    form.get_by_label("Why this ground, in your words").fill("法院已经开过庭，正在等判决。")
    form.get_by_role("button", name="Do not accept").click()

    expect(page.get_by_text("The resident is told the proper route.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("法院已经开过庭，正在等判决。")


# ---- Handling, verifying ----


def test_a_handler_takes_it_on_calls_and_answers(at_work, check_access):
    case = people.bring_to(people.case_of(people.hand_in(may_publish=True)), ("dispatch",))
    page = at_work(handled_by(case))
    page.goto(f"/staff/cases/{case.pk}/")

    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Start handling").click()
    contact = act(page, "Record a contact")
    choose(contact, "Did you reach the resident?", "Yes")
    contact.get_by_label("What was said").fill("约好明天上午上门。")
    contact.get_by_role("button", name="Record the contact").click()
    expect(page.get_by_text("The contact is recorded.")).to_be_visible()

    answer = act(page, "Answer")
    answer.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was sent yet")
    check_access(page)
    answer = act(page, "Answer")
    answer.get_by_label("Checked on site").check()
    choose(answer, "Are the facts as the resident says?", "Yes")
    answer.get_by_label("What was found").fill("二至四层楼道堆有旧家具约三立方米。")
    choose(answer, "Is the request recognised?", "Yes")
    answer.get_by_label("Why", exact=True).fill("占用消防通道，应当清理。")
    answer.get_by_label("Main points of the answer").fill("楼道已经清空，每周三有人检查。")
    answer.get_by_label("What came of it").select_option("solved")
    choose(answer, "Answered", "By phone")
    answer.get_by_label("May be shown in public").check()
    answer.get_by_role("button", name="Send the answer").click()

    expect(page.get_by_text("Answered. Another body verifies it now.")).to_be_visible()
    expect(page.locator(".answer__points")).to_have_text("楼道已经清空，每周三有人检查。")
    expect(page.get_by_text("There is nothing for you to do here.")).to_be_visible()
    assert case.answers.get().is_public


def test_a_unit_that_is_not_in_charge_returns_it_and_a_person_chooses_anew(at_work):
    case = people.bring_to(people.case_of(people.hand_in()), ("dispatch",))
    page = at_work(handled_by(case))
    page.goto(f"/staff/cases/{case.pk}/")
    form = act(page, "Return the case")
    form.get_by_label("Reason").select_option(index=1)
    form.get_by_label("Explanation").fill("这栋楼归物业管理，请转房管部门。")
    form.get_by_label("What proves it").fill(people.DUTIES)
    form.get_by_role("button", name="Return the case").click()
    expect(page.get_by_text("The clock runs on.").first).to_be_visible()

    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{case.pk}/")
    expect(page.locator(".timeline")).to_contain_text("这栋楼归物业管理，请转房管部门。")
    form = act(page, "Dispatch")
    form.get_by_role("button", name="Dispatch").click()
    expect(form.get_by_text("Please choose.")).to_be_visible()
    form.locator("[name=unit]").select_option(str(people.unit("housing", "310113003").pk))
    form.get_by_role("button", name="Dispatch").click()
    expect(page.get_by_text("Dispatched. The unit sees it now.")).to_be_visible()


def test_the_callback_hears_that_it_is_not_solved(at_work):
    case = people.bring_to(people.case_of(people.hand_in()), people.HANDLED)
    page = at_work("callback")
    page.goto(f"/staff/cases/{case.pk}/")

    page.get_by_role("button", name="Begin the callback").click()
    form = act(page, "Record the callback")
    choose(form, "Did you reach the resident?", "Yes")
    choose(form, "Does the resident call it solved?", "No")
    choose(form, "The unit's attitude", "Satisfied")
    choose(form, "The outcome", "Not satisfied")
    form.get_by_label("Why not solved").select_option(index=1)
    form.get_by_label("What is still missing").fill("三楼还有两个纸箱没有搬。")
    form.get_by_role("button", name="Record the callback").click()

    expect(page.locator(".matter__line")).to_contain_text("Re-handling")
    expect(page.locator(".timeline")).to_contain_text("三楼还有两个纸箱没有搬。")
    expect(page.locator(".timeline")).to_contain_text("Outcome: Not satisfied")


def test_nobody_answers_the_callback(at_work):
    case = people.bring_to(people.case_of(people.hand_in()), (*people.HANDLED, "call_back"))
    page = at_work("callback")
    page.goto(f"/staff/cases/{case.pk}/")

    form = act(page, "Record the callback")
    choose(form, "Did you reach the resident?", "No")
    expect(form.get_by_role("group", name="The outcome")).to_be_hidden()
    form.get_by_role("button", name="Record the callback").click()

    expect(page.locator(".timeline")).to_contain_text("Nobody answered.")
    expect(page.locator(".matter__line")).to_contain_text("Callback")


# ---- Two people at once ----


def test_the_slower_of_two_dispatchers_keeps_what_was_typed(at_work):
    case = waiting()
    slower = at_work("dispatcher-youyilu")
    slower.goto(f"/staff/cases/{case.pk}/")
    form = act(slower, "Do not accept")
    form.get_by_role("radio").first.check()
    form.get_by_label("Why this ground, in your words").fill("这件事法院已经在审。")

    services.dispatch_case(actor=people.account("dispatcher"), case_id=case.pk)
    form.get_by_role("button", name="Do not accept").click()

    told = slower.get_by_role("alert")
    expect(told).to_contain_text("Somebody was faster")
    expect(told).to_contain_text("Dispatched")
    expect(told.get_by_role("textbox")).to_have_value("这件事法院已经在审。")
    told.get_by_role("link", name="Open the fresh page").click()
    expect(slower.get_by_role("alert")).to_have_count(0)
    assert events(case)[-1] == "case.dispatched"


def test_an_act_that_still_fits_can_be_sent_again(at_work):
    case = people.bring_to(people.case_of(people.hand_in()), ("dispatch", "accept"))
    page = at_work(handled_by(case))
    page.goto(f"/staff/cases/{case.pk}/")
    form = act(page, "Record a contact")
    choose(form, "Did you reach the resident?", "Yes")
    form.get_by_label("What was said").fill("下午再联系。")

    services.start_handling(actor=handled_by(case), case_id=case.pk)
    form.get_by_role("button", name="Record the contact").click()
    expect(page.get_by_role("alert")).to_contain_text("is kept")
    act(page, "Record a contact").get_by_role("button", name="Record the contact").click()

    expect(page.get_by_text("The contact is recorded.")).to_be_visible()
    assert case.contacts.get().note == "下午再联系。"


# ---- Assisted entry ----


def test_a_call_is_written_down_and_read_back(at_work):
    page = at_work("operator")
    page.goto("/staff/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand in for somebody")
    page.get_by_label("Phone", exact=True).first.check()
    page.get_by_label("What the resident says").fill("楼下垃圾房的门坏了三天，味道很重。")
    page.get_by_label("Community", exact=True).select_option(str(place_by_code(people.BAOLIN).id))
    page.get_by_role("group", name="Who says it").get_by_label("Phone").fill("021-5667 1234")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Read it back to the resident first.")).to_be_visible()
    expect(page.get_by_label("What the resident says")).to_have_value(re.compile("垃圾房"))

    page.get_by_label("I read it back").check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_role("heading", name="It is handed in")).to_be_visible()
    said = by_code(page.locator("#code").inner_text().replace("-", ""))
    assert said.helper == people.account("operator")
    assert said.was_read_back
    assert said.identity.phone == "02156671234"
    assert said.place.code == people.BAOLIN

    page.keyboard.press("n")
    expect(page.get_by_label("Community", exact=True)).to_have_value(str(said.place_id))
    expect(page.get_by_label("What the resident says")).to_have_value("")


def test_a_letter_with_its_date_and_a_photo(at_work):
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(out, "JPEG")
    page = at_work("dispatcher", width=PHONE)
    page.goto("/staff/hand-in/?channel=letter")
    expect(page.get_by_label("I read it back")).to_be_hidden()
    page.get_by_label("What the resident says").fill("来信：桥上的栏杆断了，孩子们上学要走。")
    page.get_by_label("Date of the letter or talk").fill("2021-07-01")
    page.get_by_label("Photos, or the scanned letter").set_input_files(
        [{"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}]
    )
    page.get_by_label("Anonymous").check()
    page.get_by_role("button", name="Hand it in").click()

    expect(page.get_by_text("the code is the only way to see the answer")).to_be_visible()
    said = by_code(page.locator("#code").inner_text().replace("-", ""))
    assert said.said_at.isoformat().startswith("2021-07-01")
    assert said.identity is None
    followers.drain()
    page.goto(f"/staff/cases/{people.case_of(said).pk}/")
    picture = page.get_by_role("img", name="Photo 1 of 1")
    expect(picture).to_be_visible()
    picture.click()
    expect(page.locator("dialog.photo-large")).to_be_visible()


def test_a_second_click_hands_nothing_in_twice(at_work):
    page = at_work("operator")
    page.goto("/staff/hand-in/?channel=walk")
    page.get_by_label("What the resident says").fill("走访时听说：路灯三盏不亮。")
    page.get_by_role("button", name="Hand it in").click()
    first = page.locator("#code").inner_text()
    page.go_back()
    page.get_by_role("button", name="Hand it in").click()
    assert page.locator("#code").inner_text() == first
