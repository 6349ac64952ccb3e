"""What happened to a matter, step by step, with what was said in each."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yanlu.cases.acting import subject
from yanlu.cases.masking import Known, masked
from yanlu.cases.models import (
    Answer,
    Case,
    Check,
    Contact,
    Item,
    Remark,
    Verdict,
)
from yanlu.kernel import journal
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.intake.models import Submission
    from yanlu.kernel.models import Entry

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


class Said:
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


def timeline_of(
    entries: "list[Entry]", said: Said | None, *, name_people: bool = True
) -> list[Step]:
    actors = people.display_names({entry.actor for entry in entries}) if name_people else {}
    units = people.unit_names({e.data["unit"] for e in entries if e.data.get("unit")})
    items = items_of(entries)
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


def entries_of(case: Case) -> "list[Entry]":
    return journal.history(submission_subject(case.submission), subject(case.pk))


def submission_subject(submission: "Submission") -> journal.Subject:
    return journal.Subject("submission", submission.pk)


def items_of(entries: "list[Entry]") -> dict[tuple[int, int], Item]:
    """Places on conferences that these rows are about, by conference and case."""
    known = {entry.data["conference"] for entry in entries if "conference" in entry.data}
    found = Item.objects.filter(conference__in=known) if known else Item.objects.none()
    return {(one.conference_id, one.case_id): one for one in found.select_related("conference")}


def _by_number(rows: list[Any], number: Any) -> Any:
    return next((row for row in rows if row.pk == number), None)
