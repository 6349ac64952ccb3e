"""A bus stop is closed, and ten thousand people send the same form letter in one morning."""

import csv

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from yanlu.cases.matters import matter_by_code
from yanlu.cases.models import Case
from yanlu.dispatch import configuration
from yanlu.intake.models import Submission
from yanlu.kernel import followers
from yanlu.project.demo import reference

pytestmark = pytest.mark.django_db

MANY = 10_000
LETTER = "宝林一村门口的公交站台撤掉以后，老人要多走八百米才能乘车，请恢复宝林一村站。"
CASE_AT_MOST, MATTER_AT_MOST = 15, 15


@pytest.fixture
def case(district, tmp_path) -> Case:
    configuration.set_policy(
        actor=people.TESTS, automatic_above=reference.AUTOMATIC_ABOVE, joins_repeats=True
    )
    table = tmp_path / "letters.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["编号", "正文"], *([n, LETTER] for n in range(MANY))])
    call_command("import_submissions", str(table), verbosity=0)
    followers.drain()
    return Case.objects.get()


def costs_little(client, case) -> None:
    """Whatever number of residents share the case."""
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/staff/cases/{case.pk}/")
    assert len(seen) <= CASE_AT_MOST, "\n".join(query["sql"][:150] for query in seen)


def test_one_case_one_answer_and_everybody_is_told(case, client):
    assert (case.co_signer_count, Submission.objects.count()) == (MANY - 1, MANY)
    assert followers.parked() == []

    client.force_login(people.account("dispatcher"))
    page = client.get(f"/staff/cases/{case.pk}/").content.decode()
    assert "9999" in page.replace(",", "")
    assert client.get(f"/staff/cases/{case.pk}/?shared=500").status_code == 200
    costs_little(client, case)
    case = people.bring_to(case, people.HANDLED)
    costs_little(client, case)
    client.force_login(people.handler_of(case.lead_unit))
    costs_little(client, case)

    client.logout()
    for code in Submission.objects.order_by("?").values_list("query_code", flat=True)[:20]:
        matter = matter_by_code(code)
        assert (matter.case, matter.state) == (case, "answered")
        assert matter.answers
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"/matter/{code}/").status_code == 200
    assert len(seen) <= MATTER_AT_MOST


def test_who_writes_the_same_sees_one_matter_not_ten_thousand(case, client):
    place = people.place_by_code(people.BAOLIN).id
    page = client.post("/hand-in/similar/", {"text": LETTER[:20], "place": place})
    assert page.content.decode().count('name="seconds"') <= 2, "the matter, and none of them"
