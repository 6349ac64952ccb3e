"""A dispute goes before a joint conference: told by those who lead, sit on it and do the tasks."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from docx import Document
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import act, carry_out, choose, events, on_case
from yanlu.cases import returning
from yanlu.cases.models import Case
from yanlu.kernel import clock
from yanlu.people.models import Unit

#: Keeps a picture of a page under a name; says what keeps people out of a page.
Shoot, Check = Callable[[Page, str], None], Callable[[Page], None]

TOPIC = "宝林一村楼道堆物由谁处理"
RESOLUTION = "由房管办主办，执法队配合清理。"


def disputed() -> Case:
    """周阿姨's heap on the stairs: returned by the team, refused, disputed."""
    case = people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ("dispatch",))
    team, why = people.handler_of(case.lead_unit), {"explanation": "楼道里的东西归谁管，各说各的。"}
    returning.return_case(
        actor=team, case_id=case.pk, reason="not_our_duty", evidence=people.DUTIES, **why
    )
    returning.refuse_return(actor=people.account("dispatcher"), case_id=case.pk, **why)
    return returning.dispute_case(actor=team, case_id=case.pk, **why)


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).click()
    return coming.value.path().read_bytes()


def both_sizes(page: Page) -> Iterator[int]:
    """The page as a phone shows it, then as a desk does."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        yield width


def give_back_and_dispute(team: Page, desk: Page, case: Case, shoot: Shoot) -> None:
    """The team gives the case back, the centre does not take it, the team disputes that."""
    why = "楼道里的东西归谁管，各说各的。"
    carry_out(
        on_case(team, case), "Return the case", "Returned to the dispatcher. The clock runs on.",
        reason="not_our_duty", evidence=people.DUTIES, explanation=why,
    )  # fmt: skip
    carry_out(
        on_case(desk, case), "Refuse the return", "which may dispute that once.", explanation=why
    )
    shoot(on_case(team, case), "refused")
    expect(team.locator("summary", has_text="Return the case")).to_have_count(0)
    carry_out(team, "Dispute it", "Whoever is above both decides now.", explanation=why)
    expect(on_case(desk, case).locator("summary", has_text="Dispatch")).to_have_count(0)


def convene(above: Page, case: Case, member: Unit, shoot: Shoot, check: Check) -> None:
    """A conference of today about the case, with this unit beside the one that has it."""
    on_case(above, case)
    above.get_by_role("link", name="Convene a joint conference").click()
    above.get_by_label("What it is about").fill(TOPIC)
    above.get_by_label("Why a conference").select_option("deadlock")
    above.get_by_label("Day").fill(f"{clock.today():%Y-%m-%d}")
    above.get_by_label("Begins at").fill("00:00")
    above.get_by_label("Ends at").fill("23:59")
    above.get_by_label("Where it meets").fill("区城运中心三楼会议室")
    above.get_by_role("button", name="Convene").click()
    expect(above.locator(".field--wrong")).to_have_count(2)  # who presides, and the agenda
    above.get_by_label("Who presides").fill("区信访办主任")
    above.get_by_label("Agenda").fill("看现场照片\n定主办单位")
    above.get_by_label(member.name_en, exact=True).check()
    for width in both_sizes(above):
        shoot(above, f"convene-{width}")
        check(above)
    above.get_by_role("button", name="Convene").click()
    expect(above.get_by_text("Convened.")).to_be_visible()


def record(above: Page, lead: Unit, tasks: dict[Unit, str], shoot: Shoot, check: Check) -> None:
    """What came of it: who is in charge from now on, and what each unit does within a week."""
    above.get_by_role("link", name="Record what came of it").click()
    above.get_by_label("Minutes").fill("各单位看了照片，执法队同意先清，房管办同意装门。")
    above.get_by_label("Resolution").fill(RESOLUTION)
    above.get_by_label("Unit in charge from now on").select_option(str(lead.pk))
    above.get_by_label("What the resident is told").fill("由房管办负责，先清走东西再装门。")
    due = f"{clock.today() + timedelta(days=7):%Y-%m-%d}"
    above.get_by_role("button", name="One more task").click()
    expect(above.get_by_label("Resolution")).to_have_value(RESOLUTION)
    for row, (unit, what) in zip((1, 4), tasks.items(), strict=True):
        task = above.get_by_role("group", name=f"Task {row}")
        task.get_by_label("Unit").select_option(str(unit.pk))
        task.get_by_label("What has to be done").fill(what)
        task.get_by_label("Until").fill(due)
    for width in both_sizes(above):
        shoot(above, f"record-{width}")
        check(above)
    above.get_by_role("button", name="Record it").click()
    expect(above.get_by_text("Recorded. The tasks are in the cases")).to_be_visible()


def report(page: Page, case: Case, done: str) -> None:
    form = act(on_case(page, case), "Report your part")
    form.get_by_label("What your unit did").fill(done)
    form.get_by_role("button", name="Report your part").click()
    expect(page.get_by_text("Your unit's part is reported.")).to_be_visible()


def answer(page: Page) -> None:
    form = act(page, "Answer")
    choose(form, "Are the facts as the resident says?", "Yes")
    choose(form, "Is the request recognised?", "Yes")
    for label in ("What was found", "Why", "Main points of the answer"):
        form.get_by_label(label, exact=True).fill("东西已经清走，门也装好了。")
    form.get_by_label("What came of it").select_option("solved")
    choose(form, "How it was answered", "By phone")
    form.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Answered. Another body verifies it now.")).to_be_visible()


def test_a_dispute_is_decided_by_several_units_and_done_by_each(
    at_work, check_access, shoot, phone
):
    case = people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ("dispatch",))
    team_unit, housing_unit = case.lead_unit, people.unit("housing", "310113003")
    tasks = {team_unit: "清走楼道堆物", housing_unit: "装单元门"}

    give_back_and_dispute(at_work(people.handler_of(team_unit)), at_work("dispatcher"), case, shoot)
    above = at_work("supervisor")
    convene(above, case, housing_unit, shoot, check_access)
    address = above.url

    member = at_work(people.handler_of(housing_unit))
    member.goto("/staff/conferences/")
    expect(member.locator(".meeting")).to_contain_text("To be recorded")
    shoot(member, "list")
    check_access(member)
    member.get_by_role("link", name=TOPIC).click()
    expect(member.get_by_role("link", name="Record what came of it")).to_have_count(0)
    entry = Calendar.from_ical(downloaded(member, "Calendar file")).walk("VEVENT")[0]
    assert TOPIC in str(entry["summary"])
    member.get_by_role("link", name=re.compile(case.number)).click()
    expect(member.get_by_text("There is nothing for you to do here.")).to_be_visible()
    assert at_work("handler-health").goto(address).status == 404

    record(above, housing_unit, tasks, shoot, check_access)
    minutes = Document(io.BytesIO(downloaded(above, "Minutes as .docx")))
    assert minutes.paragraphs[0].text == "联席会议纪要"
    assert [row.cells[2].text for row in minutes.tables[0].rows[1:]] == list(tasks.values())

    housing = on_case(at_work(people.handler_of(housing_unit)), case)
    expect(housing.locator("summary", has_text="Return the case")).to_have_count(0)
    housing.get_by_role("button", name="Accept").click()
    housing.get_by_role("button", name="Start handling").click()
    expect(housing.locator("summary", has_text=re.compile("^Answer"))).to_have_count(0)
    report(housing, case, "单元门已装好。")
    report(at_work(people.handler_of(team_unit)), case, "已清走。")
    housing.reload()
    shoot(housing, "case")
    check_access(housing)
    answer(housing)
    assert "case.conference_decided" in events(case)

    for width, language in ((DESK, "en"), (PHONE, "zh-hans")):
        page = at_work("supervisor", width=width, language=language)
        page.goto(address)
        expect(page.locator(".meeting__line")).to_contain_text(re.compile("Done|已落实"))
        check_access(page)
        shoot(page, f"conference-{width}")
    phone.goto(f"/matter/{case.submission.query_code}/")
    expect(phone.locator(".steps")).to_contain_text("由房管办负责，先清走东西再装门。")
    expect(phone.locator(".steps")).not_to_contain_text("执法队同意先清")
    shoot(phone, "resident")


def test_rows_for_tasks_are_added_without_script(at_work):
    case = disputed()
    page = at_work("supervisor", javascript=False, width=PHONE)
    page.goto(f"/staff/conferences/convene/?case={case.pk}")
    for label, text in {
        "What it is about": "楼道堆物由谁处理", "Day": f"{clock.today():%Y-%m-%d}", "Begins at": "00:00",
        "Ends at": "23:59", "Where it meets": "会议室", "Who presides": "主任", "Agenda": "定主办单位",
    }.items():  # fmt: skip
        page.get_by_label(label).fill(text)
    page.get_by_label("Why a conference").select_option("other")
    page.get_by_label(people.unit("housing", "310113003").name_en, exact=True).check()
    page.get_by_role("button", name="Convene").click()
    page.get_by_role("link", name="Record what came of it").click()
    first = page.get_by_role("group", name="Task 1")
    first.get_by_label("What has to be done").fill("清走楼道堆物")
    page.get_by_role("button", name="One more task").click()
    expect(page.get_by_role("group", name="Task 4")).to_be_visible()
    expect(first.get_by_label("What has to be done")).to_have_value("清走楼道堆物")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    expect(first.get_by_label("What has to be done")).to_have_value("清走楼道堆物")
    case.refresh_from_db()
    assert case.state == "disputed"
