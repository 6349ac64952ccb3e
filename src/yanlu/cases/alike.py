"""Open matters of others that are like what a resident is typing, as far as others may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from yanlu.cases import states
from yanlu.cases.masking import Known, known_of, masked
from yanlu.cases.models import Case
from yanlu.dispatch import selectors as dispatch
from yanlu.dispatch.similar import Similar, similar_open
from yanlu.intake import selectors as intake
from yanlu.places.selectors import territory, without_neighbourhoods
from yanlu.places.territory import COMMUNITY, SUBDISTRICT
from yanlu.textkit.normalise import excerpt

if TYPE_CHECKING:
    from yanlu.intake.models import Submission
    from yanlu.people.models import Account

#: Matters that are shown at once, and characters of their words.
SHOWN, EXCERPT = 5, 60


@dataclass(frozen=True)
class AlikeMatter:
    """Somebody else's open matter.

    Words only where their author agreed to show them: masked, and then the place no nearer than
    the subdistrict, as was promised. Without words the community says which matter is meant.
    """

    submission_id: int
    words: str
    category: str
    place_id: int | None
    state: str
    received_at: datetime


def open_alike(
    text: str, place_id: int | None, account: "Account | None" = None
) -> list[AlikeMatter]:
    """Up to `SHOWN` open matters of others that are like *text*, most alike first."""
    return _shown(similar_open(text, place_id, limit=2 * SHOWN), account)[:SHOWN]


def open_matter(submission_id: int) -> AlikeMatter | None:
    """The matter that a resident chose before; ``None`` when it ended or is nobody's to see."""
    return next(iter(_of(intake.submissions([submission_id]))), None)


def _shown(found: Sequence[Similar], account: "Account | None") -> list[AlikeMatter]:
    own = account.pk if account else None
    return _of([one.submission for one in found if not own or one.submission.account_id != own])


def _of(submissions: "Sequence[Submission]") -> list[AlikeMatter]:
    cases = _cases(submissions)
    known = known_of(submissions)
    names = dispatch.category_names({c.category_id for c in cases.values() if c.category_id})
    return [
        _matter(cases[s.pk], s, known, names)
        for s in submissions
        if s.pk in cases and not s.is_confidential
    ]


def _cases(submissions: "Sequence[Submission]") -> dict[int, Case]:
    """Their cases under way but for sealed ones, and those of patrols, which nobody shares."""
    shown = Case.objects.filter(is_sealed=False, split_from=None, patrol_by__isnull=True)
    rows = shown.filter(submission__in=submissions)
    return {
        case.submission_id: case for case in rows.exclude(state__in=states.ENDED).defer("words")
    }


def _matter(
    case: Case, submission: "Submission", known: Known, names: dict[int, str]
) -> AlikeMatter:
    words = ""
    if submission.may_publish:
        said = masked(f"{submission.title} {submission.text}", submission, known)
        words = excerpt(without_neighbourhoods(said), EXCERPT)
    level = SUBDISTRICT if submission.may_publish else COMMUNITY
    places = territory()
    place = places.at_level(case.place_id, level) or places.at_level(case.place_id, SUBDISTRICT)
    return AlikeMatter(
        submission_id=submission.pk,
        words=words,
        category=names.get(case.category_id or 0, ""),
        place_id=place.id if place else None,
        state=case.state,
        received_at=submission.received_at,
    )
