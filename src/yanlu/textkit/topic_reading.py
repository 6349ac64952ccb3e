"""A stream of messages read for topics by several processes, handed on in order."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Final

from yanlu.textkit.topic_words import Message, Said, read

#: Messages that a process is given at once, and such lots that wait for each process.
LOT: Final = 500
WAITING: Final = 3


def read_all(messages: Iterable[Message], processes: int) -> Iterator[tuple[Message, Said]]:
    """Yield each message with what is compared of it.

    With one process nothing is started. Messages are taken as they are needed, so that a stream
    may be longer than memory.
    """
    if processes < 2:
        yield from ((message, read(message)) for message in messages)
        return
    stream = iter(messages)
    waiting: deque[tuple[list[Message], Future[list[Said]]]] = deque()
    with ProcessPoolExecutor(processes) as pool:
        while True:
            while len(waiting) < WAITING * processes and (lot := list(islice(stream, LOT))):
                waiting.append((lot, pool.submit(_read_lot, lot)))
            if not waiting:
                return
            lot, said = waiting.popleft()
            yield from zip(lot, said.result(), strict=True)


def _read_lot(lot: list[Message]) -> list[Said]:
    return [read(message) for message in lot]
