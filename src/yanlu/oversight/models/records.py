"""The book of cases (台账): how each was dealt with, and which units had it."""

from django.db import models


class Record(models.Model):
    """How one case was dealt with, by ``ledger`` from its journal. Never edited, always rebuilt.

    Place, category and kind are those of the Decision that it was last dispatched by. ``unit``:
    whose answer the resident judges; ``first_unit``: whose answer kept or broke the first promise;
    both the unit in charge while there is none. ``level``: that of ``unit``. ``contact_due_at``:
    one working day after ``first_unit`` was given it. ``first_due_at`` is the original deadline,
    ``due_at`` the extended one, empty while the case is suspended. ``entry``: number of the last
    journal row that was read.
    """

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    first_unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    level = models.SmallIntegerField(null=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(
        "dispatch.Category", models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=20)
    is_sealed = models.BooleanField()
    is_patrol = models.BooleanField()
    has_somebody = models.BooleanField()
    opened_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    no_contact = models.BooleanField()
    first_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, blank=True)
    was_called_back = models.BooleanField()
    is_unreached = models.BooleanField()
    heard_at = models.DateTimeField(null=True)
    is_solved = models.BooleanField(null=True)
    attitude = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    returns = models.PositiveSmallIntegerField()
    redone = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True)
    entry = models.BigIntegerField()

    class Meta:
        # One for each moment that a period is asked for by: all of them together pick a month.
        indexes = (
            models.Index(fields=("contact_due_at",), name="record_contact_due"),
            models.Index(fields=("first_due_at",), name="record_first_due"),
            models.Index(fields=("due_at",), name="record_due"),
            models.Index(fields=("answered_at",), name="record_answered"),
            models.Index(fields=("heard_at",), name="record_heard"),
            models.Index(fields=("ended_at",), name="record_ended"),
        )

    def __str__(self) -> str:
        return f"record of {self.case_id}"


class Turn(models.Model):
    """A unit's time with a case, from when it was first given it; rebuilt with the record.

    ``returned_at``: it gave the case back as somebody else's, whoever was right. ``raised_at``: it
    handed the case up, and was not given it again.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="turns")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "unit"), name="turn_once"),)
        indexes = (models.Index(fields=("given_at",), name="turn_given"),)

    def __str__(self) -> str:
        return f"{self.unit_id} had {self.record_id}"
