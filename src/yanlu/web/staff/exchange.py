"""The exchange with partners: what came, what waits, what died; orders and results as tables."""

import io
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from yanlu.exchange import access, files, selectors, services
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid
from yanlu.web.staff.fields import StaffForm
from yanlu.web.staff.gates import at_work, staff_only, staff_page

if TYPE_CHECKING:
    from yanlu.exchange.selectors import Standing

#: Largest table in bytes that is read while the person waits; `yanlu import_orders` has no limit.
LARGEST = 5 * 2**20
FORMS = {
    files.CSV: "text/csv; charset=utf-8",
    files.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: How far back results are taken out unless the person says otherwise.
USUALLY = timedelta(days=30)
UNPROCESSABLE = 422


class PartnerForm(StaffForm):
    """Something that is done with one partner."""

    partner = forms.ChoiceField(label=gettext_lazy("Partner"))

    def __init__(self, data: Any, files: Any, standings: "list[Standing]", **more: Any) -> None:
        super().__init__(data, files, **more)
        self.choose("partner", [(one.partner.code, one.partner.name) for one in standings])


class UploadForm(PartnerForm):
    """A table of orders."""

    table = forms.FileField(
        label=gettext_lazy("Table of orders"),
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.xlsx"}),
        help_text=gettext_lazy("CSV or xlsx, at most 5 MB."),
    )

    def clean_table(self) -> Any:
        table = self.cleaned_data["table"]
        if table.size > LARGEST:
            raise forms.ValidationError(
                _("This table is too large for the page: let an operator take it in.")
            )
        return table


class DownloadForm(PartnerForm):
    """Which results."""

    since = forms.DateField(
        label=gettext_lazy("What is new since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty for all orders."),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("File"), choices=[(files.XLSX, "xlsx"), (files.CSV, "CSV")]
    )


class AsideForm(StaffForm):
    """Why the results behind a dead one go out without it."""

    reason = forms.CharField(label=gettext_lazy("Why it may be left out"), max_length=200)


@staff_only(*access.ROLES)
@require_GET
def exchange_page(request: HttpRequest) -> HttpResponse:
    """How the exchange stands, and everything that can be done about it."""
    return _shown(request)


@staff_only(*access.ROLES)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a table of orders in; rows that are refused are listed with the delivery."""
    form = UploadForm(request.POST, request.FILES, _standings(request), auto_id="upload-%s")
    if not form.is_valid():
        return _shown(request, upload=form, status=UNPROCESSABLE)
    partner = selectors.partner_of_code(form.cleaned_data["partner"])
    try:
        with NamedTemporaryFile() as kept:
            for chunk in form.cleaned_data["table"].chunks():
                kept.write(chunk)
            kept.flush()
            received = files.import_orders(
                actor=at_work(request), partner=partner, path=Path(kept.name)
            )
    except Invalid as error:
        form.add_error("table", str(error.message))
        return _shown(request, upload=form, status=UNPROCESSABLE)
    delivery = received.delivery
    counts = {"added": delivery.taken, "known": delivery.known, "refused": delivery.refused}
    tell = messages.warning if delivery.refused else messages.success
    tell(request, _("Taken in %(added)s, known %(known)s, refused %(refused)s.") % counts)
    return redirect("staff:exchange")


@staff_only(*access.ROLES)
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """How a partner's orders stand, as a table."""
    form = DownloadForm(request.POST, None, _standings(request), auto_id="download-%s")
    if not form.is_valid():
        return _shown(request, download=form, status=UNPROCESSABLE)
    asked, out = form.cleaned_data, io.BytesIO()
    since = asked["since"] and datetime.combine(asked["since"], time(), tzinfo=clock.ZONE)
    partner = selectors.partner_of_code(asked["partner"])
    files.export_results(
        actor=at_work(request), partner=partner, out=out, form=asked["form"], since=since
    )
    name = f"{partner.code}-{clock.today():%Y%m%d}.{asked['form']}"
    response = HttpResponse(out.getvalue(), content_type=FORMS[asked["form"]])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@staff_only(*access.ROLES)
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Let one message, or all of a partner that failed, go out again within a minute."""
    account, code = at_work(request), request.POST.get("partner", "")
    typed = request.POST.get("message", "")
    chosen = [int(typed)] if typed.isdecimal() and len(typed) < 19 else []
    numbers = selectors.undone_of(account, code) if code else chosen
    count = services.send_again(actor=account, message_ids=numbers)
    told = ngettext("%(count)d result goes out again.", "%(count)d results go out again.", count)
    messages.success(request, told % {"count": count})
    return redirect("staff:exchange")


@staff_only(*access.ROLES)
@require_POST
def set_aside(request: HttpRequest, message_id: int) -> HttpResponse:
    """Let the results behind a dead one go out without it."""
    form = AsideForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        services.set_aside(actor=at_work(request), message_id=message_id, reason=reason)
    except Invalid as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Set aside. The results behind it go out now."))
    return redirect("staff:exchange")


def _standings(request: HttpRequest) -> "list[Standing]":
    """What the person looks after.

    :raises NotAllowed: nothing of the exchange.
    """
    return selectors.standings(at_work(request))


def _shown(
    request: HttpRequest,
    *,
    upload: UploadForm | None = None,
    download: DownloadForm | None = None,
    status: int = 200,
) -> HttpResponse:
    account, standings = at_work(request), _standings(request)
    typed = request.GET.get("number", "").strip()
    number = typed if typed.isprintable() else ""
    context = {
        "here": "exchange",
        "standings": standings,
        "undone": selectors.undone(account),
        "deliveries": selectors.deliveries(account),
        "number": number,
        "found": selectors.orders_by_number(account, number) if number else [],
        "upload": upload or UploadForm(None, None, standings, auto_id="upload-%s"),
        "download": download
        or DownloadForm(
            None, None, standings, auto_id="download-%s", initial={"since": clock.today() - USUALLY}
        ),
    }
    return staff_page(request, "staff/exchange.html", context, status=status)
