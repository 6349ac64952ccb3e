"""How many matters stand now, for systems that keep books of their own: a few queries for all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import prefetch_related_objects

from yanlu.cases.matters import Matter, as_shared, first_matters
from yanlu.cases.models import Answer, Verdict

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

T = TypeVar("T", Answer, Verdict)


@dataclass(frozen=True)
class Standing:
    """A matter without its timeline: its answers, and the resident's last word on them.

    Who shares the case of somebody else reads the main points alone and said nothing of them.
    """

    matter: Matter
    answers: list[Answer]
    verdict: Verdict | None


def standings(submissions: "list[Submission]") -> list[Standing]:
    """How the matters of these submissions stand, in the order given."""
    found = first_matters(submissions)
    cases = list({one.case.pk: one.case for one in found if one.case}.values())
    prefetch_related_objects(cases, "assists")
    answers = _by_case(Answer.objects.filter(case__in=cases).order_by("pk"))
    given = Verdict.objects.filter(case__in=cases, was_reached=True)
    verdicts = _by_case(given.order_by("pk"))
    return [_standing(one, answers, verdicts) for one in found]


def _by_case(rows: Iterable[T]) -> dict[int, list[T]]:
    held: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        held[row.case_id].append(row)
    return held


def _standing(
    matter: Matter, answers: dict[int, list[Answer]], verdicts: dict[int, list[Verdict]]
) -> Standing:
    if matter.case is None:
        return Standing(matter, [], None)
    given = answers.get(matter.case.pk, [])
    if matter.is_shared:
        return Standing(matter, as_shared(matter.case, given), None)
    said = verdicts.get(matter.case.pk, [])
    return Standing(matter, given, said[-1] if said else None)
