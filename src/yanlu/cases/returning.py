"""Whose case is it: returned, disputed, settled from above, handed up, passed down, transferred.

The whole clock runs on through all of it. Who may do what, and when, stands in ``states`` and
``guards``.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases import guards
from yanlu.cases.acting import add_remark, move, reason_of, sentence, take
from yanlu.cases.models import Case, Return
from yanlu.cases.recusing import check_free
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid, NotAllowed
from yanlu.people import selectors as people
from yanlu.places.territory import COMMUNITY

if TYPE_CHECKING:
    from yanlu.people.models import Account, Unit


@transaction.atomic
def return_case(
    *,
    actor: "Account",
    case_id: int,
    reason: str,
    explanation: str,
    evidence: str,
    version: int | None = None,
) -> Case:
    """Give the case back as somebody else's (退单), with what proves it.

    Once for each unit, within five working days.
    """
    case = take(actor, case_id, "return", version)
    found = reason_of("return", reason)
    said = f"{sentence(explanation, 'explanation')}\n{sentence(evidence, 'evidence')}"
    remark = add_remark(case, actor, "return", reason=found, text=said)
    assert case.lead_unit_id  # whoever acts for the lead unit saw to it
    Return.objects.create(case=case, unit_id=case.lead_unit_id, at=clock.now())
    data = {"unit": case.lead_unit_id, "reason": found.code, "remark": remark.pk}
    return move(case, actor, "return", data)


@transaction.atomic
def refuse_return(
    *, actor: "Account", case_id: int, explanation: str, version: int | None = None
) -> Case:
    """Leave the case with the unit that returned it (不同意退单)."""
    case = take(actor, case_id, "refuse_return", version)
    remark = add_remark(case, actor, "refuse_return", text=sentence(explanation, "explanation"))
    Return.objects.filter(case=case, unit=case.lead_unit_id).update(refused_at=clock.now())
    data = {"unit": case.lead_unit_id, "remark": remark.pk}
    return move(case, actor, "refuse_return", data)


@transaction.atomic
def dispute_case(
    *, actor: "Account", case_id: int, explanation: str, version: int | None = None
) -> Case:
    """Ask whoever is above unit and dispatcher to decide (争议)."""
    case = take(actor, case_id, "dispute", version)
    remark = add_remark(case, actor, "dispute", text=sentence(explanation, "explanation"))
    Return.objects.filter(case=case, unit=case.lead_unit_id).update(disputed_at=clock.now())
    return move(case, actor, "dispute", {"unit": case.lead_unit_id, "remark": remark.pk})


@transaction.atomic
def settle_dispute(
    *, actor: "Account", case_id: int, unit: int, explanation: str, version: int | None = None
) -> Case:
    """Name the unit in charge for good (裁定); it may not return the case."""
    case = take(actor, case_id, "settle", version)
    return _give(case, actor, "settle", unit, explanation, is_final=True)


@transaction.atomic
def transfer_case(
    *, actor: "Account", case_id: int, unit: int, explanation: str, version: int | None = None
) -> Case:
    """Let another unit take over (转办)."""
    case = take(actor, case_id, "transfer", version)
    return _give(case, actor, "transfer", unit, explanation)


@transaction.atomic
def raise_case(
    *,
    actor: "Account",
    case_id: int,
    reason: str,
    explanation: str,
    version: int | None = None,
) -> Case:
    """Hand up what exceeds the neighbourhood's remit (向上派单), with what it did already."""
    case = take(actor, case_id, "raise", version)
    found = reason_of("raise", reason)
    remark = add_remark(
        case, actor, "raise", reason=found, text=sentence(explanation, "explanation")
    )
    data = {"unit": case.lead_unit_id, "reason": found.code, "remark": remark.pk}
    return move(case, actor, "raise", data)


@transaction.atomic
def send_back(
    *, actor: "Account", case_id: int, explanation: str, version: int | None = None
) -> Case:
    """Give what was handed up back to the neighbourhood, saying how it can settle it (退回)."""
    case = take(actor, case_id, "send_back", version)
    remark = add_remark(case, actor, "send_back", text=sentence(explanation, "explanation"))
    return move(case, actor, "send_back", {"unit": case.lead_unit_id, "remark": remark.pk})


@transaction.atomic
def pass_down(
    *, actor: "Account", case_id: int, unit: int, explanation: str, version: int | None = None
) -> Case:
    """Pass the case to a unit below one's own (向下派单)."""
    case = take(actor, case_id, "pass_down", version)
    own = people.unit(case.lead_unit_id) if case.lead_unit_id else None
    if own is None or unit not in {below.pk for below in guards.units_below(own)}:
        raise Invalid(_("Choose a unit below your own."), "unit")
    return _give(case, actor, "pass_down", unit, explanation)


def check_admitted(unit: "Unit", category_id: int | None) -> None:
    """Refuse to give a neighbourhood what is not on its list (准入清单).

    :raises NotAllowed: with the rule, since no department may push such a matter down.
    """
    if unit.level >= COMMUNITY and not dispatch.is_admitted(category_id):
        raise NotAllowed(
            _(
                "Not on the list of what a neighbourhood may be given (准入清单): choose the"
                " subdistrict's unit."
            )
        )


def _give(
    case: Case,
    actor: "Account",
    verb: str,
    unit_id: int,
    explanation: str,
    *,
    is_final: bool = False,
) -> Case:
    remark = add_remark(case, actor, verb, text=sentence(explanation, "explanation"))
    data = put_in_charge(case, unit_id, is_final=is_final)
    return move(case, actor, verb, data | {"remark": remark.pk})


def put_in_charge(case: Case, unit_id: int, *, is_final: bool) -> dict[str, Any]:
    """Let the unit have the case from now on; what the journal says of it.

    :raises Invalid: no such unit, or it is in charge already and nobody names it for good.
    """
    unit = people.unit(unit_id)
    if unit is None or unit.dissolved_at:
        raise Invalid(_("Choose the unit in charge."), "unit")
    if unit_id == case.lead_unit_id and not is_final:
        raise Invalid(_("This unit is in charge already."), "unit")
    check_free(case, [unit_id])
    check_admitted(unit, case.category_id)
    data = {"unit": unit_id, "from": case.lead_unit_id}
    case.lead_unit_id, case.given_at, case.is_unit_final = unit_id, clock.now(), is_final
    return data
