"""An operator sets Yanlu up with ``yanlu up``, kills parts of it and makes mistakes."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from yanlu.project import embedded
from yanlu.project.exits import Exit
from yanlu.project.postgres import Postgres

#: Seconds that are waited for something that must come.
PATIENCE = 120


class Installation:
    """A data folder and a port of its own, empty of messages; and whatever runs on it."""

    def __init__(self, home: Path, port: int = 0, database_url: str = "") -> None:
        self.home = home
        self.port = port or free_port()
        own = {"YANLU_HOME": str(home), "YANLU_PORT": str(self.port), "YANLU_DEMO": "none"}
        others = {name: set_ for name, set_ in os.environ.items() if not name.startswith("YANLU_")}
        self.environment = others | own | {"YANLU_WEB_WORKERS": "1"}
        if database_url:
            self.environment["YANLU_DATABASE_URL"] = database_url
        self.log = home.parent / f"{self.port}.log"
        self.supervisor: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "yanlu.project.command", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def up(self) -> None:
        """``yanlu up``, until it tells its address."""
        with self.log.open("wb") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "yanlu.project.command", "up"],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        address = f"Yanlu runs at http://127.0.0.1:{self.port}/"
        wait_until(lambda: address in self.log.read_text() or not self.is_up(), self.log)
        assert self.is_up(), self.log.read_text()

    def is_up(self) -> bool:
        """Whether the supervisor still runs."""
        return self.supervisor is not None and self.supervisor.poll() is None

    def children(self) -> dict[str, psutil.Process]:
        """The web server and the worker, by name, as far as they live."""
        assert self.supervisor is not None
        found = psutil.Process(self.supervisor.pid).children()
        return {child.cmdline()[-1]: child for child in found if not is_gone(child)}

    def processes(self) -> list[psutil.Process]:
        """Everything that runs, the database too."""
        assert self.supervisor is not None
        supervisor = psutil.Process(self.supervisor.pid)
        return [supervisor, *supervisor.children(recursive=True), *Postgres(self.home).processes()]

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        assert self.supervisor is not None
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(PATIENCE)

    def answers(self) -> bool:
        """Whether the pages are served."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz/") as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A look into the embedded database."""
        return psycopg.connect(embedded.address(self.home), autocommit=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def keep_a_row(installation: Installation) -> None:
    with installation.connect() as database:
        database.execute("CREATE TABLE kept AS SELECT 1 AS row")


def has_the_row(installation: Installation) -> bool:
    with installation.connect() as database:
        return database.execute("SELECT row FROM kept").fetchone() == (1,)


def wait_until(condition, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, log.read_text() if log.exists() else log
        time.sleep(0.05)


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Installation:
    """An installation that was up once and is stopped."""
    first = Installation(tmp_path_factory.mktemp("made") / "home")
    first.up()
    assert first.interrupt() == 0
    return first


@pytest.fixture
def installation(made: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A copy of it, which nobody else has touched."""
    copy = Installation(tmp_path / "home")
    subprocess.run(["cp", "-a", str(made.home), str(copy.home)], check=True)
    yield copy
    end(copy)


def end(installation: Installation) -> None:
    if installation.is_up():
        installation.interrupt()
    embedded.stop(installation.home)


def refused(installation: Installation, code: Exit, said: str) -> None:
    """``yanlu up`` gives up with this code and one line."""
    ended = installation.command("up")
    assert ended.returncode == code, ended.stderr
    assert ended.stderr.startswith("yanlu: ")
    assert ended.stderr.count("\n") == 1
    assert said in ended.stderr


# --- it runs, and stops


def test_it_runs_once_stops_with_ctrl_c_and_starts_again_with_its_data(installation, tmp_path):
    installation.up()
    keep_a_row(installation)
    refused(installation, Exit.ALREADY_RUNNING, "already running")
    other = Installation(tmp_path / "other", port=installation.port)
    refused(other, Exit.PORT_TAKEN, f"port {installation.port} is taken")
    assert not (other.home / "postgres").exists()
    assert "kernel" in installation.command("showmigrations", "kernel").stdout
    assert installation.answers()

    running = installation.processes()
    assert installation.interrupt() == 0
    assert all(is_gone(process) for process in running)
    installation.up()
    assert has_the_row(installation)


def test_two_run_at_once_one_of_them_deep_down_in_folders(installation, made, tmp_path):
    deep = Installation(tmp_path / ("deep" * 40) / "home")
    deep.home.parent.mkdir()
    subprocess.run(["cp", "-a", str(made.home), str(deep.home)], check=True)
    try:
        installation.up()
        deep.up()
        assert installation.answers()
        assert installation.interrupt() == 0
        assert deep.answers()
    finally:
        end(deep)


def test_a_command_starts_the_database_only_for_itself(installation):
    assert "kernel" in installation.command("showmigrations", "kernel").stdout
    assert not embedded.is_running(installation.home)


def test_help_starts_nothing(tmp_path):
    shown = Installation(tmp_path / "home").command("--help")
    assert shown.returncode == 0
    assert "up " in shown.stdout
    assert not (tmp_path / "home" / "postgres").exists()


# --- parts are killed


def test_whatever_is_killed_comes_back_and_nothing_is_lost(installation):
    installation.up()
    keep_a_row(installation)

    postmaster = Postgres(installation.home).postmaster()
    assert postmaster is not None
    parts = [*installation.children().values(), postmaster]
    kill(parts)
    wait_until(lambda: all(is_gone(part) for part in parts), installation.log)
    wait_until(lambda: {"web", "worker"} <= set(installation.children()), installation.log)
    wait_until(installation.answers, installation.log)
    assert installation.is_up()

    running = installation.processes()
    kill(running[:1])
    wait_until(lambda: all(is_gone(process) for process in running), installation.log)
    installation.up()

    kill(installation.processes())
    installation.up()
    assert has_the_row(installation)


# --- mistakes


def test_a_port_that_is_none_is_refused(tmp_path):
    wrong = Installation(tmp_path / "home")
    wrong.environment["YANLU_PORT"] = "eighty"
    refused(wrong, Exit.PORT_TAKEN, "eighty")


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path):
    nobody = f"postgresql://yanlu:secret@127.0.0.1:{free_port()}/yanlu"
    lost = Installation(tmp_path / "home", database_url=nobody)
    refused(lost, Exit.DATABASE_UNREACHABLE, "can't be reached")
    assert "secret" not in lost.command("showmigrations").stderr
    assert not (lost.home / "postgres").exists()


def test_a_newer_data_folder_is_left_alone(installation):
    (installation.home / "VERSION").write_text("2\n")
    refused(installation, Exit.NEWER_DATA, "newer")
    assert not embedded.is_running(installation.home)


def test_a_database_of_a_newer_version_is_left_alone(installation):
    embedded.ensure_running(installation.home)
    with installation.connect() as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('kernel', '9999_from_the_future', now())"
        )
    embedded.release(installation.home)
    refused(installation, Exit.NEWER_DATA, "9999_from_the_future")


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "home").write_text("not a folder")
    refused(Installation(tmp_path / "home"), Exit.HOME_UNUSABLE, "home")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs to mount a disk")
def test_a_small_disk_is_refused_before_anything_is_made(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        small = Installation(disk / "home")
        refused(small, Exit.DISK_FULL, "disk full")
        assert not (small.home / "postgres").exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
