"""Reports of supervision (督查报告): the list, each on its page, and its files."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from yanlu.kernel.errors import NotAllowed, NotFound
from yanlu.oversight import inspecting, ordering, report_files, reports
from yanlu.oversight.access import get_report
from yanlu.oversight.report_files import ReportFile, report_file
from yanlu.web.staff.conferences import DOCX
from yanlu.web.staff.gates import at_work, staff_only, staff_page
from yanlu.web.staff.oversight_words import REPORT_KINDS
from yanlu.web.staff.report_forms import IssueForm
from yanlu.web.staff.report_shape import shape

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only()
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Reports that the person may see, the latest first."""
    account, kind = at_work(request), request.GET.get("kind", "")
    if not report_files.may_see(account):
        raise NotAllowed(_("Your role does not reach this page."))
    if kind and kind not in dict(REPORT_KINDS):
        raise NotFound(_("There is no such list."))
    typed = request.GET.get("page", "")
    page = max(1, int(typed)) if typed.isdecimal() and len(typed) < 6 else 1
    rows, more = report_files.listed(account, kind, page)
    context = {
        "here": "reports",
        "reports": rows,
        "owed": report_files.owed(account, rows),
        "kinds": [("", _("All")), *REPORT_KINDS],
        "kind": kind,
        "next": page + 1 if more else 0,
        "may_ask": report_files.may_ask(account),
        "to_inspect": len(inspecting.to_inspect(account)) if inspecting.may_inspect(account) else 0,
    }
    return staff_page(request, "staff/reports.html", context)


@staff_only()
@require_GET
def report_page(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report: what it says, whom it was sent to, what can be done."""
    return shown(request, report_file(at_work(request), report_id))


@staff_only()
@require_GET
def ready(request: HttpRequest, report_id: int) -> HttpResponse:
    """Nothing while the report is being drawn up; then the word to load its page again."""
    report = get_report(at_work(request), report_id)
    response = HttpResponse(status=204)
    response["Cache-Control"] = "no-store"
    if report.state != reports.ASKED:
        response["HX-Refresh"] = "true"
    return response


@staff_only()
@require_safe
def paper(request: HttpRequest, report_id: int) -> HttpResponse:
    """The report as an official document."""
    return _file(*report_files.docx(at_work(request), report_id), DOCX)


@staff_only()
@require_safe
def workbook(request: HttpRequest, report_id: int) -> HttpResponse:
    """Its numbers, every row of every table."""
    return _file(*report_files.xlsx(at_work(request), report_id), XLSX)


def shown(
    request: HttpRequest, file: ReportFile, refused: IssueForm | None = None, status: int = 200
) -> HttpResponse:
    """The report's page."""
    account = at_work(request)
    context: dict[str, Any] = {
        "here": "reports",
        "file": file,
        "report": file.report,
        "is_asked": file.report.state == reports.ASKED,
        "is_issued": file.report.state == reports.ISSUED,
        "sections": shape(file.sections),
        "missing": [one.heading for one in file.sections if one.is_missing],
        "drawn": report_files.sample(account, file),
        "may_order": ordering.may_order(account),
        "may_inspect": inspecting.may_inspect(account) and file.report.state == reports.DRAFT,
    }
    if "issue" in file.allowed:
        context["issue"] = refused or IssueForm(None, file)
    return staff_page(request, "staff/report.html", context, status=status)


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
