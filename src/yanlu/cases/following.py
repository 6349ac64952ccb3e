"""Which cases submissions follow: their own, or the one that they share or were merged into."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from yanlu.cases.models import Case, CoSigner

#: What is told of the case that settles a submission, and where it stands.
_SETTLED: Final = {
    "settled_by": "pk",
    "settled_number": "number",
    "settled_count": "co_signer_count",
    "settled_sealed": "is_sealed",
}


class Followed(NamedTuple):
    """A submission and the case that settles it; ``own_id``: the one that it opened itself."""

    submission_id: int
    own_id: int | None
    case_id: int
    number: str
    co_signer_count: int


def followed(submission_ids: Collection[int]) -> list[Followed]:
    """Which cases these submissions follow; of several in the same words the first.

    Without what a patrol found, and without everything that touches the sealed lane.
    """
    own = Case.objects.filter(submission__in=submission_ids, split_from=None, patrol_by=None)
    shared = CoSigner.objects.filter(submission__in=submission_ids)
    rows = [
        *_settled(own, "").values_list("submission", "pk", *_SETTLED),
        *_settled(shared, "case__").values_list(
            "submission", Value(None, IntegerField()), *_SETTLED
        ),
    ]
    hidden = sealed_among(submission_ids)
    return [Followed(*row) for *row, is_sealed in rows if not is_sealed and row[0] not in hidden]


def sealed_among(submission_ids: Collection[int]) -> set[int]:
    """Those of these submissions of which a case is in the sealed lane."""
    rows = Case.objects.filter(submission__in=submission_ids, is_sealed=True)
    return set(rows.values_list("submission", flat=True))


def submissions_following(case_ids: Collection[int]) -> set[int]:
    """Submissions that opened or joined one of these cases or one merged into it, ever."""
    cases = Case.objects.filter(Q(pk__in=case_ids) | Q(merged_into__in=case_ids)).order_by()
    shared = CoSigner.objects.filter(case__in=cases.values("pk"))
    own = cases.values_list("submission", flat=True)
    return set(own.union(shared.values_list("submission", flat=True)))


def _settled(rows: QuerySet[Any, Any], way: str) -> QuerySet[Any, Any]:
    """Tell of each row the case that settles it: what it was merged into, else itself."""
    told = {
        name: Coalesce(f"{way}merged_into__{field}", f"{way}{field}")
        for name, field in _SETTLED.items()
    }
    found: QuerySet[Any, Any] = rows.annotate(**told).order_by("submission")
    return found
