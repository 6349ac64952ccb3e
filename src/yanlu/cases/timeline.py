"""What happened to a matter, step by step, with what was said in each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from yanlu.cases.acting import subject
from yanlu.cases.models import (
    Answer,
    Assist,
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

T = TypeVar("T")

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


#: What a journal row may point to, and where it is held.
TABLES = (
    ("remark", "remarks"),
    ("answer", "answers"),
    ("verdict", "verdicts"),
    ("contact", "contacts"),
    ("check", "checks"),
)


class Said:
    """What was handed in with the acts on a case, by number: a table is read if a row points there.

    ``hide`` takes out what is personal, for whoever reads the words masked.
    """

    def __init__(self, case: Case, hide: Callable[[str], str] = str) -> None:
        self._case, self._hide = case, hide

    @cached_property
    def answers(self) -> dict[int, Answer]:
        return self._read(Answer.objects, "points", "facts", "appeal", "resident_said")

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        return self._read(Verdict.objects.select_related("not_solved_reason"), "note")

    @cached_property
    def contacts(self) -> dict[int, Contact]:
        return self._read(Contact.objects.select_related("reason"), "note")

    @cached_property
    def remarks(self) -> dict[int, Remark]:
        return self._read(Remark.objects.select_related("reason", "ground"), "text")

    @cached_property
    def checks(self) -> dict[int, Check]:
        return self._read(Check.objects)

    @cached_property
    def assists(self) -> list[Assist]:
        found = sorted(self._case.assists.all(), key=lambda assist: assist.pk)
        return [self._hidden(assist, "contribution") for assist in found]

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        """What a journal row points to."""
        return {
            name: getattr(self, table).get(data[name]) for name, table in TABLES if name in data
        }

    def _read(self, rows: Any, *typed: str) -> dict[int, Any]:
        found = rows.filter(case=self._case).order_by("pk")
        return {row.pk: self._hidden(row, *typed) for row in found}

    def _hidden(self, row: T, *typed: str) -> T:
        for name in typed:
            setattr(row, name, self._hide(getattr(row, name)))
        return row


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
