"""How far the petition procedure of a case has come; read once for each case in memory."""

from django.db.models import Prefetch, prefetch_related_objects

from yanlu.cases import states
from yanlu.cases.models import Case, Delivery, Opinion, Petition, Review

#: States of a petition whose opinion was given.
DECIDED = states.OPEN_TO_REVIEW | states.TO_REVIEW | {states.FINAL}


def petition_of(case: Case) -> Petition | None:
    """The procedure that the case goes by, if it does."""
    return getattr(case, "petition", None)


def opinions_of(case: Case) -> list[Opinion]:
    """The written decisions: of the unit in charge, of the review, of the second one."""
    if case.state not in DECIDED:
        return []
    opinions = Opinion.objects.select_related("delivery").order_by("pk")
    prefetch_related_objects([case], Prefetch("opinions", opinions))
    return list(case.opinions.all())


def delivery_of(opinion: Opinion) -> Delivery | None:
    """When the opinion reached the resident, if it has."""
    return getattr(opinion, "delivery", None)


def reviews_of(case: Case) -> list[Review]:
    """The reviews that were asked for, the first one first."""
    if case.state not in DECIDED:
        return []
    prefetch_related_objects([case], Prefetch("reviews", Review.objects.order_by("round")))
    return list(case.reviews.all())


def reviewing_units(case: Case) -> set[int]:
    """Units that review the opinion, or did."""
    return {one.unit_id for one in reviews_of(case) if one.unit_id}
