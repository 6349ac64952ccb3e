"""The rates of supervision (``domain.md`` §4) as one table, and their figures by SQL.

Each case counts once in a rate, in the period in which the rate's moment falls, for the unit whose
doing it was. Never in any rate: sealed cases; cases merged into another, which is counted; and
cases that were cancelled or not accepted, since they were nobody's to settle. Nothing rests on what
a unit alone says of itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise as Text
from django.utils.translation import gettext_lazy as _

from yanlu.cases import states
from yanlu.kernel import clock
from yanlu.oversight.intervals import Interval, wilson
from yanlu.oversight.models import RateCode, Record, Turn
from yanlu.oversight.periods import Period
from yanlu.places.territory import COMMUNITY

UNIT, FIRST_UNIT, TURN, ENDED_TURN = "unit", "first_unit", "turn", "ended_turn"
#: Whose a rate can be; each is one query, whose rows the moments of one table pick.
WHOSE: Final = (FIRST_UNIT, UNIT, TURN, ENDED_TURN)
TURNS: Final = frozenset({TURN, ENDED_TURN})
#: Moments that come by themselves, where all others are something that happens.
PROMISED: Final = frozenset({"contact_due_at", "first_due_at", "due_at"})
VOID: Final = (states.MERGED, states.CANCELLED, states.NOT_ACCEPTED)


@dataclass(frozen=True)
class Rate:
    """One rate.

    :param of: the unit whose it is: the one that the resident judges, the one that owed the first
        promise, or every one that had the case, when it was given it or when it ended.
    :param at: the moment that decides in which period a case counts.
    :param among: which cases are in the denominator.
    :param part: which of these are in the numerator.
    :param aside: which are told beside it, as ``aside_label`` calls them.
    :param is_better_high: whether more is better.
    """

    code: str
    meaning: "str | Text"
    source: str
    of: str
    at: str
    among: Q
    part: Q
    aside: Q | None = None
    aside_label: "str | Text" = ""
    is_better_high: bool = True

    @property
    def label(self) -> str:
        """What it is called."""
        return str(RateCode(self.code).label)


SOMEBODY = Q(has_somebody=True) & ~Q(no_contact=True, is_unreached=True)
ANSWERED = Q(answered_at__isnull=False)
#: An answer tells the resident what came of it, so that it is a contact, too.
IN_TIME = Q(contacted_at__lte=F("contact_due_at")) | Q(answered_at__lte=F("contact_due_at"))
HEARD = Q(is_solved__isnull=False)
#: What the unit calls solved and the resident confirms; "explained" never counts.
SOLVED = Q(is_solved=True, result="solved")
NEAR = Q(unit__level__gte=COMMUNITY, record__state=states.CLOSED, record__is_patrol=False)

TABLE: Final = (
    Rate("volume",
         _("Matters that the unit answered first. No share: a number."),
         "Shanghai town scorecard: 办件量", FIRST_UNIT, "answered_at", ANSWERED, ANSWERED),
    Rate("contact",
         _("Contacted or answered within one working day, of those where there is somebody to"
           " contact. Left out: patrols, nameless matters, and residents whom neither the"
           " unit, with its reason, nor the callback reached."),
         "Shanghai 12345: 先行联系率", FIRST_UNIT, "contact_due_at", SOMEBODY,
         IN_TIME, Q(no_contact=True) & ~IN_TIME, _("tried in vain")),
    Rate("on_time",
         _("Answered by the original deadline, of all that fell due; open overdue ones count."),
         "domain: 按时办结率", FIRST_UNIT, "first_due_at", Q(),
         Q(answered_at__lte=F("first_due_at")), Q(answered_at=None), _("still open")),
    Rate("extended",
         _("Answered by the deadline as it was extended, of all that fell due by it. A suspended"
           " matter has none meanwhile."),
         "domain: 按时办结率（延期后）", FIRST_UNIT, "due_at", Q(),
         Q(answered_at__lte=F("due_at")), Q(answered_at=None), _("still open")),
    Rate("response",
         _("Contacted or answered by the original deadline, of those where there is somebody to"
           " contact."),
         "Beijing 接诉即办: 响应率", FIRST_UNIT, "first_due_at", SOMEBODY,
         Q(contacted_at__lte=F("first_due_at")) | Q(answered_at__lte=F("first_due_at"))),
    Rate("solved",
         _("The unit says solved and the resident confirms it, of those whose resident was heard."
           " “Explained” never counts. Who reopens a matter takes the word back."),
         "domain: 实际解决率", UNIT, "heard_at", HEARD, SOLVED),
    Rate("satisfied",
         _("The resident is satisfied with what came of it, of those who rated; “acceptable” is"
           " rated and does not count as satisfied."),
         "domain: 满意率", UNIT, "heard_at", HEARD & ~Q(outcome=""),
         Q(outcome="satisfied"), HEARD & Q(outcome=""), _("not rated")),
    Rate("attitude",
         _("The resident is satisfied with how they were treated, of those who rated that."),
         "domain: 服务态度", UNIT, "heard_at", HEARD & ~Q(attitude=""),
         Q(attitude="satisfied"), HEARD & Q(attitude=""), _("not rated")),
    Rate("verified",
         _("The resident agrees, of those that the unit called solved and whose resident was"
           " heard."),
         "domain: 回访核实率", UNIT, "heard_at", HEARD & Q(result="solved"), Q(is_solved=True)),
    Rate("redone",
         _("Handled again at least once, of those answered."),
         "domain: 重办率", FIRST_UNIT, "answered_at", ANSWERED, Q(redone__gt=0),
         is_better_high=False),
    Rate("returned",
         _("Given back as somebody else's, whoever was right, of those that the unit was given; a"
           " matter counts for every unit that had it."),
         "domain: 退单率", TURN, "given_at", Q(), Q(returned_at__isnull=False),
         is_better_high=False),
    Rate("inside",
         _("The resident confirms that the neighbourhood solved it by itself, of those it had that"
           " ended; what it handed up counts as not solved inside."),
         "Baoshan 2021: 居村内解决", ENDED_TURN, "record__ended_at",
         NEAR & (Q(record__unit=F("unit")) | Q(raised_at__isnull=False)),
         Q(raised_at=None, record__is_solved=True)),
)  # fmt: skip
BY_CODE: Final = {rate.code: rate for rate in TABLE}


@dataclass(frozen=True)
class Figure:
    """A rate of somebody's: part and whole, and how many stand aside of both."""

    part: int
    whole: int
    aside: int = 0

    @property
    def interval(self) -> Interval | None:
        """The share with its interval of 95 %; ``None`` for a share of nothing."""
        return wilson(self.part, self.whole) if self.whole else None

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.part + other.part, self.whole + other.whole, self.aside + other.aside)


