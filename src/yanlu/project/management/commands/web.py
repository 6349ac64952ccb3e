"""``yanlu web``: the web server."""

import contextlib
import os
from collections.abc import Iterable
from functools import partial
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.management.base import BaseCommand
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from yanlu.project import listening, supervisor

#: Threads of one web process. They mostly wait for the database, and each holds at most one
#: connection: four processes stay far below PostgreSQL's limit of 100.
THREADS = 8


class Command(BaseCommand):
    """Serve the pages and the interfaces until SIGINT or SIGTERM."""

    help = "Run the web server alone (`up` does it, too)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve; ends with SIGINT or SIGTERM, or when its supervisor is gone."""
        supervisor.follow_supervisor()
        place = listening.chosen()
        with contextlib.ExitStack() as held:
            if not supervisor.is_supervised():
                held.enter_context(listening.reserve(place))
            server = Server(
                "yanlu.project.wsgi:application",
                address=place.host,
                port=place.port,
                interface=Interfaces.WSGI,
                workers=listening.web_workers(),
                blocking_threads=THREADS,
                log_level=LogLevels.error,
                workers_kill_timeout=int(supervisor.PATIENCE) - 2,
            )
            server.serve(target_loader=partial(load, os.getpid()), wrap_loader=False)


def load(parent: int) -> WSGIApplication:
    """In each web process: the application; the process ends when its ``parent`` does."""
    supervisor.follow(parent)
    from yanlu.project.wsgi import application  # noqa: PLC0415 -- sets Django up, in here only

    return partial(_nameless, application)


def _nameless(
    application: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
) -> Iterable[bytes]:
    """The application's answer; without a name of ours Granian would tell everybody its own."""

    def start_nameless(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start(status, [*headers, ("Server", "yanlu")], *error)

    return application(environ, start_nameless)
