"""What stands in the way of an act that state and party would allow, in words for the person.

One place for both questions: which acts are offered, and whether one that comes may be done.
"""

from collections.abc import Callable
from typing import Final

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.cases.models import Assist, Case, Conference, Extension, Return, Suspension
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock
from yanlu.kernel.calendars import deadline
from yanlu.people import selectors as people
from yanlu.places.territory import COMMUNITY

Hindrance = Promise | None

#: Class of the time within which a unit may return a case: five working days (信访工作条例 art 23).
RETURN_WINDOW = "return_window"
#: Extensions that may be granted in the life of a case (default).
MOST_EXTENSIONS = 2


def hindrance(verb: str, case: Case) -> Hindrance:
    """Why this act can't be done on this case now; ``None`` when nothing hinders it."""
    guard = _GUARDS.get(verb)
    return guard(case) if guard else None


def pending_extension(case: Case) -> Extension | None:
    """The extension that waits for a word."""
    return next((one for one in _extensions(case) if one.is_granted is None), None)


def _return(case: Case) -> Hindrance:
    if case.is_unit_final:
        return _("Your unit was named for good and can't return the case.")
    if any(one.unit_id == case.lead_unit_id for one in _returns(case)):
        return _("Your unit has returned this case already.")
    limit = dispatch.deadline_class(RETURN_WINDOW)
    if case.given_at and clock.now() > deadline(case.given_at, limit.amount, limit.unit):
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
    if unit is None or unit.level >= COMMUNITY:
        return _("There is no unit below yours.")
    return None


def _answer(case: Case) -> Hindrance:
    if owing(case):
        return _("Units still owe their parts: wait for them, or have it recorded why not to.")
    return None


def _waive(case: Case) -> Hindrance:
    return None if owed_parts(case) else _("No assisting unit owes its part.")


def _release(case: Case) -> Hindrance:
    return None if owed_tasks(case) else _("No unit owes what a joint conference asked of it.")


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
    if _coming(case) or owed_tasks(case):
        return _("A joint conference deals with this case. Merge the other one into it.")
    return None


def _coming(case: Case) -> list[Conference]:
    """Conferences about it that are neither recorded nor called off; read once."""
    prefetch_related_objects([case], "conferences")
    return [one for one in case.conferences.all() if not (one.recorded_at or one.cancelled_at)]


def _ask_extension(case: Case) -> Hindrance:
    granted = [one for one in _extensions(case) if one.is_granted]
    if len(granted) >= MOST_EXTENSIONS:
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
    "answer": _answer,
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
}
