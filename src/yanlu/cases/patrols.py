"""What grid workers (网格员) find on patrol, and their checks on site (核查); a write door.

A finding is nobody's private matter: no resident stands behind it, so nobody is called back. Once
the unit has answered, another grid worker sees on site whether it is settled (GB/T 30428: who
handles never verifies).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases import promises
from yanlu.cases.acting import move, sentence, take
from yanlu.cases.models import Case, Check
from yanlu.cases.opening import open_found
from yanlu.dispatch import catalogue
from yanlu.dispatch import services as decisions
from yanlu.intake import photos
from yanlu.intake.services import Words, receive_submission
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid, NotAllowed
from yanlu.people import access as people
from yanlu.people import roles
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account


@dataclass(frozen=True)
class Finding:
    """What a grid worker saw, and where (WGS-84).

    :param item_id: what it is, by the catalogue.
    :param key: the same for the same finding sent twice; ``digest`` tells whether it is the same.
    """

    item_id: int
    text: str
    place_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    key: str = ""
    digest: str = ""


@transaction.atomic
def open_patrol(*, actor: "Account", finding: Finding, files: Sequence[photos.Upload] = ()) -> Case:
    """Open a case for what was found, sorted by the catalogue (巡查立案).

    It goes to its unit at once where the catalogue names one that may be given it; otherwise it
    waits for a dispatcher. Sent twice it is opened once.

    :raises Invalid: unclear what or where, or no photo of what needs one.
    :raises NotAllowed: no grid worker, or not their territory.
    :raises Conflict: the key came before with another content.
    """
    item = catalogue.item(finding.item_id)
    if item.needs_photo and not files:
        raise Invalid(_("Take a photo of it."), "photos")
    words = Words(
        text=sentence(finding.text, "text"),
        title=item.name,
        channel="walk",
        place_id=_place_of(actor, finding),
        lat=finding.lat,
        lon=finding.lon,
        address=finding.address,
        helper=actor,
        idempotency_key=finding.key,
        request_digest=finding.digest,
    )
    submission, is_new = receive_submission(actor=actor, words=words, files=files)
    if not is_new:
        return Case.objects.get(submission=submission)
    decision = decisions.decide_by_item(actor=actor, submission_id=submission.pk, item_id=item.pk)
    return open_found(decision, actor)


@transaction.atomic
def record_check(
    *,
    actor: "Account",
    case_id: int,
    is_settled: bool,
    photo: photos.Upload,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Record what was seen on site: the end, or three more working days for the unit."""
    verb = "find_settled" if is_settled else "find_unsettled"
    case = take(actor, case_id, verb, version)
    kept = photos.keep_one(photo)
    check = Check.objects.create(
        case=case,
        by=actor,
        is_settled=is_settled,
        note=note.strip() if is_settled else sentence(note, "note"),
        at=clock.now(),
        **kept.columns(),
    )
    data: dict[str, Any] = {"check": check.pk, "photo": check.file}
    if not is_settled:
        promises.start_again(case)
        data["due_at"] = case.due_at
    return move(case, actor, verb, data)


def _place_of(actor: "Account", finding: Finding) -> int:
    """Where it is: as chosen, else where the point lies; both have to be in the worker's territory.

    :raises Invalid: not said, or nowhere in the district.
    """
    located = None
    if finding.lat is not None and finding.lon is not None:
        located = territory().locate(finding.lat, finding.lon)
        if located is None:
            raise Invalid(_("This position is outside the district: choose the place."), "lat")
    place_id = finding.place_id or located
    if place_id is None:
        raise Invalid(_("Say where it is: by your position, or from the list."), "place")
    for place in {place_id, located or place_id}:
        if not people.covers(actor, {roles.GRID_WORKER}, place):
            raise NotAllowed(_("That is outside the territory that you patrol."))
    return place_id
