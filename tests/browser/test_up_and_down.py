"""Up from the neighbourhood, down to two departments, and back to the resident, on the pages.

Also: two matters in one breath, a danger at night, and somebody who must not see a case.
"""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests import people
from tests.browser.steps import act, carry_out, choose, events, on_case, press, waiting
from yanlu.kernel import clock, followers

COMMITTEE = ("neighbourhood_committee", people.BAOLIN)
HEAP = "宝林一村3号楼的楼道里堆满旧家具，居委会劝过几次，户主就是不肯搬，请管一管楼道堆物。"


def answer(page: Page, points: str, facts: str) -> None:
    carry_out(
        page, "Answer", "Answered.", "Send the answer", facts_found="yes", facts=facts,
        appeal_recognised="yes", appeal="占用楼道影响全楼出入，应当清走。", points=points,
        result="solved", way="phone",
    )  # fmt: skip


def test_up_to_the_centre_down_to_two_departments_and_done_when_she_says_so(
    at_work, phone, shoot, check_access
):
    case = waiting(HEAP, by=people.aunt_zhou())
    near, desk = at_work("handler-baolin"), at_work("dispatcher")
    committee, housing, team = (
        people.unit(*COMMITTEE), people.unit("housing", "310113003"),
        people.unit("urban_management", "310113003"),
    )  # fmt: skip

    # The centre gives it to the neighbourhood, which can't: up it goes, with what was tried.
    carry_out(on_case(desk, case), "Dispatch", "Dispatched.", unit=str(committee.pk))
    carry_out(
        on_case(near, case), "Hand it up", "Handed up to the level above.", reason="beyond_remit",
        explanation="上门三次，户主不肯搬，居委会没有执法权。",
    )  # fmt: skip

    # The centre sends it to the housing office in the lead; the street's team assists.
    form = act(on_case(desk, case), "Dispatch")
    form.locator("[name=unit]").select_option(str(housing.pk))
    form.locator("summary", has_text="Assisting units").click()
    form.locator(f"[name=assisting][value='{team.pk}']").check()
    shoot(desk, "two-departments")
    form.get_by_role("button", name="Dispatch").click()
    expect(desk.get_by_text("Dispatched.").first).to_be_visible()
    case.refresh_from_db()
    promised = case.first_due_at

    # The lead takes it on and needs more time, which takes two words.
    lead = at_work(people.handler_of(housing))
    press(on_case(lead, case), "Accept", "Accepted by your unit.")
    press(lead, "Start handling", "Handling has started.")
    carry_out(
        lead, "Ask for more time", "Your head reviews it", reason="weather",
        until=f"{case.due_at + timedelta(days=2):%Y-%m-%d}", explanation="连日暴雨，清运车进不了小区。",
    )  # fmt: skip
    press(on_case(at_work(people.head_of(housing)), case), "Support the extension", "Supported.")
    press(on_case(desk, case), "Grant the extension", "Granted.")

    # No answer before the assisting unit has done its part.
    expect(on_case(lead, case).locator("summary", has_text="Send the answer")).to_have_count(0)
    helper = at_work("handler-enforcement")
    carry_out(
        on_case(helper, case), "Report your part", "Your unit's part is reported.",
        contribution="已当面告知户主限期搬离，并开了责令改正通知。",
    )  # fmt: skip
    answer(
        on_case(lead, case),
        "您好，3号楼楼道里的旧家具已全部运走。",
        "二楼到四楼有旧橱柜五件、床垫两张。",
    )
    shoot(lead, "answered")
    check_access(lead)

    # The callback hears that it is not settled; it is handled again, and she says that it is.
    clerk = at_work("callback")
    press(on_case(clerk, case), "Begin the callback", "The callback has begun.")
    form = act(clerk, "Record the callback")
    choose(form, "Did you reach the resident?", "Yes")
    choose(form, "Does the resident call it solved?", "No")
    form.locator("[name=note]").fill("五楼还有一张床垫没有搬。")
    form.get_by_role("button", name="Record the callback").click()
    expect(clerk.get_by_text("The callback is recorded.")).to_be_visible()
    answer(
        on_case(lead, case), "您好，五楼的床垫今天上午也搬走了，楼道贴了公示。",
        "五楼平台确有一张旧床垫。",
    )  # fmt: skip
    press(on_case(clerk, case), "Begin the callback", "The callback has begun.")
    form = act(clerk, "Record the callback")
    choose(form, "Did you reach the resident?", "Yes")
    choose(form, "Does the resident call it solved?", "Yes")
    form.get_by_role("button", name="Record the callback").click()
    expect(clerk.get_by_text("The callback is recorded.")).to_be_visible()

    case.refresh_from_db()
    assert case.state == "closed"
    assert case.first_due_at == promised, "no clock started anew"
    phone.goto(f"/matter/{case.submission.query_code}/")
    for told in ("上门三次", "连日暴雨", "五楼的床垫今天上午也搬走了"):
        expect(phone.locator("main")).to_contain_text(told)
    shoot(phone, "told")
    desk.goto("/staff/levels/")
    expect(desk.locator("main")).to_contain_text("Solved inside the neighbourhood")
    shoot(desk, "levels")
    check_access(desk)


