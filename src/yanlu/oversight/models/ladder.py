"""The ladder of supervision (督办阶梯): its rungs as data, and what was done by it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch.vocabulary import URGENCIES
from yanlu.kernel.calendars import LimitUnit
from yanlu.oversight import clocks
from yanlu.oversight.models.clocks import RULED, Promise


class Means(models.TextChoices):
    """What is done about a promise, from mild to grave (``domain.md`` §4)."""

    REMINDER = "reminder", _("reminder")  # 催办
    NOTICE = "notice", _("reminder notice")  # 催办通知
    ORDER = "order", _("supervision order")  # 督办单
    LISTED = "listed", _("listed supervision")  # 挂牌督办
    INTERVIEW = "interview", _("interview")  # 约谈
    BULLETIN = "bulletin", _("bulletin")  # 通报批评


class Rung(models.Model):
    """One rung: what is done how long before or after a date.

    A promise climbs the rungs of its clock and its case's urgency; where there is none for the
    urgency, those without one. ``order`` says which comes first and never changes. Days begin at
    nine. A reminder that would come before the promise itself comes at half time. From a
    supervision order on, the unit owes a reply: ``demand`` within ``reply_days`` working days.
    """

    order = models.PositiveSmallIntegerField()
    clock = models.CharField(
        max_length=12,
        choices=[
            (clocks.WHOLE, _("the whole matter")),
            (clocks.REHANDLING, _("re-handling")),
            (clocks.REVIEW, _("review")),
            *RULED,
        ],
    )
    urgency = models.CharField(max_length=10, choices=URGENCIES, blank=True)
    means = models.CharField(max_length=12, choices=Means.choices)
    is_before = models.BooleanField(default=False)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=LimitUnit.choices)
    reply_days = models.PositiveSmallIntegerField(default=5)
    demand = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("rung of the ladder")
        verbose_name_plural = _("ladder of supervision")
        ordering = ("clock", "urgency", "order")
        constraints = (
            models.UniqueConstraint(fields=("clock", "urgency", "order"), name="rung_once"),
        )

    def __str__(self) -> str:
        return f"{self.clock} {self.order} {self.means}"

    def clean(self) -> None:
        """Working hours are counted forward only."""
        if self.is_before and self.unit == LimitUnit.WORKING_HOURS:
            raise ValidationError({"unit": _("Before a date, count hours, days or working days.")})


class Measure(models.Model):
    """What the ladder did about a promise (督办措施); each rung once for each date promised."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="measures")
    rung = models.ForeignKey(Rung, models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    means = models.CharField(max_length=12, choices=Means.choices)
    due_at = models.DateTimeField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("promise", "rung", "due_at"), name="measure_once"),
        )

    def __str__(self) -> str:
        return f"{self.means} about {self.promise_id}"
