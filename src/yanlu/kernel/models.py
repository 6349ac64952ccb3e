"""Tables of the kernel. Nobody but the kernel imports this module."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.workdays import OFFICE_HOURS, OpeningHours


class Entry(models.Model):
    """One accountable act (日志). Written by :func:`yanlu.kernel.journal.record` alone.

    A trigger fills ``id``, ``seq``, ``prev_hash`` and ``hash``; another refuses every
    update, delete and truncate. ``seq`` counts the rows of one subject from 1.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    seq = models.IntegerField()
    data = models.JSONField()
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "kernel_journal"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "subject_id", "seq"), name="journal_chain"
            ),
            models.CheckConstraint(
                condition=~models.Q(actor__contains="\n") & ~models.Q(verb__contains="\n"),
                name="journal_one_line",
            ),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.subject_type}:{self.subject_id}"


class Seal(models.Model):
    """A signed Merkle root over the journal rows ``first_id`` to ``last_id``, both included."""

    at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    rows = models.IntegerField()
    root = models.BinaryField()
    prev_root = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        ordering = ("last_id",)

    def __str__(self) -> str:
        return f"seal {self.pk} up to {self.last_id}"


class Position(models.Model):
    """How far a follower has read, and the fence that it waits for (see ``followers``)."""

    follower = models.CharField(max_length=60, primary_key=True)
    done_id = models.BigIntegerField(default=0)
    fence_id = models.BigIntegerField(null=True)
    fence_xid = models.BigIntegerField(null=True)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.follower} at {self.done_id}"


class Parked(models.Model):
    """A journal row that a follower could not digest: visible, retried, never in the way."""

    follower = models.CharField(max_length=60)
    entry_id = models.BigIntegerField()
    error = models.CharField(max_length=500)
    attempts = models.IntegerField(default=1)
    parked_at = models.DateTimeField()
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("follower", "entry_id"), name="parked_once"),
        )

    def __str__(self) -> str:
        return f"{self.follower} could not digest {self.entry_id}"


class Quota(models.Model):
    """How often a key was used in the present window; lost in a crash without harm (UNLOGGED)."""

    key = models.CharField(max_length=120, primary_key=True)
    window = models.BigIntegerField()
    used = models.IntegerField()

    def __str__(self) -> str:
        return self.key


class HolidayOverride(models.Model):
    """A day that the district sets free or working against the published calendar.

    ``opens_at``, ``closes_at``: other hours than usual on a working day, as on a half day.
    """

    day = models.DateField(unique=True)
    is_workday = models.BooleanField()
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("exception of the calendar")
        verbose_name_plural = _("exceptions of the calendar")
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day} {'working' if self.is_workday else 'free'}"

    def hours(self) -> OpeningHours | None:
        """From when to when is worked, where that differs from the usual hours."""
        if not self.opens_at and not self.closes_at:
            return None
        return OpeningHours(self.opens_at or OFFICE_HOURS.start, self.closes_at or OFFICE_HOURS.end)

    def clean(self) -> None:
        """An office can't close before it opens."""
        try:
            self.hours()
        except ValueError:
            raise ValidationError({"closes_at": _("It closes before it opens.")}) from None
