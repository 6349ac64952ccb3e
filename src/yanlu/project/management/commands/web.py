"""``yanlu web``: the web server."""

import contextlib
import os
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from yanlu.project import listening, serving, supervisor

#: Threads of one web process, and connections: they mostly wait for the database. Four processes
#: stay far below PostgreSQL's limit of 100.
THREADS = 8


class Command(BaseCommand):
    """Serve the pages and the interfaces until SIGINT or SIGTERM."""

    help = "Run the web server alone (`up` does it, too)."
    requires_system_checks = ()  # `up` makes them, and lint

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
            server.serve(target_loader=partial(serving.load, os.getpid()), wrap_loader=False)
