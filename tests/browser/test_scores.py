"""督查室 compares the street's units, a head appeals, and every number opens its cases."""

from datetime import datetime, time, timedelta
from inspect import signature

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from yanlu.cases import returning, services
from yanlu.kernel import clock, followers
from yanlu.kernel.models import Entry
from yanlu.kernel.pictures import forget_all
from yanlu.oversight import scoreboard
from yanlu.people import services as registry
from yanlu.people.models import Unit
from yanlu.web.staff import urls

STREET = "310113003"
#: Where no other story happens, so that what is counted of a whole year is known.
QUIET_STREET = "310113008"


@pytest.fixture(scope="module")
def last_month(server):
    """Six matters of the enforcement team and two of the housing office, a month ago."""
    team, housing = (people.unit(name, STREET) for name in ("urban_management", "housing"))
    first = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=8)
    start = datetime.combine(first, time(10), clock.ZONE)
    six_matters(team, start)
    for number in range(2):
        one = matter(housing, start + timedelta(days=number))
        if number:
            settle(one, housing, start + timedelta(days=number, hours=30), 4)
    back = matter(housing, start + timedelta(days=3))
    with clock.at(start + timedelta(days=3, hours=1)):
        returning.return_case(
            actor=people.handler_of(housing), case_id=back.pk, reason="not_our_duty",
            explanation="应由城管处理。", evidence=people.DUTIES,
        )  # fmt: skip
    followers.drain()
    return start


def six_matters(unit, start):
    """All rated; five of them solved and satisfied."""
    for number in range(6):
        one = matter(unit, start + timedelta(days=number))
        settle(one, unit, start + timedelta(days=number, hours=20 + 9 * number), number)


def matter(unit, at):
    with clock.at(at):
        case = people.case_of(people.hand_in("车棚门口堆了建筑垃圾。", by=people.aunt_zhou()))
        return services.dispatch_case(
            actor=people.account("dispatcher"), case_id=case.pk,
            correction=services.Correction(unit_id=unit.pk),
        )  # fmt: skip


def settle(case, unit, at, number):
    """Answered, and rated by 周阿姨: mostly satisfied."""
    with clock.at(at):
        people.bring_to(case, ["accept", "start"])
        services.answer_case(actor=people.handler_of(unit), case_id=case.pk, form=people.form())
        services.rate_answer(
            actor=people.aunt_zhou(), case_id=case.pk, is_solved=number != 2,
            rating=services.Rating(
                outcome="dissatisfied" if number == 2 else "satisfied", note="还没清完。"
            ),
        )  # fmt: skip


def row(page, unit):
    return (
        page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=unit.name_en)).first
    )


def test_units_are_compared_and_every_number_opens_its_cases(
    at_work, last_month, check_access, shoot
):
    team, housing = (people.unit(name, STREET) for name in ("urban_management", "housing"))
    desk = at_work("supervisor")
    desk.goto("/staff/")
    desk.get_by_role("link", name="Scores", exact=True).click()
    desk.get_by_label("Units").select_option("subdistrict")
    desk.get_by_role("button", name="Show").click()
    first = row(desk, team)
    expect(first.get_by_role("link", name="83 % (5/6) Solved")).to_be_visible()
    expect(first.get_by_role("link", name="83 % (5/6) Satisfied")).to_be_visible()
    expect(first.get_by_role("cell").first).to_have_text("1")
    few = row(desk, housing)
    expect(few.get_by_text("a rate rests on 1 of at least 5 matters")).to_be_visible()
    check_access(desk)
    shoot(desk, "desk")

    first.get_by_role("link", name="83 % (5/6) Solved").click()
    expect(desk.get_by_text("6 of 6 are yours to see.")).to_be_visible()
    desk.get_by_role("link", name="Those that fulfil it").click()
    expect(desk.get_by_text("5 of 5 are yours to see.")).to_be_visible()
    expect(desk.locator(".finding")).to_have_count(5)
    expect(desk.locator(".finding").first).to_contain_text("in time, due")
    check_access(desk)
    shoot(desk, "cases")


def test_a_quarter_and_a_year_are_compared_like_a_month(at_work, last_month):
    team = people.unit("urban_management", QUIET_STREET)
    six_matters(team, last_month)
    followers.drain()
    desk = at_work("supervisor")
    for code in (f"{last_month:%Y}-Q{(last_month.month + 2) // 3}", f"{last_month:%Y}"):
        desk.goto("/staff/scores/?group=subdistrict")
        desk.get_by_label("Period").select_option(code)
        desk.get_by_role("button", name="Show").click()
        row(desk, team).get_by_role("link", name="83 % (5/6) Solved").click()
        expect(desk.get_by_text("6 of 6 are yours to see.")).to_be_visible()
        desk.get_by_role("link", name="Scores", exact=True).last.click()
        expect(desk.get_by_label("Period")).to_have_value(code)


