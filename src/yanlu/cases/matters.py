"""A matter as its resident follows it, and as everybody may read it once it was answered."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, services, states
from yanlu.cases.acting import subject
from yanlu.cases.masking import hiding, known_of, masked
from yanlu.cases.models import (
    Answer,
    Case,
    CoSigner,
)
from yanlu.cases.papers import PetitionFile, petition_file
from yanlu.cases.selectors import after_cursor, searched
from yanlu.cases.timeline import TOLD, Said, Step, submission_subject, timeline_of
from yanlu.dispatch import selectors as dispatch
from yanlu.intake import codes
from yanlu.intake import selectors as intake
from yanlu.kernel import journal
from yanlu.kernel.errors import NotFound
from yanlu.people import selectors as people
from yanlu.places.selectors import territory, without_neighbourhoods

if TYPE_CHECKING:
    from yanlu.intake.models import Attachment, Submission
    from yanlu.people.models import Account


@dataclass(frozen=True)
class Matter:
    """A submission as its resident (or whoever holds the code) sees it.

    Who shares the case of somebody else (``is_shared``) sees how it stands and what was answered,
    nothing that others said in it, and does not speak for them. Whose own case was merged into
    it (``is_merged``) may still say that it is not settled. Words that hold several matters have a
    case for each (拆分): ``part`` is what this one is about, ``others`` are the others' cases.
    ``may``: verbs of the petition procedure that its resident may do now.
    """

    code: str
    submission: "Submission"
    case: Case | None
    state: str
    title: str
    words: str
    due_at: datetime | None
    unit_name: str
    is_mine: bool
    is_shared: bool
    is_merged: bool
    has_left: bool
    may_leave: bool
    may_rate: bool
    may_reopen: bool
    reopen_until: datetime | None
    part: str = ""
    others: "list[Case]" = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    photos: "list[Attachment]" = field(default_factory=list)
    petition: PetitionFile | None = None
    may: frozenset[str] = frozenset()

    @property
    def is_answered(self) -> bool:
        """Whether the unit has answered and nothing is owed but the resident's word."""
        return self.state in states.TO_VERIFY | states.OPEN_TO_REVIEW

    @property
    def which(self) -> str:
        """The end of the matter's address, where there are several."""
        return f"?case={self.case.number}" if self.part and self.case else ""

    @property
    def spaced_code(self) -> str:
        """The code as people read it."""
        return codes.spaced(self.code)


@dataclass(frozen=True)
class PublicMatter:
    """An answered matter that its resident agreed to show: masked, and no nearer than the
    subdistrict."""

    number: str
    title: str
    words: str
    category: str
    place: str
    unit: str
    points: str
    result: str
    ended_at: datetime | None
    co_signer_count: int


def matters_of(account: "Account") -> list[Matter]:
    """What this resident handed in, newest first, without the timelines."""
    submissions = intake.of_account(account.pk)
    found = _parts(submissions)
    units = _units([part for parts in found.values() for part in parts])
    return [_matter(s, part, units, is_mine=True) for s in submissions for part in found[s.pk]]


def first_matters(submissions: "list[Submission]") -> list[Matter]:
    """The matters of these submissions, in the order given, without timelines and answers.

    Of several matters in the same words the first.
    """
    found = _parts(submissions)
    units = _units([parts[0] for parts in found.values()])
    return [_matter(s, found[s.pk][0], units, is_mine=False) for s in submissions]


def _units(parts: "list[_Part]") -> dict[int, str]:
    cases = [part.goes_on for part in parts if part.goes_on]
    return people.unit_names({case.lead_unit_id for case in cases if case.lead_unit_id})