Figures = dict[str, Figure]
NONE = Figure(0, 0)


@dataclass(frozen=True)
class Scope:
    """Whose cases are counted; ``None`` asks for all. ``units``: by themselves, never summed."""

    units: Collection[int] | None = None
    level: int | None = None
    places: Collection[int] | None = None


def by_unit(
    period: Period, scope: Scope = Scope(), at: datetime | None = None
) -> dict[int, Figures]:
    """Every rate of each unit that had anything to do with a case in the period.

    :param at: what has happened until then counts; now, if nothing is said.
    """
    found: dict[int, Figures] = {}
    for of in WHOSE:
        rows = counted(of, scope).filter(_in_any(of, period, at))
        rows = rows.exclude(**{_unit(of): None}).values(_unit(of))
        for row in rows.annotate(**_aggregates(of, period, at)):
            figures = _figures(of, row)
            if any(one.whole or one.aside for one in figures.values()):
                found.setdefault(row[_unit(of)], {}).update(figures)
    return {unit: _complete(figures) for unit, figures in found.items()}


def of_all(period: Period, scope: Scope = Scope(), at: datetime | None = None) -> Figures:
    """Every rate of all these cases together."""
    found: Figures = {}
    for of in WHOSE:
        rows = counted(of, scope).filter(_in_any(of, period, at))
        row = rows.aggregate(**_aggregates(of, period, at))
        found |= _figures(of, row)
    return _complete(found)


