"""What a resident is told: the inbox, one notice, and how to be told."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yanlu.cases.telling import address_of
from yanlu.notices import services
from yanlu.notices.selectors import Told
from yanlu.people.access import is_staff
from yanlu.web import inbox as shared
from yanlu.web.accounts.gate import resident_only

if TYPE_CHECKING:
    from yanlu.people.models import Account

View = Callable[..., HttpResponse]


class ResidentWishesForm(shared.WishesForm):
    """The same in the residents' dress."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"email", "quiet_from", "quiet_to"} & set(self.fields):
            self.fields[name].widget.attrs["class"] = "input"


def own_desk(view: View) -> View:
    """Let residents in, and send who works here to the same page in their own dress."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_staff(_account(request)):
            name = request.resolver_match.url_name if request.resolver_match else "notices"
            to_desk: HttpResponse = redirect(f"staff:{name}", *args, **kwargs)
            return to_desk
        return view(request, *args, **kwargs)

    return resident_only(guarded)


@never_cache
@require_safe
@own_desk
def inbox(request: HttpRequest) -> HttpResponse:
    """All notices, the latest first."""
    return render(request, "resident/notices.html", shared.page_of(request, _account(request)))


@never_cache
@require_safe
@own_desk
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice, with the way to what it is about."""
    account = _account(request)
    told = shared.opened(account, notice_id)
    context = {"told": told, "address": _address(account, told), "tab": "notices"}
    return render(request, "resident/notice.html", context)


@require_POST
@own_desk
def read_all(request: HttpRequest) -> HttpResponse:
    """All is read."""
    services.mark_all_read(actor=_account(request))
    return redirect("notices")


@never_cache
@require_http_methods(["GET", "POST"])
@own_desk
def wishes(request: HttpRequest) -> HttpResponse:
    """How the resident wishes to be told."""
    is_sent = request.method == "POST"
    form = ResidentWishesForm(_account(request), request.POST if is_sent else None)
    if is_sent and form.keep():
        messages.success(request, _("Kept. It counts from the next notice on."))
        return redirect("notices")
    context = {"form": form, "tab": "notices"}
    return render(request, "resident/notice_wishes.html", context, status=422 if is_sent else 200)


def _address(account: "Account", told: Told) -> str:
    """Where the resident follows what the notice is about, empty if there is no page of it."""
    place = address_of(account, told.about_id) if told.about_type == "case" else None
    return f"{reverse('matter', args=[place.code])}?case={place.number}" if place else ""


def _account(request: HttpRequest) -> "Account":
    return cast("Account", request.user)
