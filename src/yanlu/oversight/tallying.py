"""What a report counts: one tally for all kinds, of which each report tells its part.

As plain JSON: identifiers and numbers, in lists, so that it comes back from the database as it
went in. Everything is read from the book, from measures and from steps of orders, none of which
changes for a moment that has passed; so the same tally can be made again.

Never counted: sealed cases, and those merged, cancelled or not accepted, which are told apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db.models import Count, DateField, Q, QuerySet
from django.db.models.functions import Trunc

from yanlu.cases import states
from yanlu.dispatch.selectors import top_category
from yanlu.kernel import clock
from yanlu.oversight import rates, scoring
from yanlu.oversight.models import Measure, Order, OrderStep, Record
from yanlu.oversight.periods import Period, week
from yanlu.oversight.rates import TURN, UNIT, VOID, Figures, Scope
from yanlu.oversight.scoring import Card, Rules
from yanlu.places.selectors import territory
from yanlu.places.territory import SUBDISTRICT

#: Cases of a list that are told one by one.
NAMED: Final = 100
#: Days ahead that count as due soon.
SOON: Final = timedelta(days=7)
#: Up to so many days, a period is told by days, and by weeks; a longer one by months.
BY_DAY, BY_WEEK = 14, 45
OPEN, UNHEARD, OBJECTED, SOLVED = "open", "unheard", "objected", "solved"

Tally = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What a tally hangs on.

    :param at: what had happened by then counts.
    :param rules: of the scorecards, by group; only these groups are compared.
    :param failed: cases that an earlier report of this kind told as failed.
    :param sample: closed cases to draw; 0 for none.
    :param seed: what the draw goes by.
    """

    period: Period
    scope: Scope
    at: datetime
    rules: dict[str, Rules] = field(default_factory=dict)
    failed: tuple[int, ...] = ()
    sample: int = 0
    seed: str = ""


def tally(asked: Question) -> Tally:
    """Count everything that a report may tell."""
    period, before = asked.period, asked.period.before()
    return {
        "moved": _moved(asked, period),
        "moved_before": _moved(asked, before),
        "pulse": _pulse(asked),
        **{f"by_{name}": _by(asked, name) for name in ("channel", "kind")},
        "by_result": _by_result(asked),
        "by_field": _by_field(asked),
        "by_category": _by_category(asked),
        "by_area": _by_area(asked),
        "rates": plain(rates.of_all(period, asked.scope, asked.at)),
        "rates_before": plain(rates.of_all(before, asked.scope, asked.at)),
        "cards": {group: _cards(asked, group) for group in asked.rules},
        "overdue": _overdue(asked),
        "due_soon": _due_soon(asked),
        "measures": _measures(asked),
        "orders": _orders(asked),
        "complained": _complained(asked),
        "unsolved": _unsolved(asked),
        "turns": _turns(asked),
        "failed": _failed(asked),
        "rechecked": _rechecked(asked),
        "drawn": _drawn(asked),
    }


def plain(figures: Figures) -> dict[str, list[int]]:
    """Figures as JSON: part, whole, aside by the rate's code."""
    return {code: [one.part, one.whole, one.aside] for code, one in figures.items()}


def plain_card(card: Card) -> dict[str, Any]:
    """What is told of a unit, as JSON."""
    return {
        "unit": card.unit_id,
        "rank": card.rank,
        "score": list(card.score) if card.score else None,
        "fewest": card.fewest,
        "size": card.size,
        "trend": card.trend,
        "is_apart": card.is_apart,
        "dissolved_at": card.dissolved_at.isoformat() if card.dissolved_at else None,
        "figures": plain(card.figures),
    }


def _rows(asked: Question) -> QuerySet[Record]:
    return rates.counted(UNIT, asked.scope)


def _within(name: str, period: Period, at: datetime) -> Q:
    return Q(**{f"{name}__gte": period.starts_at, f"{name}__lt": min(period.ends_at, at)})


