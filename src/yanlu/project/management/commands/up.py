"""``yanlu up``: everything, with one command."""

import hashlib
import http.client
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from yanlu.places import selectors as places
from yanlu.project import database, embedded, environment, listening, supervisor
from yanlu.project import home as data_folder
from yanlu.project.demo import signins
from yanlu.project.supervisor import Child, Deaths


class Command(BaseCommand):
    """Check, prepare and run; a second run finds the data of the first."""

    help = "Start everything: database, web server, worker; a demo district on the first run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGINT or SIGTERM."""
        home, place = environment.home(), listening.chosen()
        with supervisor.only_one(home):
            supervisor.end_leftovers(home)
            with listening.reserve(place):
                self._prepare(home)
                self._deaths = Deaths("PostgreSQL")
                self._greeted = False
                children = [Child("web", home), Child("worker", home)]
                supervisor.supervise(children, lambda: self._watch(home, place))
        self.stdout.write("Stopped; the data stays in " + str(home))

    # --- before

    def _prepare(self, home: Path) -> None:
        data_folder.require_room(home)
        database.require(home)
        database.bring_up_to_date()
        if environment.is_demo() and not places.territory().nodes:
            self._build_demo()
        self._collect_static(home)
        connection.close()

    def _build_demo(self) -> None:
        """Whole or not at all: interrupted, it is built again the next time."""
        self.stdout.write("Building the demo district, once …")
        with transaction.atomic():
            call_command("demo")

    def _collect_static(self, home: Path) -> None:
        """Anew when any of the files changed, which a mark beside them tells."""
        mark, print_ = home / "static.print", _fingerprint()
        if mark.exists() and mark.read_text() == print_:
            return
        self.stdout.write("Collecting the static files …")
        mark.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(print_)

    # --- meanwhile

    def _watch(self, home: Path, place: listening.Place) -> None:
        """Bring a database that died back; tell the address once it answers."""
        if database.is_embedded(home) and not embedded.is_running(home):
            self._deaths.count()
            embedded.ensure_running(home)
        if not self._greeted and _answers(place):
            self._greeted = True
            self._greet(place)

    def _greet(self, place: listening.Place) -> None:
        self.stdout.write(f"Yanlu runs at {place.url}  (Ctrl-C stops it)")
        for line in signins.lines() if environment.is_demo() else []:
            self.stdout.write(line)
        self.stdout.flush()


def _answers(place: listening.Place) -> bool:
    connection_ = http.client.HTTPConnection(place.reachable, place.port, timeout=2)
    try:
        connection_.request("GET", "/healthz/")
        return connection_.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection_.close()


def _fingerprint() -> str:
    """Tells one state of all static files from another: their names, sizes and times."""
    found = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            found.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return found.hexdigest()
