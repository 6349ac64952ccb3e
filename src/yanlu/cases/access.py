"""Who may see a case or a conference, and who may do what with it.

The only way to get one for a person.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from yanlu.cases import guards, states
from yanlu.cases.models import Assist, Case, Conference, CoSigner, Item, Recusal, Review, Seat
from yanlu.cases.procedure import reviewing_units, reviews_of
from yanlu.kernel import journal
from yanlu.kernel.errors import NotFound
from yanlu.people import access as people
from yanlu.people import roles
from yanlu.people import selectors as people_found
from yanlu.places.selectors import territory
from yanlu.places.territory import BUILDING, DISTRICT

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Roles that see the cases of their territory.
LOOKING = frozenset({roles.DISPATCHER, roles.CALLBACK_CLERK, roles.SECRETARY, roles.FACILITATOR})
SEEING = LOOKING | roles.WATCHING
#: Roles that see sealed cases of a whole district; the sealed lane is need-to-know.
SEALED = frozenset({roles.DISPATCHER, roles.SUPERVISOR, roles.CALLBACK_CLERK})

NO_SUCH_CASE = _("There is no such case, or it is not yours to see.")


def visible(account: "Account") -> QuerySet[Case]:
    """The cases that this person's work lists: of their units, and of their territory.

    Written so that the usual conditions stay single columns with an index: whoever sees the whole
    district needs no condition, a handler the unit's alone.
    """
    return _seen(account).exclude(pk__in=_recused_from(account))


def _seen(account: "Account") -> QuerySet[Case]:
    """Before those are taken out that the person is kept out of."""
    sees_open, sees_sealed = covers_district(account, SEEING), covers_district(account, SEALED)
    if sees_open and sees_sealed:
        return Case.objects.all()
    lanes = _by_unit(account)
    if sees_open:
        lanes |= Q(is_sealed=False)
    elif inside := _inside(account):
        lanes |= Q(is_sealed=False, place__in=inside)
    if sees_sealed:
        lanes |= Q(is_sealed=True)
    return Case.objects.filter(lanes)


def get_case(account: "Account", case_id: int, *, lock: bool = False) -> Case:
    """The case, if this person may see it, or has a part in it and is about to act (``lock``).

    :raises NotFound: hidden or missing.
    """
    cases = Case.objects.select_for_update(of=("self",)) if lock else Case.objects.all()
    joined = ("submission", "petition") if lock else ("submission", "petition", "decision")
    found = cases.select_related(*joined).prefetch_related("assists__unit", "recusals")
    case = found.filter(pk=case_id).first()
    if case is None or not (may_see(account, case) or (lock and parties(account, case))):
        raise NotFound(NO_SUCH_CASE)
    return case


def may_see(account: "Account", case: Case) -> bool:
    """Whether the person may see this case: as its resident or finder, its unit, by territory or
    by a seat.

    Whose own case was merged into it sees how it stands, not what others said in it.
    """
    if parties(account, case) - {states.MERGED_RESIDENT} or _found(account, case):
        return True
    if is_recused(account, case):
        return False
    if people.units_of(account) & reviewing_units(case):
        return True
    if case.is_sealed:
        return covers_district(account, SEALED)
    return people.covers(account, SEEING, case.place_id) or _sits(account, case)


def parties(account: "Account", case: Case) -> frozenset[str]:
    """What the person is to this case, in the words of ``states``.

    Whose own matter it is has no other part in it, whatever their work; nor has who is recused.
    """
    found = _as_resident(account, case)
    return found if found or is_recused(account, case) else _at_work(account, case)


def is_recused(account: "Account", case: Case) -> bool:
    """Whether the person must not see the case, by themselves or with a unit of theirs (回避)."""
    kept_out = {(row.account_id, row.unit_id) for row in case.recusals.all()}
    if not kept_out:
        return False
    own = {(None, reach.unit_id) for reach in people.reach_of(account) if reach.unit_id}
    return not kept_out.isdisjoint(own | {(account.pk, None)})


def _as_resident(account: "Account", case: Case) -> frozenset[str]:
    found = set()
    if case.submission.account_id == account.pk:
        found.add(states.RESIDENT)
    if account.pk in {one.submission.account_id for one in merged_cases(case)}:
        found.add(states.MERGED_RESIDENT)
    return frozenset(found)


def _at_work(account: "Account", case: Case) -> frozenset[str]:
    units = people.units_of(account)
    found = set()
    if case.lead_unit_id in units:
        found.add(states.LEAD_UNIT)
        if _heads(account, case.lead_unit_id):
            found.add(states.LEAD_HEAD)
    if units & assisting_units(case):
        found.add(states.ASSISTING_UNIT)
    if guards.is_danger(case) and any(one.account_id == account.pk for one in case.alarms.all()):
        found |= {states.DUTY_OFFICER, states.DISPATCHER}
    if _may_review(account, case, found):
        found.add(states.REVIEWER)
    found |= _dispatching(account, case)
    if _may_verify(account, case):
        found.add(states.VERIFIER)
    if _may_check(account, case):
        found.add(states.CHECKER)
    if _reaches(account, case, roles.SUPERVISOR) and not found - {states.VERIFIER}:
        found.add(states.ARBITER)
    return frozenset(found)


def allowed(account: "Account", case: Case) -> list[states.Transition]:
    """The acts that this person may do now, in the table's order."""
    mine = parties(account, case)
    may = [step for step in states.leads_from(case.state) if step.who & mine]
    return [step for step in may if not guards.hindrance(step.verb, case)]


