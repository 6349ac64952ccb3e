"""What dispatch knows and what it decided. Nobody but ``dispatch`` imports this module."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from yanlu.intake.models import Kind
from yanlu.kernel.calendars import LimitUnit


class Urgency(models.TextChoices):
    """How soon (紧急程度); limits in ``domain.md`` §2."""

    DANGER = "danger", _("danger to life or property")
    UTILITY = "utility", _("water, power, gas or heat")
    ORDINARY = "ordinary", _("ordinary")
    COMPLEX = "complex", _("complex")


class CategoryScheme(models.Model):
    """A way to sort matters (分类体系). One of them, the main one, drives dispatch."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("category scheme")
        verbose_name_plural = _("category schemes")

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A subject (类别), with the words that speak for it: ``{"物业费": 2.0}``."""

    scheme = models.ForeignKey(CategoryScheme, models.PROTECT, related_name="categories")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    words = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("scheme", "code"), name="category_code_once"),
        )

    def __str__(self) -> str:
        return self.name


class CueList(models.Model):
    """Words that hint at an urgency or a kind: ``["煤气味", "漏电"]`` for ``urgency/danger``."""

    group = models.CharField(max_length=8, choices=[("urgency", _("urgency")), ("kind", _("kind"))])
    value = models.CharField(max_length=16)
    words = models.JSONField(default=list)

    class Meta:
        verbose_name = _("list of cues")
        verbose_name_plural = _("lists of cues")
        constraints = (models.UniqueConstraint(fields=("group", "value"), name="cue_list_once"),)

    def __str__(self) -> str:
        return f"{self.group}: {self.value}"


class DeadlineClass(models.Model):
    """A sort of limit that a matter is given (时限类别); how long it is, is said from a day on."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("deadline class")
        verbose_name_plural = _("deadline classes")

    def __str__(self) -> str:
        return self.name


class DeadlineLimit(models.Model):
    """How long a matter of a class may take (整体时限), where its clock starts from a day on.

    The next one ends it, so that no day is without; what begins before the first goes by the
    first. ``note``: where the limit comes from.
    """

    deadline_class = models.ForeignKey(DeadlineClass, models.PROTECT, related_name="limits")
    valid_from = models.DateField()
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=LimitUnit.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("limit of a deadline class")
        verbose_name_plural = _("limits of deadline classes")
        ordering = ("deadline_class", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("deadline_class", "valid_from"), name="deadline_limit_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.deadline_class}: {self.amount} {self.get_unit_display()}"


class Rule(models.Model):
    """One line of the dispatch table; the first active line that matches decides.

    Empty fields match everything. A category matches its subcategories, a place all that lies
    in it. ``from_hour``/``to_hour`` (0–24, may wrap over midnight) and ``weekdays`` (``"67"``
    for the weekend) look at the time at which the words were received. The unit is a fixed
    one, or the nearest of ``function`` at ``level`` whose territory holds the matter's place.
    """

    order = models.IntegerField(db_index=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=140, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, blank=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True)
    weekdays = models.CharField(max_length=7, blank=True)
    from_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    to_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True)
    function = models.CharField(max_length=40, blank=True)
    level = models.SmallIntegerField(null=True, blank=True)
    deadline_class = models.ForeignKey(DeadlineClass, models.PROTECT)
    reason = models.CharField(max_length=200, blank=True)
    reason_en = models.CharField(max_length=240, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("dispatch rule")
        verbose_name_plural = _("dispatch rules")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return f"{self.order} {self.name}"


class CatalogueItem(models.Model):
    """A matter that the units of a district are in charge of (事项目录), with its legal ground.

    ``category`` is of the main scheme, by which lists go and what a neighbourhood may be given;
    ``grid_category`` of the grid's events and parts (GB/T 30428.2) or another scheme beside it. The
    unit is named as in :class:`Rule`. ``keywords`` find the item. ``needs_photo``: who finds it on
    patrol hands a photo in with it.
    """

    code = models.CharField(max_length=20, unique=True)
    group = models.CharField(max_length=60)
    group_en = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", limit_choices_to={"scheme__is_main": True}
    )
    grid_category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme__is_main": False},
    )
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.ORDINARY)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True)
    function = models.CharField(max_length=40, blank=True)
    level = models.SmallIntegerField(null=True, blank=True)
    deadline_class = models.ForeignKey(DeadlineClass, models.PROTECT)
    ground = models.CharField(max_length=200)
    keywords = models.JSONField(default=list, blank=True)
    needs_photo = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("item of the catalogue")
        verbose_name_plural = _("catalogue of matters")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Admission(models.Model):
    """A subject that a neighbourhood may be given (准入清单), with all below it, and its ground."""

    category = models.OneToOneField(Category, models.PROTECT)
    ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("matter that a neighbourhood may be given")
        verbose_name_plural = _("list of what a neighbourhood may be given")

    def __str__(self) -> str:
        return str(self.category)


