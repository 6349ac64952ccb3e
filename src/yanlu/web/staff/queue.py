"""The work queue: what waits for whom, and many proposals confirmed at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yanlu.cases import selectors as cases
from yanlu.cases import services, states
from yanlu.cases.alarms import alarms_of
from yanlu.dispatch import selectors as dispatch
from yanlu.people import access, roles
from yanlu.web import labels
from yanlu.web.staff import choices
from yanlu.web.staff.gates import JOURNAL, QUEUE, at_work, staff_only, staff_page

if TYPE_CHECKING:
    from yanlu.people.models import Account

VIEWS: dict[str, Promise] = {
    "to_dispatch": gettext_lazy("To dispatch"),
    "to_handle": gettext_lazy("To handle"),
    "to_verify": gettext_lazy("To verify"),
    "to_settle": gettext_lazy("To settle"),
    "petitions": gettext_lazy("Petition steps"),
    "due_soon": gettext_lazy("Due soon"),
    "overdue": gettext_lazy("Overdue"),
    "suspended": gettext_lazy("Suspended"),
    "ended": gettext_lazy("Ended"),
    "all": gettext_lazy("All"),
}
#: Alarms that are told one by one; of more stands how many.
SOUNDED = 3
#: Views that hold proposals to be confirmed; they have no due date yet.
PROPOSALS_IN = frozenset({"to_dispatch", "all"})
#: What each role sees first; the first role held decides.
FIRST_VIEW = {
    roles.DISPATCHER: "to_dispatch",
    roles.HANDLER: "to_handle",
    roles.HEAD: "to_handle",
    roles.CALLBACK_CLERK: "to_verify",
    roles.SUPERVISOR: "to_settle",
}


class FilterForm(forms.Form):
    """What of the queue is looked at. A filter that makes no sense is left out, never refused."""

    search = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Search"),
        widget=forms.SearchInput(
            attrs={
                "class": "form-control",
                "placeholder": gettext_lazy("Words, number or query code"),
            }
        ),
    )
    state = forms.ChoiceField(required=False, label=gettext_lazy("State"))
    category = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=gettext_lazy("Category")
    )
    area = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=gettext_lazy("Subdistrict")
    )
    place = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=gettext_lazy("Community")
    )
    unit = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=gettext_lazy("Unit")
    )
    level = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=gettext_lazy("Level")
    )
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    urgency = forms.ChoiceField(required=False, label=gettext_lazy("Urgency"))
    mine = forms.BooleanField(
        required=False,
        label=gettext_lazy("Of my unit"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data: Any, account: "Account") -> None:
        super().__init__(data, auto_id="filter-%s")
        area = str(data.get("area", ""))
        self.choose("state", choices.labelled(_of_cases(labels.STATES), _("Any state")))
        levels = [(str(level), str(name)) for level, name in labels.LEVELS.items()]
        self.choose("level", [("", _("Any level")), *levels])
        self.choose("kind", choices.labelled(labels.KINDS, _("Any kind")))
        self.choose("urgency", choices.labelled(labels.URGENCIES, _("Any urgency")))
        self.choose("category", [("", _("Any category")), *_categories()])
        self.choose("unit", [("", _("Any unit")), *choices.units(None)])
        areas = [(str(node.id), choices.place_name(node)) for node in choices.areas(account)]
        self.choose("area", [("", _("Any subdistrict")), *areas])
        below = choices.communities(int(area)) if area.isdecimal() else []
        self.choose("place", [("", _("Any community")), *below])
        if not below:
            del self.fields["place"]
        if not access.units_of(account):
            del self.fields["mine"]

    def choose(self, name: str, options: list[Any]) -> None:
        """Give a select its options; it names itself to those who can't see it."""
        field = self.fields[name]
        field.choices = options  # type: ignore[attr-defined]
        field.widget.attrs = {"class": "form-select", "aria-label": field.label}

    def filters(self, view: str) -> cases.QueueFilters:
        """What is asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return cases.QueueFilters(
            view=view,
            search=asked.get("search", ""),
            state=asked.get("state", ""),
            category_id=asked.get("category"),
            place_id=asked.get("place") or asked.get("area"),
            unit_id=asked.get("unit"),
            level=asked.get("level"),
            kind=asked.get("kind", ""),
            urgency=asked.get("urgency", ""),
            mine=asked.get("mine", False),
        )

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters in use, as an address spells them."""
        self.is_valid()
        return {name: self.data[name] for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True)
