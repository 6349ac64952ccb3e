"""Importing a file: from its rows to submissions, in batches, from where the last run stopped."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.intake.channels.file.batches import Batch, Refusal, Sorted, sort_batch, write_batch
from yanlu.intake.channels.file.columns import read_header
from yanlu.intake.channels.file.rows import Origin, read_words
from yanlu.intake.channels.file.tables import Row, Table, Unusable, open_table
from yanlu.intake.models import Channel, ImportRun
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid
from yanlu.kernel.holds import alone

BATCH = 1_000
MAX_SOURCE = 60


@dataclass(frozen=True)
class Request:
    """What to import and how.

    :param source: name of the system that the originals stand in; with an original's number it
        makes that a row is taken in only once, whatever the file is called.
    :param mapping: column's name → field, where the header does not tell.
    """

    path: Path
    source: str
    channel: str = Channel.WEB.value
    mapping: Mapping[str, str] = field(default_factory=dict)
    is_dry_run: bool = False


@dataclass
class Tally:
    """How it went: rows added, known from before, refused; ``resumed_after`` is a row's number."""

    columns: dict[str, str] = field(default_factory=dict)
    resumed_after: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0


#: Is told of each batch just before it is committed: its refusals, how much of the file is read,
#: of how much.
Watch = Callable[[list[Refusal], int, int], None]


def import_file(request: Request, begin: Callable[[Tally], None], watch: Watch) -> Tally:
    """Take in every row of the file that was not taken in before.

    A run that was cut off goes on behind the last batch that it wrote. ``begin`` is told what the
    columns were taken for and where the run goes on.

    :raises Unusable: the file can't be read (to its end), or is being imported already.
    """
    _check(request)
    with open_table(request.path) as table, _alone(request.source):
        columns = read_header(table.header, request.mapping)
        origin = Origin(request.source, request.channel, columns)
        run = _run(request)
        tally = Tally({name: table.header[place] for name, place in columns.items()}, run.rows_done)
        begin(tally)
        for batch in _batches(table, origin, run.rows_done):
            # Refusals are noted before the batch is committed. Cut off between the two, a run
            # goes on before this batch and notes them again; the other way they would be lost.
            with transaction.atomic():
                done = (
                    sort_batch(batch, run.source) if request.is_dry_run else write_batch(run, batch)
                )
                _count(tally, done)
                watch(done.refusals, table.position, table.size)
        if not request.is_dry_run:
            run.finished_at = clock.now()
            run.save()
    return tally


def _check(request: Request) -> None:
    if not 0 < len(request.source) <= MAX_SOURCE or not request.source.isprintable():
        raise Unusable(_("Name the source in at most 60 characters."), "source")
    if request.channel not in Channel.values:
        raise Unusable(_("Unknown channel."), "channel")


def _run(request: Request) -> ImportRun:
    """The run of this file that was cut off, or a new one."""
    with request.path.open("rb") as file:
        print_ = file_digest(file, sha256).hexdigest()
    run = ImportRun.objects.filter(source=request.source, file_digest=print_).first()
    if request.is_dry_run or run is None or run.finished_at:
        number = run.pk if run else None
        run = ImportRun(
            pk=number, source=request.source, file_digest=print_, started_at=clock.now()
        )
    if not request.is_dry_run:
        run.save()
    return run


def _batches(table: Table, origin: Origin, done: int) -> Iterator[Batch]:
    """The rows behind ``done``; where reading has to end, what was read before counts."""
    batch = Batch()
    try:
        for row in table.rows():
            if row.number <= done:
                continue
            _read(row, origin, batch)
            if len(batch) == BATCH:
                yield batch
                batch = Batch()
    except Unusable:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _read(row: Row, origin: Origin, batch: Batch) -> None:
    batch.last = row.number
    try:
        batch.words.append((row.number, read_words(row, origin)))
    except Invalid as refused:
        batch.refusals.append(Refusal(row.number, refused.field, refused.message))


def _count(tally: Tally, done: Sorted) -> None:
    tally.added += len(done.fresh)
    tally.known += done.known
    tally.refused += len(done.refusals)


@contextmanager
def _alone(source: str) -> Iterator[None]:
    """One import of a source at a time."""
    with alone(f"import {source}") as is_alone:
        if not is_alone:
            raise Unusable(_("This source is being imported already."), "source")
        yield
