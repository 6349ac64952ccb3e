"""Written decisions with a way to have them reviewed: the petition procedure (信访程序).

信访工作条例 (2022): notice of acceptance within 15 days (arts 22, 23), a written opinion within 60
days and 30 more at most (arts 31 to 34), a review by the level above (复查, art 35), a second one
by the level above that (复核, art 36), each asked for and decided within 30 days. Then it is final.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, promises, states
from yanlu.cases.acting import add_remark, move, sentence, take
from yanlu.cases.models import Case, Delivery, Extension, Opinion, Outcome, Petition, Review
from yanlu.cases.procedure import delivery_of, opinions_of, reviews_of
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid
from yanlu.kernel.workdays import end_of_day, local_day
from yanlu.people import selectors as people
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account, Unit

#: Classes of the limits: to give notice, to ask for a review, to decide on one.
NOTICE, WINDOW, REVIEW = "petition_notice", "petition_window", "petition_review"
#: What the unit in charge may decide, and what a review may.
DECIDES = (Outcome.SUPPORTED, Outcome.EXPLAINED, Outcome.NOT_SUPPORTED)
REVIEWS = (Outcome.UPHELD, Outcome.CHANGED)
#: Number of the second review.
LAST_ROUND = 2
SYSTEM = journal.System("cases")


@dataclass(frozen=True)
class Parts:
    """What an opinion says (art 32); the remedies, its fourth part, follow from the dates."""

    demand: str
    facts: str
    ruling: str
    basis: str
    outcome: str


@transaction.atomic
def begin_petition(*, actor: "Account", case_id: int, why: str, version: int | None = None) -> Case:
    """Ask for a written decision, saying on what."""
    case = take(actor, case_id, "begin_petition", version)
    remark = add_remark(case, actor, "begin_petition", text=sentence(why, "why"))
    if case.first_due_at:
        case.due_at = dispatch.ending(promises.PETITION, remark.at)
        Extension.objects.filter(case=case, is_granted=None).update(
            is_granted=False, decided_at=remark.at
        )
    return _register(case, actor, {"remark": remark.pk, **_helped(case, actor)})


def choose(case: Case, actor: "Account") -> None:
    """Let a case that is being dispatched go by the procedure, in the caller's transaction.

    :raises Invalid: it can't be a petition, or a date was promised already, which the longer limit
        would put off: then only its resident may ask.
    """
    if why := guards.hindrance("begin_petition", case):
        raise Invalid(why, "is_petition")
    if case.first_due_at:
        raise Invalid(
            _("A date was promised already. Now only the resident can ask for a petition."),
            "is_petition",
        )
    _register(case, actor, {})


@transaction.atomic
def give_notice(
    *, actor: "Account", case_id: int, demand: str, enquiries: str, version: int | None = None
) -> Case:
    """Tell the resident what is decided, by whom, by when, and whom to ask (受理告知书)."""
    case = take(actor, case_id, "give_notice", version)
    petition = case.petition
    petition.demand = sentence(demand, "demand")
    petition.enquiries = sentence(enquiries, "enquiries")
    petition.noticed_at, petition.notice_unit_id = clock.now(), case.lead_unit_id
    petition.decide_by = case.due_at
    petition.save()
    data = {
        "unit": case.lead_unit_id,
        "due_at": case.due_at,
        "digest": journal.digest(petition.demand, petition.enquiries),
    }
    return move(case, actor, "give_notice", data)


@transaction.atomic
def issue_opinion(
    *, actor: "Account", case_id: int, parts: Parts, version: int | None = None
) -> Case:
    """Sign the unit's opinion (处理意见书), as its head; it is the answer to the resident."""
    case = take(actor, case_id, "issue_opinion", version)
    assert case.lead_unit_id  # whoever heads the lead unit saw to it
    return _decide(case, actor, "issue_opinion", case.lead_unit_id, parts)


@transaction.atomic
def record_delivery(
    *, actor: "Account", case_id: int, on: date, version: int | None = None
) -> Case:
    """Note on which day an opinion on paper reached the resident (送达)."""
    case = take(actor, case_id, "record_delivery", version)
    opinion = opinions_of(case)[-1]
    if not local_day(opinion.at) <= on <= clock.today():
        raise Invalid(_("Choose a day since the opinion was issued, today at the latest."), "on")
    until = _deliver(opinion, on).review_until
    data = {"opinion": opinion.pk, "on": on, "review_until": until}
    return move(case, actor, "record_delivery", data)


@transaction.atomic
def ask_review(*, actor: "Account", case_id: int, why: str, version: int | None = None) -> Case:
    """Ask the level above to review the opinion (复查)."""
    return _ask(actor, case_id, "ask_review", why, version)


@transaction.atomic
def ask_second_review(
    *, actor: "Account", case_id: int, why: str, version: int | None = None
) -> Case:
    """Ask the level above the review to review it once more (复核)."""
    return _ask(actor, case_id, "ask_second_review", why, version)


@transaction.atomic
def name_reviewer(*, actor: "Account", case_id: int, unit: int, version: int | None = None) -> Case:
    """Name the unit that reviews; until it has decided, another one may be named."""
    case = take(actor, case_id, "name_reviewer", version)
    if unit not in {one.pk for one in possible_reviewers(case)}:
        raise Invalid(_("Choose a unit above the one that decided."), "unit")
    review = reviews_of(case)[-1]
    review.unit_id = unit
    review.save(update_fields=["unit"])
    return move(case, actor, "name_reviewer", {"unit": unit, "round": review.round})


