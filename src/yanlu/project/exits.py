"""Exit codes of ``yanlu``: one number for each reason why an installation can't run.

0 is success, 1 an unexpected error, 2 a wrong command line (as everywhere), 130 and 143 an
interruption. ``make`` itself always leaves with 2 and shows the number in its last line.
"""

from enum import IntEnum


class Exit(IntEnum):
    """Why ``yanlu`` gave up."""

    PORT_TAKEN = 10
    """Another program listens on ``YANLU_PORT``."""
    ALREADY_RUNNING = 11
    """``yanlu up`` runs for this data folder already."""
    HOME_UNUSABLE = 12
    """The data folder can't be made, read or written."""
    NEWER_DATA = 13
    """The data folder or the database belongs to a newer version of Yanlu."""
    DISK_FULL = 14
    """Too little room on the disk of the data folder or of the database."""
    DATABASE_UNREACHABLE = 15
    """No connection to the server of ``YANLU_DATABASE_URL``."""
    DATABASE_TOO_OLD = 16
    """That server is older than PostgreSQL 16."""
    PGVECTOR_MISSING = 17
    """That server has no pgvector, or does not let this user switch it on."""
    DATABASE_FAILED = 18
    """The embedded PostgreSQL does not start."""
    PROCESS_FAILED = 19
    """The web server or the worker dies again and again."""
