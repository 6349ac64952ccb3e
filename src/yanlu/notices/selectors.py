"""Reading notices, always the person's own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import NotFound
from yanlu.notices import ways
from yanlu.notices.models import Channel, Notice, Preference
from yanlu.notices.texts import worded

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Notices on one page.
PAGE = 20
#: The count on a badge stops here.
MOST = 100


@dataclass(frozen=True)
class Told:
    """A notice as its person reads it."""

    id: int
    subject: str
    body: str
    at: datetime
    is_read: bool
    is_right: bool
    is_urgent: bool
    about_type: str
    about_id: int


@dataclass(frozen=True)
class Inbox:
    """A page of notices, the latest first; ``next`` is 0 at the end."""

    rows: list[Told]
    next: int


def inbox(account: "Account", before: int = 0) -> Inbox:
    """The person's notices, older than the one numbered ``before``."""
    rows = Notice.objects.filter(account=account.pk)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    page = [_told(one) for one in found[:PAGE]]
    return Inbox(page, page[-1].id if len(found) > PAGE else 0)


def notice(account: "Account", notice_id: int) -> Told:
    """One of the person's own notices.

    :raises NotFound: somebody else's, or missing.
    """
    found = Notice.objects.filter(account=account.pk, pk=notice_id).first()
    if found is None:
        raise NotFound(_("There is no such notice, or it is not yours to read."))
    return _told(found)


def unread(account: "Account") -> int:
    """How many notices the person has not opened yet, counted up to :data:`MOST`."""
    return Notice.objects.filter(account=account.pk, read_at=None)[:MOST].count()


def preference(account: "Account", *, works_here: bool) -> Preference:
    """How the person wishes to be told; without a word of theirs, the usual way."""
    kept = Preference.objects.filter(account=account.pk).first()
    return kept or usual(account.pk, works_here=works_here)


def preferences(account_ids: Collection[int], staff: Collection[int]) -> dict[int, Preference]:
    """The same of many; ``staff`` are those of them who work for the district."""
    kept = {one.account_id: one for one in Preference.objects.filter(account__in=account_ids)}
    return {
        number: kept.get(number) or usual(number, works_here=number in staff)
        for number in account_ids
    }


def usual(account_id: int, *, works_here: bool) -> Preference:
    """Residents get text messages; who works here looks at the pages all day."""
    return Preference(account_id=account_id, channels=[] if works_here else ["sms"])


def offered(preference: Preference) -> list[tuple[str, str]]:
    """Ways that the person may choose among, with their names.

    WeChat is one where it knows the person, since nobody can type their own name there.
    """
    return [
        (way, str(Channel(way).label))
        for way in ways.on()
        if way != Channel.WECHAT or preference.openid
    ]


def _told(row: Notice) -> Told:
    text = worded(row)
    return Told(
        id=row.pk,
        subject=text.subject,
        body=text.body,
        at=row.at,
        is_read=row.read_at is not None,
        is_right=row.is_right,
        is_urgent=row.is_urgent,
        about_type=row.subject_type,
        about_id=row.subject_id,
    )
