from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.kernel.models import HolidayOverride

admin.site.site_header = admin.site.site_title = _("Yanlu: rules and lists")
admin.site.index_title = _("What the district can set")
admin.site.site_url = "/staff/"


@admin.register(HolidayOverride)
class HolidayOverrideAdmin(ConfigurationAdmin):
    """Days that the district sets free or working against the published calendar."""

    subject_type = "holiday_override"
    list_display = ("day", "is_workday", "opens_at", "closes_at", "note")
    fixed_fields = ("day",)
