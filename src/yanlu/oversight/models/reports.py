"""Reports of supervision (督查报告): drawn up for a period, edited, issued, received."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.oversight import reports
from yanlu.oversight.models.on_site import OnSite
from yanlu.oversight.models.scores import Snapshot


class ReportKind(models.TextChoices):
    """The five reports of supervision (``domain.md`` §4)."""

    WEEKLY = reports.WEEKLY, _("weekly summary")  # 周汇总
    MONTHLY = reports.MONTHLY, _("monthly bulletin")  # 月通报
    QUARTERLY = reports.QUARTERLY, _("quarterly inspection")  # 季督查
    HALF_YEAR = reports.HALF_YEAR, _("half-year report")  # 半年报告
    ANNUAL = reports.ANNUAL, _("annual summary")  # 年度总结


class Scoped(models.Model):
    """Of whom a report is: of a place with all that lies in it, of a level there, or of one unit.

    ``place`` empty: the whole district.
    """

    place = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    level = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A unit is of one level anyway."""
        if self.unit_id and self.level:
            raise ValidationError({"level": _("Choose a unit or a level, not both.")})


class ReportPlan(Scoped):
    """A report that draws itself up (报告计划) once its period is over.

    ``workdays``: on the how manieth working day after it. ``sample``: of a quarterly inspection,
    how many closed cases are looked at on site.
    """

    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    workdays = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    sample = models.PositiveSmallIntegerField(
        default=reports.SAMPLE, validators=[MaxValueValidator(reports.LARGEST_SAMPLE)]
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("report plan")
        verbose_name_plural = _("report plans")
        ordering = ("kind", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "place", "unit", "level"),
                name="report_plan_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} on working day {self.workdays}"


class Report(Scoped):
    """A report of the days from ``first`` up to, and without, ``end``, changed by ``reporting``.

    ``plan``: it drew itself up. ``sample``: closed cases that are looked at on site; 0 for none.
    ``snapshot``: its figures, frozen; empty while it is being drawn up. ``sections``: what it says,
    as ``reports`` describes it; edited as a draft, final once issued. ``serial``: its number among
    those of its kind, from when it was issued.
    """

    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    first = models.DateField()
    end = models.DateField()
    plan = models.ForeignKey(ReportPlan, models.SET_NULL, null=True, related_name="+")
    sample = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default=reports.ASKED)
    version = models.IntegerField(default=1)
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=120)
    sections = models.JSONField(default=list)
    year = models.SmallIntegerField(null=True)
    serial = models.IntegerField(null=True)
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    issued_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "year", "serial"), name="report_number"),
            models.UniqueConstraint(fields=("plan", "first"), name="report_of_plan"),
        )
        indexes = (models.Index(fields=("state", "-asked_at"), name="report_by_state"),)

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def number(self) -> str:
        """As official documents are numbered (GB/T 9704-2012); empty before it is issued."""
        if self.serial is None:
            return ""
        return f"{reports.PREFIXES[self.kind]}〔{self.year}〕{self.serial}号"


class Receipt(models.Model):
    """That a report was sent to a unit, and who took it in for the unit (签收)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    received_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "unit"), name="receipt_once"),)

    def __str__(self) -> str:
        return f"{self.report_id} to {self.unit_id}"


class Inspection(OnSite):
    """A closed case that was drawn to be looked at on site (实地抽查), and what was found there.

    ``nth``: its place in the draw. ``unit``: whose answer closed it, which sends nobody.
    """

    class Finding(models.TextChoices):
        """What was found."""

        SOLVED = "solved", _("really solved")  # 真正解决
        NOT_SOLVED = "not_solved", _("not solved")  # 未解决
        UNSEEN = "unseen", _("could not be seen")  # 无法核实

    report = models.ForeignKey(Report, models.PROTECT, related_name="inspections")
    nth = models.PositiveSmallIntegerField()
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "case"), name="inspection_once"),)

    def __str__(self) -> str:
        return f"case {self.case_id} for {self.report_id}"
