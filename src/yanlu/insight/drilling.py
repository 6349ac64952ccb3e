"""The cases behind a figure of the insight centre: the very ones that it counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access as case_access
from yanlu.cases import selectors as cases
from yanlu.cases.selectors import QueueRow
from yanlu.insight.models import Counted
from yanlu.insight.rollups import RATES
from yanlu.insight.selectors import Asked, of_category, right_in
from yanlu.kernel.errors import NotFound
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Cases on a page of the list.
PAGE: Final = 50


@dataclass(frozen=True)
class Narrowed:
    """Which of the matters asked for are meant; empty: all of them.

    ``rate``: those in its denominator, if ``is_part`` those in its numerator. ``level``: of units
    of that level, 0 for those that no unit had. ``is_own``: of the place and category themselves,
    not of what lies in or below them.
    """

    rate: str = ""
    is_part: bool = False
    level: int | None = None
    outcome: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Behind:
    """A page of cases, the latest first, those that the person may see of ``whole``."""

    rows: list[QueueRow]
    whole: int
    has_more: bool


def cases_behind(
    account: "Account", asked: Asked, narrowed: Narrowed = Narrowed(), page: int = 1
) -> Behind:
    """The cases that a figure counts.

    :raises NotFound: there is no such rate.
    """
    if narrowed.rate and narrowed.rate not in RATES:
        raise NotFound(_("There is no such list."))
    meant = Counted.objects.filter(_meant(asked, narrowed))
    seen = case_access.visible(account).filter(pk__in=meant.values("case"))
    first = (page - 1) * PAGE
    chosen = list(seen.order_by("-pk").values_list("pk", flat=True)[first : first + PAGE + 1])
    return Behind(cases.listed(account, chosen[:PAGE]), meant.count(), len(chosen) > PAGE)


def _meant(asked: Asked, narrowed: Narrowed) -> Q:
    places = [asked.place] if narrowed.is_own else territory().within(asked.place)
    period = asked.period
    meant = right_in(places) & Q(hour__gte=period.starts_at, hour__lt=period.ends_at)
    if asked.category is not None:
        is_alone = narrowed.is_own and asked.category
        meant &= Q(category=asked.category) if is_alone else of_category(asked.category)
    equal = {"kind": asked.kind, "channel": asked.channel, "outcome": narrowed.outcome}
    meant &= Q(**{name: value for name, value in equal.items() if value})
    if narrowed.level is not None:
        meant &= Q(level=narrowed.level) if narrowed.level else Q(level=None)
    if narrowed.rate:
        meant &= Q(**{f"{narrowed.rate}_{'part' if narrowed.is_part else 'whole'}__gt": 0})
    return meant
