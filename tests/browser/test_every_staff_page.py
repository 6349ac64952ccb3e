"""Pages of staff: who may see them, how they are used, and that they fit."""

import re

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import events, handled_by, waiting
from yanlu.kernel.models import Entry, Parked
from yanlu.people import services as registry
from yanlu.places.selectors import place_by_code

# ---- The keyboard ----


def test_by_keyboard_alone(at_work):
    case = waiting("只用键盘办的一件事：请来看一看。")
    page = at_work("dispatcher")
    page.goto("/staff/?view=to_dispatch")
    press, typing = page.keyboard.press, page.keyboard.type

    press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    press("Escape")
    press("/")
    typing(case.number)
    expect(page.locator(".row-case")).to_have_count(1)
    press("Escape")
    press("j")
    press("Enter")
    expect(page.locator("blockquote")).to_have_text(case.submission.text)
    page.wait_for_load_state()
    press("d")
    expect(page.get_by_label("Unit in charge: Type to narrow the list")).to_be_focused()
    typing("综合行政")
    press("Enter")
    expect(page.locator("#dispatch-unit")).to_be_focused()
    press("Control+Enter")
    expect(page.get_by_text("Dispatched. The unit sees it now.")).to_be_visible()
    press("u")
    expect(page).to_have_url(re.compile("view=to_dispatch"))
    assert events(case)[-1] == "case.dispatched"


def test_shortcuts_can_be_switched_off(at_work):
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{waiting().pk}/")
    page.keyboard.press("?")
    page.get_by_label("Switch single-letter shortcuts off").check()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_label("Why this ground, in your words")).to_be_hidden()


# ---- Who may see what ----


def test_strangers_stay_outside(at_work, desk):
    case = people.bring_to(people.case_of(people.hand_in()), ("dispatch",))
    desk.goto(f"/staff/cases/{case.pk}/")
    expect(desk).to_have_url(re.compile("/staff/sign-in/"))

    resident = at_work(people.neighbour_wu())
    assert resident.goto("/staff/?view=all").status == 403
    other_unit = at_work("handler-health")
    assert other_unit.goto(f"/staff/cases/{case.pk}/").status == 404
    assert other_unit.goto("/staff/cases/987654321/").status == 404
    handler = at_work("handler-traffic")
    assert handler.goto("/staff/rules/").status == 403
    assert handler.goto("/staff/journal/").status == 403
    assert handler.goto("/staff/hand-in/").status == 403


def test_who_it_was_is_shown_once_for_a_reason(at_work):
    zhou = people.aunt_zhou()
    case = people.bring_to(people.case_of(people.hand_in(by=zhou)), people.HANDLED)
    page = at_work("callback")
    page.goto(f"/staff/cases/{case.pk}/")
    assert "13900000001" not in page.content()

    page.get_by_text("See who this is").click()
    page.get_by_label("Why do you need to see it?").fill("嗯")
    page.get_by_role("button", name="Show it once").click()
    expect(page.locator("#identity .errorlist")).to_be_visible()
    page.get_by_label("Why do you need to see it?").fill("回访核实办理结果")
    page.get_by_role("button", name="Show it once").click()

    expect(page.get_by_role("link", name="13900000001")).to_be_visible()
    looked = Entry.objects.filter(verb="identity.opened").latest("id")
    assert looked.actor == people.account("callback").ref
    page.goto(f"/staff/cases/{case.pk}/identity/")
    expect(page).to_have_url(re.compile(f"/staff/cases/{case.pk}/$"))
    assert "13900000001" not in page.content()


def test_the_unit_never_learns_who_spoke_in_confidence(at_work):
    said = people.hand_in(
        f"{people.STAIRS}我叫周桂妹，电话13900000001。", by=people.aunt_zhou(), is_confidential=True
    )
    case = people.bring_to(people.case_of(said), ("dispatch",))
    page = at_work(handled_by(case))
    page.goto(f"/staff/cases/{case.pk}/")

    expect(page.locator("blockquote")).to_contain_text("楼道")
    shown = page.content()
    for secret in ("13900000001", "周桂妹", people.aunt_zhou().display_name, said.query_code):
        assert secret not in shown
    expect(page.get_by_text("See who this is")).to_have_count(0)


# ---- Rules, journal, editor ----


def test_the_rules_explain_themselves(at_work):
    page = at_work("administrator")
    page.goto("/staff/rules/")
    learned = page.get_by_role("region", name="What has learned")
    expect(learned).to_contain_text("nothing yet: the words on record decide")
    expect(learned).to_contain_text("nothing yet: the rules decide")
    page.get_by_label("What somebody might say").fill(people.STAIRS)
    page.get_by_label("Place", exact=True).select_option(str(place_by_code(people.BAOLIN).id))
    page.get_by_role("button", name="Decide").click()

    decided = page.get_by_role("region", name="What would be decided")
    expect(decided).to_contain_text("because the words say")
    expect(decided).to_contain_text("the resident chose it")
    expect(decided).to_contain_text("Time limit")
    expect(page.locator(".asked__hit")).to_be_visible()
    expect(page.locator(".asked li").first).to_contain_text("it asks for")


