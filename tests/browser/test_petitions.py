"""顾老伯 gets it in writing, has it reviewed twice, and prints each paper; on the pages."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests import people
from tests.browser.steps import act, waiting
from yanlu.cases.models import Case
from yanlu.kernel import clock

PARTS = {
    "What the resident asks for": "要求在外环高架宝林一村段加装声屏障，并书面答复。",
    "Facts and reasons": "经夜间监测，临路一侧室外噪声为63分贝，超过限值；该路段未设声屏障。",
    "The decision in words": "声屏障列入今年降噪工程，9月底前完工，完工后再测一次。",
    "Laws and rules": "《中华人民共和国噪声污染防治法》第五十五条。",
}


def decide(page: Page, case: Case, name: str, outcome: str, button: str) -> None:
    """Sign an opinion, as the head of a unit."""
    page.goto(f"/staff/cases/{case.pk}/")
    form = act(page, name)
    for label, text in PARTS.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was sent yet")
    act(page, name).get_by_label(outcome).check()
    act(page, name).get_by_role("button", name=button).click()


def test_a_petition_from_the_first_paper_to_the_last(
    signed_in, at_work, check_access, shoot, open_page
):
    case = waiting(people.BARRIER, by=people.old_gu(), kind="complaint")
    mine = f"/matter/{case.submission.query_code}/"
    resident = signed_in(people.old_gu())
    resident.goto(mine)
    resident.get_by_text("Ask for a written decision").first.click()
    shoot(resident, "asking")
    check_access(resident)
    resident.get_by_label("What should be decided?").fill("声屏障到底装不装，什么时候装？")
    resident.get_by_role("button", name="Ask for a written decision").click()
    expect(resident.get_by_text("Received. The dates stand on this page.")).to_be_visible()

    desk = at_work("dispatcher")
    desk.goto(f"/staff/cases/{case.pk}/")
    form = act(desk, "Dispatch")
    form.locator("[name=unit]").select_option(str(people.unit("traffic").pk))
    form.get_by_role("button", name="Dispatch").click()
    form = act(desk, "Give notice of acceptance")
    form.get_by_label("What is accepted").fill("要求在外环高架宝林一村段加装声屏障。")
    form.get_by_label("Whom to ask").fill("区交通委信访科，56789012")
    form.get_by_role("button", name="Give notice").click()
    expect(desk.get_by_text("Notice given.")).to_be_visible()
    case.refresh_from_db()
    people.bring_to(case, ("accept", "start"))

    resident.goto(mine)
    resident.get_by_role("link", name="Notice that a petition is accepted").click()
    expect(resident.locator("main")).to_contain_text("区交通委信访科，56789012")
    shoot(resident, "notice")
    check_access(resident)

    head = at_work("head-traffic")
    decide(head, case, "Issue the opinion", "The request is supported", "Issue it")
    shoot(head, "opinion")
    check_access(head)

    until = clock.today() + timedelta(days=30)
    resident.goto(mine)
    expect(resident.locator("#petition")).to_contain_text(f"{until:%-d %B}")
    expect(resident.get_by_text("Is it settled?")).to_have_count(0)
    shoot(resident, "decided")
    check_access(resident)
    resident.get_by_label("What is wrong with the decision?").fill(
        "去年也是这样说的，没有写明工期。"
    )
    resident.get_by_role("button", name="Ask for a review").click()

    desk.goto("/staff/?view=petitions")
    expect(desk.locator("main")).to_contain_text(case.number)
    shoot(desk, "queue")
    desk.goto(f"/staff/cases/{case.pk}/")
    form = act(desk, "Name who reviews it")
    shoot(desk, "naming")
    check_access(desk)
    form.locator("[name=unit]").select_option(str(people.unit("government").pk))
    form.get_by_role("button", name="Name it").click()
    expect(desk.get_by_text("The unit's head decides the review.")).to_be_visible()

    above = at_work("head-district", width=390)
    above.goto("/staff/?view=petitions")
    expect(above.locator("main")).to_contain_text(case.number)
    decide(above, case, "Decide the review", "The opinion is upheld", "Issue the decision")
    expect(above.locator(".opinion").last).to_contain_text("Opinion of the review")
    shoot(above, "reviewed")

    resident = signed_in(people.old_gu(), width=1440, language="zh-hans")
    resident.goto(mine)
    resident.locator("#id_why").fill("复查意见仍然没有写明工期。")
    resident.locator("#ask button[type=submit]").click()
    desk.reload()
    form = act(desk, "Name who reviews it")
    form.locator("[name=unit]").select_option(str(people.unit("government", "310000").pk))
    form.get_by_role("button", name="Name it").click()
    city = at_work("head-city")
    decide(city, case, "Decide the second review", "The opinion is changed", "Issue the decision")
    case.refresh_from_db()
    assert case.state == "final"

    resident.goto(mine)
    shoot(resident, "final")
    check_access(resident)
    resident.goto(f"{mine}paper/second_review/")
    shoot(resident, "paper")
    check_access(resident)
    resident.emulate_media(media="print")
    expect(resident.locator(".paper-tools")).to_be_hidden()
    stranger = open_page(language="zh-hans")
    assert stranger.goto(f"{mine}paper/nothing/").status == 404
