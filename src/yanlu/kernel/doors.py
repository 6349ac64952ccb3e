"""Signed requests to the address of another system: one try, within seconds, to there alone."""

import json
import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from yanlu.kernel import clock
from yanlu.kernel.errors import YanluError
from yanlu.kernel.signing import sign

#: Seconds for one try, and bytes of an answer, at most.
SECONDS = 10.0
LARGEST: Final = 16 * 2**20
#: Answers that say that what was sent is wrong. All others are about the door: the address, the
#: signature, how much is sent at once; what can't pass it now may pass it later.
REFUSALS: Final = frozenset({400, 409, 410, 413, 415, 422})
#: Characters of what was said to a refusal that are handed on.
KEPT: Final = 800


class Failed(YanluError):
    """The other system did not take it; ``fault`` says why in one word: ``timeout``, ``http-500``.

    :param is_refusal: whether sending the same again can't help.
    :param said: what it said to a refusal, as it is, in one line; nobody cleaned it.
    """

    def __init__(self, fault: str, *, is_refusal: bool = False, said: str = "") -> None:
        super().__init__(fault)
        self.fault, self.is_refusal, self.said = fault, is_refusal, said


@dataclass(frozen=True)
class Door:
    """The address of a system, and the secret that requests to it are signed with."""

    address: str
    secret: str = field(repr=False)

    def get(self, path: str) -> Any:
        """The JSON at a path below the address. Raises `Failed`."""
        return _parsed(self._ask("GET", path, b""))

    def post(self, path: str, content: Any) -> Any:
        """What it answers to this JSON, ``None`` if that is none. Raises `Failed`."""
        answer = self._ask("POST", path, json.dumps(content, ensure_ascii=False).encode())
        try:
            return _parsed(answer)
        except Failed:
            return None  # it was taken, whatever the partner says to it

    def _ask(self, method: str, path: str, body: bytes) -> bytes:
        parts = urlsplit(self.address)
        target = parts.path.rstrip("/") + path
        headers = sign(self.secret, method, target, body, clock.now().timestamp())
        headers |= {"Content-Type": "application/json", "Accept": "application/json"}
        until = time.monotonic() + SECONDS
        try:
            connection = _connection(parts.scheme, parts.netloc)
            try:
                connection.request(method, target, body or None, headers)
                answer = connection.getresponse()
                content = _read(answer, until)
            finally:
                connection.close()
        except TimeoutError as error:
            raise Failed("timeout") from error
        except (OSError, HTTPException, ValueError) as error:
            raise Failed(_fault(error)) from error
        if not 200 <= answer.status < 300:
            is_refusal = answer.status in REFUSALS
            raise Failed(f"http-{answer.status}", is_refusal=is_refusal, said=_said(content))
        return content


def _connection(scheme: str, place: str) -> HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(place, timeout=SECONDS, context=context)
    return HTTPConnection(place, timeout=SECONDS)


def _read(answer: HTTPResponse, until: float) -> bytes:
    """The answer's body, however slowly it drips. Raises `TimeoutError` or `Failed`."""
    content = bytearray()
    while piece := answer.read1(2**16):
        content += piece
        if len(content) > LARGEST:
            raise Failed("too-large")
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(content)


def _said(content: bytes) -> str:
    """What was said, in one line."""
    try:
        text = json.dumps(json.loads(content), ensure_ascii=False)
    except (ValueError, RecursionError):
        text = content.decode(errors="replace")
    return "".join(c if c.isprintable() else " " for c in text[:KEPT])


def _fault(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "tls"
    is_cut = isinstance(error, ConnectionResetError | BrokenPipeError | HTTPException)
    return "broken-off" if is_cut else "unreachable"


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Failed("no-json") from error
