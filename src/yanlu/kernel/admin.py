from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.kernel.models import HolidayOverride


@admin.register(HolidayOverride)
class HolidayOverrideAdmin(ConfigurationAdmin):
    """Days that the district sets free or working against the published calendar."""

    subject_type = "holiday_override"
    list_display = ("day", "is_workday", "note")
    fixed_fields = ("day",)
