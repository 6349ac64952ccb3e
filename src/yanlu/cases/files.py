"""Everything about one case on one page, for staff."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, promises, sharing, states
from yanlu.cases.masking import hiding
from yanlu.cases.models import Assist, Case, Check
from yanlu.cases.papers import PetitionFile, petition_file
from yanlu.cases.timeline import Said, Step, entries_of, timeline_of
from yanlu.dispatch import selectors as dispatch
from yanlu.intake import selectors as intake
from yanlu.kernel.errors import NotFound
from yanlu.people import selectors as people
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.dispatch.models import Decision
    from yanlu.intake.models import Attachment, Submission
    from yanlu.kernel.models import Entry
    from yanlu.people.models import Account


@dataclass(frozen=True)
class CaseFile:
    """A case as staff see it."""

    case: Case
    submission: "Submission"
    words: str
    is_masked: bool
    decision: "Decision"
    photos: "list[Attachment]"
    timeline: list[Step]
    assists: list[Assist]
    own_parts: list[Assist]
    conferences: frozenset[int]
    allowed: list[states.Transition]
    unit_name: str
    place_label: str
    category_name: str
    is_overdue: bool
    may_open_identity: bool
    co_signers: sharing.CoSigners
    merged: list[sharing.MergedCase]
    goes_on: Case | None
    kept_out: list[tuple[int, str]]
    beside: list[Case]
    petition: PetitionFile | None


def case_file(account: "Account", case_id: int, page: int = 1) -> CaseFile:
    """The case for a member of staff, with one page of those who share it.

    :raises NotFound: hidden or missing.
    """
    case = access.get_case(account, case_id)
    verbatim = access.reads_verbatim(account, case)
    hide = str if verbatim else hiding(case.submission)
    said = Said(case, hide)
    entries = entries_of(case)
    names = people.unit_names({case.lead_unit_id or 0, *(a.unit_id for a in said.assists)})
    category = dispatch.category_names({case.category_id or 0})
    timeline = timeline_of(entries, said)
    return CaseFile(
        case=case,
        submission=case.submission,
        words=hide(case.said),
        is_masked=not verbatim,
        decision=case.decision,
        photos=intake.attachments(case.submission_id),
        timeline=timeline,
        assists=said.assists,
        own_parts=access.own_parts(account, case),
        conferences=_open_to(account, timeline),
        allowed=access.allowed(account, case),
        unit_name=names.get(case.lead_unit_id or 0, ""),
        place_label=territory().label(case.place_id),
        category_name=category.get(case.category_id or 0, ""),
        is_overdue=promises.is_overdue(case),
        may_open_identity=case.submission.identity_id is not None
        and access.may_open_identity(account, case),
        co_signers=sharing.co_signers(case, page, is_masked=not verbatim),
        merged=sharing.merged_in(account, case, is_masked=not verbatim),
        goes_on=case.merged_into,
        kept_out=_kept_out(case),
        beside=_beside(account, case, entries),
        petition=petition_file(case, hide),
    )


def _beside(account: "Account", case: Case, entries: "list[Entry]") -> list[Case]:
    """Cases of the same submission that this person sees: what it was split from, and the parts."""
    if case.split_from_id is None and not any(entry.verb == "case.split" for entry in entries):
        return []
    others = Case.objects.filter(submission=case.submission_id).exclude(pk=case.pk)
    rows = others.select_related("submission").prefetch_related("assists", "recusals")
    return [one for one in rows.defer("words").order_by("pk") if access.may_see(account, one)]


def _kept_out(case: Case) -> list[tuple[int, str]]:
    """Who must not see the case: the number of the recusal and the name."""
    rows = case.recusals.all()
    refs = people.display_names({f"account:{row.account_id}" for row in rows if row.account_id})
    units = people.unit_names({row.unit_id for row in rows if row.unit_id})
    return [
        (row.pk, units.get(row.unit_id or 0) or refs.get(f"account:{row.account_id}", ""))
        for row in rows
    ]


def check_photo(account: "Account", check_id: int) -> Check:
    """The photo of a check on site, for staff who see the case.

    :raises NotFound: hidden or missing.
    """
    check = Check.objects.filter(pk=check_id).first()
    if check is None:
        raise NotFound(_("There is no such photo, or it is not yours to see."))
    access.get_case(account, check.case_id)
    return check


def _open_to(account: "Account", steps: list[Step]) -> frozenset[int]:
    """Conferences of these steps that the person may look at."""
    known = {step.item.conference_id for step in steps if step.item}
    seen = access.conferences(account).filter(pk__in=known) if known else ()
    return frozenset(one.pk for one in seen)
