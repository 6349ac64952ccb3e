"""``yanlu up``'s keeper of processes: starts them, starts them again, takes them all with it.

Each process runs in a group of its own, so that Ctrl-C reaches the supervisor alone, and with
``YANLU_SUPERVISOR`` in its environment: by that it knows whom to follow into death, and the next
supervisor of the same home knows what is left of the one before it.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

import psutil

from yanlu.kernel.errors import OperatorError
from yanlu.project import processes
from yanlu.project.exits import Exit

#: Seconds for a graceful end, after which a process is killed.
PATIENCE = 10.0
#: A process that dies more often than this within a minute takes everything down.
DEATHS_A_MINUTE = 5
MARK = "YANLU_SUPERVISOR"


# --- what may be there already


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[None]:
    """One supervisor a home; the lock vanishes with its process.

    Raises:
        OperatorError: with ``ALREADY_RUNNING``.
    """
    with (home / "run" / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise OperatorError(
                f"already running for {home} (process {lock.read().strip()})", Exit.ALREADY_RUNNING
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def end_leftovers(home: Path) -> None:
    """End what a killed supervisor of this home left behind, and nothing else."""
    marks = {process: _environment(process).get(MARK, "") for process in psutil.process_iter()}
    left = (process for process, mark in marks.items() if mark.partition(" ")[2] == str(home))
    processes.end(left, signal.SIGTERM, PATIENCE)


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return dict(process.environ())
    except psutil.Error:
        return {}


# --- in a supervised process


def is_supervised() -> bool:
    """Whether this process was started by ``yanlu up``."""
    return MARK in os.environ


def follow_supervisor() -> None:
    """End this process soon after its supervisor, however that one ended."""
    if is_supervised():
        follow(int(os.environ[MARK].split()[0]))


def follow(parent: int) -> None:
    """End this process when ``parent`` is its parent no more: gracefully, then for sure."""
    threading.Thread(target=_follow, args=[parent], name="follow", daemon=True).start()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)


# --- the supervisor


class Deaths:
    """How often something died within the last minute."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._moments: list[float] = []

    def count(self) -> int:
        """One death more; returns how many there were within a minute.

        Raises:
            OperatorError: with ``PROCESS_FAILED`` when they are too many.
        """
        now = time.monotonic()
        self._moments = [moment for moment in self._moments if now - moment < 60] + [now]
        if len(self._moments) > DEATHS_A_MINUTE:
            raise OperatorError(
                f"{self._name} died {len(self._moments)} times within a minute; all is stopped",
                Exit.PROCESS_FAILED,
            )
        return len(self._moments)


class Child:
    """One ``yanlu`` command that is kept alive."""

    def __init__(self, command: str, home: Path) -> None:
        self._command = [sys.executable, "-m", "yanlu.project.command", command]
        self._environment = os.environ | {MARK: f"{os.getpid()} {home}"}
        self._deaths = Deaths(f"`yanlu {command}`")
        self._due = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Start it when it does not run; the later, the more often it died.

        Raises:
            OperatorError: with ``PROCESS_FAILED`` when it died too often.
        """
        if self._process and self._process.poll() is not None:
            self._kill_group()
            self._process = None
            self._due = time.monotonic() + 2 ** self._deaths.count() / 8
        if not self._process and time.monotonic() >= self._due:
            self._process = subprocess.Popen(  # noqa: S603 -- our own command
                self._command,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,
            )

    def ask_to_end(self) -> None:
        """Ask for a graceful end."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for the end until ``deadline``, then kill it and all that it started."""
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(0.0, deadline - time.monotonic()))
            self._kill_group()
            self._process.wait()

    def _kill_group(self) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def supervise(children: Sequence[Child], watch: Callable[[], None]) -> None:
    """Keep the children alive until SIGINT or SIGTERM; call ``watch`` all the time.

    However this ends, no child outlives it.

    Raises:
        OperatorError: when a child died too often, or from ``watch``.
    """
    asked = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not asked.is_set():
            watch()
            for child in children:
                child.keep()
            asked.wait(0.2)
    finally:
        _end_all(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_all(children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.end(deadline)