def _came(asked: Question) -> QuerySet[Record]:
    return _rows(asked).filter(_within("opened_at", asked.period, asked.at))


def _moved(asked: Question, period: Period) -> dict[str, int]:
    """How many came in, were answered, ended, and were still open at the end."""
    until = min(period.ends_at, asked.at)
    is_open = Q(opened_at__lt=until) & (Q(ended_at=None) | Q(ended_at__gte=until))
    counts = {
        "received": Count("pk", filter=_within("opened_at", period, asked.at)),
        "answered": Count("pk", filter=_within("answered_at", period, asked.at)),
        "ended": Count("pk", filter=_within("ended_at", period, asked.at)),
        "open": Count("pk", filter=is_open),
    }
    return dict(_rows(asked).aggregate(**counts)) | _set_aside(asked, period)


def _set_aside(asked: Question, period: Period) -> dict[str, int]:
    """Of what came in, how many were merged, cancelled or not accepted; they are no unit's."""
    if asked.scope.units is not None or asked.scope.level is not None:
        return dict.fromkeys(VOID, 0)
    came = Record.objects.filter(_within("opened_at", period, asked.at), is_sealed=False)
    if asked.scope.places is not None:
        came = came.filter(place__in=asked.scope.places)
    rows = came.filter(state__in=VOID).order_by().values_list("state").annotate(many=Count("pk"))
    found = dict(rows)
    return {state: found.get(state, 0) for state in VOID}


def _pulse(asked: Question) -> dict[str, Any]:
    """Received and answered day by day, week by week or by months: ``["2026-03-02", 31, 28]``.

    Steps without any stand there, too: time has no gaps.
    """
    by, counts = _beat(asked.period), dict[str, Counter[str]]()
    for name in ("opened_at", "answered_at"):
        rows = _rows(asked).filter(_within(name, asked.period, asked.at)).order_by()
        cut = Trunc(name, by, output_field=DateField(), tzinfo=clock.ZONE)
        told = rows.values_list(cut).annotate(many=Count("pk"))
        counts[name] = Counter({f"{day:%Y-%m-%d}": many for day, many in told})
    steps = [[day, *(one[day] for one in counts.values())] for day in _steps(asked.period, by)]
    return {"by": by, "told": steps if any(came or went for _day, came, went in steps) else []}


def _beat(period: Period) -> str:
    days = (period.end - period.first).days
    return "day" if days <= BY_DAY else "week" if days <= BY_WEEK else "month"


def _steps(period: Period, by: str) -> list[str]:
    """The first days of each day, week or month of the period."""
    days = [period.first + timedelta(days=nth) for nth in range((period.end - period.first).days)]
    if by == "week":
        days = [week(day).first for day in days]
    elif by == "month":
        days = [day.replace(day=1) for day in days]
    return list(dict.fromkeys(f"{day:%Y-%m-%d}" for day in days))


def _by(asked: Question, name: str) -> list[list[Any]]:
    """What came in, by one of the book's columns, the most first."""
    rows = _came(asked).values_list(name).annotate(many=Count("pk"))
    return _most_first(dict(rows))


def _by_result(asked: Question) -> list[list[Any]]:
    answered = _rows(asked).filter(_within("answered_at", asked.period, asked.at))
    return _most_first(dict(answered.values_list("result").annotate(many=Count("pk"))))


def _by_category(asked: Question) -> list[list[Any]]:
    """``[category, now, before]``, the most first."""
    now, before = (_categories(asked, one) for one in (asked.period, asked.period.before()))
    return [[number, many, before[number]] for number, many in _most_first(now)]


def _by_field(asked: Question) -> list[list[Any]]:
    """The same by the categories at the top."""
    now, before = (
        _summed(_categories(asked, one)) for one in (asked.period, asked.period.before())
    )
    return [[number, many, before[number]] for number, many in _most_first(now)]


