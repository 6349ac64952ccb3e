"""Closed cases that were drawn to be looked at on site (实地抽查), one by one, from a phone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yanlu.kernel.errors import Conflict, Invalid, NotAllowed
from yanlu.oversight import inspecting, report_files
from yanlu.oversight.inspecting import Seen
from yanlu.people import roles
from yanlu.people.access import has_role
from yanlu.web.staff.conferences import UNPROCESSABLE
from yanlu.web.staff.fields import StaffForm, long_text
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.oversight_words import FINDINGS

DAY = 24 * 3600


class InspectForm(StaffForm):
    """What was found on site."""

    finding = forms.ChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=[(code, words.label) for code, words in FINDINGS.items() if code],
        widget=forms.RadioSelect,
    )
    text = long_text(gettext_lazy("What do you see?"), max_length=2000)
    photo = forms.FileField(
        label=gettext_lazy("Photo of how it is now"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=gettext_lazy("Needed unless it could not be seen, and so is your position."),
    )
    lat = forms.FloatField(
        label=gettext_lazy("Latitude"), required=False, min_value=-90, max_value=90
    )
    lon = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180
    )

    def seen(self) -> Seen:
        """As the write door takes it in."""
        return Seen(**self.cleaned_data)


@staff_only()
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for this person to look at it."""
    account = at_work(request)
    if not inspecting.may_inspect(account):
        raise NotAllowed(_("Your role does not reach this page."))
    context = {"here": _here(request), "waiting": inspecting.to_inspect(account)}
    return staff_page(request, "staff/inspections.html", context)


@staff_only()
@require_http_methods(["GET", "POST"])
def inspect(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """One case, and what was found there."""
    found = inspecting.get_inspection(at_work(request), inspection_id)
    form = InspectForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            inspecting.inspect_case(
                actor=at_work(request), inspection_id=inspection_id, seen=form.seen()
            )
        except Invalid as error:
            form.add_error(_field(form, error), str(error.message))
        except Conflict as error:
            form.refuse(error)
            found = inspecting.get_inspection(at_work(request), inspection_id)
        else:
            messages.success(request, _("%(number)s is recorded.") % {"number": found.case.number})
            return redirect("staff:inspections")
    context: dict[str, Any] = {
        "here": _here(request),
        "found": found.inspection,
        "case": found.case,
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return staff_page(request, "staff/inspection.html", context, status=status)


@staff_only()
@require_safe
@cache_control(private=True, max_age=DAY)
def photo(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """The photo of a finding."""
    name = report_files.photo(at_work(request), inspection_id)
    with default_storage.open(name) as file:
        return HttpResponse(file.read(), content_type="image/jpeg")


def _field(form: InspectForm, error: Invalid) -> str | None:
    """The field that a refusal is about; of several photos the door speaks as of one."""
    name = "photo" if error.field == "photos" else error.field
    return name if name in form.fields else None


def _here(request: HttpRequest) -> str:
    """Which entry of the bar leads here: grid workers have one, others come from the reports."""
    has_one = has_role(at_work(request), {roles.GRID_WORKER})
    return "inspections" if has_one else "reports"
