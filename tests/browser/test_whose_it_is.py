"""Who has to settle it, and by when: stories of disagreement and of more time, on the pages."""

from datetime import timedelta

from playwright.sync_api import expect

from tests import people
from tests.browser.steps import act, events
from yanlu.cases.models import Case
from yanlu.kernel import clock


def at_the_team() -> Case:
    """周阿姨's heap on the stairs, dispatched to the subdistrict's enforcement team."""
    return people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ("dispatch",))


def do(page, name: str, button: str = "", **filled: str) -> None:
    """Carry an act out with what is filled in, by label."""
    form = act(page, name)
    for label, text in filled.items():
        form.get_by_label(label.replace("_", " ")).first.fill(text)
    form.get_by_role("button", name=button or name).click()


def test_returned_refused_disputed_and_settled_for_good(at_work, check_access, shoot):
    case = at_the_team()
    team = at_work(people.handler_of(case.lead_unit))
    team.goto(f"/staff/cases/{case.pk}/")
    form = act(team, "Return the case")
    form.get_by_label("Reason").select_option(index=1)
    form.get_by_label("Explanation").fill("楼道里的东西应由物业处理。")
    form.get_by_role("button", name="Return the case").click()
    expect(team.get_by_role("alert").first).to_contain_text("Nothing was sent yet")
    form = act(team, "Return the case")
    form.get_by_label("What proves it").fill(people.DUTIES)
    form.get_by_role("button", name="Return the case").click()
    expect(team.get_by_text("Returned to the dispatcher.")).to_be_visible()

    desk = at_work("dispatcher")
    desk.goto(f"/staff/cases/{case.pk}/")
    expect(desk.locator(".timeline")).to_contain_text(people.DUTIES)
    do(desk, "Refuse the return", Explanation="条例第十二条写明由你队处理。")
    expect(desk.get_by_text("which may dispute that once")).to_be_visible()

    team.goto(f"/staff/cases/{case.pk}/")
    expect(team.locator("summary", has_text="Return the case")).to_have_count(0)
    do(team, "Dispute it", Explanation="条例第二十条写明由房管部门处理。")
    expect(team.get_by_text("Whoever is above both decides now.")).to_be_visible()

    above = at_work("supervisor")
    above.goto("/staff/")
    above.get_by_role("link", name="To settle").first.click()
    expect(above.locator("main")).to_contain_text(case.number)
    above.goto(f"/staff/cases/{case.pk}/")
    form = act(above, "Settle the dispute")
    housing = people.unit("housing", "310113003")
    form.locator("[name=unit]").select_option(str(housing.pk))
    form.get_by_label("Explanation").fill("经研究，由房管办主办。")
    shoot(above)
    check_access(above)
    form.get_by_role("button", name="Settle the dispute").click()
    expect(above.get_by_text("can't return the case").first).to_be_visible()

    page = at_work(people.handler_of(housing))
    page.goto(f"/staff/cases/{case.pk}/")
    expect(page.locator("summary", has_text="Return the case")).to_have_count(0)
    case.refresh_from_db()
    assert case.lead_unit_id == housing.pk
    assert case.due_at == case.first_due_at


def test_more_time_needs_two_words_and_the_resident_reads_why(at_work, check_access, shoot, phone):
    case = at_the_team()
    team = at_work(people.handler_of(case.lead_unit))
    team.goto(f"/staff/cases/{case.pk}/")
    form = act(team, "Ask for more time")
    form.get_by_label("Reason").select_option(index=1)
    form.get_by_label("Until").fill(f"{case.due_at + timedelta(days=2):%Y-%m-%d}")
    form.get_by_label("Explanation").fill("要搭脚手架，下周才能完工。")
    shoot(team)
    check_access(team)
    form.get_by_role("button", name="Ask for more time").click()
    expect(team.get_by_text("Your head reviews it")).to_be_visible()

    desk = at_work("dispatcher")
    desk.goto(f"/staff/cases/{case.pk}/")
    expect(desk.get_by_role("button", name="Grant the extension")).to_have_count(0)
    head = at_work("head-enforcement")
    head.goto(f"/staff/cases/{case.pk}/")
    head.get_by_role("button", name="Support the extension").click()
    desk.reload()
    desk.get_by_role("button", name="Grant the extension").click()
    expect(desk.get_by_text("The resident is told the new date and why.")).to_be_visible()

    phone.goto(f"/matter/{case.submission.query_code}/")
    expect(phone.locator(".steps")).to_contain_text("要搭脚手架，下周才能完工。")


def test_a_neighbourhood_hands_up_and_gets_nothing_that_is_not_on_its_list(at_work):
    case = at_the_team()
    desk = at_work("dispatcher")
    desk.goto(f"/staff/cases/{case.pk}/")
    form = act(desk, "Transfer to another unit")
    committee = people.unit("neighbourhood_committee", people.BAOLIN)
    form.locator("[name=unit]").select_option(str(committee.pk))
    form.get_by_label("Explanation").fill("请居委会先上门看一看。")
    form.get_by_role("button", name="Transfer").click()
    expect(desk.get_by_text("Transferred. The clock runs on.")).to_be_visible()

    near = at_work("handler-baolin")
    near.goto(f"/staff/cases/{case.pk}/")
    form = act(near, "Hand it up")
    form.get_by_label("Reason").select_option(index=1)
    form.get_by_label("What you did already").fill("上门三次，劝过，贴过通知，户主不肯搬。")
    form.get_by_role("button", name="Hand it up").click()
    expect(near.get_by_text("Handed up to the level above.")).to_be_visible()
    assert events(case)[-1] == "case.raised"

    wages = people.case_of(people.hand_in("工地拖欠农民工工资三个月，包工头跑了。"))
    people.bring_to(wages, ("dispatch",))
    desk.goto(f"/staff/cases/{wages.pk}/")
    form = act(desk, "Transfer to another unit")
    form.locator("[name=unit]").select_option(str(committee.pk))
    form.get_by_label("Explanation").fill("请居委会了解一下情况。")
    form.get_by_role("button", name="Transfer").click()
    expect(desk.get_by_text("Not on the list of what a neighbourhood may be given")).to_be_visible()


def test_what_can_not_be_done_now_is_suspended_to_a_date(at_work):
    case = people.bring_to(at_the_team(), ("accept", "start"))
    desk = at_work("dispatcher")
    desk.goto(f"/staff/cases/{case.pk}/")
    form = act(desk, "Suspend to a date")
    form.get_by_label("Until").fill("2001-01-01")
    form.get_by_label("Explanation").fill("管道改造列入明年计划。")
    form.get_by_role("button", name="Suspend").click()
    expect(desk.get_by_text("Choose a date within a year.")).to_be_visible()
    form = act(desk, "Suspend to a date")
    form.get_by_label("Until").fill(f"{clock.today() + timedelta(days=90):%Y-%m-%d}")
    form.get_by_role("button", name="Suspend").click()
    expect(desk.get_by_text("taken up again by itself on that day")).to_be_visible()
    desk.get_by_role("button", name="Take it up again").click()
    expect(desk.get_by_text("Taken up again.")).to_be_visible()
    case.refresh_from_db()
    assert case.state == "in_handling"