def _categories(asked: Question, period: Period) -> Counter[int]:
    rows = _rows(asked).filter(_within("opened_at", period, asked.at), category__isnull=False)
    return Counter(dict(rows.values_list("category").annotate(many=Count("pk"))))


def _summed(by_category: Counter[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for number, many in by_category.items():
        found[top_category(number) or number] += many
    return found


def _by_area(asked: Question) -> list[list[Any]]:
    """``[subdistrict, received]``, the most first; nothing for what is nowhere."""
    rows = _came(asked).filter(place__isnull=False).values_list("place")
    found: Counter[int] = Counter()
    for place, many in rows.annotate(many=Count("pk")):
        if area := territory().at_level(place, SUBDISTRICT):
            found[area.id] += many
    return _most_first(found)


def _cards(asked: Question, group: str) -> list[dict[str, Any]]:
    """Cards of the units asked for, each with its rank in the whole district's group."""
    found = scoring.cards(group, asked.period, asked.rules[group], asked.at)
    return [plain_card(card) for card in found if _is_asked_for(card, asked.scope)]


def _is_asked_for(card: Card, scope: Scope) -> bool:
    is_there = scope.places is None or card.unit.place_id in scope.places
    return is_there and (scope.units is None or card.unit_id in scope.units)


# ---- What is late, and what was done about it


def _unanswered(asked: Question) -> QuerySet[Record]:
    owed = _rows(asked).filter(state__in=states.OWED, answered_at=None, opened_at__lt=asked.at)
    return owed.exclude(due_at=None)


def _overdue(asked: Question) -> dict[str, Any]:
    """What is late now, the longest first."""
    return _listed(_unanswered(asked).filter(due_at__lt=asked.at))


def _due_soon(asked: Question) -> dict[str, Any]:
    """What falls due within a week from now, the first first."""
    soon = Q(due_at__gte=asked.at, due_at__lt=asked.at + SOON)
    return _listed(_unanswered(asked).filter(soon))


def _listed(rows: QuerySet[Record]) -> dict[str, Any]:
    """How many, by unit, and one by one: ``[case, unit, category, place, due]``."""
    units = rows.order_by().values_list("unit").annotate(many=Count("pk"))
    named = rows.order_by("due_at", "case").values_list(
        "case", "unit", "category", "place", "due_at"
    )
    return {
        "count": rows.count(),
        "units": _most_first(dict(units)),
        "cases": [[*row, due_at.isoformat()] for *row, due_at in named[:NAMED] if due_at],
    }


def _measures(asked: Question) -> list[list[Any]]:
    """``[means, taken]`` of what the ladder did in the period."""
    taken = Measure.objects.filter(_within("at", asked.period, asked.at))
    taken = taken.filter(case__in=_rows(asked).values("case"))
    rows = taken.order_by().values_list("means").annotate(many=Count("pk"))
    return sorted([means, many] for means, many in rows)


def _orders(asked: Question) -> list[dict[str, Any]]:
    """By kind: given in the period, ended in it, open now and of these how many are late."""
    given = Order.objects.filter(issued_at__lt=asked.at)
    given = given.filter(Q(case=None) | Q(case__in=_rows(asked).values("case")))
    if asked.scope.units is not None:
        given = given.filter(unit__in=asked.scope.units)
    ends = OrderStep.objects.filter(verb__in=("accept", "withdraw"), at__lt=asked.at)
    ended = {order: (verb, at) for order, verb, at in ends.values_list("order", "verb", "at")}
    period, found = asked.period, dict[str, Counter[str]]()
    for number, kind, issued_at, due_at in given.values_list("pk", "kind", "issued_at", "due_at"):
        count = found.setdefault(kind, Counter())
        count["given"] += period.starts_at <= issued_at < period.ends_at
        verb, at = ended.get(number, ("", None))
        count["done"] += verb == "accept" and at is not None and _is_in(period, at)
        count["open"] += not verb
        count["late"] += not verb and due_at < asked.at
    return [{"kind": kind, **count} for kind, count in sorted(found.items())]


def _is_in(period: Period, at: datetime) -> bool:
    return period.starts_at <= at < period.ends_at


# ---- Who was complained of, what stays unsolved, how cases went to and fro


def _complained(asked: Question) -> list[list[int]]:
    """``[unit, complaints]``, the most first."""
    about = _came(asked).filter(kind="complaint", unit__isnull=False)
    return _most_first(dict(about.values_list("unit").annotate(many=Count("pk"))))


def _unsolved(asked: Question) -> dict[str, Any]:
    """Of those heard, what a resident ever called unsolved: by category and by the answer given.

    ``still``: how many of them the resident calls unsolved to this day.
    """
    heard = _rows(asked).filter(_within("heard_at", asked.period, asked.at))
    ever = heard.filter(Q(is_solved=False) | Q(redone__gt=0))
    by_category = ever.filter(category__isnull=False).values_list("category")
    by_result = ever.values_list("result").annotate(many=Count("pk"))
    return {
        "count": ever.count(),
        "still": ever.filter(is_solved=False).count(),
        "categories": _most_first(dict(by_category.annotate(many=Count("pk")))),
        "results": _most_first(dict(by_result)),
    }


def _turns(asked: Question) -> dict[str, int]:
    """How often units were given a case, gave it back, and handed it up."""
    turns = rates.counted(TURN, asked.scope)
    counts = {
        name: Count("pk", filter=_within(f"{name}_at", asked.period, asked.at))
        for name in ("given", "returned", "raised")
    }
    return dict(turns.aggregate(**counts))


# ---- What failed, and what became of what had failed before


def _failed(asked: Question) -> list[list[Any]]:
    """``[case, unit, why]``: late and unanswered, or not solved by the resident's own word."""
    late = _unanswered(asked).filter(_within("due_at", asked.period, asked.at))
    heard = _rows(asked).filter(_within("heard_at", asked.period, asked.at), is_solved=False)
    rows = [
        *(([*row, OPEN]) for row in late.order_by("case").values_list("case", "unit")),
        *(([*row, OBJECTED]) for row in heard.order_by("case").values_list("case", "unit")),
    ]
    return list({row[0]: row for row in rows}.values())


def _rechecked(asked: Question) -> list[list[Any]]:
    """``[case, unit, standing]`` of what an earlier report told as failed."""
    rows = Record.objects.filter(case__in=asked.failed).order_by("case")
    return [[row.case_id, row.unit_id, _standing(row)] for row in rows]


def _standing(row: Record) -> str:
    """What became of a case, by the resident's word before all."""
    if row.state in states.OWED:
        return OBJECTED if row.heard_at and row.is_solved is False else OPEN
    if row.is_solved:
        return SOLVED
    return UNHEARD if row.answered_at and row.is_solved is None else OBJECTED


def _drawn(asked: Question) -> dict[str, Any]:
    """Closed cases drawn by chance: how many there were, and the numbers in the order drawn.

    Everybody can draw again: the first ones by SHA-256 of the seed, a colon and the case's number.
    """
    if not asked.sample:
        return {"among": 0, "cases": []}
    ended = _within("ended_at", asked.period, asked.at)
    closed = _rows(asked).filter(ended, state=states.CLOSED, is_patrol=False)
    numbers = list(closed.values_list("case", flat=True))
    drawn = sorted(numbers, key=lambda one: sha256(f"{asked.seed}:{one}".encode()).digest())
    return {"among": len(numbers), "cases": drawn[: asked.sample]}


def _most_first(counts: "dict[Any, int] | Iterable[tuple[Any, int]]") -> list[list[Any]]:
    """``[what, many]``, the most first, equals in the order of what they are."""
    rows = dict(counts).items()
    return [[what, many] for what, many in sorted(rows, key=lambda one: (-one[1], str(one[0])))]
