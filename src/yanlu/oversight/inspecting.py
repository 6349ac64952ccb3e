"""Looking on site at closed cases that were drawn by chance (实地抽查): the list and the door."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases import selectors as cases
from yanlu.cases.acting import sentence
from yanlu.cases.selectors import QueueRow
from yanlu.intake import photos
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotFound
from yanlu.oversight import access, reports
from yanlu.oversight.models import Inspection, Record
from yanlu.people import roles
from yanlu.people.access import has_role

if TYPE_CHECKING:
    from yanlu.people.models import Account

NO_SUCH = _("There is no such case to look at, or it is not yours.")


@dataclass(frozen=True)
class Seen:
    """What was found on site, and how that is shown.

    :param photo: with position, needed for whatever could be seen.
    """

    finding: str
    text: str
    photo: photos.Upload | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class ToInspect:
    """A case that was drawn, as its line shows it."""

    inspection: Inspection
    case: QueueRow


def may_inspect(account: "Account") -> bool:
    """Whether cases are drawn for this person to look at."""
    return has_role(account, {roles.SUPERVISOR, roles.GRID_WORKER})


def to_inspect(account: "Account") -> list[ToInspect]:
    """Drawn cases that nobody has looked at and this person may, by report and draw."""
    waiting = Inspection.objects.filter(finding="", report__state=reports.DRAFT)
    rows = list(waiting.select_related("report").order_by("report", "nth"))
    places = _places(rows)
    mine = [one for one in rows if access.may_inspect(account, one, places.get(one.case_id))]
    known = cases.rows_of([one.case_id for one in mine])
    return [ToInspect(one, known[one.case_id]) for one in mine]


def get_inspection(account: "Account", inspection_id: int, *, lock: bool = False) -> ToInspect:
    """A drawn case, if this person may look at it.

    :raises NotFound: hidden or missing.
    """
    rows = Inspection.objects.select_related("report", "unit", "by")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=inspection_id).first()
    if found is None or not access.may_inspect(account, found, _places([found]).get(found.case_id)):
        raise NotFound(NO_SUCH)
    return ToInspect(found, cases.rows_of([found.case_id])[found.case_id])


@transaction.atomic
def inspect_case(*, actor: "Account", inspection_id: int, seen: Seen) -> Inspection:
    """Record what was found on site, once, with photo, position and time.

    :raises NotFound: not drawn, or not the person's to look at.
    :raises Conflict: somebody was there before, or the report is issued.
    :raises Invalid: nothing is said, or photo or position is missing.
    """
    found = get_inspection(actor, inspection_id, lock=True).inspection
    if found.finding or found.report.state != reports.DRAFT:
        raise Conflict(_("This case was looked at already, or its report is out."))
    if seen.finding not in Inspection.Finding.values:
        raise Invalid(_("Choose what you found."), "finding")
    if seen.finding != Inspection.Finding.UNSEEN:
        _demand_proof(seen)
    found.finding, found.text = seen.finding, sentence(seen.text, "text")
    found.lat, found.lon = seen.lat, seen.lon
    if seen.photo:
        for name, value in photos.keep_one(seen.photo).columns().items():
            setattr(found, name, value)
    found.by, found.at = actor, clock.now()
    found.save()
    data = {"report": found.report_id, "case": found.case_id, "finding": found.finding}
    told = data | {"digest": journal.digest(found.text, found.file, found.lat, found.lon)}
    about = journal.Subject("inspection", found.pk)
    journal.record("inspection.made", about, actor=actor, data=told)
    return found


def _demand_proof(seen: Seen) -> None:
    if seen.photo is None:
        raise Invalid(_("Add a photo of how it is now."), "photo")
    if seen.lat is None or seen.lon is None:
        raise Invalid(_("Say where you are."), "lat")


def _places(rows: list[Inspection]) -> dict[int, int | None]:
    """Where the cases happened."""
    numbers = [one.case_id for one in rows]
    return dict(Record.objects.filter(case__in=numbers).values_list("case", "place"))
