"""What is done with a report: asked for, edited, issued, discarded, received."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanlu.kernel import clock
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed
from yanlu.oversight import access, reporting, reports
from yanlu.oversight.report_files import ReportFile, report_file
from yanlu.web.staff.conferences import UNPROCESSABLE
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.oversight_words import REPORT_KINDS
from yanlu.web.staff.report_forms import EditForm, IssueForm, ReportForm
from yanlu.web.staff.reports import shown

KINDS = dict(REPORT_KINDS)


@staff_only(*access.WRITING)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a report, of the last whole period unless other days are chosen."""
    typed = request.GET.get("kind", "")
    kind = typed if typed in KINDS else reports.MONTHLY
    form = ReportForm(request.POST or None, at_work(request), kind)
    if form.is_valid():
        try:
            report = reporting.ask_report(actor=at_work(request), wanted=form.wanted())
        except Invalid as error:
            form.refuse(error)
        except NotAllowed as error:
            form.add_error("unit" if form.cleaned_data["unit"] else "place", str(error.message))
        else:
            return redirect("staff:report", report.pk)
    context = {"here": "reports", "form": form, "kinds": REPORT_KINDS, "spans": _spans()}
    status = UNPROCESSABLE if form.is_bound else 200
    return staff_page(request, "staff/report_new.html", context, status=status)


@staff_only()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, report_id: int) -> HttpResponse:
    """Put other words into a draft; what was typed stays on the page when it is refused."""
    file = report_file(at_work(request), report_id)
    if request.method == "GET" and "revise" not in file.allowed:
        return redirect("staff:report", report_id)
    form = EditForm(request.POST or None, file)
    if not form.is_valid():
        return _editing(request, file, form)
    said = form.cleaned_data
    try:
        reporting.revise_report(
            actor=at_work(request), report_id=report_id, title=said["title"],
            texts=form.texts(), version=said["version"],
        )  # fmt: skip
    except (Invalid, NotAllowed, Conflict) as error:
        form.refuse(error)
        return _editing(request, file, form, is_overtaken=isinstance(error, Conflict))
    messages.success(request, _("It is saved."))
    return redirect("staff:report", report_id)


@staff_only()
@require_POST
def issue(request: HttpRequest, report_id: int) -> HttpResponse:
    """Number the report and send it."""
    file = report_file(at_work(request), report_id)
    form = IssueForm(request.POST, file)
    if form.is_valid():
        try:
            report = reporting.issue_report(
                actor=at_work(request), report_id=report_id, unit_ids=form.chosen(),
                version=form.cleaned_data["version"],
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        except (NotAllowed, Conflict) as error:
            messages.error(request, str(error.message))
            return redirect("staff:report", report_id)
        else:
            messages.success(request, _issued(report.number, len(form.chosen())))
            return redirect("staff:report", report_id)
    return shown(request, file, form, status=UNPROCESSABLE)


@staff_only()
@require_POST
def discard(request: HttpRequest, report_id: int) -> HttpResponse:
    """Put a report away that is not wanted."""
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    try:
        reporting.discard_report(actor=at_work(request), report_id=report_id, version=version)
    except (NotAllowed, Conflict) as error:
        messages.error(request, str(error.message))
        return redirect("staff:report", report_id)
    messages.success(request, _("The report is put away."))
    return redirect("staff:reports")


@staff_only()
@require_POST
def receive(request: HttpRequest, report_id: int) -> HttpResponse:
    """Say that the report has come."""
    reporting.receive_report(actor=at_work(request), report_id=report_id)
    messages.success(request, _("Its receipt is confirmed."))
    return redirect("staff:report", report_id)


def _spans() -> str:
    """First and last day of each kind's last whole period, for the script that fills them in."""
    today = clock.today()
    spans = {kind: reports.last_whole(kind, today) for kind in KINDS}
    return json.dumps({kind: [f"{one.first:%F}", f"{one.last:%F}"] for kind, one in spans.items()})


def _editing(
    request: HttpRequest, file: ReportFile, form: EditForm, *, is_overtaken: bool = False
) -> HttpResponse:
    """The page with the form; after somebody was faster, with how the report stands now."""
    now = []
    if is_overtaken:
        file = report_file(at_work(request), file.report.pk)
        form.go_on_from(file.report.version)
        typed = form.texts()
        now = [one for one in file.sections if _plain(one.text) != _plain(typed.get(one.code, ""))]
    context = {
        "here": "reports",
        "form": form,
        "report": file.report,
        "may_save": "revise" in file.allowed,
        "is_overtaken": is_overtaken,
        "now": now,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return staff_page(request, "staff/report_edit.html", context, status=status)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _issued(number: str, many: int) -> str:
    told = {"number": number, "count": many}
    return (
        ngettext(
            "%(number)s is issued and sent to %(count)d unit.",
            "%(number)s is issued and sent to %(count)d units.",
            many,
        )
        % told
    )
