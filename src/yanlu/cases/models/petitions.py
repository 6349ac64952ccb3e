"""The petition procedure (信访): notice, opinions, reviews."""

from django.db import models

from yanlu.cases.models.case import Case


class Petition(models.Model):
    """The petition procedure that a case goes by (信访程序), whatever its kind.

    The notice of acceptance (受理告知书) says what is decided (``demand``), by which unit
    (``notice_unit``), by when (``decide_by``), and whom to ask (``enquiries``).
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="petition")
    registered_at = models.DateTimeField()
    notice_due_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    notice_unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    decide_by = models.DateTimeField(null=True)
    demand = models.TextField(blank=True)
    enquiries = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"petition of {self.case_id}"


class Review(models.Model):
    """A review of the opinion on a petition (复查), or the second one (复核, ``round`` 2).

    ``unit`` is above the one whose opinion is reviewed; empty until it is named. ``remark``: what
    the resident finds wrong.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    round = models.SmallIntegerField()
    remark = models.ForeignKey("Remark", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "round"), name="review_once"),)

    def __str__(self) -> str:
        return f"review {self.round} of {self.case_id}"


class Outcome(models.TextChoices):
    """What a unit decides on a petition (信访工作条例 art 32), and what a review makes of that."""

    SUPPORTED = "supported", "supported"  # 予以支持
    EXPLAINED = "explained", "explained"  # 解释说明
    NOT_SUPPORTED = "not_supported", "not supported"  # 不予支持
    UPHELD = "upheld", "upheld"  # 维持
    CHANGED = "changed", "changed"  # 变更


class Opinion(models.Model):
    """A written decision on a petition (处理意见书, 复查意见书, 复核意见书). Written once.

    ``review`` is empty for the opinion of the unit in charge. The remedies, its fourth part, follow
    from the dates. ``due_at``: by when it was promised.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    review = models.OneToOneField(Review, models.PROTECT, null=True, related_name="opinion")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    demand = models.TextField()
    facts = models.TextField()
    ruling = models.TextField()
    basis = models.TextField()
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                name="one_opinion_of_the_unit",
                condition=models.Q(review__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"opinion {self.pk}"


class Delivery(models.Model):
    """When a written decision reached the resident (送达); none for a paper on its way.

    ``review_until``: until when a review of it may be asked for; the last opinion has none.
    """

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="delivery")
    on = models.DateField()
    review_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"opinion {self.opinion_id} delivered"
