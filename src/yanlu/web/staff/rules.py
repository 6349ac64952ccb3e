"""Try the dispatch rules on a text: what they would decide, and why. Nothing is kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yanlu.dispatch import selectors as dispatch
from yanlu.places.selectors import territory
from yanlu.web.labels import kind_label, urgency_label
from yanlu.web.staff import choices, explain
from yanlu.web.staff.fields import StaffForm, long_text, number_of
from yanlu.web.staff.gates import RULES, staff_only, staff_page

if TYPE_CHECKING:
    from yanlu.dispatch.rules import Line

#: Why a rule did not fit, by the field that differs.
MISMATCH: dict[str, Promise] = {
    "category": gettext_lazy("another category: it asks for %s"),
    "kind": gettext_lazy("another kind: it asks for %s"),
    "urgency": gettext_lazy("another urgency: it asks for %s"),
    "place": gettext_lazy("another place: it asks for %s"),
    "weekdays": gettext_lazy("another day of the week: it asks for %s"),
    "hours": gettext_lazy("another hour: it asks for %s"),
}


class TryForm(StaffForm):
    """A text and a place to try the rules on."""

    text = long_text(gettext_lazy("What somebody might say"), rows=6, max_length=50_000)
    title = forms.CharField(label=gettext_lazy("In one line"), required=False, max_length=200)
    place = number_of(gettext_lazy("Place"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="try-%s")
        self.choose("place", [("", _("Not said")), *choices.places_of_case(None)])
        self.fields["place"].widget.attrs["data-narrow"] = _("Type to narrow the list")


@dataclass(frozen=True)
class Asked:
    """One rule that was asked: why it did not fit, or that it decided."""

    order: int
    name: str
    why: str
    reason: str


@staff_only(*RULES)
@require_http_methods(["GET", "POST"])
def rules_page(request: HttpRequest) -> HttpResponse:
    """The form, and below it the decision with every step that led to it."""
    form = TryForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return staff_page(request, "staff/rules.html", _known() | {"form": form}, status=status)
    asked = form.cleaned_data
    told = dispatch.dry_run(asked["text"], title=asked["title"], place_id=asked["place"])
    asked_rules = _asked(told)
    context = _known() | {
        "form": form,
        "told": told,
        "answers_about": explain.of_proposal(told.proposal.reasons()),
        "sure": explain.sure(told.proposal.confidence),
        "percent": f"{told.proposal.confidence:.0%}",
        "decided_by": next((rule for rule in asked_rules if not rule.why), None),
        "passed_by": [rule for rule in asked_rules if rule.why],
    }
    return staff_page(request, "staff/rules.html", context)


def _known() -> dict[str, Any]:
    """What the page tells whatever was tried."""
    return {"here": "rules", "deciders": dispatch.deciders(), "finder": dispatch.finder()}


def _asked(told: dispatch.Explanation) -> list[Asked]:
    """Every rule up to the one that decided."""
    wanted = {line.category_id for line, why in told.rules if why == "category"}
    names = dispatch.category_names({number for number in wanted if number})
    return [
        Asked(line.order, line.name, _why(line, why, names), line.reason)
        for line, why in told.rules
    ]


def _why(line: "Line", why: str, categories: dict[int, str]) -> str:
    if not why:
        return ""
    node = territory().get(line.place_id)
    wanted: dict[str, str] = {
        "category": categories.get(line.category_id or 0, ""),
        "kind": str(kind_label(line.kind)),
        "urgency": str(urgency_label(line.urgency)),
        "place": choices.place_name(node) if node else "",
        "weekdays": line.weekdays,
        "hours": "{}–{}".format(*line.hours) if line.hours else "",
    }
    return str(MISMATCH[why]) % wanted[why]
