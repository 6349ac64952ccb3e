"""The demo district with as many neighbourhoods as Baoshan has: 568 居村."""

from yanlu.kernel import journal
from yanlu.people import selectors as people
from yanlu.people import services as registry
from yanlu.places import services as places
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT
from yanlu.project.demo import reference

SYSTEM = journal.System("simulation")
NEIGHBOURHOODS = 568


def build(neighbourhoods: int) -> None:
    """Places and units; the demo's own neighbourhoods, and others up to this many."""
    reference.load()
    missing = neighbourhoods - len(territory().of_level(COMMUNITY))
    areas = territory().of_level(SUBDISTRICT)
    governments = {unit.code: unit for unit in people.units()}
    for number in range(missing):
        area = areas[number % len(areas)]
        stem = area.name.removesuffix("街道").removesuffix("镇").removesuffix("园区")
        place = places.add_place(
            actor=SYSTEM,
            level=COMMUNITY,
            code=f"{area.code}9{number:03d}",
            name=f"{stem}第{number // len(areas) + 1}居委会",
            parent=area,
        )
        registry.add_unit(
            actor=SYSTEM,
            code=f"{place.code}-neighbourhood_committee",
            name=place.name,
            level=COMMUNITY,
            function="neighbourhood_committee",
            place=place,
            parent=governments.get(f"{area.code}-government"),
        )
