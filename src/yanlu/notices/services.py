"""The write door of notices: people are told, read it, and say how they wish to be told.

What goes out of the house is sent by ``sending``.
"""

import logging
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import clock, jobs, journal
from yanlu.kernel.bulk import insert_rows
from yanlu.kernel.errors import Invalid, OperatorError, Refused
from yanlu.notices import selectors, ways
from yanlu.notices.hours import after_quiet, next_digest
from yanlu.notices.models import Channel, Notice, Preference, Rhythm, Sending
from yanlu.notices.transports import sms
from yanlu.notices.transports.message import Message, Undelivered
from yanlu.notices.wording import WORDS
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.people.models import Account

log = logging.getLogger(__name__)

NO_WORDS: Mapping[str, str] = {}
#: Longest word of a notice, in characters.
LONGEST = 400


class NotSent(Refused):
    """A message that somebody waits for did not get through."""

    code = "not_sent"


@dataclass(frozen=True)
class Note:
    """Something to be told to an account.

    :param kind: code of its text, such as ``case.answered``.
    :param subject: what it is about, for the link.
    :param words: what the text's placeholders stand for, of those in ``wording.WORDS``; a date in
        ISO form. Nothing personal.
    :param is_right: the law wants the person to be told: kept as a proof, and out at once.
    :param is_urgent: out at once at any hour, by text message whatever else is wished.
    :param once: the same key for the same account again is the same note.
    """

    account_id: int
    kind: str
    subject: journal.Subject
    words: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    is_right: bool = False
    is_urgent: bool = False
    once: str = ""


@transaction.atomic
def notify_all(*, actor: journal.Actor, notes: Sequence[Note]) -> None:
    """Put these notes into their inboxes and on their ways.

    Within the caller's transaction, in as many statements for ten thousand as for one.

    :raises ValueError: a word that no text knows, or a very long one.
    """
    _check_words(notes)
    fresh = _fresh(notes)
    now = clock.now()
    rows = [_notice(note, now) for note in fresh]
    insert_rows(rows)
    insert_rows(_sendings(rows, now))
    journal.record_all([_given(row) for row in rows if row.is_right], actor=actor)
    if any(note.is_urgent for note in fresh):
        jobs.enqueue("notices.send_at_once")


def subject(notice_id: int) -> journal.Subject:
    """A notice in the journal."""
    return journal.Subject("notice", notice_id)


def _given(notice: Notice) -> journal.Event:
    about = {"kind": notice.kind, "type": notice.subject_type, "about": notice.subject_id}
    return journal.Event("notice.given", subject(notice.pk), about)


def _check_words(notes: Iterable[Note]) -> None:
    names = {name for note in notes for name in note.words}
    if unknown := names - set(WORDS):
        raise ValueError(f"no word of a notice is called {', '.join(sorted(unknown))}")
    if any(len(word) > LONGEST for note in notes for word in note.words.values()):
        raise ValueError("a word of a notice is too long")


def _fresh(notes: Sequence[Note]) -> list[Note]:
    """Those that were not given before, here or earlier."""
    keyed = {(note.account_id, note.once): note for note in notes if note.once}
    keys = {once for _account, once in keyed}
    rows = Notice.objects.filter(once__in=keys, account__in={number for number, _once in keyed})
    known = set(rows.values_list("account", "once")) if keyed else set()
    new = [note for key, note in keyed.items() if key not in known]
    return [*new, *(note for note in notes if not note.once)]


def _notice(note: Note, now: datetime) -> Notice:
    return Notice(
        account_id=note.account_id,
        kind=note.kind,
        subject_type=note.subject.type,
        subject_id=note.subject.id,
        words=dict(note.words),
        is_right=note.is_right,
        is_urgent=note.is_urgent,
        once=note.once,
        at=now,
    )


def _sendings(notices: Sequence[Notice], now: datetime) -> list[Sending]:
    """The ways that these go: those that the person wishes and can be reached by."""
    numbers, is_on = {one.account_id for one in notices}, ways.on()
    if not numbers or not is_on:
        return []
    wishes = selectors.preferences(numbers, people.working(numbers))
    phones = people.with_phone(numbers) if Channel.SMS in is_on else set()
    return [
        Sending(notice=notice, channel=way, due_at=_due(wish, notice, now))
        for notice in notices
        for wish in (wishes[notice.account_id],)
        for way in _wished(wish, notice)
        if way in is_on and _is_reached(wish, way, phones)
    ]


