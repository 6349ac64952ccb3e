"""The worker may be killed at any moment: nothing is lost, nothing comes twice."""

import signal

import pytest

from tests import people, processes
from yanlu.cases.models import Case
from yanlu.dispatch.models import Decision
from yanlu.intake import services as intake
from yanlu.kernel import followers, seals
from yanlu.kernel.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES = 1_500


def test_killed_in_the_middle_of_its_work(district):
    for number in range(MESSAGES):
        words = intake.Words(text=f"{people.STAIRS}（第{number}位居民反映）", channel="phone")
        intake.receive_submission(actor=people.TESTS, words=words)

    for share in (0.1, 0.5):
        worker = processes.start("worker")
        processes.wait_for(lambda share=share: Case.objects.count() > MESSAGES * share)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert Case.objects.count() < MESSAGES, "killed in the middle, not at the end"

    worker = processes.start("worker")
    processes.wait_for(lambda: Case.objects.count() == MESSAGES)
    worker.terminate()
    worker.wait(30)

    assert Decision.objects.count() == MESSAGES
    assert Case.objects.values("submission").distinct().count() == MESSAGES
    assert Entry.objects.filter(verb="case.opened").count() == MESSAGES
    assert followers.parked() == []
    assert seals.verify().facts == MESSAGES


def test_two_workers_share_the_work_and_do_nothing_twice(district):
    for number in range(300):
        words = intake.Words(text=f"{people.STAIRS}（{number}）", channel="web")
        intake.receive_submission(actor=people.TESTS, words=words)

    workers = [processes.start("worker") for _ in range(2)]
    processes.wait_for(lambda: Case.objects.count() == 300)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(30)

    assert Decision.objects.count() == 300
    assert followers.parked() == []
