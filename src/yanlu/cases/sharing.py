"""Who shares a case, and with which others it could be shared: for the staff's pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, joining, states
from yanlu.cases.masking import known_of, masked
from yanlu.cases.models import Case, CoSigner
from yanlu.dispatch.similar import likely_duplicates
from yanlu.kernel.errors import NotFound

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Co-signers on one page.
PAGE = 20


@dataclass(frozen=True)
class CoSigned:
    """What another resident said who shares the case; masked where the case's own words are.

    ``merged``: number of the case that was merged, by which it came.
    """

    submission_id: int
    words: str
    channel: str
    received_at: datetime
    way: str
    has_left: bool
    merged: str


@dataclass(frozen=True)
class CoSigners:
    """A page of those who share a case, oldest first; ``next`` is 0 at the end."""

    rows: list[CoSigned]
    next: int


@dataclass(frozen=True)
class MergedCase:
    """A case that was merged into another, with its resident's words."""

    case: Case
    words: str
    may_see: bool


@dataclass(frozen=True)
class Candidate:
    """An open case that likely says the same, and the words that both hold, without personal ones.

    ``is_later``: promised later than the case that was looked from, or a patrol's beside a
    resident's: that case then can't go on as it.
    """

    case: Case
    score: float
    common: tuple[str, ...]
    is_later: bool


def co_signers(case: Case, page: int, *, is_masked: bool) -> CoSigners:
    """Those who share the case, by its own co-signers and those of cases merged into it."""
    if not case.co_signer_count:
        return CoSigners([], 0)
    merged = {one.pk: one.number for one in access.merged_cases(case)}
    rows = CoSigner.objects.filter(case__in=[case.pk, *merged]).select_related("submission")
    first = (page - 1) * PAGE
    found = list(rows.order_by("pk")[first : first + PAGE + 1])
    known = known_of([row.submission for row in found])
    shown = [
        CoSigned(
            submission_id=row.submission_id,
            words=masked(row.submission.text, row.submission, known)
            if is_masked
            else row.submission.text,
            channel=row.submission.channel,
            received_at=row.submission.received_at,
            way=row.way,
            has_left=row.left_at is not None,
            merged=merged.get(row.case_id, ""),
        )
        for row in found[:PAGE]
    ]
    return CoSigners(shown, page + 1 if len(found) > PAGE else 0)


def merged_in(account: "Account", case: Case, *, is_masked: bool) -> list[MergedCase]:
    """The cases that were merged into this one; their words under this one's rules."""
    cases = access.merged_cases(case)
    known = known_of([one.submission for one in cases]) if is_masked else {}
    return [
        MergedCase(
            case=one,
            words=masked(one.said, one.submission, known) if is_masked else one.said,
            may_see=access.may_see(account, one),
        )
        for one in cases
    ]


def candidates(account: "Account", case_id: int) -> list[Candidate]:
    """Open cases that likely say the same, which this dispatcher may put together with this one.

    :raises NotFound: hidden or missing, or nothing of this person's to merge.
    """
    case = access.get_case(account, case_id)
    if "merge" not in {step.verb for step in access.allowed(account, case)}:
        raise NotFound(_("There is no such case, or it is not yours to see."))
    alike = {one.submission.pk: one for one in likely_duplicates(case.submission_id)}
    cases = Case.objects.filter(submission__in=alike, petition=None)
    cases = cases.exclude(state__in=states.ENDED)
    found = [
        Candidate(
            case=one,
            score=alike[one.submission_id].score,
            common=alike[one.submission_id].common,
            is_later=joining.leads(case, one),
        )
        for one in cases.select_related("submission").prefetch_related("assists").defer("words")
        if states.DISPATCHER in access.parties(account, one)
    ]
    return sorted(found, key=lambda one: -one.score)
