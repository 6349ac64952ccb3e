"""Who reaches what. Everything about "may this person" in other domains starts here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yanlu.people import roles
from yanlu.people.models import Role
from yanlu.places.selectors import territory
from yanlu.places.territory import DISTRICT

if TYPE_CHECKING:
    from yanlu.people.models import Account


@dataclass(frozen=True)
class Reach:
    """One role of a person: over a place's subtree, or within a unit, or both."""

    role: str
    place_id: int | None
    unit_id: int | None


def reach_of(account: "Account") -> tuple[Reach, ...]:
    """The roles of a person, read once for each loaded account."""
    held: tuple[Reach, ...] | None = getattr(account, "_reach", None)
    if held is None:
        rows = (
            Role.objects.filter(account_id=account.pk) if account.pk and account.is_active else []
        )
        held = tuple(Reach(row.name, row.place_id, row.unit_id) for row in rows)
        account._reach = held  # type: ignore[attr-defined]
    return held


def has_role(account: "Account", names: Collection[str]) -> bool:
    """Whether the person holds any of these roles anywhere."""
    return any(reach.role in names for reach in reach_of(account))


def is_staff(account: "Account") -> bool:
    """Whether the person works for the district in any role."""
    return bool(reach_of(account))


def units_of(account: "Account") -> frozenset[int]:
    """Units in which the person handles matters."""
    return frozenset(
        reach.unit_id
        for reach in reach_of(account)
        if reach.unit_id and reach.role in roles.OF_A_UNIT
    )


def places_of(account: "Account", names: Collection[str]) -> list[int]:
    """Places over which the person holds one of these roles."""
    return [r.place_id for r in reach_of(account) if r.role in names and r.place_id]


def covers(account: "Account", names: Collection[str], place_id: int | None) -> bool:
    """Whether one of these roles reaches the place; a matter without place counts for the top."""
    asked = place_id or _top_district()
    return any(territory().covers(held, asked) for held in places_of(account, names))


def may_assist(account: "Account") -> bool:
    """Whether the person may hand in for somebody else."""
    return has_role(account, roles.ASSISTING)


def _top_district() -> int | None:
    """Where a matter without a place belongs: the district itself."""
    return next((node.id for node in territory().of_level(DISTRICT)), None)