def matter_by_code(typed: str, account: "Account | None" = None, number: str = "") -> Matter:
    """The matter that a query code opens, with its timeline; of several the one of this number.

    Only its own resident sees the words as they were said and may act; whoever else holds the
    code sees them masked.

    :raises NotFound: no such code.
    """
    submission = intake.by_code(codes.read_code(typed))
    if submission is None:
        raise NotFound(_("We know no matter by this code. Please check it letter by letter."))
    parts = _parts([submission])[submission.pk]
    part = next((one for one in parts if one.own and one.own.number == number), parts[0])
    case = part.goes_on
    units = people.unit_names({case.lead_unit_id}) if case and case.lead_unit_id else {}
    is_mine = bool(account and account.pk and submission.account_id == account.pk)
    hide = str if is_mine else hiding(submission)
    said = Said(part.own, hide) if part.own else None
    return _matter(
        submission,
        part,
        units,
        is_mine=is_mine,
        others=[one.own for one in parts if one.own and one is not part],
        steps=_steps(submission, part, said),
        answers=_answers(case, said, is_shared=part.is_shared),
        photos=intake.attachments(submission.pk),
        petition=petition_file(case, hide, is_shared=part.is_shared) if case else None,
        may=_asks(case) if case and is_mine and not part.is_shared else frozenset(),
    )


def _asks(case: Case) -> frozenset[str]:
    """What the resident may ask of the petition procedure now."""
    asks = {"begin_petition", "ask_review", "ask_second_review"}
    open_now = {step.verb for step in states.leads_from(case.state)} & asks
    return frozenset(verb for verb in open_now if not guards.hindrance(verb, case))


@dataclass(frozen=True)
class _Part:
    """What a submission has to do with cases: its own, or the one that it joined."""

    own: Case | None = None
    row: CoSigner | None = None

    @property
    def case(self) -> Case | None:
        """The case that it opened or joined."""
        return self.own or (self.row.case if self.row else None)

    @property
    def goes_on(self) -> Case | None:
        """The case that settles it."""
        return self.case and (self.case.merged_into or self.case)

    @property
    def is_merged(self) -> bool:
        """Whether the submission's own case goes on as somebody else's."""
        return self.own is not None and self.own.merged_into_id is not None

    @property
    def is_shared(self) -> bool:
        """Whether the case that settles it is somebody else's."""
        return self.row is not None or self.is_merged


def _parts(submissions: "list[Submission]") -> dict[int, list[_Part]]:
    """What each has to do with cases; several where its words held several matters."""
    cases = Case.objects.filter(submission__in=submissions).order_by("pk")
    rows = CoSigner.objects.filter(submission__in=submissions).defer("case__words")
    found: dict[int, list[_Part]] = {s.pk: [] for s in submissions}
    for row in rows.select_related("case__merged_into__submission", "case__submission"):
        found[row.submission_id].append(_Part(row=row))
    joined = ("submission", "petition", "merged_into__submission")
    for case in cases.select_related(*joined).defer("words"):
        found[case.submission_id].append(_Part(own=case))
    return {number: parts or [_Part()] for number, parts in found.items()}


def _steps(submission: "Submission", part: _Part, said: "Said | None") -> list[Step]:
    """The timeline as its resident is told it: of a merged case up to the merge, then the other's.

    What was said with an act belongs to whose case it is.
    """
    first, then = part.case, part.goes_on
    about = [submission_subject(submission), *([subject(first.pk)] if first else [])]
    entries = [entry for entry in journal.history(*about) if entry.verb in TOLD]
    steps = timeline_of(entries, said, name_people=False)
    if then is None or then == first:
        return steps
    merged = max(entry.id for entry in entries if entry.verb == "case.merged")
    later = [e for e in journal.history(subject(then.pk)) if e.verb in TOLD and e.id > merged]
    return [*steps, *timeline_of(later, None, name_people=False)]


def _answers(case: Case | None, said: "Said | None", *, is_shared: bool) -> list[Answer]:
    if said and not is_shared:
        return list(said.answers.values())
    answers = list(Answer.objects.filter(case=case).order_by("pk")) if case else []
    return as_shared(case, answers) if case else []


def as_shared(case: Case, answers: list[Answer]) -> list[Answer]:
    """What co-signers read of them: the main points, without the first resident's affairs."""
    hide, shown = hiding(case.submission), [copy(answer) for answer in answers]
    for answer in shown:
        answer.points = hide(answer.points)
        answer.facts = answer.appeal = ""
    return shown


