from typing import Any

from django.contrib import admin

from yanlu.cases.models import CasePolicy, Ground, Reason
from yanlu.kernel.configuration import ConfigurationAdmin


@admin.register(Reason)
class ReasonAdmin(ConfigurationAdmin):
    """Reasons to choose from: for returning, cancelling, no contact, a joint conference …"""

    subject_type = "reason"
    list_display = ("text", "table", "code", "text_en", "is_active")
    list_filter = ("table", "is_active")
    fixed_fields = ("table", "code")


@admin.register(Ground)
class GroundAdmin(ConfigurationAdmin):
    """Why a matter is not accepted, and the reply that names the proper route."""

    subject_type = "ground"
    list_display = ("name", "code", "name_en", "is_active")
    fixed_fields = ("code",)


@admin.register(CasePolicy)
class CasePolicyAdmin(ConfigurationAdmin):
    """What is asked of those who handle cases. One row."""

    subject_type = "case_policy"

    def has_add_permission(self, request: Any) -> bool:
        return super().has_add_permission(request) and not CasePolicy.objects.exists()

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