class Policy(models.Model):
    """How bold dispatch is. One row.

    ``automatic_above``: confidence (0–1) from which a Decision dispatches without a person;
    above 1, never. Reports of wrongdoing and danger are always confirmed by a person. Where a
    trained model tells the category, it has to be as sure as keeps ``error_rate`` (share of wrong
    answers among those it gives alone); the rest of the Decision still obeys ``automatic_above``.
    ``joins_repeats``: the same words at the same place join an open case by themselves.
    """

    automatic_above = models.FloatField(default=0.9)
    error_rate = models.FloatField(default=0.05)
    joins_repeats = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("dispatch policy")
        verbose_name_plural = _("dispatch policy")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_policy"),)

    def __str__(self) -> str:
        return f"automatic above {self.automatic_above}"


class Decision(models.Model):
    """What a submission is, where, how urgent and whose, with reasons. Written once.

    ``reasons`` holds for each of ``category``, ``place``, ``urgency``, ``kind`` and ``unit`` a
    list of candidates, best first: ``{"id", "name", "confidence", "because": [...]}``. A person
    who corrects a Decision makes a new one; ``replaces`` links back. ``also`` holds the categories
    of other schemes that a person set: the scheme's code → the category's number. ``part``: the
    words that it is about, where another matter stands in the same submission. ``item``: what
    somebody named in the catalogue, which then decided.
    """

    submission = models.ForeignKey("intake.Submission", models.PROTECT, related_name="decisions")
    category = models.ForeignKey(Category, models.PROTECT, null=True, db_index=False)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, db_index=False)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, db_index=False)
    level = models.SmallIntegerField(null=True)
    deadline_class = models.ForeignKey(DeadlineClass, models.PROTECT, db_index=False)
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, db_index=False)
    item = models.ForeignKey(CatalogueItem, models.SET_NULL, null=True, db_index=False)
    confidence = models.FloatField()
    is_automatic = models.BooleanField()
    reasons = models.JSONField()
    also = models.JSONField(default=dict)
    part = models.TextField(blank=True, default="")
    method = models.CharField(max_length=40)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Confirmation(models.Model):
    """A person agreed with a Decision as it stood: an example to learn from."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="confirmation")
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"decision {self.decision_id} confirmed"


class ModelUse(models.Model):
    """From when on which trained model does a task (启用记录). The last row of a task holds.

    ``version`` is empty where the task went back to lexicon and rules.
    """

    task = models.CharField(max_length=40)
    version = models.CharField(max_length=60, blank=True)
    used_by = models.CharField(max_length=80)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task}: {self.version or '-'}"


class Trace(models.Model):
    """Where an open matter is found again by others that are like it. Gone when the matter ends.

    Only what may be told to others has one: no report of wrongdoing, nothing confidential.
    ``vector`` is of the words and made by ``vector_by``; ``meaning`` and ``meaning_by`` are of
    the sentence encoder, where one is set up. There is no index of neighbours: open matters are
    few enough to compare them all, and whoever adds one would pay for it with every submission.
    """

    submission = models.OneToOneField("intake.Submission", models.PROTECT, primary_key=True)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    vector_by = models.CharField(max_length=40)
    vector = HalfVectorField()
    meaning_by = models.CharField(max_length=120, blank=True)
    meaning = HalfVectorField(null=True)

    class Meta:
        indexes = (models.Index(fields=("-received_at",), name="trace_newest"),)

    def __str__(self) -> str:
        return f"trace of {self.submission_id}"
