"""What pages ask for besides pages: photos, boundaries, whether the service is well."""

import logging
from typing import Any

from django.core.files.storage import default_storage
from django.db import Error, connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from yanlu.cases.matters import photo_for
from yanlu.kernel.errors import NotFound
from yanlu.places.selectors import territory
from yanlu.places.territory import Node
from yanlu.web.labels import place_name
from yanlu.web.resident import held

log = logging.getLogger(__name__)
HOUR, DAY = 3600, 24 * 3600
#: Decimals of a degree: five are about a metre.
DECIMALS = 5


@require_safe
@cache_control(private=True, max_age=DAY, immutable=True)
def photo(request: HttpRequest, attachment_id: int, size: str) -> FileResponse:
    """A photo or its thumbnail, for whoever may see the matter.

    :raises NotFound: hidden or missing.
    """
    attachment = photo_for(held.account(request), attachment_id, held.codes(request))
    if size not in {"large", "small"}:
        raise NotFound(_("There is no such photo, or it is not yours to see."))
    name = attachment.file if size == "large" else attachment.thumbnail
    return FileResponse(default_storage.open(name), content_type="image/jpeg")


@require_safe
@cache_control(public=True, max_age=HOUR)
def boundaries(request: HttpRequest) -> JsonResponse:
    """Boundaries of one level (``?level=3``), of all or of what lies within a place, as GeoJSON."""
    tree = territory()
    level = _number(request.GET.get("level"), 3)
    within = _number(request.GET.get("within"), 0)
    features = [
        _feature(node)
        for node in tree.of_level(level)
        if node.boundary and (not within or tree.covers(within, node.id))
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@never_cache
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Whether the service is well: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        log.exception("the database does not answer")
        return JsonResponse({"status": "database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


def _feature(node: Node) -> dict[str, Any]:
    geometry = node.boundary | {"coordinates": _rounded(node.boundary["coordinates"])}
    return {
        "type": "Feature",
        "id": node.id,
        "properties": {"id": node.id, "name": place_name(node), "lat": node.lat, "lon": node.lon},
        "geometry": geometry,
    }


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, int | float):
        return round(coordinates, DECIMALS)
    return [_rounded(part) for part in coordinates]


def _number(typed: str | None, otherwise: int) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 10 else otherwise
