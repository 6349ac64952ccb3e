from typing import Any

from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.oversight.models import ClockRule, ReportPlan, Rung, ScorePolicy, ScoreWeight


@admin.register(ClockRule)
class ClockRuleAdmin(ConfigurationAdmin):
    """Limits of the clocks, from a day to a day. A limit, once promised, stays."""

    subject_type = "clock_rule"
    list_display = ("name", "clock", "kind", "urgency", "level", "category", "amount", "unit",
                    "valid_from", "valid_until")  # fmt: skip
    list_filter = ("clock",)


@admin.register(Rung)
class RungAdmin(ConfigurationAdmin):
    """What is done about what is late, and when."""

    subject_type = "rung"
    list_display = ("clock", "urgency", "order", "means", "is_before", "amount", "unit",
                    "is_active")  # fmt: skip
    list_filter = ("clock", "urgency")
    fixed_fields = ("clock", "urgency", "order")


@admin.register(ScoreWeight)
class ScoreWeightAdmin(ConfigurationAdmin):
    """How much each rate counts in a group's score, from a day on."""

    subject_type = "score_weight"
    list_display = ("rate", "group", "weight", "valid_from")
    list_filter = ("group",)
    fixed_fields = ("group", "rate")


@admin.register(ScorePolicy)
class ScorePolicyAdmin(ConfigurationAdmin):
    """From how many cases on a unit is ranked. One row."""

    subject_type = "score_policy"

    def has_add_permission(self, request: Any) -> bool:
        return super().has_add_permission(request) and not ScorePolicy.objects.exists()

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(ReportPlan)
class ReportPlanAdmin(ConfigurationAdmin):
    """Which reports draw themselves up, of whom, and when."""

    subject_type = "report_plan"
    list_display = ("kind", "place", "unit", "level", "workdays", "sample", "is_active")
    list_filter = ("kind",)
    fixed_fields = ("kind", "place", "unit", "level")
