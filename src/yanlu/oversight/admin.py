from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.oversight.models import ClockRule, Rung


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
