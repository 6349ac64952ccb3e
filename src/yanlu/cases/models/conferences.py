"""Joint conferences (联席会议)."""

from uuid import uuid4

from django.db import models

from yanlu.cases.models.case import Case


class Conference(models.Model):
    """Several units meet about a case, or about several (联席会议).

    ``year`` and ``no`` make its number, as 〔2026〕1号. ``version`` counts the acts on it; ``uid``
    names it in calendars. ``recorded_at``: when minutes and resolution were written down, once.
    """

    year = models.IntegerField()
    no = models.IntegerField()
    uid = models.UUIDField(default=uuid4)
    version = models.IntegerField(default=1)
    subject = models.CharField(max_length=120)
    reason = models.ForeignKey("Reason", models.PROTECT, related_name="+")
    venue = models.CharField(max_length=120)
    chair = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    agenda = models.TextField()
    cases = models.ManyToManyField(Case, through="Item", related_name="conferences")
    convened_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    resolution = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "no"), name="conference_number"),)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number, as official documents are numbered (GB/T 9704-2012)."""
        return f"〔{self.year}〕{self.no}号"


class Item(models.Model):
    """A case on a conference, with what it came to (议题).

    ``unit``: named in charge there. ``told``: what the resident reads of it, masked.
    """

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    told = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conference", "case"), name="item_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} on {self.conference_id}"


class Seat(models.Model):
    """A unit's seat on a conference (参会单位): whether it came, and what it said."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="seats")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    is_present = models.BooleanField(null=True)
    said = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conference", "unit"), name="seat_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} sits on {self.conference_id}"
