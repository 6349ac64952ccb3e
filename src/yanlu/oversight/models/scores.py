"""Weights of the scorecards as data, appeals against a score, and figures frozen as they were."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RateCode(models.TextChoices):
    """The rates of supervision; what each means stands in ``rates.TABLE``."""

    VOLUME = "volume", pgettext_lazy("rate", "Answered")  # 办件量
    CONTACT = "contact", pgettext_lazy("rate", "First contact")  # 先行联系率
    ON_TIME = "on_time", pgettext_lazy("rate", "On time")  # 按时办结率
    EXTENDED = "extended", pgettext_lazy("rate", "On time as extended")  # 延期后按时办结率
    RESPONSE = "response", pgettext_lazy("rate", "Response")  # 响应率
    SOLVED = "solved", pgettext_lazy("rate", "Solved")  # 实际解决率
    SATISFIED = "satisfied", pgettext_lazy("rate", "Satisfied")  # 满意率
    ATTITUDE = "attitude", pgettext_lazy("rate", "Satisfied with the attitude")  # 服务态度满意率
    VERIFIED = "verified", pgettext_lazy("rate", "Verified by callback")  # 回访核实率
    REDONE = "redone", pgettext_lazy("rate", "Redone")  # 重办率
    RETURNED = "returned", pgettext_lazy("rate", "Returned")  # 退单率
    INSIDE = "inside", pgettext_lazy("rate", "Solved inside the neighbourhood")  # 居村内解决率


class Group(models.TextChoices):
    """Units that are compared with each other and with no others (``domain.md`` §4)."""

    DEPARTMENT = "department", _("departments")  # 委办局
    SUBDISTRICT = "subdistrict", _("subdistricts")  # 街镇
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhoods and villages")  # 居村


class ScoreWeight(models.Model):
    """How much a rate counts in a group's score (评分权重), from a day on.

    The newest that holds on a period's first day counts for all of it; 0 takes the rate out.
    """

    group = models.CharField(max_length=16, choices=Group.choices)
    rate = models.CharField(max_length=12, choices=RateCode.choices)
    weight = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    valid_from = models.DateField()

    class Meta:
        verbose_name = _("weight of a score")
        verbose_name_plural = _("weights of the scores")
        ordering = ("group", "-valid_from", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("group", "rate", "valid_from"), name="score_weight_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.group} {self.rate} {self.weight}"


class ScorePolicy(models.Model):
    """When a unit is ranked at all. One row.

    ``least``: cases on which every weighted rate has to rest; below it there is no rank.
    """

    least = models.PositiveSmallIntegerField(default=5, validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("score policy")
        verbose_name_plural = _("score policy")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_score_policy"),)

    def __str__(self) -> str:
        return f"ranked from {self.least}"


class Snapshot(models.Model):
    """Figures frozen as they were told (快照). Written once.

    ``scope``: of whom they are. ``parameters``: what else they hang on: weights, least number, days
    off, units dissolved. ``version``: of the reckoning. ``entry``: number of the last journal row
    that counts. ``at``: what was due by then is due. ``digest`` binds all of it.
    """

    class Kind(models.TextChoices):
        """What is frozen."""

        RATES = "rates", _("rates")
        SCORES = "scores", _("scorecards")
        REPORT = "report", _("a report's figures")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    scope = models.JSONField()
    first = models.DateField()
    end = models.DateField()
    parameters = models.JSONField()
    version = models.PositiveSmallIntegerField()
    entry = models.BigIntegerField()
    at = models.DateTimeField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.kind} from {self.first} up to {self.end}"


class Appeal(models.Model):
    """A unit's objection to its score of a period (评分申诉); once for each.

    ``snapshot``: the figures that it is about, as they were. ``score``: the one objected to, of
    100. ``corrected``: the one that stands beside it since; empty while it waits or was upheld.
    """

    class State(models.TextChoices):
        """How it stands."""

        LODGED = "lodged", _("waits for a decision")  # 待复核
        UPHELD = "upheld", _("score upheld")  # 维持
        CORRECTED = "corrected", _("score corrected")  # 更正

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    group = models.CharField(max_length=16, choices=Group.choices)
    first = models.DateField()
    end = models.DateField()
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=4, decimal_places=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LODGED)
    reason = models.TextField()
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrected = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "first", "end"), name="appeal_once"),
            models.CheckConstraint(
                condition=models.Q(corrected__isnull=True) | models.Q(state="corrected"),
                name="appeal_corrected_says_what",
            ),
        )

    def __str__(self) -> str:
        return f"appeal of {self.unit_id} against {self.score}"
