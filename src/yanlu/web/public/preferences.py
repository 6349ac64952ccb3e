"""Language and size of text, kept in cookies."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from yanlu.web.context import TEXT_SIZE_COOKIE, TEXT_SIZES

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the choices, or keep one and go back to where the visitor was."""
    if request.method == "POST":
        return _kept(request)
    return render(request, "public/preferences.html", {"sizes": ("", *TEXT_SIZES), "tab": ""})


def _kept(request: HttpRequest) -> HttpResponse:
    response = redirect(_way_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    size = request.POST.get("text_size")
    if size in TEXT_SIZES:
        _keep(response, TEXT_SIZE_COOKIE, size)
    elif size is not None:
        response.delete_cookie(TEXT_SIZE_COOKIE)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if is_ours else "/"
