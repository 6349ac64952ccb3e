"""Opening cases in batches, as Decisions are made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection, transaction

from yanlu.cases import joining, promises, states
from yanlu.cases.masking import Known, known_of, masked
from yanlu.cases.models import Case, CoSigner
from yanlu.cases.recusing import recuse_named
from yanlu.dispatch import catalogue
from yanlu.dispatch import selectors as dispatch
from yanlu.intake import selectors as intake
from yanlu.kernel import clock, journal
from yanlu.kernel.bulk import insert_rows
from yanlu.places.territory import COMMUNITY
from yanlu.textkit.normalise import excerpt
from yanlu.textkit.segment import words

if TYPE_CHECKING:
    from yanlu.dispatch.models import Decision
    from yanlu.intake.models import Submission
    from yanlu.people.models import Account

SYSTEM = journal.System("cases")
TITLE = 40
_QUOTED = str.maketrans({"'": "''", "\\": "\\\\"})


@transaction.atomic
def open_cases(decision_ids: Sequence[int]) -> list[Case]:
    """Open a case for each Decision whose submission has none yet and joins none.

    With a unit proposed it awaits dispatch; a Decision that may act alone dispatches it at once.
    """
    made = dispatch.decisions(list(decision_ids))
    submissions = _without_case([decision.submission_id for decision in made])
    waiting = [decision for decision in made if decision.submission_id in submissions]
    keys = {d.submission_id: joining.key_of(d, submissions[d.submission_id]) for d in waiting}
    decisions, joins = joining.sort_out(waiting, submissions, keys)
    cases = _open(decisions, submissions, keys)
    joining.join(joins, cases)
    return cases


def open_alone(decision: "Decision") -> Case:
    """Open a case for a submission that shared somebody else's, within the caller's transaction."""
    submissions = _without_case([decision.submission_id])
    key = joining.key_of(decision, submissions[decision.submission_id])
    (case,) = _open([decision], submissions, {decision.submission_id: key})
    return case


def open_part(case: Case, part: str, decision: "Decision") -> Case:
    """Open a case beside another one for a part of the same words, within the caller's transaction.

    What was promised for the whole is promised for the part.
    """
    (submission,) = intake.lock_submissions([case.submission_id])
    (number,) = _numbers(1)
    new = _draft(decision, submission, number, known_of([submission]), part)
    new.split_from, new.part, new.opened_at = case, part, case.opened_at
    new.dispatched_at, new.first_due_at, new.due_at = (
        case.dispatched_at, case.first_due_at, case.due_at,
    )  # fmt: skip
    new.sort_at = new.due_at or new.opened_at
    new.save()
    journal.record_all(_events(new, decision), actor=SYSTEM)
    recuse_named([new], [part])
    return new


def open_found(decision: "Decision", finder: "Account") -> Case:
    """Open a case for what a patrol found, within the caller's transaction; it stays by itself."""
    submissions = _without_case([decision.submission_id])
    (case,) = _open([decision], submissions, {decision.submission_id: None}, finder)
    return case


def _open(
    decisions: "Sequence[Decision]",
    submissions: "dict[int, Submission]",
    keys: joining.Keys,
    finder: "Account | None" = None,
) -> list[Case]:
    numbers = _numbers(len(decisions))
    known = known_of(submissions.values())
    cases = [
        _draft(decision, submissions[decision.submission_id], number, known)
        for decision, number in zip(decisions, numbers, strict=True)
    ]
    for case in cases:
        key = keys[case.submission_id]
        case.fingerprint = key[0] if key else None
        case.patrol_by = finder
    insert_rows(cases)
    pairs = list(zip(cases, decisions, strict=True))
    journal.record_all([event for pair in pairs for event in _events(*pair)], actor=SYSTEM)
    said = [submissions[case.submission_id] for case in cases]
    recuse_named(cases, [f"{one.title}\n{one.text}" for one in said])
    return cases


def _without_case(submission_ids: list[int]) -> "dict[int, Submission]":
    """Submissions that have no case, locked so that nobody else opens one meanwhile."""
    locked = intake.lock_submissions(submission_ids)
    known = {
        number
        for model in (Case, CoSigner)
        for number in model.objects.filter(submission__in=submission_ids).values_list(
            "submission_id", flat=True
        )
    }
    return {row.pk: row for row in locked if row.pk not in known}


def _draft(
    decision: "Decision", submission: "Submission", number: str, known: Known, part: str = ""
) -> Case:
    now = clock.now()
    text = masked(part or submission.text, submission, known)
    title = "" if part else masked(submission.title, submission, known)
    case = Case(
        number=number,
        submission_id=submission.pk,
        title=excerpt(" ".join((title or text).split()), TITLE),
        state=states.AWAITING_DISPATCH if decision.unit_id else states.OPENED,
        opened_at=now,
        sort_at=now,
        words=_lexemes(f"{title}\n{text}\n{submission.query_code}\n{number}"),
    )
    promises.adopt(case, decision)
    if decision.unit_id and decision.is_automatic and _is_admitted(decision):
        promises.start(case, decision.deadline_class.code)
        case.state = states.DISPATCHED
        case.sort_at = case.due_at or now
    return case


def _is_admitted(decision: "Decision") -> bool:
    """Whether the unit may be given this without a person: neighbourhoods have a list."""
    is_near = decision.level is not None and decision.level >= COMMUNITY
    return not is_near or dispatch.is_admitted(decision.category_id)


def _lexemes(text: str) -> str:
    """The words of a text as a tsvector, without PostgreSQL's parser, which knows no Chinese."""
    return " ".join(f"'{word.translate(_QUOTED)}'" for word in set(words(text)))


def _events(case: Case, decision: "Decision") -> list[journal.Event]:
    about = journal.Subject("case", case.pk)
    opened = {"submission": case.submission_id, "decision": decision.pk}
    events = [journal.Event("case.opened", about, opened)]
    if case.state == states.AWAITING_DISPATCH:
        events.append(journal.Event("case.proposed", about, {"unit": case.lead_unit_id}))
    if case.state == states.DISPATCHED:
        sent = {"unit": case.lead_unit_id, "decision": decision.pk, "due_at": case.due_at}
        told = {"automatic": True, **catalogue.told(decision)}
        events.append(journal.Event("case.dispatched", about, sent | told))
    return events


def _numbers(count: int) -> list[str]:
    """Case numbers: the day and a running number, as ``20261123-000042``."""
    day = clock.today().strftime("%Y%m%d")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number_seq') FROM generate_series(1, %s)", [count])
        return [f"{day}-{number:06d}" for (number,) in cursor.fetchall()]
