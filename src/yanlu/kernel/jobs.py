"""Jobs by name, enqueued in the caller's transaction: committed together or not at all."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

# A worker's own connector, by which it listens, writes by a connection of its own: there a job
# would begin before what it is about is committed.
_in_transaction = JobManager(DjangoConnector())


def enqueue(name: str, **arguments: Any) -> None:
    """Have the job ``name`` (``domain.task``) run once the present transaction is committed.

    Arguments are numbers and short strings that identify records; a job loads what it needs.
    """
    job = app.configure_task(name)
    job.job_manager = _in_transaction
    job.defer(**arguments)
