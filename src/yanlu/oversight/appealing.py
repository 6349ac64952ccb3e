"""The write door of appeals (评分申诉): a unit's head objects to a score, supervision decides."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases.acting import sentence
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.oversight import access, scoring
from yanlu.oversight.freezing import freeze_scores
from yanlu.oversight.models import Appeal
from yanlu.oversight.periods import Period
from yanlu.people import selectors as found

if TYPE_CHECKING:
    from yanlu.people.models import Account


@dataclass(frozen=True)
class Objection:
    """What a unit objects to, and why."""

    unit_id: int
    period: Period
    reason: str


def lodge_appeal(*, actor: "Account", objection: Objection) -> Appeal:
    """Object to the unit's score of a period that is over (申诉); the figures are frozen as it was.

    :raises NotAllowed: the person does not head the unit, or the period is not over.
    :raises Invalid: no reason, or no score to object to.
    :raises Conflict: the unit objected before.
    """
    unit_id, period = objection.unit_id, objection.period
    if not access.heads(actor, unit_id):
        raise NotAllowed(_("Only the head of the unit appeals its score."))
    if period.ends_at > clock.now():
        raise NotAllowed(_("The period is not over: its score may still change."))
    reason = sentence(objection.reason, "reason")
    if Appeal.objects.filter(unit=unit_id, first=period.first, end=period.end).exists():
        raise Conflict(_("Your unit appealed this score before."))
    group = group_of(unit_id)
    snapshot = freeze_scores(actor=actor, group=group, period=period)
    told = next((one for one in snapshot.figures if one["unit"] == unit_id), None)
    if told is None or told["score"] is None:
        raise Invalid(_("Your unit has no score in this period."), "reason")
    return _keep(
        Appeal(
            unit_id=unit_id, group=group, first=period.first, end=period.end, snapshot=snapshot,
            score=Decimal(str(round(told["score"][0], 1))), reason=reason, by=actor, at=clock.now(),
        ),
        actor,
    )  # fmt: skip


@transaction.atomic
def uphold_score(*, actor: "Account", appeal_id: int, decision: str) -> Appeal:
    """Let the score stand as it was reckoned (维持), saying why."""
    appeal = _take(actor, appeal_id)
    appeal.state = Appeal.State.UPHELD
    _decide(appeal, actor, decision)
    journal.record("appeal.upheld", _about(appeal), actor=actor, data=_scores(appeal))
    return appeal


@transaction.atomic
def correct_score(*, actor: "Account", appeal_id: int, score: str, decision: str) -> Appeal:
    """Put another score beside the one that was reckoned (更正), saying why. Both stay to be seen.

    :raises Invalid: no number from 0 to 100, or the same as before.
    """
    appeal = _take(actor, appeal_id)
    corrected = _number(score)
    if corrected == appeal.score:
        raise Invalid(_("That is the score as it was: uphold it instead."), "score")
    appeal.state, appeal.corrected = Appeal.State.CORRECTED, corrected
    _decide(appeal, actor, decision)
    journal.record("appeal.corrected", _about(appeal), actor=actor, data=_scores(appeal))
    return appeal


def group_of(unit_id: int) -> str:
    """The group in which a unit is compared."""
    unit = found.unit(unit_id)
    assert unit is not None  # whoever heads it saw to it
    return next(group for group, levels in scoring.LEVELS.items() if unit.level in levels)


def may_decide(actor: "Account", appeal: Appeal) -> bool:
    """Whether the person supervises the unit from above, and did not appeal themselves."""
    return appeal.by_id != actor.pk and access.may_supervise(actor, appeal.unit)


@transaction.atomic
def _keep(appeal: Appeal, actor: "Account") -> Appeal:
    appeal.save()
    told = {"unit": appeal.unit_id, "score": str(appeal.score), "snapshot": appeal.snapshot_id}
    journal.record("appeal.lodged", _about(appeal), actor=actor, data=told)
    return appeal


def _take(actor: "Account", appeal_id: int) -> Appeal:
    """The appeal under lock, if it waits for this person.

    :raises NotFound: hidden or missing.
    :raises NotAllowed: deciding it is somebody else's.
    :raises Conflict: it was decided.
    """
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("unit")
    appeal = rows.filter(pk=appeal_id).first()
    if appeal is None or not access.sees_score(actor, appeal.unit_id):
        raise NotFound(_("There is no such appeal, or it is not yours to see."))
    if not may_decide(actor, appeal):
        raise NotAllowed(_("A supervisor above the unit decides on its appeal."))
    if appeal.state != Appeal.State.LODGED:
        raise Conflict(_("This appeal was decided already."))
    return appeal


def _decide(appeal: Appeal, actor: "Account", decision: str) -> None:
    appeal.decision = sentence(decision, "decision")
    appeal.decided_by, appeal.decided_at = actor, clock.now()
    appeal.save()


def _scores(appeal: Appeal) -> dict[str, str]:
    """What the journal says of the scores; the words stay out of it."""
    return {"score": str(appeal.score), "corrected": str(appeal.corrected or "")}


def _number(score: str) -> Decimal:
    try:
        number = Decimal(score.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= scoring.FULL:
        raise Invalid(_("Give a number from 0 to 100."), "score")
    return number.quantize(Decimal("0.1"))


def _about(appeal: Appeal) -> journal.Subject:
    return journal.Subject("appeal", appeal.pk)
