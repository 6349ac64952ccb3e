"""周阿姨 takes her words out of the data pool: from the page of her matter to the Parquet file."""

import pytest
from django.conf import settings
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import people
from yanlu.insight import pool, tasks
from yanlu.insight.parquet import from_bytes
from yanlu.insight.store import Store
from yanlu.intake.models import Submission
from yanlu.kernel import clock, followers, journal

pytestmark = pytest.mark.django_db

WORDS = "楼道里堆满了旧家具"


@pytest.fixture
def said(district, settings, tmp_path) -> Submission:
    """周阿姨's words are in the pool, and beside them 顾老伯's."""
    settings.YANLU_POOL = str(tmp_path / "pool")
    people.hand_in("公交车早高峰要等四十分钟，建议加密班次。", by=people.old_gu())
    said = people.hand_in(by=people.aunt_zhou())
    followers.drain()
    pool.write_marked()
    return said


@pytest.fixture
def zhou(said, client) -> Client:
    client.force_login(people.aunt_zhou(), "django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def in_the_file() -> list[str]:
    """What the file of today says."""
    content = Store(settings.YANLU_POOL).get(clock.today())
    return [row["text"] for row in from_bytes(content)] if content else []


def page(client: Client, said: Submission, status: int = 200) -> str:
    answer = client.get(f"/matter/{said.query_code}/pool/")
    assert answer.status_code == status
    return answer.content.decode()


def take_out(client: Client, said: Submission):
    return client.post(f"/matter/{said.query_code}/pool/", follow=True)


def acts(said: Submission) -> list[tuple[str, str]]:
    rows = journal.history(journal.Subject("submission", said.pk))
    return [(row.verb, row.actor) for row in rows if row.verb.startswith("pool.")]


def test_words_are_followed_from_the_page_to_the_file_that_holds_them_no_more(said, zhou):
    assert len(in_the_file()) == 2
    client_page = zhou.get(f"/matter/{said.query_code}/").content.decode()
    assert f"/matter/{said.query_code}/pool/" in client_page
    asked = page(zhou, said)
    assert "You may take them out" in asked
    assert "〔门牌〕" in asked

    assert "being taken out of the pool" in take_out(zhou, said).content.decode()
    assert "Being taken out" in page(zhou, said)
    assert acts(said) == [("pool.withdrawn", people.aunt_zhou().ref)]
    assert any(WORDS in text for text in in_the_file())

    job = ProcrastinateJob.objects.get(task_name="insight.write_marked")
    assert app.tasks[job.task_name] is tasks.write_marked
    tasks.write_marked(**job.args)
    assert "Taken out" in page(zhou, said)
    assert acts(said)[1:] == [("pool.erased", "system:insight.pool")]
    (left,) = in_the_file()
    assert WORDS not in left

    people.bring_to(people.case_of(said), people.HANDLED)
    followers.drain()
    pool.rebuild()
    assert in_the_file() == [left]
    assert len(acts(said)) == 2
    assert not pool.check().differences


def test_twice_is_refused_and_the_matter_itself_goes_on(said, zhou):
    take_out(zhou, said)
    pool.write_marked()
    assert "took these words out of the data pool before" in take_out(zhou, said).content.decode()
    assert len(acts(said)) == 2
    assert WORDS in zhou.get(f"/matter/{said.query_code}/").content.decode()


def test_nobody_takes_out_what_somebody_else_said(said, client):
    code = f"/matter/{said.query_code}/pool/"
    answer = client.get(code)
    assert answer.status_code == 302
    assert "/sign-in/" in answer["location"]
    assert client.post(code).status_code == 302
    for stranger in (people.neighbour_wu(), people.account("dispatcher")):
        client.force_login(stranger, "django.contrib.auth.backends.ModelBackend")
        page(client, said, status=404)
        assert client.post(code).status_code == 404
        assert "pool/" not in client.get(f"/matter/{said.query_code}/").content.decode()
    assert client.post("/matter/7K2M9QXW4TBD/pool/").status_code == 404
    assert acts(said) == []
    pool.write_marked()
    assert len(in_the_file()) == 2


@pytest.mark.parametrize("sealed", [{"is_confidential": True}, {"kind": "report"}])
def test_what_is_sealed_was_never_in_the_pool_and_needs_no_way_out(zhou, sealed):
    said = people.hand_in("门卫收了钱才给开门。", by=people.aunt_zhou(), **sealed)
    assert "These words are not in the pool" in page(zhou, said)
    assert "They were never in the data pool" in take_out(zhou, said).content.decode()
    assert acts(said) == []


def test_the_last_words_of_a_day_take_its_file_along(said, zhou):
    take_out(zhou, said)
    old_gu = Client()
    old_gu.force_login(people.old_gu(), "django.contrib.auth.backends.ModelBackend")
    take_out(old_gu, Submission.objects.exclude(pk=said.pk).get())
    pool.write_marked()
    assert Store(settings.YANLU_POOL).days() == []
    assert "Taken out" in page(zhou, said)
