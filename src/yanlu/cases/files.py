"""Everything about one matter on one page: for staff a case file, for the resident the matter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, promises, services, sharing, states
from yanlu.cases.acting import subject
from yanlu.cases.masking import Known, known_of, masked
from yanlu.cases.models import (
    Answer,
    Assist,
    Case,
    Check,
    Contact,
    CoSigner,
    Item,
    Remark,
    Verdict,
)
from yanlu.cases.papers import PetitionFile, petition_file
from yanlu.cases.selectors import after_cursor, searched
from yanlu.dispatch import selectors as dispatch
from yanlu.intake import codes
from yanlu.intake import selectors as intake
from yanlu.kernel import journal
from yanlu.kernel.errors import NotFound
from yanlu.people import selectors as people
from yanlu.places.selectors import territory, without_neighbourhoods

if TYPE_CHECKING:
    from yanlu.dispatch.models import Decision
    from yanlu.intake.models import Attachment, Submission
    from yanlu.kernel.models import Entry
    from yanlu.people.models import Account

#: Journal verbs that the resident sees; who within a unit did it stays inside.
TOLD = frozenset(
    {"submission.received", "submission.joined", "submission.parted", "submission.left"}
    | {f"case.{verb}" for verb in (
        "opened", "dispatched", "accepted", "returned", "handling_started", "contacted",
        "answered", "callback_begun", "callback_missed", "confirmed", "objected",
        "closed_unreached", "approved", "rejected", "reopened", "rehandling_ordered",
        "not_accepted", "cancelled", "merged", "separated", "return_refused", "disputed",
        "dispute_settled", "transferred", "raised", "sent_back", "passed_down",
        "extension_granted", "suspended", "resumed", "alarm_taken", "split",
        "petition_begun", "notice_given",
        "opinion_issued", "opinion_delivered", "review_asked", "reviewer_named", "review_decided",
        "second_review_asked", "second_review_decided", "review_lapsed",
        "conference_convened", "conference_held", "conference_decided", "conference_cancelled",
    )}
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of a timeline, with what was said in it; ``number`` is the journal row's."""

    number: int
    at: datetime
    event: str
    actor: str
    data: dict[str, Any]
    remark: Remark | None = None
    answer: Answer | None = None
    verdict: Verdict | None = None
    contact: Contact | None = None
    check: Check | None = None
    item: Item | None = None
    unit: str = ""

    @property
    def done_at(self) -> datetime | None:
        """When it was done, where it was recorded afterwards."""
        told = self.data.get("done_at")
        return datetime.fromisoformat(told) if told else None

    @property
    def until(self) -> datetime | None:
        """The date that the act is about: asked for, granted, or put off to."""
        told = self.data.get("until")
        return datetime.fromisoformat(told) if told else None


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
    answers: list[Answer]
    verdicts: list[Verdict]
    contacts: list[Contact]
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


