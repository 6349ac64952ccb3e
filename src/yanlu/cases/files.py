"""Everything about one matter on one page: for staff a case file, for the resident the matter."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, promises, services, sharing, states
from yanlu.cases.acting import subject
from yanlu.cases.masking import known_of, masked
from yanlu.cases.models import Answer, Assist, Case, Contact, CoSigner, Remark, Verdict
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
        "extension_granted", "suspended", "resumed",
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
    unit: str = ""

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
    allowed: list[states.Transition]
    unit_name: str
    place_label: str
    category_name: str
    is_overdue: bool
    may_open_identity: bool
    co_signers: sharing.CoSigners
    merged: list[sharing.MergedCase]
    goes_on: Case | None


@dataclass(frozen=True)
class Matter:
    """A submission as its resident (or whoever holds the code) sees it.

    Who shares the case of somebody else (``is_shared``) sees how it stands and what was answered,
    nothing that others said in it, and does not speak for them. Whose own case was merged into
    it (``is_merged``) may still say that it is not settled.
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
    steps: list[Step] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    photos: "list[Attachment]" = field(default_factory=list)

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
    said = _Said(case)
    decision = dispatch.decision(case.decision_id)
    names = people.unit_names({case.lead_unit_id or 0, *(a.unit_id for a in said.assists)})
    category = dispatch.category_names({case.category_id or 0})
    return CaseFile(
        case=case,
        submission=case.submission,
        words=case.submission.text
        if verbatim
        else masked(case.submission.text, case.submission, known_of([case.submission])),
        is_masked=not verbatim,
        decision=decision,
        photos=intake.attachments(case.submission_id),
        timeline=_timeline(_entries(case), said),
        answers=said.answers,
        verdicts=said.verdicts,
        contacts=said.contacts,
        assists=said.assists,
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
    )


def matters_of(account: "Account") -> list[Matter]:
    """What this resident handed in, newest first, without the timelines."""
    return matters(intake.of_account(account.pk), is_mine=True)


def matters(submissions: "list[Submission]", *, is_mine: bool) -> list[Matter]:
    """The matters of these submissions, in the order given, without timelines and answers."""
    parts = _parts(submissions)
    cases = [part.goes_on for part in parts.values() if part.goes_on]
    units = people.unit_names({case.lead_unit_id for case in cases if case.lead_unit_id})
    return [_matter(s, parts[s.pk], units, is_mine=is_mine) for s in submissions]


def matter_by_code(typed: str, account: "Account | None" = None) -> Matter:
    """The matter that a query code opens, with its timeline.

    Only its own resident sees the words as they were said and may act; whoever else holds the
    code sees them masked.

    :raises NotFound: no such code.
    """
    submission = intake.by_code(codes.read_code(typed))
    if submission is None:
        raise NotFound(_("We know no matter by this code. Please check it letter by letter."))
    part = _parts([submission])[submission.pk]
    case = part.goes_on
    units = people.unit_names({case.lead_unit_id}) if case and case.lead_unit_id else {}
    return _matter(
        submission,
        part,
        units,
        is_mine=bool(account and account.pk and submission.account_id == account.pk),
        steps=_steps(submission, part),
        answers=_answers(case, is_shared=part.is_shared),
        photos=intake.attachments(submission.pk),
    )


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


def _parts(submissions: "list[Submission]") -> dict[int, _Part]:
    cases = Case.objects.filter(submission__in=submissions).order_by("-pk")
    rows = CoSigner.objects.filter(submission__in=submissions).defer("case__words")
    shared = {
        row.submission_id: _Part(row=row)
        for row in rows.select_related("case__merged_into__submission", "case__submission")
    }
    own = {
        case.submission_id: _Part(own=case)
        for case in cases.select_related("submission", "merged_into__submission").defer("words")
    }
    return {s.pk: _Part() for s in submissions} | shared | own


def _steps(submission: "Submission", part: _Part) -> list[Step]:
    """The timeline as its resident is told it: of a merged case up to the merge, then the other's.

    What was said with an act belongs to whose case it is.
    """
    first, then = part.case, part.goes_on
    about = [_about(submission), *([subject(first.pk)] if first else [])]
    entries = [entry for entry in journal.history(*about) if entry.verb in TOLD]
    steps = _timeline(entries, _Said(part.own) if part.own else None, name_people=False)
    if then is None or then == first:
        return steps
    merged = max(entry.id for entry in entries if entry.verb == "case.merged")
    later = [e for e in journal.history(subject(then.pk)) if e.verb in TOLD and e.id > merged]
    return [*steps, *_timeline(later, None, name_people=False)]


def _answers(case: Case | None, *, is_shared: bool) -> list[Answer]:
    answers = list(Answer.objects.filter(case=case).order_by("pk")) if case else []
    return as_shared(case, answers) if case and is_shared else answers


def as_shared(case: Case, answers: list[Answer]) -> list[Answer]:
    """What co-signers read of them: the main points, without the first resident's affairs."""
    known, shown = known_of([case.submission]), [copy(answer) for answer in answers]
    for answer in shown:
        answer.points = masked(answer.points, case.submission, known)
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
        part = _parts([submission])[submission.pk]
        for case in (part.own, part.goes_on):
            if account and account.pk and case and access.may_see(account, case):
                return photo
    raise NotFound(_("There is no such photo, or it is not yours to see."))


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
        self.assists = sorted(case.assists.all(), key=lambda assist: assist.pk)

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a journal row points to."""
        return {
            "remark": _by_number(self.remarks, data.get("remark")),
            "answer": _by_number(self.answers, data.get("answer")),
            "verdict": _by_number(self.verdicts, data.get("verdict")),
            "contact": _by_number(self.contacts, data.get("contact")),
        }


def _by_number(rows: list[Any], number: Any) -> Any:
    return next((row for row in rows if row.pk == number), None)


def _timeline(
    entries: "list[Entry]", said: _Said | None, *, name_people: bool = True
) -> list[Step]:
    actors = people.display_names({entry.actor for entry in entries}) if name_people else {}
    units = people.unit_names({e.data["unit"] for e in entries if e.data.get("unit")})
    return [
        Step(
            number=entry.id,
            at=entry.at,
            event=entry.verb,
            actor=actors.get(entry.actor, ""),
            data=entry.data,
            unit=units.get(entry.data.get("unit"), ""),
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
    if not is_mine:
        known = known_of([submission])
        text, title = masked(text, submission, known), masked(title, submission, known)
    speaks = is_mine and part.row is None
    return Matter(
        code=submission.query_code,
        submission=submission,
        case=case,
        state=case.state if case else states.OPENED,
        title=title or (case.title if case and not part.is_shared else ""),
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
        reopen_until=case.ended_at + services.REOPEN_WITHIN if case and case.ended_at else None,
        **rest,
    )


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
            words=without_neighbourhoods(masked(case.submission.text, case.submission, known)),
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
