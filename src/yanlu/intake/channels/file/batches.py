"""Writing words in batches: each batch whole or not at all, and every original only once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.intake.models import ImportRun, Submission
from yanlu.intake.services import Words, build_submission, received_event
from yanlu.kernel import journal
from yanlu.kernel.bulk import insert_rows
from yanlu.people.services import seal_identity

ACTOR = journal.System("import")
NUMBER_TAKEN = _("This number was taken in before, with other words.")


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken in: its number, the field and why. Never its text."""

    row: int
    field: str
    reason: str | Promise


@dataclass
class Batch:
    """Rows that were read but not written yet, up to row ``last``."""

    words: list[tuple[int, Words]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    last: int = 0

    def __len__(self) -> int:
        return len(self.words) + len(self.refusals)


@dataclass(frozen=True)
class Sorted:
    """What to do with a batch: write ``fresh``, leave out ``known``, report ``refusals``."""

    fresh: list[Words]
    known: int
    refusals: list[Refusal]


def sort_batch(batch: Batch, source: str) -> Sorted:
    """Tell new words from those taken in before, in this batch or in the database."""
    numbers = [words.source_number for _row, words in batch.words]
    # The index of originals leaves empty numbers out; PostgreSQL uses it when told so.
    stored = Submission.objects.filter(source=source, source_number__in=numbers)
    stored = stored.exclude(source_number="")
    columns = stored.values_list("source_number", "title", "text")
    seen = {number: (title, text) for number, title, text in columns}
    fresh, refusals, known = [], list(batch.refusals), 0
    for row, words in batch.words:
        said = (words.title, words.text)
        before = seen.setdefault(words.source_number, said)
        if before is said:
            fresh.append(words)
        elif before == said:
            known += 1
        else:
            refusals.append(Refusal(row, "number", NUMBER_TAKEN))
    return Sorted(fresh, known, sorted(refusals, key=lambda refusal: refusal.row))


def write_batch(run: ImportRun, batch: Batch) -> Sorted:
    """Take a batch in, together with how far the run got.

    Another door may take in one of the originals at the same moment; then the batch is sorted
    again and that one is known.
    """
    try:
        return _write(run, batch)
    except IntegrityError:
        run.refresh_from_db()
        return _write(run, batch)


@transaction.atomic
def _write(run: ImportRun, batch: Batch) -> Sorted:
    outcome = sort_batch(batch, run.source)
    _store(outcome.fresh)
    run.rows_done = batch.last
    run.added += len(outcome.fresh)
    run.known += outcome.known
    run.refused += len(outcome.refusals)
    run.save()
    return outcome


def _store(fresh: Sequence[Words]) -> None:
    rows = [build_submission(words, identity_id=_identity(words)) for words in fresh]
    insert_rows(rows)
    journal.record_all([received_event(row) for row in rows], actor=ACTOR)


def _identity(words: Words) -> int | None:
    if words.is_anonymous or not words.contact:
        return None
    contact = words.contact
    return seal_identity(
        actor=ACTOR, real_name=contact.name, phone=contact.phone, address=contact.address
    ).pk
