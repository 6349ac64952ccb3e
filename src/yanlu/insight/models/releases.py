"""What was made public of a month."""

from django.db import models


class Release(models.Model):
    """Open statistics of a month (公开数据), as they were released; never reckoned again.

    ``month``: its first day. ``tables``: as :func:`yanlu.insight.releasing.tables_of` gives them.
    """

    month = models.DateField(unique=True)
    released_at = models.DateTimeField()
    tables = models.JSONField()

    class Meta:
        ordering = ("-month",)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
