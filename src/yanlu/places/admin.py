from typing import Any

from django import forms
from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin, LinesField
from yanlu.places.models import Place


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a place is called and how many live there; where it lies comes from official data."""

    aliases = LinesField(required=False)

    class Meta:
        model = Place
        fields = ("name", "name_en", "aliases", "residents")


@admin.register(Place)
class PlaceAdmin(ConfigurationAdmin):
    """Names of places, and the other names that people use for them."""

    subject_type = "place"
    form = PlaceForm
    list_display = ("name", "code", "level", "name_en", "parent")
    list_select_related = ("parent",)
    list_filter = ("level",)
    search_fields = ("name", "name_en", "code", "aliases")

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
