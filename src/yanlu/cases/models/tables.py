"""Code tables and policies that a district edits, and what was said with an act."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.Model):
    """A line of a code table that the district edits (代码表)."""

    TABLES = (
        ("return", _("return")),
        ("raise", _("raise")),
        ("extension", _("extension")),
        ("conference", _("joint conference")),
        ("cancel", _("cancel")),
        ("no_contact", _("no contact")),
        ("not_solved", _("not solved")),
    )
    table = models.CharField(max_length=12, choices=TABLES)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=120)
    text_en = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ("table", "pk")
        constraints = (models.UniqueConstraint(fields=("table", "code"), name="reason_once"),)

    def __str__(self) -> str:
        return self.text


class Ground(models.Model):
    """Why a matter is not accepted (不予受理情形), and the reply that names the proper route."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    reply = models.TextField()
    reply_en = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("ground for not accepting")
        verbose_name_plural = _("grounds for not accepting")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class CasePolicy(models.Model):
    """What the district asks of those who handle cases. One row.

    ``repeats_from``: share (0–1) of an answer that may stand in an earlier one of the unit before
    it is held back as a form letter (套话); above 1, never. Of 872 replies of city offices to their
    residents 0.7 would have held back one in fifteen. ``looks_back``: answers of the unit that it
    is compared with. ``alarm_minutes``: after how long the level above is alarmed, too (default).
    """

    repeats_from = models.FloatField(default=0.7)
    looks_back = models.PositiveIntegerField(default=200)
    alarm_minutes = models.PositiveIntegerField(default=10)

    class Meta:
        verbose_name = _("case policy")
        verbose_name_plural = _("case policy")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_case_policy"),)

    def __str__(self) -> str:
        return f"held back from {self.repeats_from}"
