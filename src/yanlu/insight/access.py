"""Who may look at the insight centre (治慧中心), and how far: figures of places, not of people."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import NotAllowed, NotFound
from yanlu.people import access, roles
from yanlu.places.selectors import territory
from yanlu.places.territory import Node

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Who watches over a territory, dispatches in it, or answers for a neighbourhood.
LOOKING = roles.WATCHING | {roles.DISPATCHER, roles.SECRETARY}


def may_look(account: "Account") -> bool:
    """Whether there is anything in the insight centre for this person."""
    return bool(_held(account))


def may_read(account: "Account") -> bool:
    """Whether the person may read masked words of the pool, not figures alone."""
    return bool(access.places_of(account, roles.WATCHING))


def place_of(account: "Account", place_id: int | None) -> Node:
    """The place that the person asks for, or the widest that they look at where none is asked for.

    :raises NotAllowed: the person's roles reach no figures.
    :raises NotFound: no such place, or not the person's to look at.
    """
    held = _held(account)
    if not held:
        raise NotAllowed(_("Your role does not reach this page."))
    if place_id is None:
        return min(held, key=lambda node: (node.level, node.code))
    node = territory().get(place_id)
    if node is None or not any(territory().covers(one.id, node.id) for one in held):
        raise NotFound(_("There is no such place."))
    return node


def way_to(account: "Account", place: Node) -> list[Node]:
    """The places from the widest that the person may look at down to this one."""
    held = {node.id for node in _held(account)}
    way = territory().ancestors(place.id)
    first = next(number for number, node in enumerate(way) if node.id in held)
    return way[first:]


def _held(account: "Account") -> list[Node]:
    """Places that the person looks at; nobody looks at more than the installation serves."""
    home = territory().home
    if home is None:
        return []
    known = territory()
    held = [known.nodes[place] for place in access.places_of(account, LOOKING)]
    return [home if known.covers(node.id, home.id) else node for node in held]