def behind(
    code: str, period: Period, unit_id: int, at: datetime | None = None
) -> QuerySet[Any, Any]:
    """Numbers of the cases in a rate's denominator, as a subquery."""
    rate = BY_CODE[code]
    rows = counted(rate.of, Scope(units=[unit_id])).filter(_within(rate, period, at) & rate.among)
    return rows.values("record__case" if rate.of in TURNS else "case")


def parts_of(
    code: str, period: Period, unit_id: int, at: datetime | None = None
) -> QuerySet[Any, Any]:
    """Numbers of the cases in a rate's numerator, as a subquery."""
    return behind(code, period, unit_id, at).filter(BY_CODE[code].part)


def counted(of: str, scope: Scope) -> QuerySet[Any, Any]:
    """What counts at all, of the units, level and places asked for."""
    path = "record__" if of in TURNS else ""
    rows: QuerySet[Any, Any] = Turn.objects.all() if of in TURNS else Record.objects.all()
    rows = rows.filter(**{f"{path}is_sealed": False}).exclude(**{f"{path}state__in": VOID})
    unit = _unit(of)
    if scope.units is not None:
        rows = rows.filter(**{f"{unit}__in": scope.units})
    if scope.level is not None:
        rows = rows.filter(**{f"{unit}__level": scope.level})
    if scope.places is not None:
        rows = rows.filter(**{f"{path}place__in": scope.places})
    return rows.order_by()


def shares(codes: Iterable[str], at: datetime) -> dict[str, Expression]:
    """Annotations of the book: how often each case counts in these rates, whole and part.

    :param at: a promise counts once its date has passed by then.
    """
    found: dict[str, Expression] = {}
    for rate in (BY_CODE[code] for code in codes):
        among = rate.among & (Q(**{f"{rate.at}__lt": at}) if rate.at in PROMISED else Q())
        among &= Q(**{f"{rate.at}__isnull": False})
        found[f"{rate.code}_whole"] = _how_often(rate, among)
        found[f"{rate.code}_part"] = _how_often(rate, among & rate.part)
    return found


def _how_often(rate: Rate, condition: Q) -> Expression:
    if rate.of not in TURNS:
        return Case(When(condition, then=1), default=0, output_field=SmallIntegerField())
    turns = Turn.objects.filter(condition, record=OuterRef("pk")).order_by().values("record")
    many = Coalesce(Subquery(turns.annotate(many=Count("pk")).values("many")), 0)
    return Cast(many, SmallIntegerField())


def _unit(of: str) -> str:
    return FIRST_UNIT if of == FIRST_UNIT else UNIT


def _rates(of: str) -> Iterable[Rate]:
    return (rate for rate in TABLE if rate.of == of)


def _within(rate: Rate, period: Period, at: datetime | None) -> Q:
    until = min(period.ends_at, at or clock.now())
    return Q(**{f"{rate.at}__gte": period.starts_at, f"{rate.at}__lt": until})


def _in_any(of: str, period: Period, at: datetime | None) -> Q:
    """Whether any rate counts the row: lets the database read the period alone."""
    found = Q()
    for rate in _rates(of):
        found |= _within(rate, period, at)
    return found


def _aggregates(of: str, period: Period, at: datetime | None) -> dict[str, Count]:
    found: dict[str, Count] = {}
    for rate in _rates(of):
        within = _within(rate, period, at)
        among = within & rate.among
        found[f"{rate.code}_whole"] = Count("pk", filter=among)
        found[f"{rate.code}_part"] = Count("pk", filter=among & rate.part)
        if rate.aside is not None:
            found[f"{rate.code}_aside"] = Count("pk", filter=within & rate.aside)
    return found


def _figures(of: str, row: dict[str, Any]) -> Figures:
    return {
        rate.code: Figure(
            row[f"{rate.code}_part"], row[f"{rate.code}_whole"], row.get(f"{rate.code}_aside", 0)
        )
        for rate in _rates(of)
    }


def _complete(figures: Figures) -> Figures:
    return {rate.code: figures.get(rate.code, NONE) for rate in TABLE}
