from typing import Any

from django import forms
from django.contrib import admin

from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.kernel.errors import Invalid
from yanlu.notices.models import NoticeText
from yanlu.notices.wording import check_text


class TextForm(forms.ModelForm):  # type: ignore[type-arg]
    """A text whose placeholders all stand for something, and tell no more than they may."""

    class Meta:
        model = NoticeText
        fields = ("kind", "language", "subject", "body", "push")
        widgets = {"push": forms.Textarea({"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """Placeholders count in all three fields."""
        asked = super().clean() or {}
        try:
            check_text(*(asked.get(name, "") for name in ("subject", "body", "push")))
        except Invalid as error:
            self.add_error(error.field, str(error.message))
        return asked


@admin.register(NoticeText)
class NoticeTextAdmin(ConfigurationAdmin):
    """What notices say, in the inbox and in messages."""

    subject_type = "notice_text"
    form = TextForm
    list_display = ("kind", "language", "subject")
    list_filter = ("language",)
    search_fields = ("kind", "subject")
    fixed_fields = ("kind", "language")
