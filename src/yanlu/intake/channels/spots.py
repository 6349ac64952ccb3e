"""Official codes of places and sites, as other systems name them."""

from typing import NamedTuple

from yanlu.places import selectors as places
from yanlu.places.territory import Territory


class Spot(NamedTuple):
    """A place by its number; of a site also its position (WGS-84)."""

    place_id: int
    lat: float | None = None
    lon: float | None = None


_held: tuple[Territory, dict[str, Spot]] | None = None


def spot(code: str) -> Spot | None:
    """The place or site with this official code.

    Places are as fresh as the territory; a site that was added since is found by looking again.
    """
    return _spots().get(code) or _spots(afresh=True).get(code)


def _spots(*, afresh: bool = False) -> dict[str, Spot]:
    """All codes, read again with the territory: every request asks."""
    global _held  # noqa: PLW0603 - one picture a process, like the territory itself
    now = places.territory()
    if afresh or _held is None or _held[0] is not now:
        spots = {
            site["code"]: Spot(site["place_id"], site["lat"], site["lon"])
            for site in places.sites()
        }
        spots |= {node.code: Spot(node.id) for node in now.nodes.values()}
        _held = (now, spots)
    return _held[1]
