"""Forms of the staff's pages: fields that look alike and speak to those who can't see them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import Invalid, Refused

YES_NO = (("yes", _("Yes")), ("no", _("No")))
_CLASSES = {
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.Select: "form-select",
}

#: Titles of folded groups, each with the names of its fields.
Folds = tuple[tuple[str | Promise, tuple[str, ...]], ...]


class StaffForm(forms.Form):
    """A form in the staff's dress; ``folds`` name fields that stay folded away until wanted."""

    folds: Folds = ()
    required_css_class = "is-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def add(self, name: str, field: forms.Field) -> None:
        """Give the form a further field."""
        dress(field)
        self.fields[name] = field

    def choose(self, name: str, options: Any) -> None:
        """Give a field what can be chosen."""
        self.fields[name].choices = options  # type: ignore[attr-defined]

    def refuse(self, error: Refused) -> None:
        """Show a domain's refusal where it belongs."""
        field = error.field if isinstance(error, Invalid) else ""
        self.add_error(field if field in self.fields else None, str(error.message))

    def open_fields(self) -> Iterator[forms.BoundField]:
        """Fields that stand open, in order."""
        folded = {name for _title, names in self.folds for name in names}
        yield from (field for field in self.visible_fields() if field.name not in folded)

    def folded(self) -> Iterator[tuple[str | Promise, list[forms.BoundField], bool]]:
        """Folded groups: title, fields, and whether one of them was refused."""
        for title, names in self.folds:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                yield title, fields, any(field.errors for field in fields)


def dress(field: forms.Field) -> None:
    """Give a field's widget the class of its look, and the field its word when left empty."""
    found = next((look for kind, look in _CLASSES.items() if isinstance(field.widget, kind)), None)
    field.widget.attrs.setdefault("class", found or "form-control")
    field.error_messages["required"] = _required(field)


def _required(field: forms.Field) -> str:
    return (
        gettext("Please choose.")
        if isinstance(field, forms.ChoiceField)
        else gettext("Please fill this in.")
    )


def yes_no(label: Any, **options: Any) -> forms.TypedChoiceField:
    """A question to be answered with yes or no, nothing chosen beforehand."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        **options,
    )


def long_text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def day_field(label: Any) -> forms.DateField:
    """A day from a calendar; browsers know no other way of writing it than this one."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


def number_of(label: Any, **options: Any) -> forms.TypedChoiceField:
    """A choice among records, by number."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **options)
