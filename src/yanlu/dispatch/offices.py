"""The units of a district, as dispatch looks for the one in charge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from yanlu.places.territory import DISTRICT, Territory


@dataclass(frozen=True)
class Office:
    """A unit as rules see it."""

    id: int
    name: str
    function: str
    level: int
    place_id: int


class Charge(Protocol):
    """Who is in charge, as a rule or an item of the catalogue says it (see ``models.Rule``)."""

    @property
    def unit_id(self) -> int | None: ...
    @property
    def function(self) -> str: ...
    @property
    def level(self) -> int | None: ...


class Offices:
    """All units, found by number or by function and place; never changed."""

    def __init__(self, offices: Iterable[Office], territory: Territory) -> None:
        self._by_id = {office.id: office for office in offices}
        self._territory = territory
        self._at: dict[tuple[str, int], list[Office]] = {}
        for office in self:
            self._at.setdefault((office.function, office.place_id), []).append(office)

    def __iter__(self) -> Iterator[Office]:
        return iter(self._by_id.values())

    def get(self, unit_id: int | None) -> Office | None:
        """The unit of this number, if there is one."""
        return self._by_id.get(unit_id) if unit_id else None

    def in_charge(self, charge: Charge, place_id: int | None) -> Office | None:
        """The unit that is meant for a place: a fixed one, or the nearest of its function."""
        if charge.unit_id:
            return self.get(charge.unit_id)
        return self.nearest(charge.function, charge.level, place_id)

    def nearest(self, function: str, level: int | None, place_id: int | None) -> Office | None:
        """The lowest unit of the function, down to the level, whose territory holds the place.

        Without a place only the district's own units come into question.
        """
        if place_id is None:
            over = self._territory.of_level(DISTRICT)
        else:
            over = self._territory.ancestors(place_id)
        fitting = [
            office
            for node in over
            for office in self._at.get((function, node.id), ())
            if level is None or office.level <= level
        ]
        return max(fitting, key=lambda office: (office.level, -office.id), default=None)
