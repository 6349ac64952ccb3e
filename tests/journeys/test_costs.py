"""What pages and calls cost the database, whatever number of cases there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people

pytestmark = pytest.mark.django_db

QUEUE_AT_MOST, CASE_AT_MOST = 12, 15


def statements(client, address: str) -> list[str]:
    client.get(address)  # what a process reads once (places, rules, templates) is read by now
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in seen]


@pytest.mark.parametrize("number", [1, 60])
@pytest.mark.parametrize("who", ["dispatcher", "dispatcher-youyilu", "handler-enforcement"])
@pytest.mark.parametrize("view", ["all", "to_dispatch", "overdue", "ended"])
def test_a_page_of_the_queue(district, client, number, who, view):
    for n in range(number):
        people.hand_in(f"{people.STAIRS} 第{n}次反映")
    client.force_login(people.account(who))

    seen = statements(client, f"/staff/?view={view}&search=")

    assert len(seen) <= QUEUE_AT_MOST, "\n".join(seen)


def test_a_search_in_the_queue(district, client):
    people.hand_in()
    client.force_login(people.account("dispatcher"))
    assert len(statements(client, "/staff/?search=楼道")) <= QUEUE_AT_MOST


@pytest.mark.parametrize("verbs", [(), people.HANDLED, people.CLOSED])
@pytest.mark.parametrize("who", ["dispatcher", "callback", "handler-enforcement", "supervisor"])
def test_a_case_page(district, client, verbs, who):
    case = people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), verbs)
    if who == "handler-enforcement" and not verbs:
        pytest.skip("no unit has the case yet")
    client.force_login(people.account(who))

    seen = statements(client, f"/staff/cases/{case.pk}/")

    assert len(seen) <= CASE_AT_MOST, "\n".join(seen)