@transaction.atomic
def decide_review(
    *, actor: "Account", case_id: int, parts: Parts, version: int | None = None
) -> Case:
    """Sign the opinion of the review (复查意见书), as the head of the unit that reviews."""
    return _decide_review(actor, case_id, "decide_review", parts, version)


@transaction.atomic
def decide_second_review(
    *, actor: "Account", case_id: int, parts: Parts, version: int | None = None
) -> Case:
    """Sign the opinion of the second review (复核意见书), which is final."""
    return _decide_review(actor, case_id, "decide_second_review", parts, version)


def lapse_due() -> int:
    """End petitions for which nobody asked a review in time; how many. Safe to do twice."""
    is_latest = Q(state=states.REVIEWED, opinions__review__isnull=False) | Q(
        state=states.OPINION_GIVEN
    )
    due = Case.objects.filter(is_latest, opinions__delivery__review_until__lt=clock.now())
    numbers = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(_lapse_if_due(number) for number in numbers)


def possible_reviewers(case: Case) -> "list[Unit]":
    """Units above the one whose opinion is to be reviewed, nearest first, but those with a part."""
    own = people.unit(opinions_of(case)[-1].unit_id)
    handling = {case.lead_unit_id, *access.assisting_units(case)}
    return [unit for unit in units_above(own) if unit.pk not in handling] if own else []


def units_above(own: "Unit") -> "list[Unit]":
    """The units that this one is under, then those above it of the same function."""
    line: list[Unit] = []
    above = people.unit(own.parent_id) if own.parent_id else None
    while above is not None:
        line.append(above)
        above = people.unit(above.parent_id) if above.parent_id else None
    covers = territory().covers
    same = [
        unit
        for unit in people.units()
        if unit.function == own.function
        and unit.level < own.level
        and covers(unit.place_id, own.place_id)
    ]
    same.sort(key=lambda unit: -unit.level)
    return [unit for unit in dict.fromkeys([*line, *same]) if unit.dissolved_at is None]


def _register(case: Case, actor: "Account", data: dict[str, Any]) -> Case:
    now = clock.now()
    Petition.objects.create(
        case=case, registered_at=now, notice_due_at=dispatch.ending(NOTICE, now)
    )
    return move(case, actor, "begin_petition", {**data, "due_at": case.due_at})


def _decide(
    case: Case,
    actor: "Account",
    verb: str,
    unit_id: int,
    parts: Parts,
    review: Review | None = None,
) -> Case:
    """Keep the opinion; whoever has an account has it at once, others once it reached them."""
    _check(parts, REVIEWS if review else DECIDES)
    opinion = Opinion.objects.create(
        case=case,
        review=review,
        unit_id=unit_id,
        by=actor,
        due_at=case.due_at,
        at=clock.now(),
        **vars(parts),
    )
    case.answered_at = opinion.at
    if case.submission.account_id:
        _deliver(opinion, local_day(opinion.at))
    data = {
        "opinion": opinion.pk,
        "unit": unit_id,
        "outcome": parts.outcome,
        "digest": journal.digest(*vars(parts).values()),
    }
    return move(case, actor, verb, data)


def _deliver(opinion: Opinion, on: date) -> Delivery:
    """From the day on which it reached the resident a review may be asked for, if any is left."""
    is_last = opinion.review is not None and opinion.review.round == LAST_ROUND
    until = None if is_last else dispatch.ending(WINDOW, end_of_day(on))
    return Delivery.objects.create(opinion=opinion, on=on, review_until=until)


def _ask(actor: "Account", case_id: int, verb: str, why: str, version: int | None) -> Case:
    case = take(actor, case_id, verb, version)
    remark = add_remark(case, actor, verb, text=sentence(why, "why"))
    number = LAST_ROUND if verb == "ask_second_review" else 1
    Review.objects.create(case=case, round=number, remark=remark, asked_at=remark.at)
    case.due_at = dispatch.ending(REVIEW, remark.at)
    data = {"remark": remark.pk, "due_at": case.due_at, **_helped(case, actor)}
    return move(case, actor, verb, data)


def _decide_review(
    actor: "Account", case_id: int, verb: str, parts: Parts, version: int | None
) -> Case:
    case = take(actor, case_id, verb, version)
    review = reviews_of(case)[-1]
    assert review.unit_id  # whoever heads the unit that reviews saw to it
    return _decide(case, actor, verb, review.unit_id, parts, review)


@transaction.atomic
def _lapse_if_due(case_id: int) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state not in states.OPEN_TO_REVIEW:
        return False
    delivery = delivery_of(opinions_of(case)[-1])
    until = delivery.review_until if delivery else None
    if until is None or until >= clock.now():
        return False
    move(case, SYSTEM, "lapse", {"review_until": until})
    return True


def _check(parts: Parts, outcomes: tuple[Outcome, ...]) -> None:
    for name in ("demand", "facts", "ruling", "basis"):
        sentence(getattr(parts, name), name)
    if parts.outcome not in outcomes:
        raise Invalid(_("Choose what is decided."), "outcome")


def _helped(case: Case, actor: "Account") -> dict[str, int]:
    """Who wrote it down for the resident, if somebody did."""
    return {} if case.submission.account_id == actor.pk else {"helper": actor.pk}
