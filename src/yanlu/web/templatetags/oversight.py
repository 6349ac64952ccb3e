"""Words of oversight in templates: ``{{ order.kind|said:"kind" }}``."""

from datetime import datetime
from typing import Any

from django import template

from yanlu.kernel import clock
from yanlu.oversight.explaining import Step
from yanlu.web.labels import Text, in_language
from yanlu.web.staff.oversight_words import TABLES, limit_words
from yanlu.web.templatetags.words import full_day

register = template.Library()


@register.filter
def said(code: str, table: str) -> Text:
    """The code in words, by one of the tables of ``oversight_words``."""
    return TABLES[table].get(code, code)


@register.filter
def holiday(step: Step) -> str:
    """The holiday that a step of the reckoning skips, in the reader's language."""
    return in_language(step.holiday_zh, step.holiday)


@register.filter
def full_moment(at: datetime) -> str:
    """The day with its year; the time, too, unless the whole day counts."""
    local = at.astimezone(clock.ZONE)
    told = full_day(at)
    return told if (local.hour, local.minute) == (23, 59) else f"{told} {local:%H:%M}"


@register.filter
def limit(promise: Any) -> str:
    """How long a promise may take."""
    return limit_words(promise.amount, promise.limit_unit)
