from typing import Any

from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.people.models import Unit


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
