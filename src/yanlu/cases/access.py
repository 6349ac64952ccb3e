"""Who may see a case or a conference, and who may do what with it.

The only way to get one for a person.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from yanlu.cases import guards, states
from yanlu.cases.models import Assist, Case, Conference, CoSigner, Item, Seat
from yanlu.kernel.errors import NotFound
from yanlu.people import access as people
from yanlu.people import roles
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Roles that see the cases of their territory.
LOOKING = frozenset({roles.DISPATCHER, roles.CALLBACK_CLERK, roles.SECRETARY, roles.FACILITATOR})
SEEING = LOOKING | roles.WATCHING
#: Roles that see sealed cases of a whole district; the sealed lane is need-to-know.
SEALED = frozenset({roles.DISPATCHER, roles.SUPERVISOR, roles.CALLBACK_CLERK})
DISTRICT = 2


def visible(account: "Account") -> QuerySet[Case]:
    """The cases that this person's work lists: of their units, and of their territory.

    Written so that the usual conditions stay single columns with an index: whoever sees the whole
    district needs no condition, a handler the unit's alone.
    """
    sees_open, sees_sealed = _covers_district(account, SEEING), _covers_district(account, SEALED)
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
    found = cases.select_related("submission").prefetch_related("assists__unit").filter(pk=case_id)
    case = found.first()
    if case is None or not (may_see(account, case) or (lock and parties(account, case))):
        raise NotFound(_("There is no such case, or it is not yours to see."))
    return case


def may_see(account: "Account", case: Case) -> bool:
    """Whether the person may see this case: as its resident, its unit, by territory, or by a seat.

    Whose own case was merged into it sees how it stands, not what others said in it.
    """
    if parties(account, case) - {states.MERGED_RESIDENT}:
        return True
    if case.is_sealed:
        return _covers_district(account, SEALED)
    return people.covers(account, SEEING, case.place_id) or _sits(account, case)


def parties(account: "Account", case: Case) -> frozenset[str]:
    """What the person is to this case, in the words of ``states``."""
    units = people.units_of(account)
    found = set()
    if case.submission.account_id == account.pk:
        found.add(states.RESIDENT)
    if account.pk in {one.submission.account_id for one in merged_cases(case)}:
        found.add(states.MERGED_RESIDENT)
    if case.lead_unit_id in units:
        found.add(states.LEAD_UNIT)
        if _heads(account, case.lead_unit_id):
            found.add(states.LEAD_HEAD)
    if units & assisting_units(case):
        found.add(states.ASSISTING_UNIT)
    if _reaches(account, case, roles.DISPATCHER):
        found.add(states.DISPATCHER)
    if _may_verify(account, case) and not found & {states.RESIDENT, states.MERGED_RESIDENT}:
        found.add(states.VERIFIER)
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
    if _covers_district(account, SEEING):
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
    return bool(mine & {states.DISPATCHER, states.VERIFIER, states.LEAD_UNIT})


def _may_verify(account: "Account", case: Case) -> bool:
    """A callback clerk of a body that has no part in the handling, and who is no co-signer."""
    own = {reach.unit_id for reach in people.reach_of(account)}
    handling = {case.lead_unit_id, *assisting_units(case)}
    if not own.isdisjoint(handling - {None}) or not _reaches(account, case, roles.CALLBACK_CLERK):
        return False
    return not case.co_signer_count or not _shares(account, case)


def _heads(account: "Account", unit_id: int | None) -> bool:
    reach = people.reach_of(account)
    return any(one.role == roles.HEAD and one.unit_id == unit_id for one in reach)


def _shares(account: "Account", case: Case) -> bool:
    cases = [case, *merged_cases(case)]
    return CoSigner.objects.filter(case__in=cases, submission__account=account.pk).exists()


def reads_verbatim(account: "Account", case: Case) -> bool:
    """Whether the person reads the words as they were said; others read them masked.

    Of a confidential matter the handling unit reads them masked, too (``domain.md`` §8).
    """
    mine = parties(account, case)
    if mine & {states.RESIDENT, states.DISPATCHER, states.VERIFIER}:
        return True
    handles = bool(mine & {states.LEAD_UNIT, states.ASSISTING_UNIT})
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
        return _covers_district(account, {role})
    return people.covers(account, {role}, case.place_id)


def _covers_district(account: "Account", names: "frozenset[str] | set[str]") -> bool:
    levels = (territory().get(place) for place in people.places_of(account, names))
    return any(node and node.level <= DISTRICT for node in levels)


def _inside(account: "Account") -> set[int]:
    """Places whose open cases the person sees."""
    return {place for top in people.places_of(account, SEEING) for place in territory().within(top)}


def _by_unit(account: "Account") -> Q:
    """Cases that the person's units lead, and those whose part they still owe."""
    units = people.units_of(account)
    if not units:
        return Q(pk__in=[])
    assisted = list(
        Assist.objects.filter(unit__in=units, done_at=None, waived_at=None).values_list(
            "case", flat=True
        )
    )
    return Q(lead_unit__in=units) | Q(pk__in=assisted)
