"""小顾 on patrol with a phone, a dispatcher with one click, and a colleague who looks on site."""

import re

from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import PHONE
from tests.browser.steps import act, choose, events, handled_by, photo, waiting
from yanlu.cases.models import Case
from yanlu.places.selectors import place_by_code


def in_baolin() -> dict:
    """A phone that stands in 宝林一村 and may tell so."""
    node = place_by_code(people.BAOLIN)
    position = {"latitude": node.lat, "longitude": node.lon}
    return {"width": PHONE, "geolocation": position, "permissions": ["geolocation"]}


def test_found_on_patrol_handled_and_checked_on_site(at_work, check_access, shoot):
    gu = at_work(people.gu(), **in_baolin())
    gu.goto("/staff/")
    expect(gu).to_have_url(re.compile("/staff/patrol/"))
    expect(gu.get_by_text("Position chosen")).to_be_visible()
    gu.get_by_label("Find it by a word").fill("井盖")
    gu.get_by_label("Manhole cover missing or broken").check()
    expect(gu.get_by_role("status").filter(has_text="Manhole cover")).to_be_visible()
    gu.get_by_label("What do you see?").fill(people.COVER)

    gu.context.set_offline(True)
    gu.get_by_role("button", name="Open the case").click()
    expect(gu.get_by_text("There is no connection just now.")).to_be_visible()
    gu.context.set_offline(False)
    gu.get_by_role("button", name="Open the case").click()
    expect(gu.get_by_role("alert")).to_contain_text("Take a photo of it.")
    expect(gu.get_by_label("What do you see?")).to_have_value(people.COVER)
    gu.locator("#id_photos").set_input_files(photo())
    expect(gu.get_by_role("img", name="Photo 1")).to_be_visible()
    shoot(gu, "form")
    check_access(gu)
    gu.reload()
    expect(gu.get_by_label("What do you see?")).to_have_value(people.COVER)
    gu.locator("#id_photos").set_input_files(photo())
    gu.get_by_role("button", name="Open the case").click()
    expect(gu.get_by_text("is opened and dispatched")).to_be_visible()
    expect(gu.get_by_label("What do you see?")).to_have_value("")

    case = Case.objects.filter(patrol_by=people.gu()).latest("pk")
    assert (case.lead_unit.function, case.place.code) == ("construction", people.BAOLIN)
    mine = gu.locator("section", has=gu.get_by_role("heading", name="Found by you"))
    expect(mine).to_contain_text("Dispatched")
    shoot(gu, "list")
    check_access(gu)

    unit = at_work(handled_by(case))
    unit.goto(f"/staff/cases/{case.pk}/")
    unit.get_by_role("button", name="Accept").click()
    unit.get_by_role("button", name="Start handling").click()
    form = act(unit, "Answer")
    expect(form.get_by_text("No contact with the resident")).to_have_count(0)
    choose(form, "Are the facts as the patrol reported?", "Yes")
    form.get_by_label("What was found").fill("井盖铰链断了，盖子翘起。")
    form.get_by_label("What was done").fill("换了新井盖，路面补平。")
    form.get_by_label("What came of it").select_option("solved")
    form.get_by_role("button", name="Send the answer").click()
    expect(unit.get_by_text("Answered. Another body verifies it now.")).to_be_visible()

    gu.goto(f"/staff/cases/{case.pk}/")
    expect(gu.get_by_text("It waits for another grid worker's check on site.")).to_be_visible()
    ruan = at_work(people.ruan(), width=PHONE)
    ruan.goto("/staff/patrol/")
    ruan.get_by_role("link", name=case.number).click()
    form = act(ruan, "Check on site")
    choose(form, "Is it settled on site?", "Yes")
    form.get_by_label("Photo of how it is now").set_input_files(photo("olive"))
    shoot(ruan, "check")
    check_access(ruan)
    form.get_by_role("button", name="Record the check").click()
    expect(ruan.get_by_text("The check is recorded.")).to_be_visible()
    expect(ruan.get_by_role("img", name="Photo of the check")).to_be_visible()
    assert events(case)[-1] == "case.found_settled"


def test_the_desk_looks_for_alarms_while_he_types_and_takes_nothing_from_him(at_work):
    gu = at_work(people.gu(), **in_baolin())
    gu.clock.install()
    with gu.expect_response(re.compile("/staff/alarms/")):  # from then on every twenty seconds
        gu.goto("/staff/patrol/")
    gu.get_by_label("Find it by a word").fill("井盖")
    cover = gu.get_by_label("Manhole cover missing or broken")
    expect(cover).to_be_visible()
    with gu.expect_response(re.compile("/staff/alarms/")):
        gu.clock.fast_forward("01:00")
    expect(gu.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    expect(cover).to_be_visible()


def test_a_dispatcher_sends_it_with_one_click_and_the_resident_reads_why(
    at_work, check_access, shoot, signed_in
):
    zhou = people.aunt_zhou()
    case = waiting("弄堂口每天早上都有人来，请来看一看，好像是流动摊贩。", by=zhou)
    desk = at_work("dispatcher")
    desk.goto(f"/staff/cases/{case.pk}/")
    offered = desk.get_by_role("region", name="From the catalogue, with one click")
    expect(offered.get_by_role("button", name="Street vendors")).to_be_visible()
    desk.get_by_label("Search the whole catalogue").fill("地铁")
    expect(offered.get_by_role("button", name="protection zone")).to_be_visible()
    shoot(desk)
    check_access(desk)
    offered.get_by_role("button", name="Street vendors").click()
    expect(desk.get_by_text("Dispatched by the catalogue.")).to_be_visible()
    ground = "《上海市市容环境卫生管理条例》"
    expect(desk.locator(".timeline")).to_contain_text(ground)
    expect(desk.get_by_role("region", name="Decision")).to_contain_text("from the catalogue")

    phone = signed_in(zhou)
    phone.goto(f"/matter/{case.submission.query_code}/")
    expect(phone.locator(".steps")).to_contain_text(f"Legal ground: {ground}")