def _wished(wish: Preference, notice: Notice) -> set[str]:
    return {*wish.channels, *([Channel.SMS] if notice.is_urgent else [])}


def _is_reached(wish: Preference, way: str, phones: set[int]) -> bool:
    if way == Channel.SMS:
        return wish.account_id in phones
    return bool(wish.email if way == Channel.EMAIL else wish.openid)


def _due(wish: Preference, notice: Notice, now: datetime) -> datetime:
    waits = wish.rhythm == Rhythm.DAILY and not (notice.is_right or notice.is_urgent)
    return earliest(wish, notice, next_digest(now) if waits else now)


def earliest(wish: Preference, notice: Notice, moment: datetime) -> datetime:
    """The moment, or the end of the quiet hours of whom it would wake."""
    if notice.is_urgent:
        return moment
    return after_quiet(moment, wish.quiet_from, wish.quiet_to)


@transaction.atomic
def mark_read(*, actor: "Account", notice_id: int) -> None:
    """Note that the person opened a notice of theirs; opening it again changes nothing.

    :raises NotFound: somebody else's, or missing.
    """
    selectors.notice(actor, notice_id)
    Notice.objects.filter(pk=notice_id, read_at=None).update(read_at=clock.now())


def mark_all_read(*, actor: "Account") -> int:
    """Note that the person has read all that they were told; how many were new."""
    return Notice.objects.filter(account=actor.pk, read_at=None).update(read_at=clock.now())


@dataclass(frozen=True)
class Wishes:
    """How somebody wishes to be told, beside the inbox; ``email`` empty for none."""

    channels: Collection[str]
    quiet_from: time
    quiet_to: time
    rhythm: str = Rhythm.AT_ONCE
    language: str = "zh-hans"
    email: str = ""


@transaction.atomic
def set_preferences(*, actor: "Account", wishes: Wishes) -> Preference:
    """Keep how the person wishes to be told; it counts for what comes from now on.

    :raises Invalid: a way that there is not, or e-mail without an address.
    """
    _check_wishes(wishes)
    said = {
        "channels": sorted(set(wishes.channels)),
        "quiet_from": wishes.quiet_from,
        "quiet_to": wishes.quiet_to,
        "rhythm": wishes.rhythm,
        "language": wishes.language,
        "email": wishes.email.strip() or None,
    }
    kept, _is_new = Preference.objects.update_or_create(account_id=actor.pk, defaults=said)
    return kept


def _check_wishes(wishes: Wishes) -> None:
    if set(wishes.channels) - set(Channel.values) or wishes.rhythm not in Rhythm.values:
        raise Invalid(_("Choose among the ways that are offered."), "channels")
    if Channel.EMAIL in wishes.channels and not wishes.email.strip():
        raise Invalid(_("Where shall the e-mails go?"), "email")
    try:
        if wishes.email.strip():
            validate_email(wishes.email.strip())
    except ValidationError:
        raise Invalid(_("This is no e-mail address."), "email") from None


def can_send_sms() -> bool:
    """Whether short messages reach anybody: by a gateway, or in the demo on its console."""
    return sms.is_on()


def send_sms(*, phone: str, text: str) -> None:
    """Send a short message that somebody waits for, such as a code.

    :raises OperatorError: no gateway; ask :func:`can_send_sms` first.
    :raises NotSent: the gateway did not take it.
    """
    if not can_send_sms():
        raise OperatorError("there is no SMS gateway: phone codes can't be sent")
    try:
        sms.send(Message(key=secrets.token_hex(8), to=phone, subject="", text=text))
    except Undelivered as error:
        log.warning("a code was not sent", extra={"fault": error.fault})
        raise NotSent(
            _("The text message could not be sent. Please try again in a few minutes.")
        ) from error


def reseal() -> Iterator[int]:
    """Encrypt every address anew with the newest key, one transaction each; its number."""
    for number in Preference.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            row = Preference.objects.select_for_update().get(pk=number)
            row.save(update_fields=["email", "openid"])
        yield number
