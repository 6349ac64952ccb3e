"""The editor of configuration in Django's admin: rules, lists, calendars, no accountable records.

Every change stands in the journal, committed together with it.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import journal
from yanlu.kernel.pictures import forget_all

#: What the fields of configuration are called for those who edit them.
LABELS = {
    "account": _("Person"),
    "alarm_minutes": _("Minutes until the level above is alarmed"),
    "address": _("Address"),
    "aliases": _("Other names"),
    "amount": _("Amount"),
    "automatic_above": _("Dispatch alone from this confidence"),
    "body": _("In the inbox"),
    "category": _("Category"),
    "code": _("Code"),
    "columns": _("Headings of its columns"),
    "day": _("Day"),
    "deadline_class": _("Deadline class"),
    "dissolved_at": _("Dissolved at"),
    "ends_at": _("Until"),
    "error_rate": _("Share of wrong answers that is borne"),
    "from_hour": _("From hour"),
    "grid_category": _("Category in another scheme"),
    "ground": _("Legal ground"),
    "group_en": _("Group in English"),
    "keywords": _("Words that find it"),
    "needs_photo": _("A patrol needs a photo"),
    "function": _("Function"),
    "group": _("Group"),
    "is_active": _("In use"),
    "is_asked": _("Orders are fetched from it"),
    "is_main": _("Drives dispatch"),
    "is_workday": _("Working day"),
    "joins_repeats": _("The same words at the same place join one case"),
    "kind": _("Kind"),
    "language": _("Language"),
    "level": _("Level"),
    "looks_back": _("Earlier answers that it is compared with"),
    "name": _("Name"),
    "name_en": _("Name in English"),
    "note": _("Note"),
    "order": _("Order"),
    "parent": _("Above it"),
    "place": _("Place"),
    "push": _("As a message"),
    "reason": _("Reason"),
    "reason_en": _("Reason in English"),
    "repeats_from": _("Held back from this share that was said before"),
    "reply": _("Reply to the resident"),
    "reply_en": _("Reply in English"),
    "residents": _("How many live there"),
    "scheme": _("Scheme"),
    "starts_at": _("From"),
    "subject": _("Title"),
    "table": _("Table"),
    "text": _("Text"),
    "text_en": _("Text in English"),
    "to_hour": _("To hour"),
    "unit": _("Unit"),
    "urgency": _("Urgency"),
    "value": _("Value"),
    "values": _("Its words for our values"),
    "weekdays": _("Weekdays"),
    "opens_at": _("Opens at"),
    "closes_at": _("Closes at"),
    "clock": _("Clock"),
    "valid_from": _("In force from"),
    "valid_until": _("In force until"),
    "means": _("What is done"),
    "is_before": _("Before the date"),
    "reply_days": _("Working days for the reply"),
    "demand": _("Demand"),
    "words": _("Words"),
    "rate": _("Rate"),
    "weight": _("Weight"),
    "workdays": _("On the how manieth working day after the period"),
    "sample": _("Closed cases looked at on site"),
    "least": _("Cases on which a ranked score rests at least"),
}


class ConfigurationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Edits one kind of configuration; whoever may enter the editor may edit it."""

    #: The subject's type in the journal, as ``rule``.
    subject_type = ""
    #: Fields that never change once the row exists, because others refer to them.
    fixed_fields: tuple[str, ...] = ()
    # Deleting many at once would pass by the journal.
    actions = None
    list_per_page = 100

    def has_module_permission(self, request: Any) -> bool:
        return _may_edit(request)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return _may_edit(request)

    def has_add_permission(self, request: Any) -> bool:
        return _may_edit(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return _may_edit(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return _may_edit(request)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return self.fixed_fields if obj else ()

    def __init__(self, model: Any, admin_site: Any) -> None:
        """Give the fields the names that those know who edit them, in lists and forms alike."""
        super().__init__(model, admin_site)
        for field in model._meta.fields:
            field.verbose_name = LABELS.get(field.name, field.verbose_name)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save the row and what changed in it; the save itself locks the row's chain."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            data = {"changed": _changes(form, obj)} if change else {"added": _values(obj)}
            verb = "configuration.changed" if change else "configuration.added"
            self._record(verb, obj.pk, request, data)

    def delete_model(self, request: Any, obj: Any) -> None:
        """Delete the row and keep in the journal what it said."""
        with transaction.atomic():
            gone, values = obj.pk, _values(obj)
            super().delete_model(request, obj)
            self._record("configuration.removed", gone, request, {"deleted": values})

    def _record(self, verb: str, row_id: int, request: Any, data: dict[str, Any]) -> None:
        journal.record(
            verb,
            journal.Subject(self.subject_type, row_id),
            actor=request.user,
            data=data,
        )
        transaction.on_commit(forget_all)


class LinesField(forms.Field):
    """A list of words, edited one to a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = value.splitlines() if isinstance(value, str) else value or []
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class WeightsField(forms.Field):
    """Words with a weight, edited as ``word weight``, one to a line; without a weight it is 1."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{word} {weight:g}" for word, weight in value.items())
        return value

    def to_python(self, value: Any) -> dict[str, float]:
        if isinstance(value, dict):
            return value
        lines = (value or "").splitlines()
        return dict(self._pair(line.strip()) for line in lines if line.strip())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)

    def _pair(self, line: str) -> tuple[str, float]:
        word, _space, weight = line.rpartition(" ")
        if not word:
            return line, 1.0
        try:
            return word.strip(), float(weight)
        except ValueError:
            message = _("“%(line)s” does not end in a number.") % {"line": line}
            raise forms.ValidationError(message) from None


def _may_edit(request: Any) -> bool:
    return bool(request.user.is_active and request.user.is_staff)


def _values(obj: models.Model) -> dict[str, Any]:
    fields = obj._meta.concrete_fields
    return {field.name: _plain(field.value_from_object(obj)) for field in fields}


def _changes(form: Any, obj: models.Model) -> dict[str, Any]:
    """Before and after of each field that the person changed."""
    after = _values(obj)
    return {
        name: {"from": _plain(form.initial.get(name)), "to": after.get(name)}
        for name in form.changed_data
    }


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
