"""Lists that residents choose from."""

from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT
from yanlu.web.labels import place_name

Choice = tuple[str, str]


def communities() -> list[tuple[str, list[Choice]]]:
    """Communities by subdistrict, as a select wants them."""
    tree = territory()
    return [
        (
            place_name(area),
            [
                (str(node.id), place_name(node))
                for node in tree.children(area.id)
                if node.level == COMMUNITY
            ]
            or [(str(area.id), place_name(area))],
        )
        for area in tree.of_level(SUBDISTRICT)
    ]
