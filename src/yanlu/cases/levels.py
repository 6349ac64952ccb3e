"""What waits at each of the five levels, and how much is settled where it arose."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery

from yanlu.cases import access, states
from yanlu.cases.models import Remark, Verdict
from yanlu.kernel import clock
from yanlu.people import selectors as people
from yanlu.places.territory import BUILDING, CITY, COMMUNITY

if TYPE_CHECKING:
    from yanlu.people.models import Account


@dataclass(frozen=True)
class Level:
    """The queue of one level: cases led by its units."""

    level: int
    units: int
    under_way: int
    overdue: int
    raised: int


@dataclass(frozen=True)
class Share:
    """A rate with its parts."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        """As people read it; a dash for nothing at all."""
        return f"{self.part / self.whole:.0%}" if self.whole else "–"


def by_level(account: "Account") -> list[Level]:
    """What each level has in hand, as far as this person sees it; the city first.

    ``raised``: handed up from this level and not routed yet.
    """
    owed = Q(state__in=tuple(sorted(states.OWED)))
    rows = (
        access.visible(account)
        .filter(ended_at=None, lead_unit__isnull=False)
        .order_by()
        .values("lead_unit")
        .annotate(
            under_way=Count("pk"),
            overdue=Count("pk", filter=owed & Q(due_at__lt=clock.now())),
            raised=Count("pk", filter=Q(state=states.RAISED)),
        )
    )
    found: dict[int, dict[str, Any]] = {row["lead_unit"]: dict(row) for row in rows}
    return [_level(level, found) for level in range(CITY, BUILDING + 1)]


def solved_inside(account: "Account", days: int) -> Share:
    """Cases that a neighbourhood solved by itself, of those it had that ended in these days.

    Solved is what the resident confirmed; what it handed up counts as not solved inside. Baoshan
    told of 90 % in 2021.
    """
    near = people.units_at({COMMUNITY, BUILDING})
    ended = access.visible(account).filter(
        state=states.CLOSED, ended_at__gte=clock.now() - timedelta(days=days)
    )
    handed_up = Remark.objects.filter(verb="raise", case__in=ended).values("case")
    last_word = Verdict.objects.filter(case=OuterRef("pk"), was_reached=True).order_by("-pk")
    inside = ended.filter(lead_unit__in=near)
    solved = inside.annotate(is_solved=Subquery(last_word.values("is_solved")[:1]))
    return Share(
        part=solved.filter(is_solved=True).count(),
        whole=inside.count() + ended.exclude(lead_unit__in=near).filter(pk__in=handed_up).count(),
    )


def _level(level: int, found: dict[int, dict[str, Any]]) -> Level:
    units = people.units_at({level})
    rows = [found[unit] for unit in units if unit in found]
    return Level(
        level=level,
        units=len(units),
        under_way=sum(row["under_way"] for row in rows),
        overdue=sum(row["overdue"] for row in rows),
        raised=sum(row["raised"] for row in rows),
    )
