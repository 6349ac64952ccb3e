"""督查室 has the last month told: drawn up, edited, issued, received; a sample looked at on site."""

import re
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import photo
from tests.browser.test_scores import matter, settle
from yanlu.kernel import clock, followers
from yanlu.oversight import reporting, reports
from yanlu.oversight.models import Inspection, Report
from yanlu.oversight.reporting import Wanted
from yanlu.people import selectors as staff
from yanlu.people import services as registry
from yanlu.places.selectors import place_by_code
from yanlu.places.territory import COMMUNITY

GUCUN = "310113109"
#: Where 小顾 stands.
HERE = {"latitude": 31.39, "longitude": 121.49}


@pytest.fixture(scope="module")
def past(server):
    """Matters of 顾村's enforcement team and housing office, in the last month and quarter."""
    units = [people.unit(name, GUCUN) for name in ("urban_management", "housing")]
    for period in (last(reports.MONTHLY), last(reports.QUARTERLY)):
        start = datetime.combine(period.first + timedelta(days=7), time(10), clock.ZONE)
        for number in range(6):
            at = start + timedelta(days=number)
            one = matter(units[number % 2], at)
            if number < 5:
                settle(one, units[number % 2], at + timedelta(hours=20), number)
    followers.drain()
    return units


def last(kind):
    return reports.last_whole(kind, clock.today())


def drawn(kind=reports.MONTHLY, **wanted) -> Report:
    """A draft, as the worker draws it up."""
    asked = reporting.ask_report(
        actor=people.account("supervisor"), wanted=Wanted(kind, last(kind), **wanted)
    )
    reporting.draw_up(report_id=asked.pk)
    return Report.objects.get(pk=asked.pk)


def issued(units, kind=reports.MONTHLY, **wanted) -> Report:
    report = drawn(kind, **wanted)
    return reporting.issue_report(
        actor=people.account("supervisor"), report_id=report.pk,
        unit_ids=[unit.pk for unit in units], version=report.version,
    )  # fmt: skip


def fits(page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def asked_for(page, kind: str) -> Report:
    """The report that the page has just asked for."""
    page.get_by_label(kind).check()
    page.get_by_role("button", name="Draw it up").click()
    expect(page.get_by_text("It is being drawn up.")).to_be_visible()
    return Report.objects.get(pk=int(re.findall(r"\d+", page.url.split("/reports/")[1])[0]))


def test_a_bulletin_is_asked_for_edited_issued_and_received(at_work, past, check_access, shoot):
    desk = at_work("supervisor")
    desk.goto("/staff/")
    desk.get_by_role("link", name="Reports", exact=True).click()
    desk.get_by_role("link", name="Draw up a report").click()
    check_access(desk)
    shoot(desk, "new")
    report = asked_for(desk, "Monthly bulletin")
    assert (report.first, report.end) == (last("monthly").first, last("monthly").end)
    check_access(desk)
    shoot(desk, "asked")
    reporting.draw_up(report_id=report.pk)
    expect(desk.get_by_role("heading", name="一、收办情况")).to_be_visible()  # all by itself
    chart = desk.get_by_role("img", name="收到与答复件数")
    expect(chart).to_be_visible()
    desk.locator("figure", has=chart).get_by_text("As a table").click()
    expect(desk.locator("figure", has=chart).get_by_role("table")).to_be_visible()
    check_access(desk)
    shoot(desk, "draft")

    office = at_work("research")
    office.goto(desk.url)
    expect(office.get_by_role("button", name="Issue the report")).to_have_count(0)
    office.get_by_role("link", name="Edit", exact=True).click()
    demands = office.get_by_label("六、工作要求")
    demands.fill("")
    check_access(office)
    shoot(office, "edit")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_text("To be written")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("these sections have to be written: 工作要求")).to_be_visible()
    desk.get_by_role("link", name="Write them").click()
    desk.get_by_label("六、工作要求").fill("请逐项整改，五个工作日内回复。")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("请逐项整改，五个工作日内回复。")).to_be_visible()

    desk.get_by_role("button", name="Issue the report").click()
    expect(desk.get_by_text("Choose at least one unit of this place.")).to_be_visible()
    desk.get_by_label(past[0].name_en, exact=True).check()
    desk.get_by_label(past[1].name_en, exact=True).check()
    check_access(desk)
    shoot(desk, "issue")
    desk.get_by_role("button", name="Issue the report").click()
    expect(desk.get_by_text("sent to 2 units.")).to_be_visible()
    expect(desk.get_by_text("0 of 2 units have confirmed")).to_be_visible()
    for name, end in (("Paper as .docx", ".docx"), ("Figures as .xlsx", ".xlsx")):
        with desk.expect_download() as download:
            desk.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(end)

    unit = at_work(people.handler_of(past[0]), width=PHONE)
    receive(unit, report, check_access, shoot)
    desk.reload()
    expect(desk.get_by_text("1 of 2 units have confirmed")).to_be_visible()
    check_access(desk)
    shoot(desk, "receipts")


