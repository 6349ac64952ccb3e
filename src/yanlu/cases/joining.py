"""Who says what others said joins their case (附议) instead of opening another; a write door.

A submission joins the case that its resident chose ("me too"), or the open one of the same words
at the same place. It stays a submission of its own: own words, own code, own receipt. What is
urgent, confidential or a report of wrongdoing always gets a case of its own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from yanlu.cases import promises, states
from yanlu.cases.models import Case, CoSigner, Way
from yanlu.cases.procedure import petition_of
from yanlu.dispatch.knowledge import knowledge
from yanlu.kernel import clock, journal
from yanlu.textkit.duplicates import fingerprint

if TYPE_CHECKING:
    from yanlu.dispatch.models import Decision
    from yanlu.intake.models import Submission

SYSTEM = journal.System("cases")
#: For how long the same words mean the same matter.
WITHIN = timedelta(days=30)
#: What never waits behind somebody else's matter, and never has others behind it.
APART_URGENCY, APART_KIND = "danger", "report"

#: The case as which one goes on: itself, unless it was merged.
GOES_ON = Coalesce("merged_into_id", "id")

#: The same words at the same place.
Key = tuple[int, int | None]
#: Of each submission; ``None`` for what stays by itself.
Keys = dict[int, Key | None]


@dataclass(frozen=True)
class Join:
    """A submission that joins a case: that of ``first`` if it is opened in the same batch."""

    submission_id: int
    way: str
    case_id: int | None = None
    first: int | None = None


def key_of(decision: "Decision", submission: "Submission") -> Key | None:
    """By what the same words are known; ``None`` for what stays by itself."""
    if submission.is_confidential or decision.kind == APART_KIND:
        return None
    value = fingerprint(f"{submission.title}\n{submission.text}")
    return (value, decision.place_id) if value is not None else None


def sort_out(
    decisions: "Sequence[Decision]", submissions: "dict[int, Submission]", keys: Keys
) -> "tuple[list[Decision], list[Join]]":
    """Which Decisions open a case, and which submissions join one, in the order given."""
    seconded = _seconded({s.seconds_id for s in submissions.values() if s.seconds_id})
    repeated = _of_same_words([key for key in keys.values() if key])
    held = _hold({*seconded.values(), *repeated.values()})
    first: dict[Key, int] = {}
    opening, joins = [], []
    for decision in decisions:
        number, key = decision.submission_id, keys[decision.submission_id]
        chosen = seconded.get(submissions[number].seconds_id or 0)
        if chosen in held and _may_second(decision, submissions[number]):
            joins.append(Join(number, Way.ME_TOO, case_id=chosen))
        elif key and repeated.get(key) in held:
            joins.append(Join(number, Way.SAME_WORDS, case_id=repeated[key]))
        elif key and key in first:
            joins.append(Join(number, Way.SAME_WORDS, first=first[key]))
        else:
            opening.append(decision)
            if key and knowledge().joins_repeats:
                first[key] = number
    return opening, joins


def join(joins: Sequence[Join], opened: Iterable[Case]) -> None:
    """Let these submissions join, within the caller's transaction."""
    cases = {case.submission_id: case.pk for case in opened}
    now = clock.now()
    rows = [
        CoSigner(
            case_id=one.case_id or cases[one.first or 0],
            submission_id=one.submission_id,
            way=one.way,
            joined_at=now,
        )
        for one in joins
    ]
    CoSigner.objects.bulk_create(rows)
    for case_id, number in Counter(row.case_id for row in rows).items():
        Case.objects.filter(pk=case_id).update(co_signer_count=F("co_signer_count") + number)
    journal.record_all([_joined(row) for row in rows], actor=SYSTEM)


def _joined(row: CoSigner) -> journal.Event:
    about = journal.Subject("submission", row.submission_id)
    return journal.Event("submission.joined", about, {"case": row.case_id, "way": row.way})


def _may_second(decision: "Decision", submission: "Submission") -> bool:
    is_apart = submission.is_confidential or decision.kind == APART_KIND
    return not is_apart and decision.urgency != APART_URGENCY


def stays_apart(case: Case) -> bool:
    """Whether nobody may share the case: a confidential matter, a petition, a report."""
    return case.is_sealed or case.submission.is_confidential or petition_of(case) is not None


def leads(case: Case, other: Case) -> bool:
    """Whether of these two this one has to be the one that goes on.

    A resident's before a patrol's, so that a resident is asked whether it is settled; of one sort
    what is promised first, so that no promise is put off.
    """
    if (case.patrol_by_id is None) != (other.patrol_by_id is None):
        return case.patrol_by_id is None
    return promises.is_put_off(case, other)


def _seconded(submission_ids: set[int]) -> dict[int, int]:
    """The open case behind each submission that is seconded, its own or the one it shares."""
    if not submission_ids:
        return {}
    whole = _going_on().filter(submission__in=submission_ids, split_from=None)
    own = whole.values_list("submission_id", GOES_ON)
    joined = (
        _going_on()
        .filter(co_signers__submission__in=submission_ids)
        .values_list("co_signers__submission_id", GOES_ON)
    )
    return dict(joined) | dict(own)


def _of_same_words(keys: Sequence[Key]) -> dict[Key, int]:
    """Open cases of the same words at the same place, the oldest of each."""
    if not keys or not knowledge().joins_repeats:
        return {}
    since = clock.now() - WITHIN
    found: dict[Key, int] = {}
    rows = (
        _going_on()
        .filter(
            Q(ended_at=None) | Q(merged_into__isnull=False),
            fingerprint__in={value for value, _place in keys},
            opened_at__gte=since,
        )
        .order_by("-pk")
        .values_list("fingerprint", "place_id", GOES_ON)
    )
    for value, place_id, number in rows:
        if value is not None:
            found[value, place_id] = number
    return found


def _going_on() -> QuerySet[Case]:
    """Cases that others may join, by themselves or as the one that they go on as."""
    stands = Coalesce("merged_into__state", "state")
    return (
        Case.objects.filter(
            is_sealed=False, submission__is_confidential=False, patrol_by__isnull=True
        )
        .alias(stands=stands)
        .exclude(stands__in=states.ENDED)
    )


def _hold(case_ids: set[int]) -> set[int]:
    """Of these cases those that are still open, locked: until others joined none of them ends."""
    if not case_ids:
        return set()
    held = Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk")
    return set(held.exclude(state__in=states.ENDED).values_list("pk", flat=True))
