"""The catalogue beside a case: the few items that fit it, and all of it by words, to click once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yanlu.cases import access, states
from yanlu.cases.files import CaseFile
from yanlu.dispatch import catalogue
from yanlu.dispatch.selectors import localized
from yanlu.kernel.errors import NotFound
from yanlu.people import selectors as people
from yanlu.web.labels import in_language
from yanlu.web.staff.choices import unit_name
from yanlu.web.staff.gates import at_work, staff_only

if TYPE_CHECKING:
    from yanlu.cases.models import Case
    from yanlu.dispatch.models import CatalogueItem

#: Items that a search shows at most.
MOST = 12


@dataclass(frozen=True)
class Offer:
    """An item, and what it would set for this case."""

    id: int
    name: str
    unit: str
    limit: str
    ground: str


@staff_only()
@require_GET
def search(request: HttpRequest, case_id: int) -> HttpResponse:
    """Items that hold what was typed; part of the case page."""
    case = access.get_case(at_work(request), case_id)
    if not _may_dispatch(case, access.allowed(at_work(request), case)):
        raise NotFound(_("There is no such case, or it is not yours to see."))
    typed = request.GET.get("catalogue", "")
    context = {
        "case": case,
        "typed": typed,
        "offers": _offers(case, catalogue.found(typed, case.urgency)),
    }
    return render(request, "staff/parts/offers.html", context)


def context_of(file: CaseFile, typed: str) -> dict[str, Any]:
    """What the case page shows of the catalogue, for whoever may dispatch the case."""
    case, said = file.case, file.submission
    if not catalogue.items() or not _may_dispatch(case, file.allowed):
        return {"has_catalogue": False}
    known = catalogue.categories_of(file.decision)
    fitting = catalogue.fitting(f"{said.title}\n{said.text}", known, case.urgency)
    return {
        "has_catalogue": True,
        "typed": typed,
        "fitting": _offers(case, fitting),
        "offers": _offers(case, catalogue.found(typed, case.urgency)),
    }


def _may_dispatch(case: "Case", allowed: Iterable[states.Transition]) -> bool:
    """Reports of wrongdoing go their own way."""
    return not case.is_sealed and "dispatch" in {step.verb for step in allowed}


def _offers(case: "Case", items: "Iterable[CatalogueItem]") -> list[Offer]:
    """Items that name a unit for the case's place; not the one that has just returned it."""
    returned_by = case.lead_unit_id if case.state == states.RETURNED else None
    offers = []
    for item in items:
        office = catalogue.office_of(item, case.place_id)
        unit = people.unit(office.id) if office else None
        if unit and unit.pk != returned_by:
            offers.append(
                Offer(
                    id=item.pk,
                    name=in_language(item.name, item.name_en),
                    unit=unit_name(unit),
                    limit=localized(item.deadline_class),
                    ground=item.ground,
                )
            )
    return offers[:MOST]
