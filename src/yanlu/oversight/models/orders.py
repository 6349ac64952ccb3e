"""Orders of supervision (督办件), and what was said about each step by step."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import clock
from yanlu.oversight import orders
from yanlu.oversight.models.ladder import Measure
from yanlu.oversight.models.on_site import OnSite


class Kind(models.TextChoices):
    """What the unit is given. All are numbered, owe a reply by a date, and end when it is taken."""

    ORDER = "order", _("supervision order")  # 督办单
    LISTED = "listed", _("listed supervision")  # 挂牌督办
    INTERVIEW = "interview", _("interview")  # 约谈
    BULLETIN = "bulletin", _("bulletin")  # 通报批评
    RECTIFICATION = "rectification", _("rectification demand")  # 整改通知
    KEY_ITEM = "key_item", _("key item of the district committee")  # 区委重点督办


class Way(models.TextChoices):
    """How it was given (督办方式)."""

    ONLINE = "online", _("online")  # 网络督办
    PHONE = "phone", _("by phone")  # 电话督办
    WRITING = "writing", _("in writing")  # 书面督办
    ON_SITE = "on_site", _("on site")  # 现场督办


class Order(models.Model):
    """What a unit has to answer for by a date. Changed by ``ordering`` alone, step by step.

    ``case`` is empty for what is about no single one; ``measure``: the ladder gave it, nobody by
    hand. ``due_at``: until when the unit replies.
    """

    year = models.SmallIntegerField()
    serial = models.IntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    measure = models.OneToOneField(Measure, models.PROTECT, null=True, related_name="given")
    subject = models.CharField(max_length=120)
    grounds = models.TextField()
    demand = models.TextField()
    state = models.CharField(max_length=12, default=orders.ISSUED)
    version = models.IntegerField(default=1)
    issued_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "serial"), name="order_number"),)
        indexes = (
            models.Index(fields=("unit", "state", "due_at"), name="order_of_unit"),
            models.Index(fields=("state", "due_at", "id"), name="order_by_state"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Year in hexagonal brackets and running number, as GB/T 9704 writes it."""
        return f"督〔{self.year}〕{self.serial}号"

    @property
    def is_overdue(self) -> bool:
        """Whether the unit's reply is late."""
        return self.state in orders.OWED and clock.now() > self.due_at


class OrderStep(OnSite):
    """A step of an order with its words, and where it was taken, its photo and position.

    Written once. ``planned_until``: by when the unit means to have done what it plans;
    ``visited_on``: when somebody went to see those concerned.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    planned_until = models.DateField(null=True)
    visited_on = models.DateField(null=True)
    is_settled = models.BooleanField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verb} of order {self.order_id}"