def receive(unit, report, check_access, shoot) -> None:
    """A member of the unit finds the report, reads it and confirms."""
    unit.goto("/staff/reports/")
    expect(unit.get_by_text("Not yet confirmed").first).to_be_visible()
    unit.get_by_role("link", name=report.title).first.click()
    check_access(unit)
    shoot(unit, "to-confirm")
    unit.get_by_role("button", name="Confirm receipt").click()
    expect(unit.get_by_text("Its receipt is confirmed.")).to_be_visible()
    expect(unit.get_by_role("button", name="Confirm receipt")).to_have_count(0)


def test_a_sample_is_looked_at_on_a_phone_and_what_failed_gets_an_order(
    at_work, past, check_access, shoot
):
    report = drawn(reports.QUARTERLY, sample=3)
    first, second, _third = report.inspections.order_by("nth")
    gu = at_work("grid-worker", width=PHONE, geolocation=HERE, permissions=["geolocation"])
    gu.goto("/staff/patrol/")
    gu.get_by_role("link", name="On-site checks").click()
    group = gu.get_by_role("region", name=report.title)
    expect(group.locator(".finding")).to_have_count(3)
    check_access(gu)
    shoot(gu, "list")
    group.locator(f"a[href$='/{first.pk}/']").click()
    expect(gu.get_by_text(first.unit.name_en)).to_be_visible()
    gu.get_by_role("button", name="Record it").click()
    expect(gu.get_by_text("Please choose.")).to_be_visible()
    gu.get_by_label("Not solved").check()
    gu.get_by_label("What do you see?").fill("车棚门口还有两堆砖头。")
    gu.get_by_role("button", name="Record it").click()
    expect(gu.get_by_text("Add a photo of how it is now.")).to_be_visible()
    gu.get_by_label("Photo of how it is now").set_input_files(photo("olive"))
    gu.get_by_role("button", name="Use my position").click()
    expect(gu.get_by_label("Latitude")).to_have_value("31.390000")
    assert fits(gu)
    check_access(gu)
    shoot(gu, "form")
    gu.get_by_role("button", name="Record it").click()
    expect(gu.get_by_text("is recorded.")).to_be_visible()
    expect(group.locator(".finding")).to_have_count(2)
    gu.goto(f"/staff/inspections/{first.pk}/")
    expect(gu.get_by_text("Not solved")).to_be_visible()
    expect(gu.get_by_role("button", name="Record it")).to_have_count(0)
    check_access(gu)
    shoot(gu, "looked-at")
    gu.goto(f"/staff/inspections/{second.pk}/")
    gu.get_by_label("Could not be seen").check()
    gu.get_by_label("What do you see?").fill("大门锁着，进不去。")
    gu.get_by_role("button", name="Record it").click()
    expect(group.locator(".finding")).to_have_count(1)

    desk = at_work("supervisor")
    desk.goto(f"/staff/reports/{report.pk}/")
    expect(desk.get_by_text("已到现场核查1件，真正解决0件")).to_be_visible()
    sample = desk.get_by_role("region", name="Cases drawn by chance")
    expect(sample.get_by_role("listitem")).to_have_count(3)
    expect(sample.get_by_role("img", name="Photo on site")).to_be_visible()
    check_access(desk)
    shoot(desk, "sample")
    picture = f"/staff/inspections/{first.pk}/photo.jpg"
    assert desk.request.get(picture).headers["content-type"] == "image/jpeg"
    assert at_work(people.handler_of(past[0])).request.get(picture).status == 404
    sample.get_by_role("link", name="Give an order").click()
    expect(desk.get_by_label("About the case")).to_have_value(
        Inspection.objects.get(pk=first.pk).case.number
    )


