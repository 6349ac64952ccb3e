"""Submissions of partner systems: hand in, and look up how they stand."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noted
from ninja import Router

from yanlu.api.rest import limits
from yanlu.api.rest.answers import problems
from yanlu.api.rest.keys import PartnerKey, carried_key
from yanlu.api.rest.schemas import MatterOut, Receipt, SubmissionIn, check_moment
from yanlu.cases.matters import matter_by_code
from yanlu.intake import codes
from yanlu.intake.channels.spots import spot
from yanlu.intake.services import Contact, Words, receive_submission
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid
from yanlu.places import coordinates

if TYPE_CHECKING:
    from yanlu.cases.matters import Matter
    from yanlu.intake.models import Submission
    from yanlu.people.models import ApiKey

router = Router(tags=["submissions"])

PATH = "/api/v1/submissions/"
#: Longest Idempotency-Key; what is stored is scoped to the partner.
MAX_KEY = 100
_KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": noted("Any text of your own; sent again, it gives the first answer."),
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"},
}


@router.post(
    "/submissions",
    auth=PartnerKey(),
    response={200: Receipt, 201: Receipt, **problems(400, 401, 409, 411, 413, 415, 422, 429, 503)},
    openapi_extra={"parameters": [_KEY_HEADER]},
    summary=noted("Hand in what a resident said"),
    description=noted("201 with a query code, or 200 with that of the first time."),
)
def hand_in(request: HttpRequest, said: SubmissionIn) -> HttpResponse:
    """Take words in, once."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    limits.spend_submission(key)
    submission, is_new = receive_submission(actor=key, words=_words(request, key, said))
    response = HttpResponse(
        _receipt(submission), status=201 if is_new else 200, content_type="application/json"
    )
    response.headers["Location"] = PATH + submission.query_code
    if key.per_minute is not None:
        response.headers["RateLimit-Policy"] = limits.policy(key.per_minute)
    return response


@router.get(
    "/submissions/{code}",
    response={200: MatterOut, **problems(401, 404, 429, 503)},
    openapi_extra={"security": [{}, {"PartnerKey": []}]},
    summary=noted("Look up how a matter stands"),
    description=noted(
        "State and timeline for whoever holds the code, with or without a key; neither words nor"
        " anything personal."
    ),
)
def look_up(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what everybody who holds the code may know."""
    limit = limits.spend_lookup(request, carried_key(request))
    matter = matter_by_code(code)
    response = HttpResponse(_standing(matter), content_type="application/json")
    response.headers["RateLimit-Policy"] = limits.policy(limit)
    return response


def _words(request: HttpRequest, key: "ApiKey", said: SubmissionIn) -> Words:
    check_moment(said.said_at)
    sent = _idempotency_key(request)
    contact = said.contact
    return Words(
        text=said.text,
        title=said.title,
        kind=said.kind or "",
        channel=said.channel,
        said_at=said.said_at,
        contact=Contact(contact.name, contact.phone, contact.address) if contact else Contact(),
        is_anonymous=said.anonymous,
        is_confidential=said.confidential,
        may_publish=said.may_publish,
        source=key.name,
        source_number=said.source_id or "",
        idempotency_key=f"{key.pk}:{sent}" if sent else "",
        request_digest=sha256(said.model_dump_json().encode()).hexdigest() if sent else "",
        **_where(said),
    )


def _idempotency_key(request: HttpRequest) -> str:
    if "HTTP_IDEMPOTENCY_KEY" not in request.META:
        return ""
    sent = str(request.META["HTTP_IDEMPOTENCY_KEY"])
    if not 0 < len(sent) <= MAX_KEY or not all("!" <= c <= "~" for c in sent):
        raise Invalid(
            _("At most 100 characters, without blanks: letters, figures, signs."), "Idempotency-Key"
        )
    return sent


def _where(said: SubmissionIn) -> dict[str, Any]:
    """Place and position (WGS-84) as the resident gave them."""
    lat, lon = said.lat, said.lon
    if lat is not None and lon is not None and said.datum != "wgs84":
        given = coordinates.Coordinate(lat, lon, coordinates.Datum(said.datum))
        position = coordinates.to_wgs84(given)
        lat, lon = position.lat, position.lon
    if not said.place:
        return {"lat": lat, "lon": lon}
    found = spot(said.place)
    if found is None:
        raise Invalid(_("We know no place by this code."), "place")
    if lat is None and lon is None:
        lat, lon = found.lat, found.lon
    return {"place_id": found.place_id, "lat": lat, "lon": lon}


def _receipt(submission: "Submission") -> str:
    code = submission.query_code
    return json.dumps(
        {
            "code": code,
            "spaced_code": codes.spaced(code),
            "received_at": submission.received_at.astimezone(clock.ZONE).isoformat(),
            "links": _links(code),
        }
    )


def _standing(matter: "Matter") -> str:
    standing = MatterOut.model_validate(
        {
            "code": matter.code,
            "spaced_code": matter.spaced_code,
            "state": matter.state,
            "received_at": matter.submission.received_at.astimezone(clock.ZONE),
            "due_at": matter.due_at and matter.due_at.astimezone(clock.ZONE),
            "unit": matter.unit_name,
            "steps": [
                {"at": step.at.astimezone(clock.ZONE), "event": step.event, "unit": step.unit}
                for step in matter.steps
            ],
            "links": _links(matter.code),
        }
    )
    return standing.model_dump_json()


def _links(code: str) -> dict[str, str]:
    return {"self": PATH + code, "page": f"/matter/{code}/"}