def published(
    after: str = "", category_id: int | None = None, search: str = ""
) -> tuple[list[PublicMatter], str]:
    """Answered matters that residents agreed to show, last ended first, and the next cursor."""
    cases = searched(_public_cases(), search)
    if category_id:
        cases = cases.filter(category__in=dispatch.category_family(category_id))
    page, cursor = after_cursor(cases, after, field="ended_at", descending=True, size=20)
    return _public(page), cursor


def published_case(number: str) -> PublicMatter:
    """One of them.

    :raises NotFound: hidden or missing.
    """
    found = list(_public_cases().filter(number=number))
    if not found:
        raise NotFound(_("This matter is not public."))
    return _public(found)[0]


def photo_for(account: "Account | None", photo_id: int, held_codes: Iterable[str]) -> "Attachment":
    """A photo, for staff who see a case of it, its resident, or whoever holds the code.

    :raises NotFound: hidden or missing.
    """
    photo = intake.attachment(photo_id)
    if photo is not None:
        submission = photo.submission
        if submission.query_code in held_codes:
            return photo
        if account and account.pk and submission.account_id == account.pk:
            return photo
        parts = _parts([submission])[submission.pk]
        for case in (case for part in parts for case in (part.own, part.goes_on)):
            if account and account.pk and case and access.may_see(account, case):
                return photo
    raise NotFound(_("There is no such photo, or it is not yours to see."))


def _matter(
    submission: "Submission", part: _Part, units: dict[int, str], *, is_mine: bool, **rest: Any
) -> Matter:
    case, has_left = part.goes_on, bool(part.row and part.row.left_at)
    text, title = submission.text, submission.title
    about = part.own.part if part.own else ""
    if not is_mine:
        hide = hiding(submission)
        text, title, about = hide(text), hide(title), hide(about)
    speaks = is_mine and part.row is None
    return Matter(
        code=submission.query_code,
        submission=submission,
        case=case,
        state=case.state if case else states.OPENED,
        part=about,
        title=_title(part, about, title),
        words=text,
        due_at=case.due_at if case else None,
        unit_name=units.get(case.lead_unit_id or 0, "") if case else "",
        is_mine=is_mine,
        is_shared=part.is_shared,
        is_merged=part.is_merged,
        has_left=has_left,
        may_leave=bool(
            is_mine and part.row and not has_left and case and case.state not in states.ENDED
        ),
        may_rate=speaks and bool(case and case.state in states.TO_VERIFY),
        may_reopen=speaks
        and bool(case and services.may_reopen(case) and case.state in states.REOPENABLE),
        reopen_until=case.ended_at + services.REOPEN_WITHIN
        if case and case.ended_at and case.state in states.REOPENABLE
        else None,
        **rest,
    )


def _title(part: _Part, about: str, said: str) -> str:
    """The resident's own title; of one matter among several, or without one, the case's."""
    own = part.own.title if part.own else ""
    return own if about else said or ("" if part.is_shared else own)


def _public_cases() -> QuerySet[Case]:
    return (
        Case.objects.filter(
            state=states.CLOSED,
            is_sealed=False,
            ended_at__isnull=False,
            submission__may_publish=True,
            submission__is_confidential=False,
            answers__is_public=True,
        )
        .select_related("submission")
        .distinct()
    )


def _public(cases: list[Case]) -> list[PublicMatter]:
    answers = {
        answer.case_id: answer
        for answer in Answer.objects.filter(case__in=cases, is_public=True).order_by("pk")
    }
    categories = dispatch.category_names({c.category_id for c in cases if c.category_id})
    units = people.unit_names({c.lead_unit_id for c in cases if c.lead_unit_id})
    places, known = territory(), known_of(case.submission for case in cases)
    return [
        PublicMatter(
            number=case.number,
            title=without_neighbourhoods(case.title),
            words=without_neighbourhoods(masked(case.said, case.submission, known)),
            category=categories.get(case.category_id or 0, ""),
            place=getattr(places.at_level(case.place_id, 3), "name", ""),
            unit=units.get(case.lead_unit_id or 0, ""),
            points=without_neighbourhoods(masked(answers[case.pk].points, case.submission, known)),
            result=answers[case.pk].result,
            ended_at=case.ended_at,
            co_signer_count=case.co_signer_count,
        )
        for case in cases
    ]
