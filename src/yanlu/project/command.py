"""The ``yanlu`` command."""

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run one command; the process leaves with its exit code."""
    # Until something is under way, Ctrl-C needs no more than the system's own way out.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")
    from yanlu.project import console  # noqa: PLC0415 -- takes half a second

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _leave)
    sys.exit(console.run(sys.argv[1:]))


def _leave(number: int, _frame: FrameType | None) -> None:
    """Unwind on SIGTERM, so that the database is given back."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
