"""The write door of intake: whatever channel it came by, words become a Submission here."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from yanlu.intake import codes, photos
from yanlu.intake.models import Attachment, Channel, Kind, Submission
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid
from yanlu.people import services as people
from yanlu.places import selectors as places

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Longest text in characters; a letter of fifty pages fits.
MAX_TEXT = 50_000
MAX_TITLE = 200


@dataclass(frozen=True)
class Contact:
    """Who handed in, when that is no account's own identity; sealed at once."""

    name: str = ""
    phone: str = ""
    address: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.address)


@dataclass(frozen=True)
class Words:
    """What one person hands in, in whatever way.

    :param said_at: when it was said, if earlier than now (a letter's date, an import's).
    :param lat: WGS-84, with ``lon``.
    :param account: the resident's own account, if signed in.
    :param seconds_id: the submission that this one supports (附议), as the resident chose.
    :param helper: the member of staff who wrote it down for the resident.
    """

    text: str
    channel: str
    title: str = ""
    kind: str = ""
    said_at: datetime | None = None
    place_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    account: "Account | None" = None
    contact: Contact = field(default_factory=Contact)
    is_anonymous: bool = False
    is_confidential: bool = False
    may_publish: bool = False
    seconds_id: int | None = None
    helper: "Account | None" = None
    was_read_back: bool = False
    source: str = ""
    source_number: str = ""
    idempotency_key: str = ""
    request_digest: str = ""


def receive_submission(
    *, actor: journal.Actor, words: Words, files: Sequence[photos.Upload] = ()
) -> tuple[Submission, bool]:
    """Take words in: the Submission, and whether it is new.

    The same original (source and number) or the same idempotency key gives the Submission of
    the first time.

    :raises Invalid: nothing said, too long, an unknown kind or channel, a photo that is none.
    :raises Conflict: the idempotency key came before with another content.
    """
    check_words(words)
    kept = [photos.keep(upload) for upload in photos.within_limits(files)]
    try:
        with _as_one(several=bool(kept or words.contact)):
            return _write(actor, words, kept), True
    except IntegrityError:
        return _seen_before(words), False


def check_words(words: Words) -> None:
    """Refuse what can't be taken in, naming the field."""
    if not words.text.strip():
        raise Invalid(_("Please write what it is about."), "text")
    if len(words.text) > MAX_TEXT:
        raise Invalid(
            _("That is too long to be taken in at once: at most 50,000 characters."), "text"
        )
    if len(words.title) > MAX_TITLE:
        raise Invalid(_("The title is too long: at most 200 characters."), "title")
    if "\x00" in words.text or "\x00" in words.title:
        raise Invalid(_("The text holds a character that can't be stored."), "text")
    if words.kind and words.kind not in Kind.values:
        raise Invalid(_("Unknown kind."), "kind")
    if words.channel not in Channel.values:
        raise Invalid(_("Unknown channel."), "channel")
    _check_where(words)
    if words.seconds_id and not Submission.objects.filter(pk=words.seconds_id).exists():
        raise Invalid(_("The matter that you want to support is not there."), "seconds")


def _check_where(words: Words) -> None:
    if words.place_id and not places.territory().get(words.place_id):
        raise Invalid(_("Unknown place."), "place")
    if (words.lat is None) != (words.lon is None):
        raise Invalid(_("A position needs both latitude and longitude."), "lat")
    if words.lat is not None and words.lon is not None and not _on_earth(words.lat, words.lon):
        raise Invalid(_("That position is not on Earth."), "lat")


def build_submission(words: Words, *, identity_id: int | None = None) -> Submission:
    """The row for these words, not saved. An import builds many and saves them at once."""
    now = clock.now()
    at = words.lat is not None and words.lon is not None
    place_id = words.place_id
    if place_id is None and at:
        place_id = places.territory().locate(words.lat, words.lon)  # type: ignore[arg-type]
    return Submission(
        query_code=codes.new_code(),
        title=words.title.strip(),
        text=words.text,
        kind=words.kind,
        channel=words.channel,
        said_at=words.said_at or now,
        received_at=now,
        place_id=place_id,
        lat=words.lat,
        lon=words.lon,
        cell=places.cell(words.lat, words.lon) if at else "",  # type: ignore[arg-type]
        address=words.address[:200],
        account=None if words.is_anonymous else words.account,
        identity_id=identity_id,
        is_anonymous=words.is_anonymous,
        is_confidential=words.is_confidential,
        may_publish=words.may_publish and not words.is_confidential,
        seconds_id=words.seconds_id,
        helper=words.helper,
        was_read_back=words.was_read_back,
        source=words.source,
        source_number=words.source_number,
        idempotency_key=words.idempotency_key,
        request_digest=words.request_digest,
    )


def received_event(submission: Submission) -> journal.Event:
    """The journal row of a Submission that was just saved."""
    data: dict[str, object] = {"channel": submission.channel, "digest": submission.words_digest}
    if submission.helper_id:
        data |= {"helper": submission.helper_id, "read_back": submission.was_read_back}
    return journal.Event("submission.received", subject(submission.pk), data)


def subject(submission_id: int) -> journal.Subject:
    """A Submission in the journal."""
    return journal.Subject("submission", submission_id)


def _write(actor: journal.Actor, words: Words, kept: Sequence[photos.Photo]) -> Submission:
    submission = build_submission(words, identity_id=_identity(actor, words))
    event = received_event(submission)
    journal.insert(submission, event.verb, event.subject.type, actor=actor, data=event.data)
    for photo in kept:
        Attachment.objects.create(
            submission=submission, added_at=submission.received_at, **photo.columns()
        )
    return submission


def _as_one(*, several: bool) -> AbstractContextManager[None]:
    """Several statements are one transaction; a single one commits by itself, a trip the less."""
    alone = not several and not connection.in_atomic_block
    return nullcontext() if alone else transaction.atomic()


def _identity(actor: journal.Actor, words: Words) -> int | None:
    """The sealed identity behind the words; none when anonymous."""
    if words.is_anonymous:
        return None
    if words.contact:
        contact = words.contact
        sealed = people.seal_identity(
            actor=actor, real_name=contact.name, phone=contact.phone, address=contact.address
        )
        return sealed.pk
    return people.identity_id_of(words.account) if words.account else None


def _seen_before(words: Words) -> Submission:
    """The Submission that an earlier request or import made of the same original."""
    known = None
    if words.idempotency_key:
        known = Submission.objects.filter(idempotency_key=words.idempotency_key).first()
        if known and known.request_digest != words.request_digest:
            raise Conflict(_("This idempotency key was used for another content."))
    if known is None and words.source_number:
        known = Submission.objects.filter(
            source=words.source, source_number=words.source_number
        ).first()
    if known is None:
        raise Conflict(_("This could not be taken in just now. Please send it again."))
    return known


def _on_earth(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180
