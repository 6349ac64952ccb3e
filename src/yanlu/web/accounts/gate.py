"""Who may pass to which pages: residents signed in, staff with their second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import NotAllowed
from yanlu.people.access import is_staff

View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """Let through whoever works for the district, once two-factor sign-in is set up.

    :raises NotAllowed: somebody who is signed in but has no role.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not is_staff(request.user):
            raise NotAllowed(_("These pages are for those who work for the district."))
        if lacks_second_factor(request):
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded


def resident_only(view: View) -> View:
    """Let through whoever is signed in; others sign in by phone first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path(), reverse("account_request_login_code"))

    return guarded


def guard_editor(editor: AdminSite) -> None:
    """Let the editor of rules ask for the same sign-in, second factor included, as all staff pages.

    Called once, where the editor's addresses are laid out.
    """
    may_edit = editor.has_permission

    def has_permission(request: HttpRequest) -> bool:
        return may_edit(request) and not lacks_second_factor(request)

    editor.has_permission = has_permission  # type: ignore[method-assign]
    editor.login = _to_staff_sign_in  # type: ignore[method-assign]


def _to_staff_sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    if request.user.is_authenticated and lacks_second_factor(request):
        return redirect("mfa_index")
    if request.user.is_authenticated:
        raise NotAllowed(_("The editor of rules is not open to you."))
    return redirect_to_login(request.GET.get("next", ""), reverse("account_login"))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether a member of staff has to set up two-factor sign-in first; never in the demo."""
    return not settings.YANLU_DEMO and not is_mfa_enabled(request.user)
