"""What each web process of Granian runs: the application, as a guest of Granian's threads."""

import threading
from collections.abc import Iterable
from functools import partial
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.db import DEFAULT_DB_ALIAS, connections

from yanlu.project import supervisor


def load(parent: int) -> WSGIApplication:
    """The application; the process ends when its ``parent`` does."""
    supervisor.follow(parent)
    from yanlu.project.wsgi import application  # noqa: PLC0415 -- sets Django up, in here only

    return partial(_serve, application)


def _serve(
    application: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
) -> Iterable[bytes]:
    """The application's answer; without a name of ours Granian would tell everybody its own."""
    if not hasattr(_thread, "leftover"):
        _thread.leftover = _Leftover()

    def start_nameless(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start(status, [*headers, ("Server", "yanlu")], *error)

    return application(environ, start_nameless)


_thread = threading.local()


class _Leftover:
    """Closes its thread's database connection when the thread is gone.

    Granian ends threads after half a minute without work. Django's persistent connections belong
    to a thread, but sit in a circle of references: without this they stay open until Python happens
    to look for circles, and ever more of them fill the server. A pool would be the other way;
    psycopg's makes requests wait for 10 s when the database was restarted.
    """

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]

    def __del__(self) -> None:
        if self._connection.connection is not None:
            self._connection.connection.close()