def test_other_weights_are_tried_and_nothing_is_kept(at_work, last_month):
    page = at_work("analyst", javascript=False)
    page.goto("/staff/scores/?group=subdistrict")
    team = people.unit("urban_management", STREET)
    score = row(page, team).locator(".score__value").inner_text()
    for name in ("Answered", "First contact", "Solved", "Satisfied"):
        page.get_by_role("region", name="Try other weights").get_by_label(name, exact=True).fill(
            "0"
        )
    page.get_by_role("button", name="Try these weights").click()
    expect(page.get_by_text("A trial with other weights")).to_be_visible()
    expect(row(page, team).locator(".score__value")).to_have_text("100.0")
    page.get_by_role("link", name="Back to the weights in force").click()
    expect(row(page, team).locator(".score__value")).to_have_text(score)


def test_a_head_appeals_and_the_corrected_score_stands_beside_the_other(
    at_work, last_month, check_access, shoot
):
    team = people.unit("urban_management", STREET)
    head = at_work("head-enforcement", width=PHONE)
    head.goto("/staff/scores/")
    expect(head.locator(".figures-table--scores").first.locator("tbody tr")).to_have_count(2)
    before = row(head, team).locator(".score__value").inner_text()
    head.get_by_text("Appeal this score").click()
    head.get_by_label("What is wrong with the score").fill("其中一件系重复派单，不应计入我队。")
    check_access(head)
    shoot(head, "appealing")
    head.get_by_role("button", name="Send the appeal").click()
    expect(head.get_by_text("Your appeal waits for a supervisor.")).to_be_visible()

    desk = at_work("supervisor", language="zh-hans")
    desk.goto("/staff/scores/?group=subdistrict")
    desk.get_by_label("更正后的得分").fill("97.5")
    desk.get_by_label("复核理由").fill("重复派单属实，予以更正。")
    check_access(desk)
    shoot(desk, "deciding")
    desk.get_by_role("button", name="作出复核决定").click()
    expect(desk.locator(".score__value").first).to_have_text("97.5")
    expect(desk.get_by_text(f"系统测算 {before}")).to_be_visible()
    shoot(desk, "decided")


@pytest.fixture
def long_name(last_month):
    """The housing office under as long a name as there may be."""
    housing = people.unit("housing", STREET)
    known = Unit.objects.filter(pk=housing.pk)
    known.update(name="友谊路街道房屋管理" * 8, name_en="Housing and real estate office " * 5)
    forget_all()
    yield
    known.update(name=housing.name, name_en=housing.name_en)
    forget_all()


@pytest.mark.parametrize(("width", "dark"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_it_fits_and_is_open_to_everybody(at_work, long_name, check_access, shoot, width, dark):
    page = at_work("supervisor", width=width, dark=dark, language="zh-hans" if dark else "en")
    page.goto("/staff/scores/?group=subdistrict")
    check_access(page)
    shoot(page, f"{width}-{dark}")
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_a_period_without_any_matter_says_so(at_work, last_month, check_access, shoot):
    page = at_work("analyst")
    page.goto("/staff/scores/?group=department&period=2025-03")
    expect(page.get_by_text("No unit had a matter in this period.")).to_be_visible()
    check_access(page)
    shoot(page)


def test_weights_and_the_least_number_are_edited_and_journaled(at_work):
    page = at_work("administrator")
    page.goto("/admin/oversight/scoreweight/add/")
    page.locator("#id_group").select_option("department")
    page.locator("#id_rate").select_option("returned")
    page.locator("#id_weight").fill("10")
    page.locator("#id_valid_from").fill("2099-01-01")
    page.locator("[name=_save]").click()
    written = Entry.objects.filter(verb="configuration.added").latest("id")
    assert (written.subject_type, written.data["added"]["weight"]) == ("score_weight", 10)
    page.goto("/admin/oversight/scorepolicy/add/")
    expect(page.locator("#id_least")).to_have_value("5")


def test_no_door_leads_to_the_score_of_a_person():
    doors = [one for one in urls.urlpatterns if one.name.startswith("score")]
    assert {name for door in doors for name in door.pattern.converters} == {"appeal_id"}
    asked = signature(scoreboard.cases_behind).parameters
    assert set(asked) == {"account", "code", "period", "unit_id", "is_part", "page"}


def test_who_may_not_see_them(at_work, last_month):
    team = people.unit("urban_management", STREET)
    for who in (people.handler_of(team), "callback", "grid-worker"):
        page = at_work(who)
        page.goto("/staff/")
        expect(page.get_by_role("link", name="Scores", exact=True)).to_have_count(0)
        assert page.goto("/staff/scores/").status == 403
    stranger = registry.create_account(
        actor=people.TESTS, username="head-housing", display_name="房办主任", password=None
    )
    registry.grant_role(
        actor=people.TESTS, account=stranger, name="head", unit=people.unit("housing", STREET)
    )
    page = at_work(stranger)
    address = f"/staff/scores/cases/?rate=solved&unit={team.pk}"
    assert page.goto(address).status == 404
    page.goto("/staff/scores/")
    expect(page.get_by_role("rowheader", name=team.name_en)).to_have_count(0)
