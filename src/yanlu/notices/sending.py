"""Messages go out: claimed, sent and recorded, each in a transaction of its own.

A message is claimed for some minutes, and no transaction is open while a gateway is asked. Where
this stops half way the claim runs out and the message goes again under the same key.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation

from yanlu.kernel import clock, journal
from yanlu.notices import selectors, texts
from yanlu.notices.models import Notice, Preference, Sending, State
from yanlu.notices.services import earliest, subject
from yanlu.notices.transports.message import Message, Rejected, Undelivered
from yanlu.notices.ways import WAYS
from yanlu.people import selectors as people

log = logging.getLogger(__name__)

ACTOR = journal.System("notices")
#: Sendings that are claimed at a time, and for how long.
BATCH: Final = 100
CLAIM = timedelta(minutes=15)
#: Tries before a sending has failed for good; with the waits between them about a day.
MOST_TRIES: Final = 10
#: Wait after the first failure; each later one is three times as long, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
#: After so long it is no news any more: it stands in the inbox and is not sent.
STALE = timedelta(days=3)
#: Seconds after which a run leaves the rest to the next one.
RUN: Final = 40.0


@dataclass(frozen=True)
class Batch:
    """Sendings that go out as one message, and how their person wishes to be told."""

    wish: Preference
    sendings: list[Sending]

    @property
    def channel(self) -> str:
        """The way that it goes."""
        return self.sendings[0].channel


def send_due(limit: int = BATCH) -> int:
    """Send what is due, ``limit`` at a time, while there is time; how many messages went out.

    A way whose gateway can't be reached is knocked at once a run.
    """
    sent, until, shut = 0, time.monotonic() + RUN, set[str]()
    while time.monotonic() < until and (claimed := _claim(limit, shut)):
        batches = _batches(claimed)
        addresses = _addresses(batches)
        for batch in batches:
            if batch.channel in shut or time.monotonic() > until:
                _put_off(batch, FIRST_WAIT)
            else:
                to = addresses[batch.channel].get(batch.wish.account_id, "")
                sent += _try(batch, to, shut)
    return sent


@transaction.atomic
def _claim(limit: int, shut: set[str]) -> list[Sending]:
    """Due sendings that nobody else is at, with all others due of the same accounts."""
    now = clock.now()
    waiting = Sending.objects.filter(state=State.WAITING, due_at__lte=now)
    free = waiting.exclude(channel__in=shut).select_for_update(of=("self",), skip_locked=True)
    first = list(free.order_by("due_at", "id")[:limit])
    if not first:
        return []
    accounts = Notice.objects.filter(sendings__in=first).values("account")
    rows = free.filter(notice__account__in=accounts).select_related("notice")
    claimed = list(rows.order_by("id"))
    Sending.objects.filter(pk__in=[one.pk for one in claimed]).update(due_at=now + CLAIM)
    return claimed


def _batches(claimed: Sequence[Sending]) -> list[Batch]:
    """What goes out together: of one account and way, but for urgent ones and rights.

    What lies in its person's quiet hours by now is put off.
    """
    accounts = {one.notice.account_id for one in claimed}
    wishes = selectors.preferences(accounts, people.working(accounts))
    alone, joined, now = [], dict[tuple[int, str], Batch](), clock.now()
    for one in claimed:
        notice, wish = one.notice, wishes[one.notice.account_id]
        wait = earliest(wish, notice, now) - now
        if now - notice.at > STALE:
            _note_failure(Batch(wish, [one]), "stale", is_final=True)
        elif wait:
            _put_off(Batch(wish, [one]), wait)
        elif notice.is_right or notice.is_urgent:
            alone.append(Batch(wish, [one]))
        else:
            key = (notice.account_id, one.channel)
            joined.setdefault(key, Batch(wish, [])).sendings.append(one)
    return [*alone, *joined.values()]


def _addresses(batches: Sequence[Batch]) -> dict[str, dict[int, str]]:
    """Addresses of accounts by way."""
    accounts: dict[str, set[int]] = {}
    for batch in batches:
        accounts.setdefault(batch.channel, set()).add(batch.wish.account_id)
    return {channel: WAYS[channel].addresses(found) for channel, found in accounts.items()}


def _try(batch: Batch, to: str, shut: set[str]) -> bool:
    """Whether the message went out; ``shut`` gets the way if others need not try it now."""
    try:
        _send(batch, to)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not the message's
    except Rejected as failure:
        _note_failure(batch, failure.fault, is_final=True)
    except Undelivered as failure:
        _note_failure(batch, failure.fault)
        shut.add(batch.channel)
    except Exception:
        log.exception("a notice can't be sent", extra={"sending": batch.sendings[0].pk})
        _note_failure(batch, "ours")
    else:
        return True
    return False


def _send(batch: Batch, to: str) -> None:
    """Send it and record that. Raises `Undelivered`."""
    way = WAYS[batch.channel]
    if not to:
        raise Rejected("no-address")
    if not way.is_on():
        raise Undelivered("off")
    message = _message(batch, to)
    _note_sent(batch, way.send(message), journal.digest(message.subject, message.text))


def _message(batch: Batch, to: str) -> Message:
    """What the sendings say; of several how many they are."""
    numbers = [one.pk for one in batch.sendings]
    with translation.override(batch.wish.language):
        if len(numbers) == 1:
            notice = batch.sendings[0].notice
            link = f"{settings.YANLU_ADDRESS}/notices/{notice.pk}/"
            text = texts.worded(notice, link)
        else:
            link = f"{settings.YANLU_ADDRESS}/notices/"
            text = texts.digest(len(numbers), link)
    # Others in it make it another message, or a gateway that knows the key would drop them.
    key = journal.digest(*numbers)[:32]
    return Message(key=key, to=to, subject=text.subject, text=text.push, link=link)


@transaction.atomic
def _note_sent(batch: Batch, receipt: str, digest: str) -> None:
    numbers = [one.pk for one in batch.sendings]
    Sending.objects.filter(pk__in=numbers).update(
        state=State.SENT, sent_at=clock.now(), receipt=receipt[:80], digest=digest, error=""
    )
    _record("notice.sent", batch, {"digest": digest, "receipt": receipt[:80]})


@transaction.atomic
def _note_failure(batch: Batch, fault: str, *, is_final: bool = False) -> None:
    for one in batch.sendings:
        one.attempts, one.error = one.attempts + 1, fault
        if is_final or one.attempts >= MOST_TRIES:
            one.state = State.FAILED
            _record("notice.failed", Batch(batch.wish, [one]), {"error": fault})
        else:
            one.due_at = clock.now() + min(FIRST_WAIT * 3 ** (one.attempts - 1), LONGEST_WAIT)
        one.save(update_fields=["attempts", "error", "state", "due_at"])


def _put_off(batch: Batch, wait: timedelta) -> None:
    numbers = [one.pk for one in batch.sendings]
    Sending.objects.filter(pk__in=numbers).update(due_at=clock.now() + wait)


def _record(verb: str, batch: Batch, said: dict[str, str]) -> None:
    """Keep in the journal what became of a notice of rights; nothing of whom or what."""
    for one in batch.sendings:
        if one.notice.is_right:
            Notice.objects.select_for_update().get(pk=one.notice_id)
            data = {"channel": one.channel, "kind": one.notice.kind, **said}
            journal.record(verb, subject(one.notice_id), actor=ACTOR, data=data)
