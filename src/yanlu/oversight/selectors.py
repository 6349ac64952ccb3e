"""Reading what oversight did."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from yanlu.oversight import rates
from yanlu.oversight.models import Measure, Promise, Record
from yanlu.oversight.periods import Period


def is_due(now: datetime) -> bool:
    """Whether the ladder has anything to do about what is known by now."""
    return Promise.objects.filter(next_at__lte=now).exists()


def taken(period: Period | None = None, places: Collection[int] | None = None) -> dict[str, int]:
    """How many measures were taken, by means: at all, or in a period about matters in places."""
    rows = Measure.objects.all()
    if period:
        rows = rows.filter(at__gte=period.starts_at, at__lt=period.ends_at)
    if places is not None:
        rows = rows.filter(case__place__in=places, promise__is_sealed=False)
    return dict(rows.order_by("means").values_list("means").annotate(many=Count("pk")))


def book(codes: Iterable[str], at: datetime) -> QuerySet[Any, Any]:
    """The book of cases as far as it counts, with the whole and the part of these rates.

    :param at: a promise counts once its date has passed by then.
    """
    rows = rates.counted(rates.UNIT, rates.Scope())
    told: QuerySet[Any, Any] = rows.annotate(**rates.shares(codes, at))
    return told


def records(case_ids: Collection[int]) -> QuerySet[Any, Any]:
    """What the book says of these cases, whatever became of them, but of sealed ones."""
    found: QuerySet[Any, Any] = Record.objects.filter(case__in=case_ids, is_sealed=False)
    return found


def fallen_due(since: datetime, until: datetime) -> list[int]:
    """Cases of which a promise that a rate goes by fell due from the one moment to the other."""
    due = Q()
    for name in rates.PROMISED:
        due |= Q(**{f"{name}__gte": since, f"{name}__lt": until})
    return list(Record.objects.filter(due).order_by("case").values_list("case", flat=True))
