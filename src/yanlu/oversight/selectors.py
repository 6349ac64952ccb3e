"""Reading what oversight did."""

from datetime import datetime

from django.db.models import Count

from yanlu.oversight.models import Measure, Promise


def is_due(now: datetime) -> bool:
    """Whether the ladder has anything to do about what is known by now."""
    return Promise.objects.filter(next_at__lte=now).exists()


def taken() -> dict[str, int]:
    """How many measures were taken, by means."""
    rows = Measure.objects.values_list("means").annotate(many=Count("pk"))
    return dict(rows.order_by("means"))
