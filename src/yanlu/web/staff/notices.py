"""What a member of staff is told: the inbox, one notice, and how to be told."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yanlu.notices import services
from yanlu.notices.selectors import Told
from yanlu.web import inbox as shared
from yanlu.web.staff.fields import dress
from yanlu.web.staff.gates import at_work, staff_only, staff_page

#: Pages of what a notice may be about, by the type of its subject.
PAGES = {
    "case": "staff:case",
    "conference": "staff:conference",
    "order": "staff:order",
    "report": "staff:report",
}
#: Pages that are the same whatever it is about.
PLAIN_PAGES = {"board": "staff:watch", "inspections": "staff:inspections"}


class StaffWishesForm(shared.WishesForm):
    """The same in the staff's dress."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


@staff_only()
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All notices, the latest first."""
    return staff_page(request, "staff/notices.html", shared.page_of(request, at_work(request)))


@staff_only()
@require_safe
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice, with the way to what it is about."""
    told = shared.opened(at_work(request), notice_id)
    context = {"told": told, "address": _address(told), "here": "notices"}
    return staff_page(request, "staff/notice.html", context)


@staff_only()
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All is read."""
    services.mark_all_read(actor=at_work(request))
    return redirect("staff:notices")


@staff_only()
@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """How the person wishes to be told."""
    is_sent = request.method == "POST"
    form = StaffWishesForm(at_work(request), request.POST if is_sent else None)
    if is_sent and form.keep():
        messages.success(request, _("Kept. It counts from the next notice on."))
        return redirect("staff:notices")
    context = {"form": form, "here": "notices"}
    return staff_page(request, "staff/notice_wishes.html", context, status=422 if is_sent else 200)


def _address(told: Told) -> str:
    if plain := PLAIN_PAGES.get(told.about_type):
        return reverse(plain)
    page = PAGES.get(told.about_type)
    return reverse(page, args=[told.about_id]) if page else ""
