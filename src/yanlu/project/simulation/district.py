"""The demo district with as many neighbourhoods as Baoshan has: 568 居村."""

from yanlu.kernel import journal
from yanlu.people import selectors as people
from yanlu.people import services as registry
from yanlu.places import services as places
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT
from yanlu.project.demo import reference
from yanlu.project.simulation.neighbourhoods import further

SYSTEM = journal.System("simulation")


def build(neighbourhoods: int) -> None:
    """Places and units; the demo's own neighbourhoods, and others up to this many."""
    reference.load()
    missing = neighbourhoods - len(territory().of_level(COMMUNITY))
    areas = territory().of_level(SUBDISTRICT)
    governments = {unit.code: unit for unit in people.units()}
    for area, code, name in further(areas, missing):
        place = places.add_place(actor=SYSTEM, level=COMMUNITY, code=code, name=name, parent=area)
        registry.add_unit(
            actor=SYSTEM,
            code=f"{place.code}-neighbourhood_committee",
            name=place.name,
            level=COMMUNITY,
            function="neighbourhood_committee",
            place=place,
            parent=governments.get(f"{area.code}-government"),
        )