def test_days_that_make_no_report_are_refused_where_they_were_typed(at_work, past, shoot):
    desk = at_work("supervisor")
    desk.goto("/staff/reports/new/")
    days = desk.get_by_label("First day"), desk.get_by_label("Last day")
    expect(desk.get_by_label("Closed cases to look at on site")).to_be_hidden()
    desk.get_by_label("Quarterly inspection").check()
    expect(days[0]).to_have_value(f"{last('quarterly').first:%F}")
    expect(days[1]).to_have_value(f"{last('quarterly').last:%F}")
    many = desk.get_by_label("Closed cases to look at on site")
    many.fill("4000")
    desk.get_by_role("button", name="Draw it up").click()
    expect(field(desk, "sample")).to_contain_text("Draw at most 400 cases.")
    many.fill("5")
    for first, end, wrong, words in (
        ("2026-01-01", f"{clock.today() + timedelta(days=9):%F}", "last", "not over yet"),
        ("2026-01-01", "9999-12-31", "last", "not over yet"),
        ("2026-02-01", "2026-01-01", "last", "lies before the first"),
        ("0001-01-01", "2026-01-01", "first", "from the year 2000 on"),
    ):
        days[0].fill(first)
        days[1].fill(end)
        desk.get_by_role("button", name="Draw it up").click()
        expect(field(desk, wrong)).to_contain_text(words)
        expect(days[1]).to_have_value(end)
    shoot(desk)


def field(page, name):
    return page.locator(f"[data-field='{name}']")


def test_a_unit_outside_the_place_and_a_level_beside_it_are_refused(at_work, past):
    desk = at_work("supervisor")
    desk.goto("/staff/reports/new/")
    desk.locator("#id_unit").select_option(str(past[0].pk))
    desk.locator("#id_level").select_option("3")
    desk.get_by_role("button", name="Draw it up").click()
    expect(field(desk, "unit")).to_contain_text("Choose a unit or a level, not both.")
    desk.locator("#id_level").select_option("")
    desk.locator("#id_place").select_option(str(place_by_code(people.BAOLIN).id))
    desk.get_by_role("button", name="Draw it up").click()
    expect(field(desk, "unit")).to_contain_text("does not lie in the place")
    desk.locator("#id_place").select_option("")
    report = asked_for(desk, "Weekly summary")
    assert report.unit == past[0]
    expect(desk.get_by_text(past[0].name_en)).to_be_visible()
    desk.get_by_role("button", name="Give it up").click()
    expect(desk.get_by_text("The report is put away.")).to_be_visible()
    expect(desk.get_by_role("link", name=report.title)).to_have_count(0)


def test_two_who_edit_at_once_lose_nothing(at_work, past, check_access, shoot):
    report = drawn()
    mine, theirs = at_work("supervisor"), at_work("research")
    for page in (mine, theirs):
        page.goto(f"/staff/reports/{report.pk}/edit/")
    theirs.get_by_label("六、工作要求").fill("研究室的要求。")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("It is saved.")).to_be_visible()
    mine.get_by_label("Title").fill("督查室的标题")
    mine.get_by_label("六、工作要求").fill("督查室的要求。")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text("Somebody else has changed the report")).to_be_visible()
    expect(mine.get_by_label("六、工作要求")).to_have_value("督查室的要求。")
    mine.locator(".overtaken summary").get_by_text("工作要求").click()
    expect(mine.get_by_text("研究室的要求。")).to_be_visible()
    check_access(mine)
    shoot(mine, "overtaken")
    mine.get_by_label("Title").fill(" ")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text("Please fill this in.")).to_be_visible()
    mine.get_by_label("Title").fill("督查室的标题")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", name="督查室的标题")).to_be_visible()
    expect(mine.get_by_text("督查室的要求。")).to_be_visible()

    theirs.goto(f"/staff/reports/{report.pk}/edit/")
    theirs.get_by_label("Title").fill("来晚了的标题")
    mine.get_by_text("Discard the draft").click()
    mine.get_by_role("button", name="Discard it").click()
    expect(mine.get_by_text("The report is put away.")).to_be_visible()
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("the report is no longer a draft")).to_be_visible()
    expect(theirs.get_by_label("Title")).to_have_value("来晚了的标题")
    expect(theirs.get_by_role("button", name="Save")).to_have_count(0)