def case_file(account: "Account", case_id: int, page: int = 1) -> CaseFile:
    """The case for a member of staff, with one page of those who share it.

    :raises NotFound: hidden or missing.
    """
    case = access.get_case(account, case_id)
    verbatim = access.reads_verbatim(account, case)
    said, known = _Said(case), known_of([case.submission])
    if not verbatim:
        said.mask(case.submission, known)
    entries = _entries(case)
    names = people.unit_names({case.lead_unit_id or 0, *(a.unit_id for a in said.assists)})
    category = dispatch.category_names({case.category_id or 0})
    timeline = _timeline(entries, said)
    return CaseFile(
        case=case,
        submission=case.submission,
        words=case.said if verbatim else masked(case.said, case.submission, known),
        is_masked=not verbatim,
        decision=case.decision,
        photos=intake.attachments(case.submission_id),
        timeline=timeline,
        answers=said.answers,
        verdicts=said.verdicts,
        contacts=said.contacts,
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
        petition=petition_file(case),
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


def matters_of(account: "Account") -> list[Matter]:
    """What this resident handed in, newest first, without the timelines."""
    submissions = intake.of_account(account.pk)
    found = _parts(submissions)
    cases = [part.goes_on for parts in found.values() for part in parts if part.goes_on]
    units = people.unit_names({case.lead_unit_id for case in cases if case.lead_unit_id})
    return [_matter(s, part, units, is_mine=True) for s in submissions for part in found[s.pk]]


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
    said = _Said(part.own) if part.own else None
    if said and not is_mine:
        said.mask(submission, known_of([submission]))
    return _matter(
        submission,
        part,
        units,
        is_mine=is_mine,
        others=[one.own for one in parts if one.own and one is not part],
        steps=_steps(submission, part, said),
        answers=_answers(case, said, is_shared=part.is_shared),
        photos=intake.attachments(submission.pk),
        petition=petition_file(case, is_shared=part.is_shared) if case else None,
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


def _steps(submission: "Submission", part: _Part, said: "_Said | None") -> list[Step]:
    """The timeline as its resident is told it: of a merged case up to the merge, then the other's.

    What was said with an act belongs to whose case it is.
    """
    first, then = part.case, part.goes_on
    about = [_about(submission), *([subject(first.pk)] if first else [])]
    entries = [entry for entry in journal.history(*about) if entry.verb in TOLD]
    steps = _timeline(entries, said, name_people=False)
    if then is None or then == first:
        return steps
    merged = max(entry.id for entry in entries if entry.verb == "case.merged")
    later = [e for e in journal.history(subject(then.pk)) if e.verb in TOLD and e.id > merged]
    return [*steps, *_timeline(later, None, name_people=False)]


def _answers(case: Case | None, said: "_Said | None", *, is_shared: bool) -> list[Answer]:
    """The answers; co-signers read the main points, without the first resident's affairs."""
    if said and not is_shared:
        return said.answers
    answers = list(Answer.objects.filter(case=case).order_by("pk")) if case else []
    if case:
        known = known_of([case.submission])
        for answer in answers:
            answer.points = masked(answer.points, case.submission, known)
            answer.facts = answer.appeal = ""
    return answers


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


def check_photo(account: "Account", check_id: int) -> Check:
    """The photo of a check on site, for staff who see the case.

    :raises NotFound: hidden or missing.
    """
    check = Check.objects.filter(pk=check_id).first()
    if check is None:
        raise NotFound(_("There is no such photo, or it is not yours to see."))
    access.get_case(account, check.case_id)
    return check


class _Said:
    """What was handed in with the acts on a case, by number: one query a table."""

    def __init__(self, case: Case) -> None:
        self.answers = list(Answer.objects.filter(case=case).order_by("pk"))
        self.verdicts = list(
            Verdict.objects.filter(case=case).select_related("not_solved_reason").order_by("pk")
        )
        self.contacts = list(
            Contact.objects.filter(case=case).select_related("reason").order_by("pk")
        )
        self.remarks = list(
            Remark.objects.filter(case=case).select_related("reason", "ground").order_by("pk")
        )
        checks = Check.objects.filter(case=case).order_by("pk")
        self.checks = list(checks) if case.patrol_by_id else []
        self.assists = sorted(case.assists.all(), key=lambda assist: assist.pk)

    def mask(self, submission: "Submission", known: Known) -> None:
        """Hide what is personal in what others typed, for whoever reads the words masked."""
        rows: list[tuple[list[Any], tuple[str, ...]]] = [
            (self.answers, ("points", "facts", "appeal", "resident_said")),
            (self.verdicts, ("note",)),
            (self.contacts, ("note",)),
            (self.remarks, ("text",)),
            (self.assists, ("contribution",)),
        ]
        for found, names in rows:
            for row in found:
                for name in names:
                    setattr(row, name, masked(getattr(row, name), submission, known))

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a journal row points to."""
        return {
            "remark": _by_number(self.remarks, data.get("remark")),
            "answer": _by_number(self.answers, data.get("answer")),
            "verdict": _by_number(self.verdicts, data.get("verdict")),
            "contact": _by_number(self.contacts, data.get("contact")),
            "check": _by_number(self.checks, data.get("check")),
        }


def _open_to(account: "Account", steps: list[Step]) -> frozenset[int]:
    """Conferences of these steps that the person may look at."""
    known = {step.item.conference_id for step in steps if step.item}
    seen = access.conferences(account).filter(pk__in=known) if known else ()
    return frozenset(one.pk for one in seen)


def _items(entries: "list[Entry]") -> dict[tuple[int, int], Item]:
    """Places on conferences that these rows are about, by conference and case."""
    known = {entry.data["conference"] for entry in entries if "conference" in entry.data}
    found = Item.objects.filter(conference__in=known) if known else Item.objects.none()
    return {(one.conference_id, one.case_id): one for one in found.select_related("conference")}


def _by_number(rows: list[Any], number: Any) -> Any:
    return next((row for row in rows if row.pk == number), None)


def _timeline(
    entries: "list[Entry]", said: _Said | None, *, name_people: bool = True
) -> list[Step]:
    actors = people.display_names({entry.actor for entry in entries}) if name_people else {}
    units = people.unit_names({e.data["unit"] for e in entries if e.data.get("unit")})
    items = _items(entries)
    return [
        Step(
            number=entry.id,
            at=entry.at,
            event=entry.verb,
            actor=actors.get(entry.actor, ""),
            data=entry.data,
            unit=units.get(entry.data.get("unit"), ""),
            item=items.get((entry.data.get("conference", 0), entry.subject_id)),
            **(said.of(entry.data) if said else {}),
        )
        for entry in entries
    ]


def _entries(case: Case) -> "list[Entry]":
    return journal.history(_about(case.submission), subject(case.pk))


def _about(submission: "Submission") -> journal.Subject:
    return journal.Subject("submission", submission.pk)


def _matter(
    submission: "Submission", part: _Part, units: dict[int, str], *, is_mine: bool, **rest: Any
) -> Matter:
    case, has_left = part.goes_on, bool(part.row and part.row.left_at)
    text, title = submission.text, submission.title
    about = part.own.part if part.own else ""
    if not is_mine:
        known = known_of([submission])
        text, title, about = (masked(one, submission, known) for one in (text, title, about))
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
