"""A job belongs to the transaction that asks for it, also where a worker asks."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yanlu.kernel import jobs

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for() -> int:
    return ProcrastinateJob.objects.filter(task_name="kernel.nothing").count()


def ask_and_fail() -> None:
    with transaction.atomic():
        jobs.enqueue("kernel.nothing")
        raise ValueError("it was not to be")


def test_what_is_rolled_back_in_a_worker_leaves_no_job():
    with app.replace_connector(app.connector.get_worker_connector()), app.open():
        with pytest.raises(ValueError, match="not to be"):
            ask_and_fail()
        assert asked_for() == 0
        with transaction.atomic():
            jobs.enqueue("kernel.nothing")
        assert asked_for() == 1
    ProcrastinateJob.objects.filter(task_name="kernel.nothing").delete()
