"""What was seen on site: a photo, and where it was taken."""

from django.db import models


class OnSite(models.Model):
    """Position (WGS-84) and photo of something seen on site; empty where there is none."""

    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    file = models.CharField(max_length=120, blank=True)
    thumbnail = models.CharField(max_length=120, blank=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    size = models.IntegerField(null=True)

    class Meta:
        abstract = True