def merged_cases(case: Case) -> list[Case]:
    """Cases that were merged into this one, oldest first; read once for each case in memory."""
    if not case.co_signer_count:
        return []
    merged = Case.objects.select_related("submission").defer("words").order_by("pk")
    prefetch_related_objects([case], Prefetch("merged", merged))
    return list(case.merged.all())


def assisting_units(case: Case) -> set[int]:
    """Units that assist; read once where the case came with its assists."""
    return {assist.unit_id for assist in case.assists.all()}


def own_parts(account: "Account", case: Case) -> list[Assist]:
    """Parts of the person's units in this case, those that are still owed first."""
    units = people.units_of(account)
    own = [one for one in case.assists.all() if one.unit_id in units]
    return sorted(own, key=lambda one: bool(one.done_at or one.waived_at))


def conferences(account: "Account") -> QuerySet[Conference]:
    """Conferences on which the person's units sit, and those whose cases the territory all holds.

    Who sees one of several cases on it by territory reads in that case what concerns it.
    """
    if covers_district(account, SEEING):
        return Conference.objects.all()
    lanes = Q(pk__in=Seat.objects.filter(unit__in=people.units_of(account)).values("conference"))
    if inside := _inside(account):
        beyond = Item.objects.exclude(case__place__in=inside)
        lanes |= ~Q(pk__in=beyond.values("conference"))
    return Conference.objects.filter(lanes)


def get_conference(account: "Account", conference_id: int, *, lock: bool = False) -> Conference:
    """The conference, if this person may see it.

    :raises NotFound: hidden or missing.
    """
    found = conferences(account).filter(pk=conference_id)
    conference = (found.select_for_update(of=("self",)) if lock else found).first()
    if conference is None:
        raise NotFound(_("There is no such conference, or it is not yours to see."))
    return conference


def may_lead(account: "Account", cases: Iterable[Case]) -> bool:
    """Whether the person may convene a conference on these cases, change and record it."""
    who = states.BY_VERB["convene"].who
    return all(who & parties(account, case) for case in cases)


def may_open_identity(account: "Account", case: Case) -> bool:
    """Whether the person may ask who the resident is, giving a reason.

    Of a confidential matter the handling unit never learns it; the centre and the callback do.
    """
    mine = parties(account, case) - {states.RESIDENT}
    if case.submission.is_confidential or case.is_sealed:
        return bool(mine & {states.DISPATCHER, states.VERIFIER})
    return bool(mine & {states.DISPATCHER, states.VERIFIER, states.LEAD_UNIT, states.REVIEWER})


def _dispatching(account: "Account", case: Case) -> set[str]:
    if _is_next_above(account, case):
        return {states.DISPATCHER}
    if not _reaches(account, case, roles.DISPATCHER):
        return set()
    return {states.DISPATCHER} if case.submission.account_id else {states.DISPATCHER, states.DESK}


def _may_verify(account: "Account", case: Case) -> bool:
    """A callback clerk of a body that has no part in the handling, and who is no co-signer.

    Of what a patrol found there is nobody to ask.
    """
    if case.patrol_by_id or _is_of_a_unit_in_it(account, case):
        return False
    if not _reaches(account, case, roles.CALLBACK_CLERK):
        return False
    return not case.co_signer_count or not _shares(account, case)


