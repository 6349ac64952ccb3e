from typing import Any

from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.people.models import Duty, Unit
from yanlu.people.selectors import staff


@admin.register(Unit)
class UnitAdmin(ConfigurationAdmin):
    """Units that can be given matters. A unit is dissolved, never deleted: cases name it."""

    subject_type = "unit"
    list_display = ("name", "code", "level", "function", "place", "dissolved_at")
    list_select_related = ("place",)
    list_filter = ("level", "function")
    search_fields = ("name", "name_en", "code")
    autocomplete_fields = ("place", "parent")
    fixed_fields = ("code",)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Duty)
class DutyAdmin(ConfigurationAdmin):
    """Who is on duty, where and when; of those who work for the district."""

    subject_type = "duty"
    list_display = ("account", "place", "starts_at", "ends_at")
    list_select_related = ("account", "place")
    autocomplete_fields = ("place",)
    date_hierarchy = "starts_at"

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "account":
            kwargs["queryset"] = staff()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
