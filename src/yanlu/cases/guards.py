"""What stands in the way of an act that state and party would allow, in words for the person.

One place for both questions: which acts are offered, and whether one that comes may be done.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.cases import states
from yanlu.cases.models import Assist, Case, Conference, Extension, Return, Suspension
from yanlu.cases.procedure import delivery_of, opinions_of, petition_of
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY

if TYPE_CHECKING:
    from yanlu.people.models import Unit

Hindrance = Promise | None

#: Class of the time within which a unit may return a case: five working days (信访工作条例 art 23).
RETURN_WINDOW = "return_window"
#: Urgency of a danger to life or property.
DANGER = "danger"
#: Extensions that may be granted in the life of a case (default).
MOST_EXTENSIONS = 2
#: Kinds of matters that may be decided as a petition; the others have ways of their own.
PETITIONABLE = frozenset({"suggestion", "complaint", "help"})


def hindrance(verb: str, case: Case) -> Hindrance:
    """Why this act can't be done on this case now; ``None`` when nothing hinders it."""
    guard = _GUARDS.get(verb)
    return guard(case) if guard else None


def finality(case: Case) -> Hindrance:
    """Why nothing at all can be done any more."""
    if case.state != states.FINAL:
        return None
    return _(
        "The petition has been decided for good: the same facts and grounds are not taken up again"
        " (Regulations on the Work of Petitions, article 36)."
    )


def pending_extension(case: Case) -> Extension | None:
    """The extension that waits for a word."""
    return next((one for one in _extensions(case) if one.is_granted is None), None)


def _return(case: Case) -> Hindrance:
    if case.is_unit_final:
        return _("Your unit was named for good and can't return the case.")
    if any(one.unit_id == case.lead_unit_id for one in _returns(case)):
        return _("Your unit has returned this case already.")
    if case.given_at and clock.now() > dispatch.ending(RETURN_WINDOW, case.given_at):
        return _("The time in which a case can be returned is over.")
    return None


def _dispute(case: Case) -> Hindrance:
    own = [one for one in _returns(case) if one.unit_id == case.lead_unit_id]
    if not any(one.refused_at and not one.disputed_at for one in own):
        return _("Only a return that was refused can be disputed, once.")
    return None


def _raise(case: Case) -> Hindrance:
    unit = people.unit(case.lead_unit_id) if case.lead_unit_id else None
    if unit is None or unit.level < COMMUNITY:
        return _("Only a neighbourhood hands a case up; other units return it.")
    return None


def _pass_down(case: Case) -> Hindrance:
    unit = people.unit(case.lead_unit_id) if case.lead_unit_id else None
    if unit is None or not units_below(unit):
        return _("There is no unit below yours.")
    return None


def units_below(own: "Unit") -> "list[Unit]":
    """Units of a lower level inside this unit's territory."""
    covers = territory().covers
    return [
        unit
        for unit in people.units()
        if unit.level > own.level and covers(own.place_id, unit.place_id)
    ]


def _contact(case: Case) -> Hindrance:
    if case.state == states.DISPATCHED and not is_danger(case):
        return _("Accept the case first.")
    if case.patrol_by_id:
        return _("A patrol found this: there is no resident to contact.")
    return None


def _answer(case: Case) -> Hindrance:
    if petition_of(case):
        return _("A petition is decided by a written opinion that the head of the unit signs.")
    if case.state in (states.DISPATCHED, states.ACCEPTED) and not is_danger(case):
        return _("Accept the case and start handling first.")
    return _part_owed(case)


def _part_owed(case: Case) -> Hindrance:
    if owing(case):
        return _("Units still owe their parts: wait for them, or have it recorded why not to.")
    return None


def _waive(case: Case) -> Hindrance:
    return None if owed_parts(case) else _("No assisting unit owes its part.")


def _release(case: Case) -> Hindrance:
    return None if owed_tasks(case) else _("No unit owes what a joint conference asked of it.")


def is_danger(case: Case) -> bool:
    """Whether help comes first and is recorded afterwards (先处置后补录)."""
    return case.urgency == DANGER


def owing(case: Case) -> list[Assist]:
    """Parts of units that are still waited for."""
    return [one for one in case.assists.all() if not one.done_at and not one.waived_at]


def owed_parts(case: Case) -> list[Assist]:
    """Of these, the ones of assisting units, which the unit in charge may waive."""
    return [one for one in owing(case) if one.conference_id is None]


def owed_tasks(case: Case) -> list[Assist]:
    """Of these, the ones that a joint conference asked for, also of the unit in charge."""
    return [one for one in owing(case) if one.conference_id is not None]


def _convene(case: Case) -> Hindrance:
    if case.is_sealed:
        return _("Reports of wrongdoing stay in their own lane and come before no conference.")
    if _coming(case):
        return _("A joint conference about this case is convened already.")
    return None