def _may_check(account: "Account", case: Case) -> bool:
    """A grid worker of a body that has no part in the handling; nobody checks what they found."""
    if not case.patrol_by_id or _found(account, case) or _is_of_a_unit_in_it(account, case):
        return False
    return _reaches(account, case, roles.GRID_WORKER)


def _is_of_a_unit_in_it(account: "Account", case: Case) -> bool:
    own = {reach.unit_id for reach in people.reach_of(account) if reach.unit_id}
    return not own.isdisjoint({case.lead_unit_id, *assisting_units(case)})


def _found(account: "Account", case: Case) -> bool:
    return case.patrol_by_id is not None and case.patrol_by_id == account.pk


def _may_review(account: "Account", case: Case, found: set[str]) -> bool:
    """A head of the unit that reviews now, who has no part in the case and had none before."""
    if case.state not in states.TO_REVIEW or found:
        return False
    unit_id = reviews_of(case)[-1].unit_id
    if unit_id is None or not _heads(account, unit_id) or _shares(account, case):
        return False
    acts = journal.history(journal.Subject("case", case.pk))
    return all(entry.actor != account.ref for entry in acts)


def _heads(account: "Account", unit_id: int | None) -> bool:
    reach = people.reach_of(account)
    return any(one.role == roles.HEAD and one.unit_id == unit_id for one in reach)


def _is_next_above(account: "Account", case: Case) -> bool:
    """Whether the person leads the neighbourhood to which a building handed the case up."""
    unit = people_found.unit(case.lead_unit_id) if case.lead_unit_id else None
    from_building = unit is not None and unit.level == BUILDING and case.state == states.RAISED
    return from_building and _reaches(account, case, roles.SECRETARY)


def _shares(account: "Account", case: Case) -> bool:
    cases = [case, *merged_cases(case)]
    return CoSigner.objects.filter(case__in=cases, submission__account=account.pk).exists()


def reads_verbatim(account: "Account", case: Case) -> bool:
    """Whether the person reads the words as they were said; others read them masked.

    Of a confidential matter the handling unit reads them masked, too (``domain.md`` §8).
    """
    mine = parties(account, case)
    if mine & {states.RESIDENT, states.DISPATCHER, states.VERIFIER, states.CHECKER}:
        return True
    if _found(account, case):
        return True
    handles = bool(mine & {states.LEAD_UNIT, states.ASSISTING_UNIT, states.REVIEWER})
    return handles and not (case.submission.is_confidential or case.is_sealed)


def _sits(account: "Account", case: Case) -> bool:
    """Whether a unit of the person's has a seat where this case is still to be discussed.

    Afterwards whoever was asked for something has a part in the case; others need it no more.
    """
    units = people.units_of(account)
    seats = Seat.objects.filter(unit__in=units, conference__cases=case)
    return (
        bool(units)
        and seats.filter(conference__recorded_at=None, conference__cancelled_at=None).exists()
    )


def _reaches(account: "Account", case: Case, role: str) -> bool:
    if case.is_sealed:
        return covers_district(account, {role})
    return people.covers(account, {role}, case.place_id)


def covers_district(account: "Account", names: "frozenset[str] | set[str]") -> bool:
    """Whether one of these roles reaches the whole district."""
    levels = (territory().get(place) for place in people.places_of(account, names))
    return any(node and node.level <= DISTRICT for node in levels)


def _inside(account: "Account") -> set[int]:
    """Places whose open cases the person sees."""
    return {place for top in people.places_of(account, SEEING) for place in territory().within(top)}


def _recused_from(account: "Account") -> list[int]:
    """Cases that the person must not see; few, if any."""
    units = {reach.unit_id for reach in people.reach_of(account) if reach.unit_id}
    rows = Recusal.objects.filter(Q(account=account.pk) | Q(unit__in=units))
    return list(rows.values_list("case", flat=True))


def _by_unit(account: "Account") -> Q:
    """Cases that the person's units lead, and those whose part or review they still owe."""
    units = people.units_of(account)
    if not units:
        return Q(pk__in=[])
    assisted = Assist.objects.filter(unit__in=units, done_at=None, waived_at=None)
    reviewed = Review.objects.filter(unit__in=units, opinion=None)
    owed = list(assisted.values_list("case", flat=True).union(reviewed.values_list("case")))
    return Q(lead_unit__in=units) | Q(pk__in=owed)