def test_by_keyboard_alone(at_work, past):
    report = drawn()
    page = at_work("supervisor")
    page.goto("/staff/")
    press, typing = page.keyboard.press, page.keyboard.type
    press("g")
    press("t")
    expect(page.get_by_role("heading", name="Reports of supervision")).to_be_visible()
    page.wait_for_load_state()
    press("j")
    expect(page.get_by_role("link", name=report.title).first).to_be_focused()
    press("Enter")
    expect(page.get_by_role("heading", name=report.title)).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).focus()
    press("Enter")
    title = page.get_by_label("Title")
    expect(title).to_be_visible()
    title.focus()
    press("Control+A")
    typing("键盘写的标题")
    press("Control+Enter")
    expect(page.get_by_role("heading", name="键盘写的标题")).to_be_visible()
    group = page.get_by_label(re.compile("Subdistricts"))
    group.focus()
    press("Space")
    press("Control+Enter")
    expect(page.get_by_text("units have confirmed")).to_be_visible()


def test_without_script(at_work, past):
    page = at_work("supervisor", javascript=False)
    page.goto("/staff/reports/new/")
    page.get_by_role("link", name="Annual summary").click()
    expect(page.get_by_label("First day")).to_have_value(f"{last('annual').first:%F}")
    page.get_by_role("button", name="Draw it up").click()
    expect(page.locator("noscript p")).to_have_text("Please load this page again in a minute.")
    report = Report.objects.latest("pk")
    assert report.kind == "annual"
    reporting.draw_up(report_id=report.pk)
    page.reload()
    expect(page.get_by_text("To be written").first).to_be_visible()


@pytest.mark.parametrize(
    ("width", "dark"), [(PHONE, True), (DESK, True), (PHONE, False), (DESK, False)]
)
def test_it_fits_and_is_open_to_everybody(at_work, past, check_access, shoot, width, dark):
    quarterly = drawn(reports.QUARTERLY, sample=2)
    half = drawn(reports.HALF_YEAR)
    out = issued(past)
    waiting = quarterly.inspections.order_by("nth").first()
    page = at_work("supervisor", width=width, dark=dark, language="zh-hans" if dark else "en")
    for name, address in {
        "list": "/staff/reports/",
        "new": "/staff/reports/new/?kind=quarterly",
        "quarterly": f"/staff/reports/{quarterly.pk}/",
        "half-year": f"/staff/reports/{half.pk}/",
        "issued": f"/staff/reports/{out.pk}/",
        "edit": f"/staff/reports/{half.pk}/edit/",
        "inspections": "/staff/inspections/",
        "inspection": f"/staff/inspections/{waiting.pk}/",
    }.items():
        assert page.goto(address).status == 200
        check_access(page)
        shoot(page, name)
        assert fits(page), name


def test_nothing_yet_says_what_will_come(at_work, server, check_access, shoot):
    unit = next(one for one in staff.units() if one.level == COMMUNITY)
    nobody = registry.create_account(
        actor=people.TESTS, username="reads-reports", display_name="闲", password=None
    )
    registry.grant_role(actor=people.TESTS, account=nobody, name="handler", unit=unit)
    page = at_work(nobody)
    page.goto("/staff/reports/")
    expect(page.get_by_text("those that are sent to your unit, appear here")).to_be_visible()
    check_access(page)
    shoot(page)
    far = at_work("grid-worker-baolin")
    Inspection.objects.filter(finding="").update(finding="unseen")
    far.goto("/staff/inspections/")
    expect(far.get_by_text("Nothing waits to be looked at.")).to_be_visible()


def test_who_may_not_see_them(at_work, past):
    report, draft = issued(past[:1]), drawn()
    own, other = (at_work(people.handler_of(unit)) for unit in past)
    assert own.goto(f"/staff/reports/{report.pk}/").status == 200
    expect(own.get_by_text("Receipts")).to_be_visible()
    assert own.goto(f"/staff/reports/{draft.pk}/").status == 404
    assert own.goto("/staff/reports/new/").status == 403
    assert own.goto("/staff/inspections/").status == 403
    own.goto(f"/staff/reports/{report.pk}/edit/")
    expect(own).to_have_url(re.compile(f"/reports/{report.pk}/$"))
    for address in ("", "docx/", "xlsx/", "ready/"):
        assert other.goto(f"/staff/reports/{report.pk}/{address}").status == 404
    for who in ("callback", "grid-worker"):
        page = at_work(who)
        page.goto("/staff/")
        expect(page.get_by_role("link", name="Reports", exact=True)).to_have_count(0)
        assert page.goto("/staff/reports/").status == 403
