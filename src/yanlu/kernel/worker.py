"""The worker process: followers of the journal in one thread, jobs in the main one."""

import logging
import threading
import time

from django.db import DatabaseError, InterfaceError, close_old_connections
from procrastinate.contrib.django import app

from yanlu.kernel import followers

log = logging.getLogger(__name__)

#: Seconds between looks at an idle journal; a person does not notice it.
PAUSE = 0.2
#: Seconds between retries of parked rows and after the database was away.
LONG_PAUSE = 5.0


def run(concurrency: int = 2) -> None:
    """Work until the process is told to stop (SIGINT, SIGTERM); what is under way is finished."""
    stop = threading.Event()
    thread = threading.Thread(target=_follow, args=(stop,), name="followers")
    thread.start()
    try:
        # Django's own connections can't listen for new jobs; procrastinate's can.
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(concurrency=concurrency, install_signal_handlers=True)
    finally:
        stop.set()
        thread.join()


def _follow(stop: threading.Event) -> None:
    retried = 0.0
    while not stop.is_set():
        try:
            busy = [followers.advance(one) for one in followers.all_followers()]
            if time.monotonic() - retried > LONG_PAUSE:
                followers.retry_parked()
                retried = time.monotonic()
        except (DatabaseError, InterfaceError):
            log.exception("the followers wait for the database")
            close_old_connections()
            stop.wait(LONG_PAUSE)
            continue
        if not any(busy):
            stop.wait(PAUSE)
