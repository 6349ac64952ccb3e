"""Steps that several stories take on the pages."""

import io
import re

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from PIL import Image
from playwright.sync_api import Page, expect

from tests import people
from yanlu.cases import acting
from yanlu.cases.models import Case
from yanlu.kernel import journal
from yanlu.people.models import Account

#: Password of the demo's staff, printed at every start of it.
PASSWORD = "baoshan-2021"
#: Says nothing that a rule is sure of: a person has to look.
VAGUE = "这里的事情说了很久，没有人来看过，请你们来看一看。"
CROSSING = "菊泉街路口的绿灯太短，老人走到一半就变红了，希望延长十秒钟。"


def photo(colour: str = "teal") -> dict[str, object]:
    """A photo as a telephone would send it."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def sign_in(page: Page, sms, number: str) -> None:
    """Sign in by phone."""
    page.goto("/sign-in/")
    page.get_by_label("Mobile number").fill(number)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("The six digits").fill(re.findall(r"\d{6}\b", sms())[-1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/mine/")


def handed_in(page: Page) -> str:
    """The code on the receipt."""
    page.wait_for_url("**/receipt/**")
    shown = page.locator("#code").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){2}[0-9A-Z]{4}", shown)
    return shown.replace("-", "")


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def waiting(text: str = VAGUE, **more: object) -> Case:
    """A matter that waits for a dispatcher."""
    case = people.case_of(people.hand_in(text, **more))
    assert case.state == "awaiting_dispatch", case.state
    return case


def handled_by(case: Case) -> Account:
    """Who handles the case."""
    return people.handler_of(case.lead_unit)


def events(case: Case) -> list[str]:
    """What happened to the case, by the journal."""
    return [entry.verb for entry in journal.history(acting.subject(case.pk))]


def act(page: Page, name: str) -> object:
    """The form of an act, opened if it is not."""
    box = page.locator("details.act").filter(has=page.locator("summary", has_text=name)).first
    if not box.evaluate("box => box.open"):
        box.locator("> summary").click()
    return box


def choose(box: object, question: str, answer: str) -> None:
    """Answer a question of radio buttons."""
    box.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def on_case(page: Page, case: Case) -> Page:
    """The page, on the case."""
    page.goto(f"/staff/cases/{case.pk}/")
    return page


def carry_out(page: Page, name: str, done: str, button: str = "", **filled: str) -> None:
    """Fill an act's fields in by name, send it, and wait for the word that it is done."""
    form = act(page, name)
    for field, value in filled.items():
        found = form.locator(f"[name='{field}']")
        tag = found.first.evaluate("field => field.tagName")
        if tag == "SELECT":
            found.select_option(value)
        elif tag == "INPUT" and found.first.get_attribute("type") in ("radio", "checkbox"):
            form.locator(f"[name='{field}'][value='{value}']").check()
        else:
            found.fill(value)
    form.get_by_role("button", name=button or name).click()
    expect(page.get_by_text(done).first).to_be_visible()


def press(page: Page, button: str, done: str) -> None:
    """An act without fields, and the word that it is done."""
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_text(done).first).to_be_visible()
