"""Followers: who acts on what the journal says, in order, missing nothing.

A row may become visible after another with a higher number, because transactions commit in
another order than they took their numbers. Reading "everything above the highest number seen"
would miss it for ever. So a follower reads only up to a *fence*: it notes the last number that
was handed out and then takes a transaction number X of its own. Every number up to the noted
one was taken by a transaction numbered below X (the trigger takes the transaction number
first). Once no transaction below X runs any more, all those rows are visible or rolled back,
and the fence is passed. Order within a subject holds because rows get their numbers under the
subject's lock.

Effects and position are committed together; a follower still has to be idempotent, because a
parked row comes again.
"""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction

from yanlu.kernel import clock, journal
from yanlu.kernel.models import Entry, Parked, Position

log = logging.getLogger(__name__)

#: Waits before a parked row is tried again; after the last one it waits for a person.
RETRIES = (timedelta(seconds=30), timedelta(minutes=10), timedelta(hours=2))
#: Seconds for which ``drain`` waits for transactions elsewhere: autovacuum takes several on a busy
#: machine.
PATIENCE = 60.0


@dataclass(frozen=True)
class Follower:
    """Something that acts on journal rows.

    :param name: kept in the database as the owner of a position, so never change it.
    :param verbs: the verbs that it acts on.
    :param handle: acts on rows in order within one transaction; safe to be given a row twice.
    :param batch: how many rows at most at a time.
    :param after: name of another follower, whose work on a row is there before this one acts on it.
    """

    name: str
    verbs: frozenset[str]
    handle: Callable[[list[Entry]], None]
    batch: int = 200
    after: str = ""


_followers: dict[str, Follower] = {}


def follow(follower: Follower) -> None:
    """Register a follower; called from a domain's ``apps.py``."""
    _followers[follower.name] = follower


def all_followers() -> list[Follower]:
    """Every registered follower, those that wait for another behind it."""
    return sorted(_followers.values(), key=lambda one: bool(one.after))


def drain(only: Collection[str] = ()) -> None:
    """Let every follower, or these, act until none finds anything new (for commands and tests).

    A transaction that runs elsewhere, as of autovacuum, is waited for a little: what it may still
    commit is not passed by. It may begin at any moment, so that what counts is how far each
    follower has come.
    """
    chosen = [one for one in all_followers() if not only or one.name in only]
    until = time.monotonic() + PATIENCE
    while True:
        last_id = _fence().last_id
        moved = [one.name for one in chosen if advance(one)]
        if moved:
            continue
        if _have_come_to(last_id, chosen) or time.monotonic() > until:
            return
        time.sleep(0.01)


def advance(follower: Follower) -> bool:
    """Act on the next batch; whether there may be more right now."""
    fence = _fence()
    known, _ = Position.objects.get_or_create(follower=follower.name)
    if known.done_id == fence.last_id:
        return False
    with transaction.atomic():
        position = (
            Position.objects.select_for_update(skip_locked=True)
            .filter(follower=follower.name)
            .first()
        )
        if position is None:
            return False
        before = position.done_id
        safe = _pass_fence(position, fence)
        up_to = max(before, min(safe, _done_by(follower.after)) if follower.after else safe)
        batch = journal.entries(
            after=before, up_to=up_to, verbs=follower.verbs, limit=follower.batch
        )
        _digest(follower, batch)
        full = len(batch) == follower.batch
        position.done_id = batch[-1].id if full else up_to
        position.moved_at = clock.now()
        position.save()
    return full or (position.done_id > before and bool(batch))


def _have_come_to(last_id: int, chosen: Collection[Follower]) -> bool:
    names = [one.name for one in chosen]
    return not Position.objects.filter(follower__in=names, done_id__lt=last_id).exists()


def _done_by(name: str) -> int:
    """The last row that this follower has acted on."""
    done = Position.objects.filter(follower=name).values_list("done_id", flat=True)
    return done.first() or 0


