"""What the pages of patrols and of the catalogue do without a browser's help."""

import re

import pytest

from tests import people
from yanlu.cases import selectors
from yanlu.cases.models import Case
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db

PATROL = "/staff/patrol/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def gu(district, client):
    """小顾's phone, signed in and in English, as the sources are."""
    client.force_login(people.gu())
    client.cookies["django_language"] = "en"
    return client


def key(page) -> str:
    """What tells one finding from another."""
    return re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]


def hand_in(gu, **more):
    filled = {
        "key": key(gu.get(PATROL)),
        "item": people.item("M01").pk,
        "text": people.COVER,
        "place": place_by_code(people.BAOLIN).id,
        "photos": people.shot(),
        **more,
    }
    return gu.post(PATROL, filled)


def test_several_in_a_row_each_a_case_at_the_place_of_the_one_before(gu):
    first = hand_in(gu)
    following = gu.get(first.url)
    assert "is opened and dispatched" in following.content.decode()
    assert f'value="{place_by_code(people.BAOLIN).id}" selected' in following.content.decode()
    hand_in(gu, item=people.item("M03").pk, text="路灯不亮三天了。")
    assert [row.title for row in selectors.found_by(people.gu())] == [
        people.item("M03").name,
        people.item("M01").name,
    ]


def test_the_same_finding_sent_again_opens_no_second_case(gu):
    once = key(gu.get(PATROL))
    assert hand_in(gu, key=once).status_code == 302
    assert hand_in(gu, key=once).status_code == 302
    other = hand_in(gu, key=once, text="另外一个井盖也坏了。")
    assert other.status_code == 409
    assert hand_in(gu, key=key(other), text="另外一个井盖也坏了。").status_code == 302
    assert Case.objects.count() == 2


def test_what_is_refused_is_kept_on_the_page(gu):
    for more, status, told in (
        ({"text": ""}, 422, "Please fill this in."),
        ({"item": ""}, 422, "Please choose."),
        ({"photos": []}, 422, "Take a photo of it."),
        ({"place": ""}, 422, "Say where it is"),
        ({"lat": "31.3527", "lon": "121.3822"}, 403, "outside the territory that you patrol"),
    ):
        answer = hand_in(gu, **more)
        page = answer.content.decode()
        assert (answer.status_code, told in page) == (status, True), told
        assert more.get("text", people.COVER) in page
    assert Case.objects.count() == 0


def test_the_page_is_a_grid_workers_alone(district, client):
    for who in ("handler-enforcement", "dispatcher", "callback", "operator"):
        client.force_login(people.account(who))
        assert client.get(PATROL).status_code == client.post(PATROL, {}).status_code == 403


def test_the_whole_catalogue_is_found_without_script_and_clicked_once(district, client):
    client.force_login(people.account("dispatcher"))
    case = people.case_of(people.hand_in("这里的事情说了很久，请来看一看。"))
    address = f"/staff/cases/{case.pk}/"
    page = client.get(address, {"catalogue": "路灯"}).content.decode()
    item = people.item("M03")
    assert f'name="item" value="{item.pk}"' in page
    client.post(f"{address}catalogue/", {"version": case.version, "item": item.pk})
    case.refresh_from_db()
    assert (case.state, case.decision.item) == ("dispatched", item)


def test_who_does_not_dispatch_the_case_searches_no_catalogue_for_it(district, client):
    case = people.bring_to(people.case_of(people.hand_in()), ("dispatch",))
    client.force_login(people.handler_of(case.lead_unit))
    assert "catalogue-typed" not in client.get(f"/staff/cases/{case.pk}/").content.decode()
    assert client.get(f"/staff/cases/{case.pk}/catalogue-search/").status_code == 404
