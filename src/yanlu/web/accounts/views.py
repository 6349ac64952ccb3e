"""Signing in and out."""

from hashlib import sha256
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yanlu.kernel.errors import TooMany
from yanlu.notices.services import NotSent, can_send_sms
from yanlu.web import visitors
from yanlu.web.accounts.forms import PhoneCodeForm, PhoneForm, wrong_code
from yanlu.web.accounts.phone_code import PhoneCode

HOUR = 3600
MINUTES_10 = 600


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A resident's phone number; the code follows."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "mine")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and can_send_sms() and form.is_valid():
        try:
            _send_code(request, form.cleaned_data["phone"])
        except (TooMany, NotSent) as error:
            form.add_error("phone", str(error.message))
        else:
            return redirect(_with_next(request, "account_confirm_login_code"))
    return _phone_page(request, form)


@login_stage_required(  # type: ignore[untyped-decorator]
    stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"
)
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """The code that the phone received; a fitting one signs in."""
    process = PhoneCode(request._login_stage)  # type: ignore[attr-defined]
    if process.abort_if_invalid() is None:
        messages.warning(request, _("The code has expired. Please ask for a new one."))
        return _phone_page(request, PhoneForm(initial={"phone": process.phone}))
    if "resend" in request.POST:
        _send_again(request, process.phone)
        return redirect(_with_next(request, "account_confirm_login_code"))
    form = PhoneCodeForm(request.POST or None)
    if form.is_valid():
        if process.matches(form.cleaned_data["code"]):
            return process.finish(get_next_redirect_url(request))
        if not process.record_invalid_attempt():
            messages.error(request, _("Too many wrong codes. Please ask for a new one."))
            return _phone_page(request, PhoneForm(initial={"phone": process.phone}))
        form.add_error("code", wrong_code(process.attempts_left))
    status = 422 if form.is_bound else 200
    return render(
        request, "accounts/code.html", {"form": form, "phone": process.phone}, status=status
    )


class StaffSignIn(LoginView):  # type: ignore[misc]
    """Name and password; the second factor follows."""

    template_name = "accounts/staff_sign_in.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("login", "").strip().lower()
        visitors.limit("staff-name", _digest(name), most=10, seconds=MINUTES_10)
        visitors.limit("staff-address", visitors.address(request), most=60, seconds=MINUTES_10)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        """Whoever began to sign in by phone may still choose the staff page."""
        if stage.key == LoginByCodeStage.key:
            return None
        redirection: HttpResponseRedirect | None = super()._redirect_to_pending_stage(
            request, stage
        )
        return redirection


def _send_code(request: HttpRequest, phone: str) -> None:
    """Send a code, unless too many went to this number or were asked for from this address."""
    visitors.limit("code-minute", _digest(phone), most=1, seconds=60)
    visitors.limit("code-phone", _digest(phone), most=6, seconds=HOUR)
    visitors.limit("code-address", visitors.address(request), most=30, seconds=HOUR)
    PhoneCode.begin(request, phone)


def _send_again(request: HttpRequest, phone: str) -> None:
    try:
        _send_code(request, phone)
    except (TooMany, NotSent) as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("A new code is on its way. The old one no longer holds."))


def _digest(name: str) -> str:
    """Counters hold no phone number and no name."""
    return sha256(name.encode()).hexdigest()[:32]


def _phone_page(request: HttpRequest, form: PhoneForm) -> HttpResponse:
    context = {"form": form, "can_send": can_send_sms(), "next": get_next_redirect_url(request)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/sign_in.html", context, status=status)


def _with_next(request: HttpRequest, name: str) -> str:
    target = get_next_redirect_url(request)
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")