def settled_id() -> int:
    """A number up to which every row is final now; 0 while an older transaction still runs."""
    fence = _fence()
    return fence.last_id if fence.passed else 0


def lag() -> dict[str, int]:
    """For each follower, how many of its rows wait."""
    waiting = {}
    for follower in all_followers():
        position = Position.objects.filter(follower=follower.name).first()
        waiting[follower.name] = Entry.objects.filter(
            id__gt=position.done_id if position else 0, verb__in=follower.verbs
        ).count()
    return waiting


def retry_parked(*, everything: bool = False) -> int:
    """Try parked rows again that are due (or all of them); how many were digested."""
    due = (
        Parked.objects.filter() if everything else Parked.objects.filter(retry_at__lte=clock.now())
    )
    return sum(_retry(parked) for parked in due.order_by("entry_id"))


def parked() -> list[Parked]:
    """Rows that wait for another try or for a person."""
    return list(Parked.objects.order_by("entry_id"))


@dataclass(frozen=True)
class _Fence:
    """Last number handed out, a transaction number taken after it, the oldest still running."""

    last_id: int
    xid: int
    oldest: int

    @property
    def passed(self) -> bool:
        return self.oldest >= self.xid


def _fence() -> _Fence:
    """Set up a fence; outside any transaction, or ``xid`` would be older than ``last_id``.

    Three statements on purpose, each with a snapshot of its own, in this order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END"
                       " FROM kernel_journal_id_seq")  # fmt: skip
        last_id = cursor.fetchone()[0]
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        xid = cursor.fetchone()[0]
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return _Fence(last_id, xid, cursor.fetchone()[0])


def _pass_fence(position: Position, fence: _Fence) -> int:
    """The highest number that is safe to read up to; moves the waiting fence when it is passed."""
    if fence.passed:
        position.fence_id = position.fence_xid = None
        return fence.last_id
    safe = position.done_id
    if position.fence_id is not None and position.fence_xid is not None:
        # A fence above our own number was set on another server, before a restore: set it anew.
        if fence.oldest < position.fence_xid < fence.xid:
            return safe
        if position.fence_xid < fence.xid:
            safe = position.fence_id
    position.fence_id, position.fence_xid = fence.last_id, fence.xid
    return safe


def _digest(follower: Follower, batch: list[Entry]) -> None:
    """Act on the whole batch, or row by row when it fails, parking those that can't be digested."""
    if not batch:
        return
    try:
        with transaction.atomic():
            follower.handle(batch)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not the row's: the batch comes again
    except Exception:  # noqa: BLE001 - whatever a row provokes must not block the others
        log.info("batch failed, going row by row", extra={"follower": follower.name})
        for entry in batch:
            _digest_one(follower, entry)


def _digest_one(follower: Follower, entry: Entry) -> bool:
    try:
        with transaction.atomic():
            follower.handle([entry])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception(
            "row parked", extra={"follower": follower.name, "entry": entry.id, "verb": entry.verb}
        )
        _park(follower.name, entry.id, error)
        return False
    return True


def _park(follower: str, entry_id: int, error: Exception) -> None:
    """Remember the row with the error's kind; its text may hold personal data and stays out."""
    row, new = Parked.objects.get_or_create(
        follower=follower,
        entry_id=entry_id,
        defaults={"parked_at": clock.now(), "error": type(error).__name__},
    )
    if not new:
        row.attempts += 1
        row.error = type(error).__name__
    tries = row.attempts - 1
    row.retry_at = clock.now() + RETRIES[tries] if tries < len(RETRIES) else None
    row.save()


def _retry(row: Parked) -> bool:
    follower = _followers.get(row.follower)
    entry = Entry.objects.filter(id=row.entry_id).first()
    if follower is None or entry is None:
        return False
    with transaction.atomic():
        digested = _digest_one(follower, entry)
        if digested:
            row.delete()
            for other in all_followers():
                if other.after == row.follower and entry.verb in other.verbs:
                    _digest_one(other, entry)
    return digested
