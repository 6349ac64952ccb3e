"""Writing the data pool (人民建议数据池): each marked day whole, from the database.

Whatever comes late or is corrected marks its day; the file is made anew and set in place of the old
one at one stroke. The mark is taken off only then, so who dies in between leaves it to the next,
who writes the same again. One writes at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from yanlu.insight import parquet
from yanlu.insight.marking import MARK, mark_days
from yanlu.insight.models import PoolDay
from yanlu.insight.store import Store
from yanlu.insight.words import ERASED, Trees, trees, words_of
from yanlu.intake import selectors as intake
from yanlu.intake.services import subject
from yanlu.kernel import followers, journal
from yanlu.kernel.holds import alone
from yanlu.oversight.recording import RECORD

SYSTEM = journal.System("insight.pool")
#: Held by whoever writes files of the pool.
HOLD: Final = "insight.pool"


def write_marked() -> int:
    """Write the files of all days that are marked; how many. Somebody else writes: none."""
    written = 0
    with alone(HOLD) as is_ours:
        if is_ours:
            store = Store(settings.YANLU_POOL)
            store.sweep()
            while days := marked():
                for day in days:
                    _write(store, day, trees())
                    written += 1
    return written


def marked() -> list[date]:
    """Days whose files may not say what the database does, in order."""
    stale = ~Q(written=F("marks")) | ~Q(trees=trees().digest)
    return list(PoolDay.objects.filter(stale).order_by("day").values_list("day", flat=True))


def rebuild(day: date | None = None) -> int:
    """Write the files of all days, or of one, anew from the database, and no others; how many."""
    followers.drain((RECORD.name, MARK.name))
    if day is None:
        said = intake.days_said()
        mark_days(said | set(Store(settings.YANLU_POOL).days()))
    else:
        mark_days([day])
    return write_marked()


@dataclass(frozen=True)
class Difference:
    """A day whose file does not hold what the database does, and the words that differ."""

    day: date
    fault: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """What a comparison came to; ``waiting``: days that were to be written anyway."""

    days: int
    words: int
    waiting: int
    differences: list[Difference]


def check(day: date | None = None) -> Check:
    """Compare the files, or that of one day, with the database; nothing is written."""
    followers.drain((RECORD.name, MARK.name))
    store, by = Store(settings.YANLU_POOL), trees()
    days = {day} if day else intake.days_said() | set(store.days())
    found = [(one, *_compared(store, one, by)) for one in sorted(days)]
    waiting = set(marked())
    return Check(
        len(days),
        sum(words for _day, words, _difference in found),
        len(waiting & days),
        [one for at, _words, one in found if one and at not in waiting],
    )


def _write(store: Store, day: date, by: Trees) -> None:
    marks = PoolDay.objects.values_list("marks", flat=True).get(day=day)
    read = words_of(day, by)
    if read.words:
        store.put(day, parquet.to_bytes(read.words))
    else:
        store.remove(day)
    with transaction.atomic():
        _tell_erased(read.withdrawn)
        PoolDay.objects.filter(day=day).update(written=marks, trees=by.digest)


def _tell_erased(withdrawn: set[int]) -> None:
    """Record once of each withdrawn word that no file holds it any more."""
    new = withdrawn - journal.those_with(ERASED, "submission", withdrawn)
    for number in sorted(new):
        intake.lock_submissions([number])
        journal.record("pool.erased", subject(number), actor=SYSTEM)


def _compared(store: Store, day: date, by: Trees) -> tuple[int, Difference | None]:
    """How many words the database has of the day, and how the file differs from it."""
    words = {word["word"]: word for word in words_of(day, by).words}
    content = store.get(day)
    if content is None:
        return len(words), Difference(day, "no file", tuple(words)) if words else None
    try:
        kept = {row["word"]: row for row in parquet.from_bytes(content)}
    except ValueError:
        return len(words), Difference(day, "no Parquet file")
    other = tuple(_different(words, kept))
    return len(words), Difference(day, "other words", other) if other else None


def _different(words: dict[str, Any], kept: dict[str, Any]) -> Iterator[str]:
    for name in sorted(words.keys() | kept.keys()):
        if words.get(name) != kept.get(name):
            yield name
