"""The scorecards that a person may see, and the cases behind each of their numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from yanlu.cases import access as case_access
from yanlu.cases import selectors as cases
from yanlu.kernel import clock
from yanlu.kernel.errors import NotFound
from yanlu.oversight import access, appealing, rates, scoring
from yanlu.oversight.access import NO_SUCH_SCORE
from yanlu.oversight.periods import Period, month, quarter, year
from yanlu.oversight.rates import BY_CODE, Figures
from yanlu.oversight.scoring import Card, Rules
from yanlu.people import access as people_access
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.oversight.models import Appeal
    from yanlu.people.models import Account

#: Cases on a page of the list behind a number.
PAGE: Final = 50
#: Periods that can be chosen, back from this month, quarter and year.
MONTHS, QUARTERS, YEARS = 24, 5, 2


@dataclass(frozen=True)
class Sheet:
    """A group's cards of a period, as far as the person sees them.

    ``total``: the rates of all that are shown together. ``is_over``: nothing of it is still
    to come. ``is_preview``: reckoned by other weights than those in force.
    """

    group: str
    period: Period
    rules: Rules
    cards: list[Card]
    total: Figures
    is_over: bool
    is_preview: bool

    @property
    def others(self) -> list[str]:
        """Rates that no score rests on here."""
        return [code for code in BY_CODE if code not in self.rules.weights]

    @property
    def weighted(self) -> list[str]:
        """Rates that the score rests on, in the table's order."""
        return [code for code in BY_CODE if code in self.rules.weights]


def may_see(account: "Account") -> bool:
    """Whether there are scores for this person: they watch over a territory, or head a unit."""
    return people_access.has_role(account, access.WATCHING) or bool(access.headed(account))


def groups(account: "Account") -> list[str]:
    """Groups in which the person sees a unit."""
    levels = {people.directory()[unit].level for unit in access.scored_units(account)}
    return [group for group, held in scoring.LEVELS.items() if held & levels]


def periods() -> dict[str, Period]:
    """Months, quarters and years that can be chosen, the latest first, by how they are asked for.

    As ``2026-03``, ``2026-Q1`` and ``2026``.
    """
    found = {}
    for many, of, code in (
        (MONTHS, lambda day: month(day.year, day.month), "{0.year}-{0.month:02d}"),
        (QUARTERS, quarter, "{0.year}-Q{1}"),
        (YEARS, year, "{0.year}"),
    ):
        period = of(clock.today())
        for _ in range(many):
            found[code.format(period.first, period.first.month // 3 + 1)] = period
            period = period.before()
    return found


def code_of(period: Period) -> str:
    """How a period that can be chosen is asked for."""
    return next(code for code, one in periods().items() if one == period)


def period_of(typed: str) -> Period:
    """The period asked for; the month before this where nothing sensible is."""
    this = month(clock.today().year, clock.today().month)
    return periods().get(typed, this.before())


def sheet(
    account: "Account", group: str, period: Period, weights: Mapping[str, int] | None = None
) -> Sheet:
    """The group's cards in this period.

    :param weights: to see what other weights would do; nothing of it is kept.
    """
    rules = scoring.rules_of(group, period)
    is_preview = weights is not None and dict(weights) != dict(rules.weights)
    if weights is not None:
        rules = replace(rules, weights={code: many for code, many in weights.items() if many})
    found = scoring.cards(group, period, rules)
    if not is_preview:
        found = scoring.with_appeals(found, group, period, rules)
    seen = access.scored_units(account)
    shown = [card for card in found if card.unit_id in seen]
    return Sheet(
        group, period, rules, shown, _sum(shown), period.ends_at <= clock.now(), is_preview
    )


@dataclass(frozen=True)
class Behind:
    """A page of the cases behind a number; ``seen`` of ``whole`` are the person's to see."""

    rows: list[cases.QueueRow]
    whole: int
    seen: int
    has_more: bool


def cases_behind(
    account: "Account", code: str, period: Period, unit_id: int, *, is_part: bool, page: int = 1
) -> Behind:
    """The cases that a unit's rate is made of, or those in its numerator, the latest first.

    :raises NotFound: no such rate or unit, or not the person's to see.
    """
    if code not in BY_CODE or not access.sees_score(account, unit_id):
        raise NotFound(NO_SUCH_SCORE)
    unit = people.directory()[unit_id]
    at = min(clock.now(), unit.dissolved_at) if unit.dissolved_at else None
    count = rates.parts_of if is_part else rates.behind
    numbers = count(code, period, unit_id, at)
    seen = case_access.visible(account).filter(pk__in=numbers).order_by("-pk")
    chosen = list(seen.values_list("pk", flat=True)[(page - 1) * PAGE : page * PAGE + 1])
    return Behind(
        rows=cases.listed(account, chosen[:PAGE]),
        whole=numbers.count(),
        seen=seen.count(),
        has_more=len(chosen) > PAGE,
    )


def may_appeal(account: "Account", card: Card, *, is_over: bool) -> bool:
    """Whether the person may still object to this card's score."""
    is_free = card.appeal is None and card.score is not None and card.dissolved_at is None
    return is_over and is_free and access.heads(account, card.unit_id)


def may_decide(account: "Account", appeal: "Appeal") -> bool:
    """Whether an appeal waits for this person."""
    is_open = appeal.state == appeal.State.LODGED
    return is_open and appealing.may_decide(account, appeal)


def _sum(shown: list[Card]) -> Figures:
    return {code: sum((card.figures[code] for card in shown), rates.NONE) for code in BY_CODE}
