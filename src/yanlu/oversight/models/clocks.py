"""Limits as data, and the promises that cases carry."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch.vocabulary import KINDS, URGENCIES
from yanlu.kernel import clock
from yanlu.kernel.calendars import LimitUnit
from yanlu.oversight import clocks

#: Clocks that a rule gives a limit; the others have the date that the journal names.
RULED = [
    (clocks.DISPATCH, _("to dispatch")),  # 派单
    (clocks.ACCEPT, _("to accept")),  # 接收
    (clocks.CONTACT, _("first contact")),  # 先行联系
    (clocks.HANDLE, _("to handle")),  # 处理
    (clocks.CALLBACK, _("to call back")),  # 回访
    (clocks.NOTICE, _("notice of acceptance")),  # 受理告知
]


class ClockRule(models.Model):
    """How long a clock runs (时限规则), for promises that begin between two days.

    Empty fields match everything; a category matches its subcategories, ``level`` is that of the
    unit. Of several rules that match, the one that asks for most decides, of equal ones the one in
    force since later; the day after ``valid_until`` it no longer begins any promise. ``note``:
    where the limit comes from.
    """

    clock = models.CharField(max_length=12, choices=RULED)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=16, choices=KINDS, blank=True)
    urgency = models.CharField(max_length=10, choices=URGENCIES, blank=True)
    level = models.SmallIntegerField(null=True, blank=True)
    category = models.ForeignKey(
        "dispatch.Category", models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=LimitUnit.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("clock rule")
        verbose_name_plural = _("clock rules")
        ordering = ("clock", "valid_from", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "kind", "urgency", "level", "category", "valid_from"),
                name="clock_rule_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Two ends in the wrong order would be a rule that never holds."""
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("It ends before it begins.")})


class Promise(models.Model):
    """What is owed in a case by a date (承诺时限): due, kept, paused. Overdue is computed.

    Worked out from the case's journal by ``watching``; ``nth`` counts the promises of one clock in
    a case. ``amount`` and ``limit_unit`` are the limit as it was when the promise began, ``rule``
    the rule that it came from (none: the limit of the whole matter, by its deadline class).
    ``due_at`` is empty while the clock stands still. ``pauses``: pairs of moments. ``is_void``: it
    ended without being kept or broken. ``rung``: the order of the ladder's last rung for this date;
    ``lag``: seconds by which it came too late, as after an outage, and by which the others wait.
    ``next_at``: when the next one is due. ``moved_at``: when anything last happened to the case.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    clock = models.CharField(max_length=12)
    nth = models.SmallIntegerField()
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(ClockRule, models.PROTECT, null=True, related_name="+", db_index=False)
    amount = models.PositiveIntegerField()
    limit_unit = models.CharField(max_length=16, choices=LimitUnit.choices)
    started_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    is_void = models.BooleanField(default=False)
    pauses = models.JSONField(default=list)
    rung = models.PositiveSmallIntegerField(default=0)
    lag = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    is_sealed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "clock", "nth"), name="promise_once"),
        )
        indexes = (
            models.Index(
                fields=("next_at",),
                name="promise_next",
                condition=models.Q(next_at__isnull=False),
            ),
            models.Index(
                fields=("due_at", "unit"),
                name="promise_due",
                include=("case", "is_sealed"),
                condition=models.Q(ended_at=None, clock__in=clocks.MATTERS),
            ),
            models.Index(
                fields=("moved_at", "unit"),
                name="promise_silent",
                include=("case", "is_sealed", "due_at"),
                condition=models.Q(ended_at=None, clock__in=clocks.MATTERS),
            ),
            models.Index(
                fields=("unit", "due_at", "case"),
                name="promise_of_unit",
                condition=models.Q(ended_at=None, clock__in=clocks.MATTERS),
            ),
        )

    def __str__(self) -> str:
        return f"{self.clock} of {self.case_id}"

    @property
    def is_overdue(self) -> bool:
        """Whether it was kept late, or is late now; a clock that stands still is not."""
        if self.due_at is None or self.is_void:
            return False
        return (self.ended_at or clock.now()) > self.due_at

    @property
    def left(self) -> timedelta | None:
        """How long it may still take, negative once it is late; nothing for what has ended."""
        if self.ended_at or self.due_at is None:
            return None
        return self.due_at - clock.now()

    @property
    def spans(self) -> list[tuple[datetime, datetime | None]]:
        """From when to when it stood still."""
        return [
            (datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
            for since, until in self.pauses
        ]
