"""A light load generator, run as a process of its own: ``python -m bench.load < plan.json``.

Each connection stays open and sends its next request as soon as it has the answer to the last one.
Requests are bytes made beforehand; a run of twelve ``#`` in them becomes a running number.
"""

import asyncio
import itertools
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

PLACEHOLDER = b"#" * 12
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Plan:
    """What to send: ``requests`` in turn, for ``seconds`` after ``warm_up`` seconds."""

    host: str
    port: int
    connections: int
    seconds: float
    requests: list[str]
    warm_up: float = 2.0
    first_number: int = 1


@dataclass
class Count:
    """Answers within the measured time; latencies in milliseconds."""

    seconds: float
    statuses: dict[str, int]
    latencies: list[float] = field(repr=False)


class Recorder:
    """Counts what was answered between two moments."""

    def __init__(self, begin: float, end: float) -> None:
        self.begin, self.end = begin, end
        self.statuses: Counter[str] = Counter()
        self.latencies: list[float] = []

    def note(self, sent: float, status: str) -> bool:
        """Note an answer; whether to go on."""
        now = time.perf_counter()
        if self.begin <= now <= self.end:
            self.statuses[status] += 1
            self.latencies.append((now - sent) * 1000)
        return now < self.end


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Iterator[bytes], recorder: Recorder) -> None:
        self._requests, self._recorder = requests, recorder
        self._received = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or not _is_whole(head, body):
            return
        self._received = b""
        if self._recorder.note(self._sent, head[9:12].decode()):
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))


def _is_whole(head: bytes, body: bytes) -> bool:
    """Whether the whole answer is there; bodies come with their length or in chunks."""
    length = _LENGTH.search(head)
    if length:
        return len(body) >= int(length[1])
    return body.endswith(b"0\r\n\r\n")


def numbered(requests: list[bytes], first: int) -> Iterator[bytes]:
    """The requests in turn, for ever, each with a number of its own."""
    for number, request in zip(itertools.count(first), itertools.cycle(requests)):
        yield request.replace(PLACEHOLDER, b"%012d" % number)


async def run(plan: Plan) -> Count:
    """Carry the plan out."""
    begin = time.perf_counter() + plan.warm_up
    recorder = Recorder(begin, begin + plan.seconds)
    requests = numbered([request.encode() for request in plan.requests], plan.first_number)
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: Client(requests, recorder), plan.host, plan.port))[1]
        for _ in range(plan.connections)
    ]
    await asyncio.wait_for(
        asyncio.gather(*(client.done for client in clients)), plan.warm_up + plan.seconds + 30
    )
    return Count(plan.seconds, dict(recorder.statuses), recorder.latencies)


def main() -> None:
    """Read the plan from standard input, write the count to standard output."""
    plan = Plan(**json.load(sys.stdin))
    json.dump(asdict(asyncio.run(run(plan))), sys.stdout)


if __name__ == "__main__":
    main()
