"""The write door of places."""

from typing import Any

from django.db import transaction

from yanlu.kernel import journal
from yanlu.places import selectors
from yanlu.places.models import Place, Site
from yanlu.places.territory import Node


@transaction.atomic
def add_place(
    *,
    actor: journal.Actor,
    level: int,
    code: str,
    name: str,
    parent: Node | None = None,
    **details: Any,
) -> Node:
    """Add a place below ``parent``.

    :param details: ``name_en``, ``aliases``, ``boundary`` (GeoJSON, WGS-84), ``lat``, ``lon``,
        ``households``, ``residents``, ``is_demo``.
    """
    place = Place(
        level=level, code=code, name=name, parent_id=parent.id if parent else None, **details
    )
    if place.lat is not None and place.lon is not None:
        place.cell = selectors.cell(place.lat, place.lon)
    place.path = f"pending:{code}"
    place.save()
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save(update_fields=["path"])
    journal.record(
        "place.added", journal.Subject("place", place.pk), actor=actor, data={"code": code}
    )
    selectors.territory.forget()
    return selectors.as_node(place)


@transaction.atomic
def add_site(
    *,
    actor: journal.Actor,
    kind: str,
    code: str,
    name: str,
    place: Node,
    lat: float,
    lon: float,
    name_en: str = "",
) -> int:
    """Add a site in ``place`` at a WGS-84 position; its number."""
    site = Site.objects.create(
        kind=kind,
        code=code,
        name=name,
        name_en=name_en,
        place_id=place.id,
        lat=lat,
        lon=lon,
        cell=selectors.cell(lat, lon),
    )
    journal.record("site.added", journal.Subject("site", site.pk), actor=actor, data={"code": code})
    return site.pk