def test_a_parked_row_is_seen_and_tried_again(at_work):
    entry = Entry.objects.filter(verb="submission.received").latest("id")
    Parked.objects.create(
        follower="dispatch.decide", entry_id=entry.id, error="ValueError", parked_at=entry.at
    )
    auditor = at_work("auditor")
    auditor.goto("/staff/journal/")
    expect(auditor.get_by_role("row", name=str(entry.id))).to_contain_text("ValueError")
    expect(auditor.get_by_role("button", name="Try them again now")).to_have_count(0)

    page = at_work("administrator")
    page.goto("/staff/journal/")
    page.get_by_role("button", name="Try them again now").click()
    expect(page.get_by_text("1 of 1 row digested.")).to_be_visible()
    expect(page.get_by_text("No row is parked.")).to_be_visible()


def test_a_change_of_configuration_stands_in_the_journal(at_work):
    page = at_work("administrator")
    page.goto("/admin/cases/reason/add/")
    page.locator("#id_table").select_option("return")
    page.locator("#id_code").fill("test-other-district")
    page.locator("#id_text").fill("属于外区")
    page.locator("[name=_save]").click()
    expect(page.get_by_text("属于外区").first).to_be_visible()
    written = Entry.objects.filter(verb="configuration.added").latest("id")
    assert written.actor == people.account("administrator").ref
    assert written.data["added"]["text"] == "属于外区"

    assert at_work("dispatcher").goto("/admin/").url.split("?")[0].endswith("/admin/login/")


# ---- Every page, every size ----


def test_a_queue_with_nothing_in_it(at_work, check_access):
    unit = people.unit("health", "310113102")
    nobody = registry.create_account(
        actor=people.TESTS, username="idle-handler", display_name="闲", password=None
    )
    registry.grant_role(actor=people.TESTS, account=nobody, name="handler", unit=unit)
    page = at_work(nobody)
    page.goto("/staff/")
    expect(page.get_by_text("Nothing waits to be handled.")).to_be_visible()
    check_access(page)
    page.goto("/staff/?view=all&search=绝对没有这样的词")
    expect(page.get_by_text("Nothing fits these filters.")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    "text", ["啊", "这件事拖了很久，" * 250, "https://example.invalid/" + "a" * 900]
)
def test_words_of_any_length_fit(at_work, width, text):
    case = people.case_of(people.hand_in(text, address="宝林一村" * 20))
    page = at_work("dispatcher", width=width)
    for address in (f"/staff/cases/{case.pk}/", "/staff/?view=all"):
        page.goto(address)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), address
    page.goto(f"/staff/cases/{case.pk}/")
    assert page.locator("blockquote").inner_text().strip() == text.strip()


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [
        (PHONE, False, "zh-hans"),
        (PHONE, True, "en"),
        (DESK, False, "en"),
        (DESK, True, "zh-hans"),
    ],
)
def test_every_page_is_open_to_everybody(at_work, check_access, shoot, width, dark, language):
    node = place_by_code(people.BAOLIN)
    case = waiting(lat=node.lat, lon=node.lon, place="", may_publish=True)
    answered = people.bring_to(people.case_of(people.hand_in()), people.HANDLED)
    pages = {
        "dispatcher": [
            "/staff/?view=to_dispatch", f"/staff/cases/{case.pk}/?view=to_dispatch",
            f"/staff/cases/{answered.pk}/", "/staff/hand-in/", "/staff/rules/",
        ],
        "supervisor": ["/staff/reports/", "/staff/reports/new/", "/staff/inspections/"],
        "callback": [f"/staff/cases/{answered.pk}/?view=to_verify"],
        "administrator": ["/staff/journal/"],
        "grid-worker": ["/staff/patrol/"],
    }  # fmt: skip
    for who, addresses in pages.items():
        page = at_work(who, width=width, dark=dark, language=language, maps=True)
        for number, address in enumerate(addresses):
            page.goto(address)
            expect(page.locator(".htmx-request")).to_have_count(0)
            check_access(page)
            shoot(page, f"{who}-{number}")


def test_a_map_shows_where_it_is_and_a_browser_that_draws_none_shows_no_gap(at_work):
    node = place_by_code(people.BAOLIN)
    case = waiting(lat=node.lat, lon=node.lon, place="")
    for can_draw in (True, False):
        page = at_work("dispatcher", maps=can_draw)
        page.goto(f"/staff/cases/{case.pk}/")
        expect(page.get_by_text(node.name).first).to_be_visible()
        expect(page.locator("#case-map canvas")).to_have_count(1 if can_draw else 0)
        assert page.locator("#case-map").is_visible() == can_draw


def test_without_script(at_work):
    case = waiting("没有脚本也能办的一件事：请来看一看。")
    page = at_work("dispatcher", javascript=False)
    page.goto("/staff/?view=to_dispatch")
    page.get_by_role("searchbox", name="Search").fill(case.number)
    page.get_by_role("button", name="Search").click()
    page.locator(".row-case").get_by_role("link").click()
    page.get_by_role("button", name="Dispatch", exact=True).click()
    expect(page.get_by_text("Dispatched. The unit sees it now.")).to_be_visible()
