"""Lists to choose from: places, units, categories, as select fields want them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanlu.cases import guards, petitions
from yanlu.dispatch import selectors as dispatch
from yanlu.people import access, roles
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, DISTRICT, SUBDISTRICT, Node

if TYPE_CHECKING:
    from yanlu.cases.models import Assist, Case
    from yanlu.people.models import Account, Unit

Choice = tuple[str, str]
Grouped = list[tuple[str, list[Choice]]]
#: Indents a line below its parent within a select; an ideographic space shows in every browser.
INDENT = "\u3000"


def place_name(node: Node) -> str:
    """The place's name in the reader's language."""
    return (node.name_en or node.name) if get_language() == "en" else node.name


def unit_name(unit: "Unit") -> str:
    """The unit's name in the reader's language."""
    return (unit.name_en or unit.name) if get_language() == "en" else unit.name


def labelled(words: "dict[str, str | Promise]", first: str | None = None) -> list[Choice]:
    """Codes with their labels; ``first`` names the empty choice, if there is one."""
    head = [] if first is None else [("", first)]
    return [*head, *[(code, str(text)) for code, text in words.items() if code]]


def categories(options: Sequence[dispatch.Option]) -> Grouped:
    """Categories by class, indented by level; a class can be chosen itself."""
    below: dict[int | None, list[dispatch.Option]] = {}
    for option in options:
        below.setdefault(option.parent_id, []).append(option)
    return [(top.name, list(_branch(top, below, ""))) for top in below.get(None, [])]


def places(within: Iterable[Node]) -> Grouped:
    """Places by subdistrict, down to the community, and the district as a whole."""
    groups = [(place_name(area), _communities(area)) for area in within]
    districts = [(str(node.id), place_name(node)) for node in territory().of_level(DISTRICT)]
    return [*groups, (_("No place in particular"), districts)]


def places_of_case(place_id: int | None) -> Grouped:
    """Every place that a case may be at, and where it is now even if that is a building."""
    node = territory().get(place_id)
    known = places(territory().of_level(SUBDISTRICT))
    if node is None or node.level <= COMMUNITY:
        return known
    return [(_("As it is now"), [(str(node.id), territory().label(node.id))]), *known]


def areas(account: "Account") -> list[Node]:
    """Subdistricts that the person's roles touch; all of them when no role has a place."""
    tree = territory()
    tops = access.places_of(account, roles.ALL)
    all_areas = tree.of_level(SUBDISTRICT)
    touched = [
        area
        for area in all_areas
        if any(tree.covers(top, area.id) or tree.covers(area.id, top) for top in tops)
    ]
    return touched or all_areas


def communities(area_id: int) -> list[Choice]:
    """Communities of a subdistrict."""
    below = territory().children(area_id) if territory().get(area_id) else []
    return [(str(node.id), place_name(node)) for node in below if node.level == COMMUNITY]


def units(place_id: int | None) -> Grouped:
    """Units in two groups: those that reach the place, the nearest on top, and all others."""
    above = {node.id: node.level for node in territory().ancestors(place_id)}
    found = people.units()
    near = sorted((unit for unit in found if unit.place_id in above), key=lambda unit: -unit.level)
    far = [unit for unit in found if unit.place_id not in above]
    if not near:
        return [(_("Units"), _lines(far))]
    return [(_("In charge of this place"), _lines(near)), (_("Elsewhere"), _lines(far))]


def units_below(case: "Case") -> list[Choice]:
    """Units below the one in charge, those that reach the case's place first."""
    own = people.unit(case.lead_unit_id) if case.lead_unit_id else None
    above = {node.id for node in territory().ancestors(case.place_id)}
    below = guards.units_below(own) if own else []
    return _lines(sorted(below, key=lambda unit: unit.place_id not in above))


def members(unit_ids: set[int]) -> list[Choice]:
    """Who handles matters in these units."""
    return [(str(one.pk), one.display_name) for one in people.members(unit_ids)]


def reviewers(case: "Case") -> list[Choice]:
    """Units that may review the opinion on a petition, the nearest first."""
    return _lines(petitions.possible_reviewers(case))


def parts(owed: "Iterable[Assist]") -> list[Choice]:
    """Parts of units in a case, by what is asked."""
    return [(str(one.pk), _part_name(one)) for one in owed]


def _part_name(part: "Assist") -> str:
    name = unit_name(part.unit)
    return _("%(unit)s: %(task)s") % {"unit": name, "task": part.task} if part.task else name


def deadline_classes() -> list[Choice]:
    """Classes of limits."""
    return [(str(option.id), option.name) for option in dispatch.deadline_classes()]


def _lines(units: "Iterable[Unit]") -> list[Choice]:
    return [(str(unit.pk), unit_name(unit)) for unit in units]


def _communities(area: Node) -> list[Choice]:
    return [(str(area.id), _("all of %s") % place_name(area)), *communities(area.id)]


def _branch(
    option: dispatch.Option, below: dict[int | None, list[dispatch.Option]], indent: str
) -> Iterable[Choice]:
    yield str(option.id), f"{indent}{option.name}"
    for child in below.get(option.id, []):
        yield from _branch(child, below, indent + INDENT)