def _confer(case: Case) -> Hindrance:
    return None if _coming(case) else _("No joint conference about this case is convened.")


def _merge(case: Case) -> Hindrance:
    if petition_of(case):
        return _("A petition is decided by itself.")
    if _coming(case) or owed_tasks(case):
        return _("A joint conference deals with this case. Merge the other one into it.")
    return None


def _coming(case: Case) -> list[Conference]:
    """Conferences about it that are neither recorded nor called off; read once."""
    prefetch_related_objects([case], "conferences")
    return [one for one in case.conferences.all() if not (one.recorded_at or one.cancelled_at)]


def _ask_extension(case: Case) -> Hindrance:
    granted = [one for one in _extensions(case) if one.is_granted]
    petition = petition_of(case)
    if petition and any(one.asked_at >= petition.registered_at for one in granted):
        return _("The time of a petition can be extended once only.")
    if petition is None and len(granted) >= MOST_EXTENSIONS:
        return _("The time was extended twice already.")
    if pending_extension(case):
        return _("An extension is asked for already.")
    if case.due_at is None or clock.now() > case.due_at:
        return _("An extension has to be asked for before the time is up.")
    return None


def _review_extension(case: Case) -> Hindrance:
    asked = pending_extension(case)
    return None if asked and not asked.reviewed_at else _("No extension waits for your word.")


def _grant_extension(case: Case) -> Hindrance:
    asked = pending_extension(case)
    return None if asked and asked.reviewed_at else _("No extension waits for your word.")


def _refuse_extension(case: Case) -> Hindrance:
    return None if pending_extension(case) else _("No extension waits for your word.")


def _suspend(case: Case) -> Hindrance:
    if Suspension.objects.filter(case=case).exists():
        return _("A case can be suspended once only.")
    return None


def _take_alarm(case: Case) -> Hindrance:
    sounding = any(not one.taken_at for one in case.alarms.all())
    return None if sounding else _("Somebody saw to it already.")


def _readmit(case: Case) -> Hindrance:
    return None if case.recusals.all() else _("Nobody is kept out of this case.")


def _begin_petition(case: Case) -> Hindrance:
    if petition_of(case):
        return _("It is handled as a petition already.")
    if case.is_sealed or case.kind not in PETITIONABLE:
        return _("Only a suggestion, a complaint or a request for help can become a petition.")
    if case.submission.is_anonymous:
        return _("Nobody is known to whom a written decision could be given.")
    if case.co_signer_count and case.merged.exists():
        return _("Other cases were merged into this one: separate them first.")
    return None


def _give_notice(case: Case) -> Hindrance:
    petition = petition_of(case)
    if petition is None:
        return _("This case is no petition.")
    return _("The notice of acceptance was given already.") if petition.noticed_at else None


def _issue_opinion(case: Case) -> Hindrance:
    petition = petition_of(case)
    if petition is None:
        return _("This case is no petition.")
    if petition.noticed_at is None:
        return _("Give the notice of acceptance first.")
    return _part_owed(case)


def _record_delivery(case: Case) -> Hindrance:
    if delivery_of(opinions_of(case)[-1]):
        return _("The opinion has reached the resident already.")
    return None


def _ask_review(case: Case) -> Hindrance:
    delivery = delivery_of(opinions_of(case)[-1])
    if delivery and delivery.review_until and clock.now() > delivery.review_until:
        return _("The time in which a review can be asked for is over: the opinion stands.")
    return None


def _rehandle(case: Case) -> Hindrance:
    return _("A petition is dispatched again, with its own time.") if petition_of(case) else None


def _returns(case: Case) -> list[Return]:
    """Read once for each case in memory, and only where an act asks."""
    prefetch_related_objects([case], "returns")
    return list(case.returns.all())


def _extensions(case: Case) -> list[Extension]:
    prefetch_related_objects([case], "extensions")
    return list(case.extensions.all())


_GUARDS: Final[dict[str, Callable[[Case], Hindrance]]] = {
    "return": _return,
    "dispute": _dispute,
    "raise": _raise,
    "pass_down": _pass_down,
    "contact": _contact,
    "answer": _answer,
    "take_alarm": _take_alarm,
    "waive": _waive,
    "release": _release,
    "convene": _convene,
    "confer": _confer,
    "decide": _confer,
    "merge": _merge,
    "ask_extension": _ask_extension,
    "review_extension": _review_extension,
    "grant_extension": _grant_extension,
    "refuse_extension": _refuse_extension,
    "suspend": _suspend,
    "readmit": _readmit,
    "rehandle": _rehandle,
    "begin_petition": _begin_petition,
    "give_notice": _give_notice,
    "issue_opinion": _issue_opinion,
    "record_delivery": _record_delivery,
    "ask_review": _ask_review,
    "ask_second_review": _ask_review,
}
