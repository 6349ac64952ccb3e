"""The options of a select in one go: filters hold hundreds, and Django's template each is slow."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """What stands in a select, as its widget groups it."""
    return format_html_join("", "{}", ((_group(name, rows),) for name, rows, _number in groups))


def _group(name: str | None, rows: list[dict[str, Any]]) -> SafeString:
    each = (
        (row["value"], flatatt(row["attrs"]) if row["attrs"] else "", row["label"]) for row in rows
    )
    inside = format_html_join("\n", '<option value="{}"{}>{}</option>', each)
    return format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside
