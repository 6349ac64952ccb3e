"""Jobs by name, enqueued in the caller's transaction: committed together or not at all."""

from typing import Any

from procrastinate.contrib.django import app


def enqueue(name: str, **arguments: Any) -> None:
    """Have the job ``name`` (``domain.task``) run once the present transaction is committed.

    Arguments are numbers and short strings that identify records; a job loads what it needs.
    """
    app.configure_task(name).defer(**arguments)
