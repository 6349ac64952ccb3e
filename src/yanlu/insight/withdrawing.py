"""Taking one's own words out of the data pool (从数据池中撤出); a write door.

The law gives everybody the right to withdraw consent and to have data deleted (个人信息保护法,
articles 15 and 47). What was handed in stays on record: the matter is still to be dealt with.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases.following import sealed_among
from yanlu.cases.masking import known_of
from yanlu.insight.marking import mark_days
from yanlu.insight.words import ERASED, WITHDRAWN, text_of
from yanlu.intake import selectors as intake
from yanlu.intake.services import subject
from yanlu.kernel import jobs, journal
from yanlu.kernel.errors import Conflict, NotFound

if TYPE_CHECKING:
    from yanlu.intake.models import Submission
    from yanlu.people.models import Account

REPORT = "report"


@dataclass(frozen=True)
class Standing:
    """How a resident's words stand to the pool.

    ``text``: as the pool holds it, or would. ``is_apart``: confidential or a report of wrongdoing,
    never in it. ``erased_at``: since when the file of the day holds them no more.
    """

    text: str
    is_apart: bool
    withdrawn_at: datetime | None
    erased_at: datetime | None


def standing(*, actor: "Account", submission_id: int) -> Standing:
    """How this person's own words stand to the pool.

    :raises NotFound: not their own, or there are none.
    """
    found = intake.submissions([submission_id])
    _require_own(actor, found)
    rows = {row.verb: row.at for row in journal.history(subject(submission_id))}
    text = text_of(found[0], known_of(found))
    return Standing(text, _is_apart(found[0]), rows.get(WITHDRAWN), rows.get(ERASED))


@transaction.atomic
def withdraw_words(*, actor: "Account", submission_id: int) -> None:
    """Take the words out of the pool for good; the file of their day is written anew at once.

    :raises NotFound: not the person's own words.
    :raises Conflict: taken out before, or never in the pool.
    """
    found = intake.lock_submissions([submission_id])
    _require_own(actor, found)
    if _is_apart(found[0]):
        raise Conflict(_("These words are sealed. They were never in the data pool."))
    if journal.those_with(WITHDRAWN, "submission", [submission_id]):
        raise Conflict(_("You took these words out of the data pool before."))
    journal.record("pool.withdrawn", subject(submission_id), actor=actor)
    mark_days(intake.days_said([submission_id]))
    jobs.enqueue("insight.write_marked")


def _require_own(actor: "Account", found: "list[Submission]") -> None:
    if not found or found[0].account_id != actor.pk:
        raise NotFound(_("There is no such matter, or it is not yours."))


def _is_apart(submission: "Submission") -> bool:
    lane = submission.is_confidential or submission.kind == REPORT
    return lane or bool(sealed_among([submission.pk]))
