"""The catalogue of matters (事项目录): unit, limit and legal ground of each, and how it is found.

Whoever names an item, a dispatcher with one click or a grid worker on patrol, says with it what a
matter is, whose, until when and why.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.models import CatalogueItem, Decision, Urgency
from yanlu.dispatch.offices import Office
from yanlu.kernel.errors import Invalid
from yanlu.kernel.pictures import Picture
from yanlu.textkit.categories import Lexicon
from yanlu.textkit.matcher import Folded, fold, joined

#: Items that are offered at once.
OFFERED: Final = 4
#: What a name or keyword of an item argues for it: telling, not decisive.
WEIGHT: Final = 2.0
#: What the same category of the grid, and of the main scheme, adds to an item (0 to 1).
SAME_GRID_CATEGORY, SAME_CATEGORY = 0.3, 0.2


@dataclass(frozen=True)
class _Catalogue:
    """An unchanging picture of the items in use."""

    items: dict[int, CatalogueItem]
    lexicon: Lexicon
    spellings: dict[int, Folded]


def _read() -> _Catalogue:
    rows = CatalogueItem.objects.filter(is_active=True)
    items = {
        row.pk: row
        for row in rows.select_related("category", "grid_category__scheme", "deadline_class")
    }
    return _Catalogue(
        items=items,
        lexicon=Lexicon((row.code, word, WEIGHT) for row in items.values() for word in _words(row)),
        spellings={row.pk: _spelling(row) for row in items.values()},
    )


_catalogue = Picture(_read, stale=15)


def items() -> list[CatalogueItem]:
    """Everything in the catalogue, by code."""
    return list(_catalogue().items.values())


def item(item_id: int) -> CatalogueItem:
    """The item with this number.

    :raises Invalid: there is none in use.
    """
    found = _catalogue().items.get(item_id)
    if found is None:
        raise Invalid(_("Choose from the catalogue."), "item")
    return found


def is_in_time(row: CatalogueItem, urgency: str) -> bool:
    """Whether a matter of this urgency may go by the item: what is danger is not made to wait."""
    return urgency != Urgency.DANGER or row.urgency == urgency


def found(typed: str, urgency: str = "") -> list[CatalogueItem]:
    """Items in time in whose names, keywords or ground all that was typed stands."""
    parts = fold(typed).split()
    if not parts:
        return []
    spelt = _catalogue().spellings
    fast = [row for row in items() if is_in_time(row, urgency)]
    return [row for row in fast if all(part in spelt[row.pk] for part in parts)]


def fitting(text: str, categories: Collection[int] = (), urgency: str = "") -> list[CatalogueItem]:
    """The few items in time that fit words and categories best; none where nothing points to one.

    :param categories: of all schemes, as :func:`categories_of` gives them.
    """
    believed = _catalogue().lexicon.believe(text)
    scores = {
        row: believed.get(row.code, 0.0)
        + SAME_GRID_CATEGORY * (row.grid_category_id in categories)
        + SAME_CATEGORY * (row.category_id in categories)
        for row in items()
        if (row.code in believed or row.grid_category_id in categories) and is_in_time(row, urgency)
    }
    return sorted(scores, key=lambda row: (-scores[row], row.code))[:OFFERED]


def categories_of(decision: Decision) -> set[int]:
    """The Decision's category, and of every other scheme the one set or the likeliest."""
    likeliest = {
        axis.removeprefix("scheme:"): candidates[0]["id"]
        for axis, candidates in decision.reasons.items()
        if axis.startswith("scheme:") and candidates
    }
    found = {decision.category_id, *(likeliest | decision.also).values()}
    return {number for number in found if number}


def office_of(row: CatalogueItem, place_id: int | None) -> Office | None:
    """The unit that the item names for a place."""
    return knowledge().offices.in_charge(row, place_id)


def told(decision: Decision) -> dict[str, str]:
    """What the journal says of the item behind a Decision, where there is one: name and ground."""
    row = decision.item
    return {"item": row.name, "ground": row.ground} if row else {}


def _words(row: CatalogueItem) -> set[str]:
    return {row.name, *row.keywords}


def _spelling(row: CatalogueItem) -> Folded:
    words = (row.code, row.name, row.name_en, row.group, row.group_en, row.ground, *row.keywords)
    return joined(*map(fold, words))
