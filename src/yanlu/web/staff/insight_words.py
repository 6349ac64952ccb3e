"""Asking the data pool: masked words that hold what was typed, their sorts, and a comparison."""

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yanlu.dispatch import selectors as dispatch
from yanlu.insight import access, asking
from yanlu.insight.engine import Found
from yanlu.kernel.errors import Invalid, NotAllowed
from yanlu.places.selectors import place_by_code
from yanlu.web.labels import CHANNELS, KINDS, ending_label, place_name
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.insight_view import View, filters_of, view_of

#: By what found words are told apart, and what narrows them by one click.
FACETS: Final[dict[str, tuple[str, "str | Promise"]]] = {
    "area": ("place", gettext_lazy("Area")),
    "top": ("category", gettext_lazy("What it is about")),
    "kind": ("kind", gettext_lazy("Kind")),
    "channel": ("channel", gettext_lazy("Channel")),
    "outcome": ("", gettext_lazy("Outcome")),
}
BESIDE: Final = {
    asking.BEFORE: gettext_lazy("the same number of days before"),
    asking.ABOVE: gettext_lazy("the place above"),
}


@staff_only()
@require_GET
def words_page(request: HttpRequest) -> HttpResponse:
    """What was typed, searched in the masked words of a place and span of days."""
    account = at_work(request)
    if not access.may_read(account):
        raise NotAllowed(_("Your role does not reach this page."))
    view = view_of(request, "insight_words")
    context: dict[str, Any] = {
        "here": "insight", "view": view, "desk_address": view.address("insight"),
        **filters_of(request, view),
    }  # fmt: skip
    if view.typed:
        context |= _found(request, view)
    return staff_page(request, "staff/insight_words.html", context)


def _found(request: HttpRequest, view: View) -> dict[str, Any]:
    try:
        found = asking.look(view.asked, view.typed)
    except Invalid as error:
        messages.error(request, str(error.message))
        return {}
    compared = [
        (label, asking.compare(view.asked, view.typed, code)) for code, label in BESIDE.items()
    ]
    return {
        "found": found,
        "days": _days(view, found),
        "facets": [
            (title, [_line(view, name, key[0], many) for key, many in _most_first(found, name)])
            for name, (_asked, title) in FACETS.items()
        ],
        "compared": [(label, one) for label, one in compared if one],
    }


def _days(view: View, found: Found) -> list[tuple[Any, int]]:
    period = view.asked.period
    days = [period.first + timedelta(days=n) for n in range((period.end - period.first).days)]
    return [(day, found.days.get((day,), 0)) for day in days]


def _most_first(found: Found, name: str) -> list[tuple[tuple[Any, ...], int]]:
    return sorted(found.facets[name].items(), key=lambda item: (-item[1], str(item[0])))


def _line(view: View, name: str, key: Any, many: int) -> dict[str, Any]:
    """A sort of words: how many, and the view of these alone if there is one."""
    label, value = _named(name, key)
    asked = FACETS[name][0]
    address = view.address(**{asked: value}) if asked and value not in (None, "") else ""
    return {"label": label, "many": many, "address": address}


def _named(name: str, key: Any) -> tuple[str, Any]:
    """What a sort is called, and how the address asks for it."""
    if name == "area":
        node = place_by_code(key) if key else None
        label = place_name(node) if node else _("In none of them")
        return label, node.id if node else None
    if name == "top":
        one = next((one for one in dispatch.categories() if one.code == key), None)
        return (one.name, one.id) if one else (_("Not sorted yet"), None)
    if name == "outcome":
        return str(ending_label(key)), None
    return str((KINDS if name == "kind" else CHANNELS).get(key, key)), key
