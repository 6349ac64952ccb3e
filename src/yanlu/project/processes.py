"""Ending processes, ours or a predecessor's."""

import contextlib
import signal
import time
from collections.abc import Iterable

import psutil


def end(processes: Iterable[psutil.Process], ask: signal.Signals, patience: float) -> None:
    """Ask them to end with the signal ``ask``; after ``patience`` seconds kill what is left."""
    alive = list(processes)
    _send(alive, ask)
    kill_after(alive, patience)


def kill_after(processes: Iterable[psutil.Process], patience: float) -> None:
    """Wait ``patience`` seconds for them to end by themselves; kill what is left then."""
    alive = _wait(list(processes), patience)
    _send(alive, signal.SIGKILL)
    _wait(alive, patience)


def _wait(processes: list[psutil.Process], patience: float) -> list[psutil.Process]:
    """Those that still live. A zombie does not, though nobody may ever collect it."""
    until = time.monotonic() + patience
    alive = [process for process in processes if _is_alive(process)]
    while alive and time.monotonic() < until:
        time.sleep(0.02)
        alive = [process for process in alive if _is_alive(process)]
    return alive


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
