"""Pictures: data that changes seldom and is asked for always, read once and held in memory.

Every process holds its own. After an edit the process that made it reads afresh at once, the
others when their picture is stale.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_all: list["Picture[object]"] = []


class Picture(Generic[T]):
    """What ``read`` gave, at most ``stale`` seconds ago. The value must not be changed."""

    def __init__(self, read: Callable[[], T], *, stale: float) -> None:
        self._read = read
        self._stale = stale
        self._held: tuple[float, T] | None = None
        _all.append(self)  # type: ignore[arg-type]

    def __call__(self) -> T:
        """The picture, read when there is none or it is stale."""
        held = self._held
        if held is None or time.monotonic() - held[0] > self._stale:
            return self.hold(self._read())
        return held[1]

    def hold(self, shown: T) -> T:
        """Show this from now on, until it is stale."""
        self._held = (time.monotonic(), shown)
        return shown

    def forget(self) -> None:
        """Read afresh next time."""
        self._held = None


def all_pictures() -> list[Picture[object]]:
    """Every picture of this process."""
    return list(_all)


def forget_all() -> None:
    """Let this process read everything afresh."""
    for picture in _all:
        picture.forget()
