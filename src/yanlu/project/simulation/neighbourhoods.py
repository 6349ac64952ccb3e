"""Names and codes of neighbourhoods that are made up beside the demo's own. Plain Python."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

#: As many as Baoshan has.
NEIGHBOURHOODS = 568


class Area(Protocol):
    """A street office or town."""

    @property
    def code(self) -> str:
        """Of the national table of divisions."""

    @property
    def name(self) -> str:
        """With what it is: 街道, 镇, 园区."""


A = TypeVar("A", bound=Area)


def further(areas: Sequence[A], many: int) -> Iterator[tuple[A, str, str]]:
    """Area, code and name of each, spread over the areas in turn."""
    for number in range(many):
        area = areas[number % len(areas)]
        stem = area.name.removesuffix("街道").removesuffix("镇").removesuffix("园区")
        yield area, f"{area.code}9{number:03d}", f"{stem}第{number // len(areas) + 1}居委会"
