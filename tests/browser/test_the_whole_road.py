"""One matter, from a resident's telephone to her last word, with the real worker running.

周阿姨 hands it in with a photo; the dispatcher confirms; 小陈 handles and answers; the callback
clerk hears "not satisfied"; 小陈 handles it again; 周阿姨 says that it is settled. Then the journal
proves itself, and names the row that somebody alters behind its back.
"""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from PIL import Image
from playwright.sync_api import Page, expect

from tests import people, processes
from yanlu.cases import acting, selectors
from yanlu.intake.selectors import by_code
from yanlu.kernel import journal
from yanlu.kernel.errors import OperatorError

RAILING = "共和路边上的护栏歪了一大截，走路的人和助动车挤在一起，请修一修。"


@pytest.fixture
def worker(server) -> Iterator[None]:
    """The worker process, as `yanlu up` starts it."""
    process = processes.start("worker")
    yield
    process.terminate()
    process.wait(20)


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "peru").save(out, "JPEG")
    return {"name": "护栏.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def act(page: Page, verb: str) -> None:
    """Unfold the form of this act, if it is folded."""
    form = page.locator(f"form[action*='/{verb}/']")
    if not form.locator("button[type=submit]").is_visible():
        page.locator("details.act", has=form).locator("> summary").click()


def submit(page: Page, verb: str, after: str) -> None:
    """Hand the form in and wait until the case says that it happened."""
    page.locator(f"form[action*='/{verb}/'] button[type=submit]").click()
    expect(page.get_by_text(after).first).to_be_visible()


def fill(page: Page, verb: str, **fields: str) -> None:
    form = page.locator(f"form[action*='/{verb}/']")
    for name, value in fields.items():
        field = form.locator(f"[name='{name}']")
        kind = field.first.get_attribute("type")
        if kind == "radio":
            form.locator(f"[name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            field.check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def answer(page: Page, points: str) -> None:
    act(page, "answer")
    fill(
        page,
        "answer",
        facts_found="yes",
        facts="现场查看，护栏被车辆刮歪约六米，立柱松动两根。",
        appeal_recognised="yes",
        appeal="护栏歪斜影响行人通行，诉求合理。",
        points=points,
        result="solved",
        way="phone",
    )
    submit(page, "answer", "Answered")


def sign_in_and_hand_in(phone: Page, sms: Callable[[], str]) -> str:
    """By phone code, with a photo, in 宝林一村; the query code on the receipt."""
    phone.goto("/sign-in/")
    phone.get_by_label("Mobile number").fill("13900000001")
    phone.get_by_role("button", name="Send me the code").click()
    phone.get_by_label("The six digits").fill(re.findall(r"\d{6}\b", sms())[-1])
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url("**/mine/")
    phone.goto("/hand-in/")
    phone.locator("[name=text]").fill(RAILING)
    phone.locator("input[type=file]").first.set_input_files(photo())
    baolin = people.place_by_code(people.BAOLIN)
    phone.locator("select[name=place]").select_option(str(baolin.id))
    phone.get_by_role("button", name="Hand in", exact=True).click()
    phone.wait_for_url("**/receipt/**")
    return phone.locator("#code").inner_text().replace("-", "")


def test_one_matter_from_the_telephone_to_the_last_word(open_page, signed_in, worker, sms, shoot):
    # A resident on her telephone signs in and hands it in with a photo.
    phone = open_page()
    code = sign_in_and_hand_in(phone, sms)
    shoot(phone, "receipt")

    # The worker makes a Decision and opens a case.
    case = processes.wait_for(lambda: selectors.case_of_code(code))

    # The dispatcher confirms, sending it to the street's enforcement team.
    desk = signed_in(people.account("dispatcher"), width=1440)
    desk.goto(f"/staff/cases/{case.pk}/")
    expect(desk.locator("blockquote").get_by_text(RAILING)).to_be_visible()
    shoot(desk, "to-dispatch")
    act(desk, "dispatch")
    unit = people.unit("urban_management", "310113003")
    fill(desk, "dispatch", unit=str(unit.pk))
    submit(desk, "dispatch", "Dispatched")

    # The handler takes it on, reaches her, works on it and answers.
    chen = signed_in(people.handler_of(unit), width=1440)
    chen.goto(f"/staff/cases/{case.pk}/")
    submit(chen, "accept", "Accepted by the unit")
    act(chen, "contact")
    fill(chen, "contact", was_reached="yes", note="约好周三到现场")
    submit(chen, "contact", "Contact with the resident")
    submit(chen, "start", "Handling started")
    answer(chen, "您好，护栏已经扶正，松动的两根立柱重新固定了，请您路过时看看。")
    expect(chen.locator("form[action*='/call_back/']")).to_have_count(0)

    # The callback clerk hears that she is not satisfied.
    clerk = signed_in(people.account("callback"), width=1440)
    clerk.goto(f"/staff/cases/{case.pk}/")
    submit(clerk, "call_back", "Callback begun")
    act(clerk, "callback")
    fill(clerk, "callback", was_reached="yes")
    fill(clerk, "callback", is_solved="no")
    fill(clerk, "callback", attitude="satisfied", outcome="dissatisfied", note="靠北一段还是歪的")
    clerk.locator("form[action*='/callback/'] button[type=submit]").click()
    expect(clerk.get_by_text("Re-handling").first).to_be_visible()

    # Handled again, within three working days.
    chen.goto(f"/staff/cases/{case.pk}/")
    expect(chen.get_by_text("靠北一段还是歪的").first).to_be_visible()
    answer(chen, "您好，北面的一段也已经扶正，我们每月检查一次。")
    shoot(chen, "answered-again")

    # She rates it on her telephone, and it is closed.
    phone.goto(f"/matter/{code}/")
    expect(phone.get_by_text("北面的一段也已经扶正").first).to_be_visible()
    phone.locator("[name=is_solved][value=yes]").check()
    phone.locator("[name=attitude][value=satisfied]").check()
    phone.locator("[name=outcome][value=satisfied]").check()
    phone.get_by_role("button", name="Send my word").click()
    expect(phone.get_by_text("You said that it is settled").first).to_be_visible()
    shoot(phone, "closed")

    verbs = [entry.verb for entry in journal.history(acting.subject(case.pk))]
    assert verbs[-3:] == ["case.objected", "case.answered", "case.approved"]
    prove_and_tamper(case.pk, code)


def prove_and_tamper(case_id: int, code: str) -> None:
    """The journal is whole; one row altered by whoever owns the database, and it is named."""
    call_command("verify_journal")
    row = journal.history(acting.subject(case_id))[3]
    forged = f"UPDATE kernel_journal SET actor = 'account:1' WHERE id = {row.id}"
    with pytest.raises(OperatorError, match=f"row {row.id}"):
        alter_and_verify("kernel_journal", forged)
    denied = f"UPDATE intake_submission SET text = '护栏是好的' WHERE query_code = '{code}'"
    with pytest.raises(OperatorError, match=f"{by_code(code).pk} says"):
        alter_and_verify("intake_submission", denied)
    call_command("verify_journal")


@transaction.atomic
def alter_and_verify(table: str, change: str) -> None:
    """Do what the owner of the database can, see whether it shows, and undo it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(change)
    call_command("verify_journal")
