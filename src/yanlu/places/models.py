"""Places (地点) as one tree, and sites in it. Nobody but ``places`` imports this module."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """The five levels of 三级平台五级应用, from the top."""

    CITY = 1, _("city")
    DISTRICT = 2, _("district")
    SUBDISTRICT = 3, _("subdistrict")
    COMMUNITY = 4, _("community")
    BUILDING = 5, _("building")


class Place(models.Model):
    """A node of the territory (市、区、街镇、居村、楼组).

    ``path`` holds the keys from the root, as ``/1/4/27/``, so that a subtree is a prefix.
    ``boundary`` is a GeoJSON polygon; it and ``lat``/``lon`` (the centre) are WGS-84.
    ``cell`` is the H3 index of the centre at resolution 9 (cells of about 0.1 km²).
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.SmallIntegerField(choices=Level.choices)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    path = models.CharField(max_length=120, unique=True)
    boundary = models.JSONField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    cell = models.CharField(max_length=16, blank=True)
    households = models.IntegerField(null=True, blank=True)
    residents = models.IntegerField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    """What kind of spot a site is."""

    PARK = "park", _("park")
    CIRCLE = "circle", _("business circle")
    BUSINESS_PARK = "business_park", _("business park")
    STATION = "station", _("collection station")
    METRO = "station_metro", _("metro station")


class Site(models.Model):
    """A named spot that people refer to (公园、商圈、园区、民意收集站); position in WGS-84."""

    kind = models.CharField(max_length=16, choices=SiteKind.choices)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="sites")
    lat = models.FloatField()
    lon = models.FloatField()
    cell = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
