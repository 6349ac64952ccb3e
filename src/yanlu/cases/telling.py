"""Residents are told what happens to their matters, as notices.

Told are all whose matter the case settles and who have an account; for the others a desk writes,
or they look by their code. A report of wrongdoing is spoken of by its number alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yanlu.cases.acting import subject
from yanlu.cases.models import Case, Ground
from yanlu.cases.selectors import settled_submissions, submissions_behind
from yanlu.intake import selectors as intake
from yanlu.kernel import journal
from yanlu.kernel.workdays import local_day
from yanlu.notices.services import Note, notify_all
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry
    from yanlu.people.models import Account

SYSTEM = journal.System("cases")
#: Acts of which the law wants the resident to be told (信访工作条例, arts 22, 23 and 34 to 36).
RIGHTS = frozenset(
    f"case.{verb}"
    for verb in (
        "notice_given", "extension_granted", "suspended", "not_accepted", "opinion_issued",
        "review_decided", "second_review_decided",
    )
)  # fmt: skip
#: Acts that residents are told of without looking.
TOLD = RIGHTS | {
    f"case.{verb}"
    for verb in (
        "dispatched", "answered", "rehandling_ordered", "conference_held", "conference_decided",
        "closed_unreached",
    )
}  # fmt: skip
#: What is said of any of them in a sealed case.
SEALED = "case.sealed"


@dataclass(frozen=True)
class _Known:
    """What the notes about some journal rows need, read at once."""

    cases: dict[int, Case]
    accounts: dict[int, set[int]]
    units: dict[int, str]
    grounds: dict[str, Ground]


def tell(entries: "list[Entry]") -> None:
    """Tell everybody concerned of each of these rows; twice does no harm."""
    known = _read(entries)
    notes = [note for entry in entries for note in _notes(entry, known)]
    notify_all(actor=SYSTEM, notes=notes)


def _read(entries: "list[Entry]") -> _Known:
    cases = Case.objects.filter(pk__in={entry.subject_id for entry in entries}).defer("words")
    found = {case.pk: case for case in cases}
    behind = submissions_behind(found)
    owners = intake.accounts_of({number for numbers in behind.values() for number in numbers})
    accounts = {
        case: {owners[number] for number in numbers if number in owners}
        for case, numbers in behind.items()
    }
    units = {entry.data.get("unit") or 0 for entry in entries}
    units |= {case.lead_unit_id or 0 for case in found.values()}
    codes = {entry.data["ground"] for entry in entries if "ground" in entry.data}
    grounds = Ground.objects.filter(code__in=codes) if codes else []
    return _Known(
        found, accounts, people.unit_names(units), {ground.code: ground for ground in grounds}
    )


def _notes(entry: "Entry", known: _Known) -> Iterator[Note]:
    case = known.cases[entry.subject_id]
    kind = SEALED if case.is_sealed else entry.verb
    words = _words(entry, case, known)
    for account in sorted(known.accounts.get(case.pk, ())):
        yield Note(
            account,
            kind,
            subject(case.pk),
            words,
            is_right=entry.verb in RIGHTS,
            once=f"journal:{entry.id}",
        )


def _words(entry: "Entry", case: Case, known: _Known) -> dict[str, str]:
    if case.is_sealed:
        return {"number": case.number}
    unit = known.units.get(entry.data.get("unit") or case.lead_unit_id or 0, "")
    words = {"number": case.number, "unit": unit, "date": _day(entry.data)}
    if ground := known.grounds.get(entry.data.get("ground", "")):
        words |= {"reason": ground.name, "route": ground.reply}
    return words


def _day(data: dict[str, Any]) -> str:
    """The date that the act is about, put off to or promised."""
    told = data.get("until") or data.get("due_at")
    return local_day(datetime.fromisoformat(told)).isoformat() if told else ""


@dataclass(frozen=True)
class Address:
    """Where a resident finds a matter: its code, and the case where it has several."""

    code: str
    number: str


def address_of(account: "Account", case_id: int) -> Address | None:
    """Where this resident follows the case, if it settles a matter of theirs."""
    case = Case.objects.filter(pk=case_id).defer("words").first()
    if case is None:
        return None
    code = intake.code_among(account.pk, settled_submissions(case))
    return Address(code, case.number) if code else None
