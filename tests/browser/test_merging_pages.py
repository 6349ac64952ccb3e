"""周阿姨 and 吴师傅 report the same carton-filled stairs; the dispatcher puts them together."""

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser.conftest import PHONE
from tests.browser.steps import act, events
from yanlu.cases import acting, merging
from yanlu.cases.models import Case

HERS = "宝林三村9号楼楼道里堆满了旧家具，我腿脚不好，晚上根本过不去，麻烦来清一清。"
HIS = "9号楼楼道里堆满了旧家具，晚上出门差点绊倒，宝林三村的物业不管吗？"


@pytest.fixture
def hers(server) -> Case:
    return people.case_of(people.hand_in(HERS, by=people.aunt_zhou()))


@pytest.fixture
def his(server) -> Case:
    return people.case_of(people.hand_in(HIS, by=people.neighbour_wu()))


def merged(case: Case, into: Case) -> None:
    merging.merge_case(
        actor=people.account("dispatcher"), case_id=case.pk, into=into.number, why="说的是同一处。"
    )


def test_the_dispatcher_is_offered_the_like_merges_and_takes_apart(hers, his, at_work, shoot):
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{his.pk}/")
    offered = page.get_by_role("region", name="Likely the same").get_by_role("listitem")
    offered.filter(has_text=hers.number).get_by_role("link", name="Merge into that one").click()

    form = act(page, "Merge into another case")
    assert form.get_by_label("Number of the case that goes on").input_value() == hers.number
    form.get_by_label("Why", exact=True).fill("同")
    shoot(page, "chosen")
    form.get_by_role("button", name="Merge").click()
    expect(form.locator(".errorlist")).to_contain_text("in a sentence of your own")
    form.get_by_label("Why", exact=True).fill("同一个楼道，两位邻居说的是一件事。")
    form.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("Everybody keeps their own code and is told.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("两位邻居说的是一件事")
    shoot(page, "merged")

    page.get_by_role("link", name=hers.number).first.click()
    shared = page.get_by_role("region", name="Co-signers")
    expect(shared.get_by_role("listitem")).to_contain_text(HIS[:20])
    shoot(page, "goes-on")
    shared.get_by_role("link", name=his.number).click()

    form = act(page, "Separate again")
    form.get_by_label("Why", exact=True).fill("原来一处在三楼，一处在五楼。")
    form.get_by_role("button", name="Separate").click()
    expect(page.get_by_text("The case goes on by itself, just as it was.")).to_be_visible()
    assert events(his)[-2:] == ["case.merged", "case.separated"]


def test_nothing_fits_and_what_was_typed_stays(his, at_work):
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{his.pk}/?into=20200101-000001")
    form = act(page, "Merge into another case")
    form.get_by_label("Why", exact=True).fill("说的是同一处楼道。")
    form.get_by_role("button", name="Merge").click()
    form = act(page, "Merge into another case")
    expect(form.locator(".errorlist")).to_contain_text("You have no case by this number.")
    assert form.get_by_label("Why", exact=True).input_value() == "说的是同一处楼道。"


def test_a_co_signer_who_means_something_else_gets_a_case(hers, at_work, shoot):
    said = people.hand_in(
        "还有地下车库也漏水。", by=people.neighbour_wu(), seconds_id=hers.submission_id
    )
    page = at_work("dispatcher")
    page.goto(f"/staff/cases/{hers.pk}/")
    voice = page.get_by_role("region", name="Co-signers").get_by_role("listitem")
    voice.get_by_text("Says something else").click()
    shoot(page)
    voice.get_by_label("Why").fill("漏水是另一件事。")
    voice.get_by_role("button", name="Open a case of its own").click()
    expect(page.get_by_text("The co-signer has a case of their own now.")).to_be_visible()
    expect(page.get_by_role("region", name="Co-signers")).to_have_count(0)
    assert people.case_of(said) != hers
    assert "submission.parted" in [
        entry.verb
        for entry in acting.journal.history(acting.journal.Subject("submission", said.pk))
    ]


def test_the_neighbour_follows_by_his_own_code(hers, his, signed_in, check_access, shoot):
    merged(his, hers)
    for look in ({}, {"text_size": "30"}, {"language": "zh-hans", "dark": True}):
        page = signed_in(people.neighbour_wu(), **look)
        page.goto(f"/matter/{his.submission.query_code}/")
        shoot(page, "-".join(look) or "plain")
        check_access(page)
        assert HIS in page.content()
        assert "腿脚不好" not in page.content()
    page = signed_in(people.neighbour_wu())
    page.goto(f"/matter/{his.submission.query_code}/")
    expect(page.get_by_text("Others said the same; it goes on as one matter")).to_be_visible()


def test_the_neighbour_takes_his_support_back(hers, signed_in, shoot):
    said = people.hand_in("我也支持！", by=people.neighbour_wu(), seconds_id=hers.submission_id)
    page = signed_in(people.neighbour_wu())
    page.goto(f"/matter/{said.query_code}/")
    page.get_by_text("No longer behind it?").click()
    shoot(page, "asked")
    page.get_by_role("button", name="Take my support back").click()
    expect(page.get_by_text("You support it no more.")).to_be_visible()
    expect(page.get_by_role("button", name="Take my support back")).to_have_count(0)
    hers.refresh_from_db()
    assert hers.co_signer_count == 0


@pytest.mark.parametrize("width", [PHONE, 1440])
@pytest.mark.parametrize("look", [{}, {"dark": True, "language": "zh-hans"}], ids=["en", "zh-dark"])
def test_shared_cases_fit_every_screen(hers, his, at_work, check_access, shoot, width, look):
    for said in ("我也支持，" + "请快一点。" * 60, "我家也是。"):
        people.hand_in(said, by=people.neighbour_wu(), seconds_id=hers.submission_id)
    page = at_work("dispatcher", width=width, **look)
    page.goto(f"/staff/cases/{hers.pk}/")
    expect(page.locator("#alike")).to_be_visible()
    shoot(page)
    check_access(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
