"""``yanlu worker``: jobs and followers of the journal."""

from typing import Any

from django.core.management.base import BaseCommand

from yanlu.kernel import worker
from yanlu.project import supervisor


class Command(BaseCommand):
    """Do the jobs and follow the journal until SIGINT or SIGTERM."""

    help = "Run the worker alone: jobs, timetable, followers of the journal (`up` does it, too)."
    requires_system_checks = ()  # `up` makes them, and lint

    def handle(self, *args: Any, **options: Any) -> None:
        """Work; ends with SIGINT or SIGTERM, or when its supervisor is gone."""
        supervisor.follow_supervisor()
        worker.run()
