"""督查室 watches the board, gives orders, and a team answers; why a date is what it is."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import choose, handled_by, photo
from yanlu.kernel import clock, followers
from yanlu.oversight.models import Order
from yanlu.oversight.sweeping import sweep


@pytest.fixture(scope="module")
def late(server):
    """Since a Monday in March at the enforcement team; its ladder has reached an order."""
    start = datetime(2026, 3, 2, 10, tzinfo=clock.ZONE)
    with clock.at(start):
        waiting = people.case_of(people.hand_in("车棚门口堆了两周的建筑垃圾，没有人来清。"))
        case = people.bring_to(waiting, ["dispatch", "accept", "start"])
        followers.drain()
    for day in range(16):
        with clock.at(start + timedelta(days=day, hours=1)):
            sweep()
    return case


def test_the_board_counts_what_is_late_and_every_number_opens_its_list(
    at_work, late, check_access, shoot
):
    desk = at_work("supervisor")
    desk.goto("/staff/watch/")
    row = desk.locator("tr", has=desk.get_by_role("rowheader", name=late.lead_unit.name_en))
    expect(row.get_by_role("link", name="Overdue")).to_be_visible()
    check_access(desk)
    shoot(desk, "board")
    row.get_by_role("link", name="Overdue").click()
    expect(desk.get_by_role("heading", name="Overdue", level=1)).to_be_visible()
    expect(desk.get_by_text(late.number).first).to_be_visible()
    check_access(desk)
    shoot(desk, "list")
    phone = at_work("supervisor", width=PHONE)
    for name, address in (("board-phone", "/staff/watch/"), ("list-phone", desk.url)):
        phone.goto(address)
        check_access(phone)
        shoot(phone, name)
    desk.get_by_role("button", name=f"Give an order {late.number}").click()
    expect(desk.get_by_text("There is an order about this case already")).to_be_visible()


def test_a_date_is_explained_step_by_step(at_work, late, check_access, shoot):
    for width in (DESK, PHONE):
        unit = at_work(handled_by(late), width=width)
        unit.goto(f"/staff/cases/{late.pk}/")
        unit.get_by_role("link", name="Deadlines").click()
        whole = unit.get_by_role("region", name="The whole matter")
        expect(whole.get_by_text("Counted from")).to_be_visible()
        expect(whole.get_by_text("Limit: 5 working days")).to_be_visible()
        expect(whole.get_by_text("not working days").first).to_be_visible()
        expect(whole.get_by_text("Reminder notice")).to_be_visible()
        check_access(unit)
        shoot(unit, f"deadlines-{width}")


def test_an_order_is_answered_checked_on_site_sent_back_and_taken(
    at_work, late, check_access, shoot
):
    order = Order.objects.get(case=late.pk, kind="order")
    team = at_work(handled_by(late))
    team.goto("/staff/orders/")
    team.get_by_role("link", name=order.subject).first.click()
    team.get_by_label("In your words").first.fill("垃圾今天下午清走，逾期是因为车辆维修。")
    shoot(team, "reply")
    check_access(team)
    team.get_by_role("button", name="Reply", exact=True).click()
    expect(team.get_by_text("It is recorded.")).to_be_visible()

    node = people.gu()
    gu = at_work(node, width=PHONE, geolocation={"latitude": 31.39, "longitude": 121.49},
                 permissions=["geolocation"])  # fmt: skip
    gu.goto(f"/staff/orders/{order.pk}/")
    gu.locator("summary", has_text="Check on site").click()
    form = gu.locator("form", has=gu.get_by_role("button", name="Use my position"))
    choose(form, "Is it settled on site?", "No")
    form.get_by_label("In your words").fill("还剩两堆砖头。")
    form.get_by_label("Photo of how it is now").set_input_files(photo("olive"))
    form.get_by_role("button", name="Use my position").click()
    expect(form.get_by_label("Latitude")).to_have_value("31.390000")
    shoot(gu, "check")
    check_access(gu)
    form.get_by_role("button", name="Check on site").click()
    expect(gu.get_by_text("Not settled on site")).to_be_visible()

    desk = at_work("supervisor")
    desk.goto(f"/staff/orders/{order.pk}/")
    expect(desk.get_by_role("img", name="Photo handed in with this step")).to_be_visible()
    desk.locator("summary", has_text="Send it back").click()
    form = desk.locator("form", has=desk.get_by_role("button", name="Send it back"))
    form.get_by_label("In your words").fill("现场还有砖头，请清完再报。")
    form.get_by_role("button", name="Send it back").click()
    expect(desk.get_by_text("Please fill this in.")).to_be_visible()
    form.get_by_label("New date").fill(f"{clock.today() + timedelta(days=3):%F}")
    form.get_by_role("button", name="Send it back").click()
    expect(desk.get_by_text("It is recorded.")).to_be_visible()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Paper as .docx").click()
    assert download.value.suggested_filename.endswith(".docx")

    team.goto(f"/staff/orders/{order.pk}/")
    team.get_by_label("In your words").first.fill("砖头也清走了，照片附后。")
    team.get_by_role("button", name="Reply", exact=True).click()
    desk.goto(f"/staff/orders/{order.pk}/")
    desk.get_by_role("button", name="Accept the reply").click()
    expect(desk.get_by_text("Done with").first).to_be_visible()
    shoot(desk, "done")


def test_a_new_order_says_what_is_missing_and_is_given(at_work, server, check_access, shoot):
    desk = at_work("supervisor", width=PHONE)
    desk.goto("/staff/orders/new/")
    desk.get_by_role("button", name="Give the order").click()
    expect(desk.get_by_text("Please fill this in.").first).to_be_visible()
    shoot(desk, "missing")
    check_access(desk)
    desk.get_by_label("What it is").select_option("rectification")
    desk.get_by_label("Unit", exact=True).select_option(label=people.unit("housing").name_en)
    desk.get_by_label("Reply by").fill(f"{clock.today() + timedelta(days=20):%F}")
    desk.get_by_label("Subject").fill("老旧小区电梯停运整改")
    desk.get_by_label("Grounds").fill("三个小区的电梯反复停运，居民多次反映。")
    desk.get_by_label("What the unit has to do").fill("逐台排查，限期修好，报送整改方案。")
    desk.get_by_role("button", name="Give the order").click()
    expect(desk.get_by_text("is given to the unit.")).to_be_visible()
    shoot(desk, "given")


def test_whoever_watches_over_nothing_has_no_board(at_work, desk):
    worker = at_work(people.gu())
    assert worker.request.get("/staff/watch/").status == 403
    clerk = at_work("callback")
    clerk.goto("/staff/orders/")
    expect(clerk.get_by_text("There are none.")).to_be_visible()
    assert clerk.request.get("/staff/orders/new/").status == 403
