"""What pages and calls cost the database, whatever number of cases there is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from yanlu.cases import extending, services
from yanlu.kernel.workdays import local_day

pytestmark = pytest.mark.django_db

QUEUE_AT_MOST, CASE_AT_MOST, ACT_AT_MOST = 12, 15, 12


def statements(client, address: str) -> list[str]:
    client.get(address)  # what a process reads once (places, rules, templates) is read by now
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in seen]


def said(number: int) -> None:
    people.load_district()
    for n in range(number):
        people.hand_in(f"{people.STAIRS} 第{n}次反映")


@pytest.mark.parametrize("number", [1, 60])
@pytest.mark.parametrize("who", ["dispatcher", "dispatcher-youyilu", "handler-enforcement"])
def test_a_page_of_the_queue(tell_once, client, number, who):
    tell_once(f"{number} of one kind", lambda: said(number))
    client.force_login(people.account(who))

    for view in ("all", "to_dispatch", "overdue", "ended"):
        seen = statements(client, f"/staff/?view={view}&search=")
        assert len(seen) <= QUEUE_AT_MOST, "\n".join(seen)


def test_an_act_and_a_thousand_at_once(district):
    """Whoever acts asks the database a dozen times at most; for many not more often than for one."""
    counted = {}
    for number in (2, 40):
        people.let_repeats_stand_alone()
        said = [people.hand_in(f"{people.STAIRS} 第{number}{n}次反映") for n in range(number)]
        cases = [people.case_of(one).pk for one in said]
        # What a process reads now and then is read by now.
        people.bring_to(people.case_of(people.hand_in(f"{number}号楼漏水。")), ["dispatch"])
        with CaptureQueriesContext(connection) as seen:
            refused = services.dispatch_cases(actor=people.account("dispatcher"), case_ids=cases)
        assert refused == {}
        counted[number] = len(seen)
    assert counted[40] == counted[2]

    case = people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ())
    for verb in people.CLOSED:
        with CaptureQueriesContext(connection) as seen:
            case = people.bring_to(case, [verb])
        own = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
        assert len(own) <= ACT_AT_MOST, (verb, own)


def test_a_correction_and_more_time(district):
    case = people.case_of(people.hand_in(by=people.aunt_zhou()))
    unit = people.unit("urban_management", "310113003")
    to_team = services.Correction(unit_id=unit.pk)
    with CaptureQueriesContext(connection) as sent:
        case = services.dispatch_case(
            actor=people.account("dispatcher"), case_id=case.pk, correction=to_team
        )
    case = people.bring_to(case, ["accept", "start"])
    with CaptureQueriesContext(connection) as asked:
        extending.ask_extension(
            actor=people.handler_of(unit),
            case_id=case.pk,
            until=local_day(case.due_at) + timedelta(days=1),
            reason="weather",
            explanation="连日暴雨，清运车进不了小区。",
        )
    for seen in (sent, asked):
        own = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
        # One of them reads who acts, which a request has read already.
        assert len(own) <= ACT_AT_MOST + 1, "\n".join(own)


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
