"""Where the web server listens: ``YANLU_HOST`` and ``YANLU_PORT``, and the hold on that port."""

import errno
import os
import socket
from typing import NamedTuple

from yanlu.kernel.errors import OperatorError
from yanlu.project import environment
from yanlu.project.exits import Exit

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- known, not chosen


class Place(NamedTuple):
    """A numeric address of this machine and a port."""

    family: socket.AddressFamily
    host: str
    port: int

    @property
    def reachable(self) -> str:
        """The address by which this machine itself gets here."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """What to open in a browser."""
        shown = f"[{self.reachable}]" if ":" in self.reachable else self.reachable
        return f"http://{shown}:{self.port}/"


def chosen() -> Place:
    """What the operator set.

    Raises:
        OperatorError: with ``PORT_TAKEN`` when there can't be such a place.
    """
    host, port = environment.value("YANLU_HOST"), environment.value("YANLU_PORT")
    if not (port.isdecimal() and 0 < int(port) < 2**16):
        raise OperatorError(f"YANLU_PORT is no port from 1 to 65535: {port}", Exit.PORT_TAKEN)
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise OperatorError(f"YANLU_HOST {host}: {error.strerror}", Exit.PORT_TAKEN) from error
    return Place(found[0], str(found[4][0]), int(port))


def web_workers() -> int:
    """Web processes: as set, else one for each core that we may use, at most four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return int(environment.value("YANLU_WEB_WORKERS")) or min(cores or 1, 4)


def reserve(place: Place) -> socket.socket:
    """Take the port for our web processes alone; keep the socket open as long as they run.

    Raises:
        OperatorError: with ``PORT_TAKEN``.
    """
    held = socket.socket(place.family)
    try:
        # Past connections don't count, a listening program does.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((place.host, place.port))
    except OSError as error:
        held.close()
        raise OperatorError(_refusal(place, error), Exit.PORT_TAKEN) from error
    # Granian's processes share their port with whoever allows it, which is us; anybody else, a
    # second supervisor as well, gets the refusal above.
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return held


def _refusal(place: Place, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {place.port} is taken by another program; YANLU_PORT sets another one"
    return f"can't listen on {place.host}, port {place.port}: {error.strerror}"
