"""Every role at every door: nobody breaks anything, and nobody gets in where they do not belong."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests import people
from yanlu.project.demo.files import read

pytestmark = pytest.mark.django_db

#: May see a case of 宝林一村 that awaits dispatch at the district.
SEE_IT = {
    "dispatcher", "dispatcher-youyilu", "callback", "callback-hotline", "supervisor", "analyst",
    "research", "auditor", "secretary", "facilitator",
}  # fmt: skip
EVERYBODY = [row["username"] for row in read("accounts")["staff"]]


def doors(resolver=None, prefix="/") -> list[str]:
    """Every address of our own pages and interface, with gaps."""
    found = []
    for part in (resolver or get_resolver()).url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLResolver) and not route.startswith("/admin/"):
            found += doors(part, route)
        elif isinstance(part, URLPattern):
            found.append(route)
    return found


def filled(route: str, case, submission) -> str:
    """The address with the gaps filled by a case that the person may not see."""
    gaps = {
        "<int:case_id>": str(case.pk),
        "<slug:verb>": "dispatch",
        "<str:code>": submission.query_code,
        "<code>": submission.query_code,
        "<str:number>": case.number,
        "<int:attachment_id>": "1",
        "<int:message_id>": "1",
        "<partner>": "12345",
        "<str:size>": "small",
    }
    for gap, value in gaps.items():
        route = route.replace(gap, value)
    return route


@pytest.mark.parametrize("who", ["", "resident", *EVERYBODY])
def test_no_door_breaks_whoever_knocks_and_however(district, client, who):
    submission = people.hand_in(by=people.aunt_zhou())
    case = people.case_of(submission)
    if who:
        person = people.neighbour_wu() if who == "resident" else people.account(who)
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    asked = [filled(route, case, submission) for route in doors()]
    assert len(asked) > 30

    for address in asked:
        for knock in (client.get, client.post, client.head, client.delete):
            answer = knock(address)
            assert answer.status_code < 500, (who, address, knock.__name__, answer.status_code)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_case_is_seen_by_its_own_people_alone(district, client, who):
    case = people.case_of(people.hand_in(by=people.aunt_zhou()))
    assert case.lead_unit is not None
    sees = who in SEE_IT or case.lead_unit_id in people.units_of(people.account(who))
    client.force_login(people.account(who), "django.contrib.auth.backends.ModelBackend")

    page = client.get(f"/staff/cases/{case.pk}/")

    assert (page.status_code == 200) == sees, who
    if not sees:
        assert page.status_code == 404
        assert people.STAIRS[:8] not in page.content.decode()


def test_a_report_of_wrongdoing_is_seen_by_the_district_alone(district, client):
    said = people.hand_in("举报宝林一村物业经理侵吞维修资金。", kind="report")
    case = people.case_of(said)
    assert case.is_sealed
    for who, sees in (
        ("dispatcher", True), ("supervisor", True), ("dispatcher-youyilu", False),
        ("secretary", False), ("analyst", False), ("handler-enforcement", False),
    ):  # fmt: skip
        client.force_login(people.account(who), "django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/staff/cases/{case.pk}/")
        assert (page.status_code == 200) == sees, who


def test_the_unit_complained_of_learns_no_name_of_a_confidential_matter(district, client):
    said = people.hand_in(
        "我是住在宝林一村13号楼的周桂妹，电话13900000001，城管队员乱收费。",
        by=people.aunt_zhou(),
        is_confidential=True,
    )
    case = people.bring_to(people.case_of(said), ["dispatch"])
    handler = people.handler_of(people.unit("urban_management", "310113003"))
    client.force_login(handler, "django.contrib.auth.backends.ModelBackend")

    pages = [
        client.get(address).content.decode()
        for address in (f"/staff/cases/{case.pk}/", "/staff/?view=to_handle", "/staff/?view=all")
    ]
    refused = client.post(f"/staff/cases/{case.pk}/identity/", {"reason": "想知道是谁反映的"})

    for secret in ("周桂妹", "13900000001", "13号楼", said.query_code, "宝林老邻居"):
        assert all(secret not in page for page in pages), secret
    assert refused.status_code == 403
