"""The data pool's own table: which files have to be written."""

from django.db import models


class PoolDay(models.Model):
    """A day of which words are, or were, in the pool.

    ``marks`` counts how often something about its words changed, ``written`` up to which of these
    the file says so; ``trees`` is the digest of the places and categories that it was written by.
    """

    day = models.DateField(primary_key=True)
    marks = models.BigIntegerField()
    written = models.BigIntegerField(default=0)
    trees = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.day}: {self.written} of {self.marks}"
