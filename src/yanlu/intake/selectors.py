"""Reading submissions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models.functions import TruncDate

from yanlu.intake.models import Attachment, Channel, Kind, Submission
from yanlu.kernel import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet


def channels() -> list[str]:
    """Codes of the six channels."""
    return list(Channel.values)


def submissions(ids: Sequence[int]) -> list[Submission]:
    """These submissions, by number."""
    return list(Submission.objects.filter(pk__in=ids).order_by("pk"))


def lock_submissions(ids: Sequence[int]) -> list[Submission]:
    """These submissions, locked in order of number: their journal chains may be continued."""
    return list(Submission.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


class Received(NamedTuple):
    """What somebody decides on: the words, and what the person said of them."""

    pk: int
    title: str
    text: str
    address: str
    kind: str
    place_id: int | None
    lat: float | None
    account_id: int | None
    received_at: datetime


def lock_received(ids: Sequence[int]) -> list[Received]:
    """As `lock_submissions`, but only what is decided on, which takes half the time."""
    rows = Submission.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return [Received._make(row) for row in rows.values_list(*Received._fields)]


def by_code(query_code: str) -> Submission | None:
    """The submission that this query code opens."""
    return Submission.objects.filter(query_code=query_code).first()


def of_account(account_id: int) -> list[Submission]:
    """What this resident handed in, newest first."""
    return list(Submission.objects.filter(account_id=account_id).order_by("-pk")[:200])


def accounts_of(ids: Collection[int]) -> dict[int, int]:
    """Who handed these in, by submission; those without an account miss."""
    rows = Submission.objects.filter(pk__in=ids, account__isnull=False)
    return dict(rows.values_list("pk", "account_id")) if ids else {}


def code_among(account_id: int, submissions: "QuerySet[Any, Any]") -> str:
    """The query code of one of these that this resident handed in, empty for none."""
    own = Submission.objects.filter(account=account_id, pk__in=submissions).order_by("pk")
    return own.values_list("query_code", flat=True).first() or ""


def attachments(submission_id: int) -> list[Attachment]:
    """Photos of a submission, in the order given."""
    return list(Attachment.objects.filter(submission_id=submission_id).order_by("pk"))


def attachment(attachment_id: int) -> Attachment | None:
    """A photo with its submission."""
    return Attachment.objects.filter(pk=attachment_id).select_related("submission").first()


def words_digests(ids: Sequence[int]) -> dict[int, str]:
    """What the journal binds of each submission, computed from the words as they stand."""
    rows = Submission.objects.filter(pk__in=list(ids)).only(
        "query_code", "title", "text", "channel", "kind"
    )
    return {row.pk: row.words_digest for row in rows}


class Findable(NamedTuple):
    """What others may find a submission by."""

    id: int
    words: str
    received_at: datetime


def findable(ids: Sequence[int]) -> list[Findable]:
    """These submissions but confidential ones."""
    rows = Submission.objects.filter(pk__in=ids, is_confidential=False)
    return [
        Findable(number, f"{title}\n{text}", received_at)
        for number, title, text, received_at in rows.values_list(
            "pk", "title", "text", "received_at"
        )
    ]


def said_on(day: date) -> list[Submission]:
    """What was said on this day, by number, but confidential words and reports of wrongdoing."""
    within = (datetime.combine(day, edge, clock.ZONE) for edge in (time.min, time.max))
    rows = Submission.objects.filter(said_at__range=within, is_confidential=False)
    return list(rows.exclude(kind=Kind.REPORT).order_by("pk"))


def days_said(ids: Collection[int] | None = None) -> set[date]:
    """The days on which these submissions, or all, were said."""
    rows = Submission.objects.all() if ids is None else Submission.objects.filter(pk__in=ids)
    on = TruncDate("said_at", tzinfo=clock.ZONE)
    return set(rows.order_by().values_list(on, flat=True).distinct())


def latest_texts(most: int) -> list[str]:
    """Title and text of the latest submissions but confidential ones and reports, oldest first."""
    rows = Submission.objects.filter(is_confidential=False).exclude(kind=Kind.REPORT)
    latest = rows.order_by("-pk").values_list("title", "text")[:most]
    return [f"{title}\n{text}" for title, text in latest][::-1]
