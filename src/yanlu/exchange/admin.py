from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from yanlu.exchange.configuration import check_dialect
from yanlu.exchange.models import Partner
from yanlu.kernel.configuration import ConfigurationAdmin
from yanlu.kernel.errors import Invalid


class HeadingsField(forms.Field):
    """The partner's headings, edited as ``our_field heading``, one to a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{field} {heading}" for field, heading in value.items())
        return value

    def to_python(self, value: Any) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        lines = (line.split(maxsplit=1) for line in (value or "").splitlines())
        return {pair[0]: pair[1].strip() for pair in lines if len(pair) == 2}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class WordsField(forms.Field):
    """The partner's words for our values, as ``list our_value word word …``, one to a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(
            " ".join((name, ours, *words))
            for name, known in value.items()
            for ours, words in known.items()
        )

    def to_python(self, value: Any) -> dict[str, dict[str, list[str]]]:
        if isinstance(value, dict):
            return value
        known: dict[str, dict[str, list[str]]] = {}
        for line in (value or "").splitlines():
            name, *rest = line.split() or [""]
            if len(rest) > 1:
                known.setdefault(name, {})[rest[0]] = rest[1:]
            elif name:
                raise forms.ValidationError(
                    _("“%(line)s” names no list, value and word.") % {"line": line}
                )
        return known

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """A partner without its secret, which the command line alone gives."""

    address = forms.URLField(
        required=False, assume_scheme="https", validators=[URLValidator(schemes=["http", "https"])]
    )
    columns = HeadingsField()
    values = WordsField()

    class Meta:
        model = Partner
        fields = ("code", "name", "address", "is_asked", "is_active", "columns", "values")

    def clean(self) -> dict[str, Any]:
        """Both together have to serve."""
        asked = super().clean() or {}
        if "columns" in asked and "values" in asked:
            try:
                check_dialect(asked["columns"], asked["values"])
            except Invalid as error:
                self.add_error(error.field, str(error.message))
        return asked


@admin.register(Partner)
class PartnerAdmin(ConfigurationAdmin):
    """Systems that work orders come from, and how they word them."""

    subject_type = "partner"
    form = PartnerForm
    list_display = ("name", "code", "address", "is_asked", "is_active")
    fixed_fields = ("code",)

    def has_add_permission(self, request: Any) -> bool:
        """A partner is set up with its secret: ``yanlu partner``."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Its orders name it."""
        return False
