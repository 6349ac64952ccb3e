"""Danger to life or property: whoever is on duty is told at once (危急告警).

Nobody who takes it in time, and the level above is told, too; a unit that accepts the case has
taken it. A sealed case is made known to nobody but the dispatchers of the district, and no case to
whoever is kept out of it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from yanlu.cases import access, guards, states
from yanlu.cases.acting import move, subject, take
from yanlu.cases.models import Alarm, Case, CasePolicy
from yanlu.kernel import clock, journal
from yanlu.notices.services import Note, notify_all
from yanlu.people import selectors as people
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account

SYSTEM = journal.System("cases")
#: While no unit has accepted it.
UNATTENDED = states.TO_DISPATCH | {states.DISPATCHED, states.DISPUTED}


def alarm(case_ids: Iterable[int]) -> None:
    """Tell whoever is on duty of each danger, unless somebody was told before."""
    dangers = Case.objects.filter(pk__in=set(case_ids), urgency=guards.DANGER, alarms=None)
    for case in dangers.exclude(state__in=states.ENDED).select_for_update(of=("self",)):
        _tell(case, next(iter(_levels(case)), []))


def alarm_above() -> int:
    """Tell the next level of each danger that nobody took in time; how many. Safe to do twice."""
    policy = CasePolicy.objects.first() or CasePolicy()
    late = clock.now() - timedelta(minutes=policy.alarm_minutes)
    waiting = Alarm.objects.filter(taken_at=None, at__lte=late, case__state__in=UNATTENDED)
    numbers = sorted(set(waiting.values_list("case_id", flat=True)))
    return sum(_tell_above(number, late) for number in numbers)


@transaction.atomic
def take_alarm(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """See to a danger that one was told of; the others need not any more."""
    case = take(actor, case_id, "take_alarm", version)
    Alarm.objects.filter(case=case, taken_at=None).update(taken_at=clock.now())
    return move(case, actor, "take_alarm")


@transaction.atomic
def _tell_above(case_id: int, late: datetime) -> bool:
    """Tell the nearest level that was not told yet, if the last that was told let it pass."""
    case = Case.objects.select_for_update().get(pk=case_id)
    sent = list(case.alarms.all())
    if any(one.taken_at or one.at > late for one in sent) or case.state not in UNATTENDED:
        return False
    told = {one.account_id for one in sent}
    for officers in _levels(case):
        if new := [one for one in officers if one.pk not in told]:
            _tell(case, new)
            return True
    return False


def alarms_of(account: "Account") -> list[Case]:
    """Dangers that this person was told of and nobody took yet, the latest first."""
    rows = Alarm.objects.filter(account=account, taken_at=None, case__state__in=UNATTENDED)
    return [one.case for one in rows.select_related("case").order_by("-pk")]


def _levels(case: Case) -> "list[list[Account]]":
    """Who may be told, level by level up."""
    if case.is_sealed:
        levels = [people.district_dispatchers()]
    else:
        levels = people.on_duty(case.place_id, clock.now())
    free = [[one for one in level if not access.is_recused(one, case)] for level in levels]
    return [level for level in free if level]


def _tell(case: Case, officers: "list[Account]") -> None:
    now = clock.now()
    Alarm.objects.bulk_create(Alarm(case=case, account=one, at=now) for one in officers)
    data = {"accounts": [one.pk for one in officers]}
    journal.record("case.alarmed", subject(case.pk), actor=SYSTEM, data=data)
    words = {"number": case.number, "place": territory().label(case.place_id)}
    told = {"number": case.number, "place": ""} if case.is_sealed else words
    notes = [
        Note(one.pk, "case.alarmed", subject(case.pk), told, is_urgent=True) for one in officers
    ]
    notify_all(actor=SYSTEM, notes=notes)
