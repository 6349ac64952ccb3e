"""Orders of supervision: the list, a new one, each on its page with what can be done, its paper."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yanlu.cases.access import get_case
from yanlu.kernel import clock
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.oversight import access, order_files, ordering
from yanlu.oversight.order_files import VIEWS, OrderFile, order_file
from yanlu.oversight.ordering import Draft, Spot
from yanlu.people import roles
from yanlu.people import selectors as people
from yanlu.web.labels import in_language
from yanlu.web.staff.conferences import DOCX, UNPROCESSABLE
from yanlu.web.staff.fields import StaffForm, day_field, long_text, number_of, yes_no
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.oversight_words import ORDER_KINDS, ORDER_WAYS

DAY = 24 * 3600


class OrderForm(StaffForm):
    """A new order."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=ORDER_KINDS)
    way = forms.ChoiceField(label=gettext_lazy("How it is given"), choices=ORDER_WAYS)
    unit = number_of(gettext_lazy("Unit"))
    case = forms.CharField(
        label=gettext_lazy("About the case"), required=False, max_length=24,
        help_text=gettext_lazy("Its number; leave empty for what is about no single case."),
    )  # fmt: skip
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120)
    grounds = long_text(gettext_lazy("Grounds"), max_length=2000)
    demand = long_text(gettext_lazy("What the unit has to do"), max_length=2000)
    due_on = day_field(gettext_lazy("Reply by"))


class StepForm(StaffForm):
    """What is said with a step; more where the step asks for it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = long_text(gettext_lazy("In your words"), max_length=4000)


class AcceptForm(StepForm):
    text = long_text(gettext_lazy("A word on it"), required=False, max_length=4000)


class PlanForm(StepForm):
    until = day_field(gettext_lazy("To be done by"))


class ReplyForm(StepForm):
    photo = forms.FileField(label=gettext_lazy("Photo as proof"), required=False)


class SendBackForm(StepForm):
    due_on = day_field(gettext_lazy("New date"))


class VisitForm(StepForm):
    visited_on = day_field(gettext_lazy("Day of the visit"))
    photo = forms.FileField(label=gettext_lazy("Photo"), required=False)


class CheckForm(StepForm):
    """What was seen on site."""

    is_settled = yes_no(gettext_lazy("Is it settled on site?"))
    photo = forms.FileField(
        label=gettext_lazy("Photo of how it is now"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    lat = forms.FloatField(label=gettext_lazy("Latitude"), min_value=-90, max_value=90)
    lon = forms.FloatField(label=gettext_lazy("Longitude"), min_value=-180, max_value=180)

    def spot(self) -> Spot:
        """As the write door takes it in."""
        seen = self.cleaned_data
        return Spot(seen["photo"], seen["lat"], seen["lon"], seen["is_settled"])


@dataclass(frozen=True)
class Act:
    """A step on the page: its form, and how the form is carried out."""

    verb: str
    title: str | Promise
    form: type[StepForm]
    perform: Callable[..., Any]
    values: Callable[[Any], dict[str, Any]]
    tone: str = "quiet"


def _said(form: StepForm) -> dict[str, Any]:
    return {"text": form.cleaned_data["text"]}


def _all(form: StepForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _seen(form: CheckForm) -> dict[str, Any]:
    return {"text": form.cleaned_data["text"], "spot": form.spot()}


ACTS = (
    Act("accept", gettext_lazy("Accept the reply"), AcceptForm, ordering.accept_reply, _said,
        "main"),
    Act("send_back", gettext_lazy("Send it back"), SendBackForm, ordering.send_back, _all),
    Act("reply", gettext_lazy("Reply"), ReplyForm, ordering.reply, _all, "main"),
    Act("plan", gettext_lazy("Plan"), PlanForm, ordering.plan_rectification, _all),
    Act("check", gettext_lazy("Check on site"), CheckForm, ordering.check_on_site, _seen),
    Act("report", gettext_lazy("Report progress"), StepForm, ordering.report_progress, _said),
    Act("visit", gettext_lazy("Note a visit"), VisitForm, ordering.note_visit, _all),
    Act("withdraw", gettext_lazy("Withdraw"), StepForm, ordering.withdraw_order, _said),
)  # fmt: skip
BY_VERB = {act.verb: act for act in ACTS}


@staff_only()
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Orders that the person may see, what is due first first."""
    view, typed = request.GET.get("view", VIEWS[0]), request.GET.get("page", "")
    page = int(typed) if typed.isdecimal() and len(typed) < 6 else 1
    if view not in VIEWS:
        raise NotFound(_("There is no such list."))
    rows, more = order_files.listed(at_work(request), view, max(page, 1))
    context = {
        "here": "orders",
        "orders": rows,
        "views": VIEWS,
        "view": view,
        "next": page + 1 if more else 0,
        "may_order": ordering.may_order(at_work(request)),
    }
    return staff_page(request, "staff/orders.html", context)