class ViewLink:
    """One view of the queue beside it, with how much it holds."""

    name: str
    label: str | Promise
    query: str
    count: str
    is_current: bool


@staff_only()
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The work queue; its bare address leads to where the person's role starts from."""
    account = at_work(request)
    if not request.GET or not access.has_role(account, QUEUE):
        return redirect(home_of(account))
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "all"
    form = FilterForm(request.GET, account)
    page = cases.queue(account, form.filters(view), request.GET.get("after", ""))
    asked = {"view": view, **form.chosen}
    may_dispatch = access.has_role(account, {roles.DISPATCHER})
    context = {
        "here": "queue",
        "view": view,
        "view_label": VIEWS[view],
        "form": form,
        "rows": page.rows,
        "query": urlencode(asked),
        "next": urlencode({**asked, "after": page.next}) if page.next else "",
        "is_filtered": bool(form.chosen),
        "is_later": "after" in request.GET,
        "may_dispatch": may_dispatch,
        "proposed": states.AWAITING_DISPATCH,
        "has_picks": may_dispatch and view in PROPOSALS_IN,
        "owed": states.OWED,
    }
    if "pane" in request.GET:
        context["current"] = request.GET.get("pane", "")
        return staff_page(request, "staff/parts/pane.html", context)
    return staff_page(
        request, "staff/queue.html", {**context, "views": view_links(account, view, form.chosen)}
    )


@staff_only(roles.DISPATCHER)
@require_http_methods(["GET", "POST"])
def dispatch_many(request: HttpRequest) -> HttpResponse:
    """Confirm the chosen proposals; tells how many went and which were refused, and why."""
    if request.method == "GET":
        return redirect("staff:queue")
    chosen = dict(map(_read_choice, request.POST.getlist("case")))
    refused = services.dispatch_cases(actor=at_work(request), case_ids=list(chosen))
    context = {
        "here": "queue",
        "asked": len(chosen),
        "went": len(chosen) - len(refused),
        "refused": [(case_id, chosen[case_id], why) for case_id, why in refused.items()],
        "back": request.POST.get("query", "view=to_dispatch"),
    }
    return staff_page(request, "staff/dispatched_many.html", context)


def home_of(account: "Account") -> str:
    """Where the person's work starts."""
    if access.has_role(account, QUEUE - JOURNAL):
        return f"{reverse('staff:queue')}?view={first_view(account)}"
    if access.has_role(account, {roles.GRID_WORKER}):
        return reverse("staff:patrol")
    if access.may_assist(account):
        return reverse("staff:hand_in")
    return reverse("staff:journal")


def first_view(account: "Account") -> str:
    """The view of the queue that the person's role starts from."""
    held = [reach.role for reach in access.reach_of(account)]
    return next((FIRST_VIEW[role] for role in held if role in FIRST_VIEW), "all")


@staff_only()
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """Dangers that the person on duty was told of; every page of the staff's asks for it."""
    sounding = alarms_of(at_work(request))
    context = {"alarms": sounding[:SOUNDED], "more": len(sounding[SOUNDED:])}
    return render(request, "staff/parts/alarms.html", context)


def view_links(account: "Account", current: str, chosen: dict[str, Any]) -> list[ViewLink]:
    """All views with their counts."""
    held = cases.counts(account)
    return [
        ViewLink(
            name,
            label,
            urlencode({"view": name, **chosen}),
            _capped(held.get(name)),
            name == current,
        )
        for name, label in VIEWS.items()
    ]


def _capped(count: int | None) -> str:
    if count is None:
        return ""
    return "999+" if count >= cases.MOST else str(count)


def _read_choice(value: str) -> tuple[int, str]:
    """A ticked box: the case, and its number as the person saw it."""
    case_id, _separator, number = value.partition(" ")
    return (int(case_id) if case_id.isdecimal() else 0), number


def _of_cases(known: dict[str, labels.StateWords]) -> dict[str, labels.Text]:
    return {state: known[state].label for state in states.ALL}


def _categories() -> choices.Grouped:
    return choices.categories(dispatch.categories())
