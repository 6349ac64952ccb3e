"""Rollups: how many matters, by time, place and kind; made from the book of cases."""

from django.db import models


class Facts(models.Model):
    """What is counted, and by what. Numbers add up; a share is told when it is read.

    ``place`` and ``category`` are those of the Decision, ``level`` that of the unit in charge.
    ``voices``: whoever handed the matter in and whoever shares it. ``<rate>_whole`` and
    ``<rate>_part``: as :data:`yanlu.oversight.rates.TABLE` defines them. The database need not
    check places and categories: they are copied from a book that is checked.
    """

    place = models.ForeignKey(
        "places.Place", models.DO_NOTHING, null=True, related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    category = models.ForeignKey(
        "dispatch.Category", models.DO_NOTHING, null=True, related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    level = models.SmallIntegerField(null=True)
    outcome = models.CharField(max_length=10)
    matters = models.IntegerField()
    voices = models.IntegerField()
    contact_whole = models.IntegerField()
    contact_part = models.IntegerField()
    on_time_whole = models.IntegerField()
    on_time_part = models.IntegerField()
    solved_whole = models.IntegerField()
    solved_part = models.IntegerField()
    satisfied_whole = models.IntegerField()
    satisfied_part = models.IntegerField()
    inside_whole = models.IntegerField()
    inside_part = models.IntegerField()

    class Meta:
        abstract = True


class Counted(Facts):
    """What stands in the rollups of one case, so that it can be taken out again.

    ``hour``: when the case was opened. ``entry``: the last journal row that it comes from.
    """

    case = models.OneToOneField(
        "cases.Case", models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    hour = models.DateTimeField()
    entry = models.BigIntegerField()

    def __str__(self) -> str:
        return f"case {self.case_id}, counted"


class Grain(models.IntegerChoices):
    """How long and how wide a row is.

    By the hour, a row is of one place and one category as they are; by day and month, of an area
    (everything from a subdistrict upwards; by the month of a neighbourhood, too, but not in every
    detail) with all that lies in it, and of a category at the top.
    """

    HOUR = 0, "hour"
    DAY = 1, "day"
    MONTH = 2, "month"


class Detail(models.IntegerChoices):
    """What a row tells apart, besides area and time; what it does not is empty.

    Few questions ask for everything at once, and rows that tell everything apart are hardly fewer
    than matters: what most ask for is summed for them.
    """

    ALL = 0, "everything"
    SUBJECT = 1, "category alone"
    WAY = 2, "channel, level and outcome"


class Rollup(Facts):
    """All matters of one grain that came in from ``start`` on and are alike in everything told."""

    id = models.BigAutoField(primary_key=True)
    grain = models.SmallIntegerField(choices=Grain.choices)
    detail = models.SmallIntegerField(choices=Detail.choices, default=Detail.ALL)
    start = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "grain", "detail", "place", "start",
                    "category", "kind", "channel", "level", "outcome",
                ),
                name="rolled_up_once",
                nulls_distinct=False,
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_grain_display()} from {self.start:%F %R}: {self.matters}"


class Tally(models.Model):
    """How far counting has come; whoever counts holds it.

    ``due_until``: promises whose date has passed by then count as fallen due. ``shape``: digest of
    the trees of places and categories that the rollups were made by.
    """

    due_until = models.DateTimeField()
    shape = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_tally"),)

    def __str__(self) -> str:
        return f"counted until {self.due_until:%F %R}"