@staff_only(roles.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give a unit an order, about a case or about none."""
    form = _order_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            order = ordering.issue_order(actor=at_work(request), draft=_draft(request, form))
        except (Invalid, NotAllowed) as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("%(number)s is given to the unit.") % {"number": order.number}
            )
            return redirect("staff:order", order.pk)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"here": "orders", "form": form}
    return staff_page(request, "staff/order_new.html", context, status=status)


@staff_only()
@require_GET
def order_page(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: what is demanded, what was said, what can be done."""
    return _shown(request, order_file(at_work(request), order_id))


@staff_only()
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, order_id: int, verb: str) -> HttpResponse:
    """Carry out a step; what was typed stays on the page when it is refused."""
    if request.method == "GET":
        return redirect("staff:order", order_id)
    chosen = BY_VERB.get(verb)
    if chosen is None:
        raise NotFound(_("There is no such act."))
    file = order_file(at_work(request), order_id)
    form = chosen.form(request.POST, request.FILES, auto_id=f"{verb}-%s")
    if not form.is_valid():
        return _shown(request, file, form, chosen, status=UNPROCESSABLE)
    try:
        chosen.perform(
            actor=at_work(request), order_id=order_id, version=form.cleaned_data["version"],
            **chosen.values(form),
        )  # fmt: skip
    except (Invalid, NotAllowed, Conflict) as error:
        form.refuse(error)
        file = order_file(at_work(request), order_id)
        return _shown(request, file, form, chosen, status=UNPROCESSABLE)
    messages.success(request, _("It is recorded."))
    return redirect("staff:order", order_id)


@staff_only()
@require_safe
def paper(request: HttpRequest, order_id: int) -> HttpResponse:
    """The order as an official document."""
    name, content = order_files.paper(at_work(request), order_id)
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@staff_only()
@require_safe
@cache_control(private=True, max_age=DAY)
def photo(request: HttpRequest, order_id: int, step_id: int) -> HttpResponse:
    """The photo of a step, for whoever may see the order."""
    order = access.get_order(at_work(request), order_id)
    found = order.steps.filter(pk=step_id).exclude(file="").first()
    if found is None:
        raise NotFound(_("There is no such photo."))
    with default_storage.open(found.file) as file:
        return HttpResponse(file.read(), content_type="image/jpeg")


def _order_form(request: HttpRequest) -> OrderForm:
    typed = request.GET.get("case", "")
    initial: dict[str, Any] = {"way": "online", "due_on": None}
    if typed.isdecimal() and len(typed) < 19:
        case = get_case(at_work(request), int(typed))
        initial |= {
            "case": case.number,
            "unit": case.lead_unit_id,
            "subject": ordering.about(case.number),
            "grounds": ordering.grounds(case.number, case.due_at),
        }
    form = OrderForm(request.POST or None, initial=initial)
    supervised = [one for one in people.units() if access.may_supervise(at_work(request), one)]
    form.choose(
        "unit", [("", "—"), *[(one.pk, in_language(one.name, one.name_en)) for one in supervised]]
    )
    form.fields["unit"].widget.attrs["data-narrow"] = _("Type to narrow the list")
    form.fields["due_on"].widget.attrs["min"] = f"{clock.today():%F}"
    return form


def _draft(request: HttpRequest, form: OrderForm) -> Draft:
    said = dict(form.cleaned_data)
    number = said.pop("case").strip()
    return Draft(
        unit_id=said.pop("unit"),
        case_id=ordering.case_of(at_work(request), number) if number else None,
        **said,
    )


def _shown(
    request: HttpRequest,
    file: OrderFile,
    refused: StepForm | None = None,
    of: Act | None = None,
    status: int = 200,
) -> HttpResponse:
    allowed = {one.verb for one in file.allowed}
    start = {"version": file.order.version}
    acts = [
        {
            "act": one,
            "form": refused
            if of is one and refused
            else one.form(initial=start, auto_id=f"{one.verb}-%s"),
            "is_open": of is one,
        }
        for one in ACTS
        if one.verb in allowed
    ]
    context = {"here": "orders", "file": file, "order": file.order, "acts": acts}
    return staff_page(request, "staff/order.html", context, status=status)
