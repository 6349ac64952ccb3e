"""Other processes of Yanlu, working on the tests' database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from django.db import connection

T = TypeVar("T")


def database_address() -> str:
    """The tests' database as ``YANLU_DATABASE_URL``."""
    held = connection.settings_dict
    sign_in = f"{held['USER']}:{quote(held['PASSWORD'], safe='')}"
    where = f"host={quote(held['HOST'], safe='')}&port={held['PORT'] or 5432}"
    return f"postgresql://{sign_in}@/{held['NAME']}?{where}"


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a `yanlu` command."""
    return subprocess.Popen(
        [sys.executable, "-m", "yanlu.project.command", *arguments],
        env={**os.environ, "YANLU_DATABASE_URL": database_address()},
    )


def wait_for(question: Callable[[], T], seconds: float = 60) -> T:
    """The first true answer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {seconds} s")