def test_two_matters_in_one_breath_go_two_ways(at_work, signed_in, shoot, check_access):
    lamps = "另外小区门口的路灯坏了三盏，晚上走路看不见。"
    case = waiting(f"楼道里堆满了旧家具，请来看一看。{lamps}", by=people.aunt_zhou())
    desk = at_work("dispatcher")
    form = act(on_case(desk, case), "Split another matter off")
    form.locator("[name=words]").fill("路灯坏了五盏")
    form.locator("[name=why]").fill("路灯属市政，另派。")
    form.get_by_role("button", name="Split it off").click()
    expect(desk.get_by_text("Copy the words of the other matter").first).to_be_visible()
    form = act(desk, "Split another matter off")
    form.locator("[name=words]").fill(lamps)
    form.get_by_role("button", name="Split it off").click()
    expect(desk.get_by_text("Split off: it has a case of its own").first).to_be_visible()
    shoot(desk, "split")
    zhou = signed_in(people.aunt_zhou(), width=390)
    zhou.goto(f"/matter/{case.submission.query_code}/")
    zhou.get_by_role("link", name="另外小区门口").click()
    expect(zhou.locator("main")).to_contain_text("Here you see:")
    shoot(zhou, "her-two-matters")
    check_access(zhou)


def test_a_danger_sounds_on_every_page_of_whoever_is_on_duty(at_work, shoot, check_access):
    officer = at_work("dispatcher-youyilu", width=390)
    officer.goto("/staff/?view=all")
    said = people.hand_in("宝林一村9号楼的外墙脱落了一大块，下面就是人行道，请马上派人来！")
    case = people.case_of(said)
    officer.goto("/staff/?view=all")
    alarm = officer.get_by_role("link", name=f"Danger: {case.number}")
    expect(alarm).to_be_visible()
    shoot(officer, "alarm")
    check_access(officer)
    alarm.click()
    press(officer, "I see to it", "The danger is yours now.")
    expect(officer.get_by_role("link", name=f"Danger: {case.number}")).to_have_count(0)

    people.bring_to(case, ("dispatch",))
    team = on_case(at_work("handler-enforcement"), case)
    form = act(team, "Answer")
    done = (case.opened_at + timedelta(seconds=1)).astimezone(clock.ZONE)
    assert form.get_by_label("When it was done").is_visible()
    form.locator("[name=done_at]").fill(f"{done:%Y-%m-%dT%H:%M}")
    shoot(team, "recorded-afterwards")


def test_who_must_not_see_it_finds_nothing(at_work, shoot, check_access):
    case = people.bring_to(waiting(by=people.aunt_zhou()), ("dispatch",))
    handler = on_case(at_work("handler-enforcement"), case)
    desk = on_case(at_work("dispatcher"), case)
    form = act(desk, "Keep somebody out")
    name = people.account("handler-enforcement").display_name
    form.locator("[name=account]").select_option(label=name)
    form.get_by_label("Complained of").check()
    form.locator("[name=explanation]").fill("居民投诉的就是他。")
    shoot(desk, "keep-out")
    check_access(desk)
    form.get_by_role("button", name="Keep them out").click()
    expect(desk.get_by_text("Kept out").first).to_be_visible()
    assert handler.goto(f"/staff/cases/{case.pk}/").status == 404
    handler.goto("/staff/?view=all")
    expect(handler.locator("main")).not_to_contain_text(case.number)
    head = on_case(at_work("head-enforcement"), case)
    form = act(head, "Step back")
    form.locator("[name=explanation]").fill("当事人是我的邻居。")
    form.get_by_role("button", name="Step back").click()
    expect(head.get_by_text("You are out of this case.")).to_be_visible()
    followers.drain()
    assert events(case)[-2:] == ["case.recused", "case.stepped_back"]
