from typing import Any

from django import forms
from django.contrib import admin

from yanlu.dispatch.models import (
    Admission,
    CatalogueItem,
    Category,
    CategoryScheme,
    CueList,
    DeadlineClass,
    DeadlineLimit,
    Policy,
    Rule,
)
from yanlu.kernel.configuration import ConfigurationAdmin, LinesField, WeightsField


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A category with the words that speak for it."""

    words = WeightsField(required=False)

    class Meta:
        model = Category
        fields = ("scheme", "parent", "code", "name", "name_en", "words")


class CueListForm(forms.ModelForm):  # type: ignore[type-arg]
    """Words that hint at an urgency or a kind."""

    words = LinesField()

    class Meta:
        model = CueList
        fields = ("group", "value", "words")


class CatalogueItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """An item of the catalogue with the words that find it."""

    keywords = LinesField(required=False)

    class Meta:
        model = CatalogueItem
        fields = (
            "code", "group", "group_en", "name", "name_en", "category", "grid_category", "urgency",
            "unit", "function", "level", "deadline_class", "ground", "keywords", "needs_photo",
            "is_active",
        )  # fmt: skip


@admin.register(CategoryScheme)
class CategorySchemeAdmin(ConfigurationAdmin):
    """Ways to sort matters; the main one drives dispatch."""

    subject_type = "category_scheme"
    list_display = ("name", "code", "name_en", "is_main")
    fixed_fields = ("code",)


@admin.register(Category)
class CategoryAdmin(ConfigurationAdmin):
    """Subjects, and the words that speak for them."""

    subject_type = "category"
    form = CategoryForm
    list_display = ("code", "name", "name_en", "parent", "scheme")
    list_display_links = ("code", "name")
    list_select_related = ("parent", "scheme")
    list_filter = ("scheme",)
    search_fields = ("code", "name", "name_en")
    autocomplete_fields = ("parent",)
    fixed_fields = ("scheme", "code")


@admin.register(CueList)
class CueListAdmin(ConfigurationAdmin):
    """Words that hint at an urgency or a kind."""

    subject_type = "cue_list"
    form = CueListForm
    list_display = ("group", "value")
    list_display_links = ("value",)
    fixed_fields = ("group", "value")


@admin.register(Admission)
class AdmissionAdmin(ConfigurationAdmin):
    """What a neighbourhood may be given; nothing else can be dispatched to one."""

    subject_type = "admission"
    list_display = ("category", "ground")
    list_select_related = ("category",)
    autocomplete_fields = ("category",)


@admin.register(DeadlineClass)
class DeadlineClassAdmin(ConfigurationAdmin):
    """Sorts of limits that rules and matters of the catalogue name."""

    subject_type = "deadline_class"
    list_display = ("name", "code", "name_en")
    fixed_fields = ("code",)


@admin.register(DeadlineLimit)
class DeadlineLimitAdmin(ConfigurationAdmin):
    """How long a matter may take in all, from a day on. A promise given already does not move."""

    subject_type = "deadline_limit"
    list_display = ("deadline_class", "valid_from", "amount", "unit", "note")
    list_filter = ("deadline_class",)
    list_select_related = ("deadline_class",)
    fixed_fields = ("deadline_class",)


@admin.register(CatalogueItem)
class CatalogueItemAdmin(ConfigurationAdmin):
    """What the units of the district are in charge of, until when and on what ground."""

    subject_type = "catalogue_item"
    form = CatalogueItemForm
    list_display = (
        "code", "name", "group", "category", "unit", "function", "deadline_class", "ground",
        "is_active",
    )  # fmt: skip
    list_display_links = ("code", "name")
    list_select_related = ("category", "unit", "deadline_class")
    list_filter = ("is_active", "group", "deadline_class")
    search_fields = ("code", "name", "name_en", "group", "ground")
    autocomplete_fields = ("category", "grid_category", "unit")
    fixed_fields = ("code",)


@admin.register(Rule)
class RuleAdmin(ConfigurationAdmin):
    """The dispatch table: the first line in use that matches decides."""

    subject_type = "rule"
    list_display = (
        "order", "name", "category", "kind", "urgency", "place", "unit", "function",
        "deadline_class", "is_active",
    )  # fmt: skip
    list_display_links = ("name",)
    list_select_related = ("category", "place", "unit", "deadline_class")
    list_filter = ("is_active", "deadline_class", "function")
    search_fields = ("name", "name_en", "function")
    autocomplete_fields = ("category", "place", "unit")


@admin.register(Policy)
class PolicyAdmin(ConfigurationAdmin):
    """How sure dispatch has to be to act alone. One row."""

    subject_type = "policy"

    def has_add_permission(self, request: Any) -> bool:
        return super().has_add_permission(request) and not Policy.objects.exists()

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
