"""Joint conferences: the list, each on its page, convened, changed, called off and recorded."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanlu.cases import conference_files as files
from yanlu.cases import conference_papers, conferences
from yanlu.cases.access import get_case
from yanlu.cases.conference_files import ConferenceFile, conference_file
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed
from yanlu.people import access
from yanlu.web.staff.conference_forms import CallOffForm, ChangeForm, ConveneForm, RecordForm
from yanlu.web.staff.fields import StaffForm
from yanlu.web.staff.gates import CONVENING, QUEUE, at_work, staff_only, staff_page

if TYPE_CHECKING:
    from yanlu.cases.models import Conference

UNPROCESSABLE = 422
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@staff_only(*QUEUE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Conferences that the person may see, those on which something is to do first."""
    typed = request.GET.get("page", "")
    page = int(typed) if typed.isdecimal() and len(typed) < 6 else 1
    lines, following = files.listed(at_work(request), max(page, 1))
    context = {
        "here": "conferences",
        "lines": lines,
        "next": following,
        "may_convene": access.has_role(at_work(request), CONVENING),
    }
    return staff_page(request, "staff/conferences.html", context)


@staff_only(*CONVENING)
@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest) -> HttpResponse:
    """Invite units about the cases that were chosen, or whose numbers are typed."""
    chosen = [int(one) for one in request.GET.getlist("case") if one.isdecimal() and len(one) < 19]
    about = [get_case(at_work(request), number) for number in chosen[:100]]
    form = ConveneForm(request.POST or None, about)

    def invite() -> "Conference":
        return conferences.convene_conference(
            actor=at_work(request),
            numbers=re.split(r"[\s,，、;；]+", form.cleaned_data["numbers"]),
            invitation=form.invitation(),
        )

    return _form_page(request, "staff/conference_invite.html", form, invite, _("Convened."))


@staff_only(*QUEUE)
@require_GET
def conference_page(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Agenda, cases, seats, minutes, and each task with owner, date and how it stands."""
    file = conference_file(at_work(request), conference_id)
    return _shown(request, file)


@staff_only(*CONVENING)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Put it to another time or place, or invite others."""
    file = _led(request, conference_id)
    form = ChangeForm(request.POST or None, file)

    def put() -> "Conference":
        return conferences.change_conference(
            actor=at_work(request),
            conference_id=conference_id,
            invitation=form.invitation(),
            version=form.cleaned_data["version"],
        )

    done = _("Changed. Members need the new calendar file.")
    return _form_page(request, "staff/conference_invite.html", form, put, done, file)


@staff_only(*CONVENING)
@require_POST
def cancel(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Call it off, saying why."""
    file = _led(request, conference_id)
    form = CallOffForm(request.POST, auto_id="cancel-%s")
    if form.is_valid():
        try:
            conferences.cancel_conference(
                actor=at_work(request), conference_id=conference_id, **form.cleaned_data
            )
        except (Invalid, Conflict) as error:
            form.refuse(error)
        else:
            messages.success(request, _("Called off. The cases stay as they are."))
            return redirect("staff:conference", conference_id)
    return _shown(request, file, form, status=UNPROCESSABLE)


@staff_only(*CONVENING)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, conference_id: int) -> HttpResponse:
    """Write down what was said and decided, and who has to do what by when."""
    file = _led(request, conference_id)
    if "more" in request.POST:
        form = RecordForm.with_more(request.POST, file)
    else:
        form = RecordForm(request.POST or None, file)

    def write() -> "Conference":
        return conferences.record_conference(
            actor=at_work(request),
            conference_id=conference_id,
            record=form.record(),
            version=form.cleaned_data["version"],
        )

    done = _("Recorded. The tasks are in the cases, with their dates.")
    return _form_page(request, "staff/conference_record.html", form, write, done, file)


@staff_only(*QUEUE)
@require_GET
def calendar_file(request: HttpRequest, conference_id: int) -> HttpResponse:
    """An entry for the member's own calendar."""
    content = conference_papers.calendar_file(at_work(request), conference_id)
    return _download(content, "text/calendar; charset=utf-8", f"conference-{conference_id}.ics")


@staff_only(*QUEUE)
@require_GET
def minutes(request: HttpRequest, conference_id: int) -> HttpResponse:
    """The minutes as an official document."""
    content = conference_papers.minutes(at_work(request), conference_id)
    return _download(content, DOCX, f"minutes-{conference_id}.docx")


def _led(request: HttpRequest, conference_id: int) -> ConferenceFile:
    """The conference, for whoever may change it now."""
    file = conference_file(at_work(request), conference_id)
    if not file.may_lead:
        raise NotAllowed(_("This conference is over, or it is not yours to lead."))
    return file


def _form_page(
    request: HttpRequest,
    template: str,
    form: StaffForm,
    carry_out: "Callable[[], Conference]",
    done: str,
    file: ConferenceFile | None = None,
) -> HttpResponse:
    """A form of its own page: carried out, or shown again with what was typed."""
    if form.is_bound and form.is_valid():
        try:
            conference = carry_out()
        except (Invalid, NotAllowed, Conflict) as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect("staff:conference", conference.pk)
    context = {"here": "conferences", "form": form, "file": file}
    return staff_page(request, template, context, status=UNPROCESSABLE if form.is_bound else 200)


def _shown(
    request: HttpRequest, file: ConferenceFile, form: CallOffForm | None = None, status: int = 200
) -> HttpResponse:
    held: Any = {"version": file.conference.version}
    context = {
        "here": "conferences",
        "file": file,
        "conference": file.conference,
        "form": form or CallOffForm(initial=held, auto_id="cancel-%s"),
    }
    return staff_page(request, "staff/conference.html", context, status=status)


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
