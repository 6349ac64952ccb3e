"""What every answer goes through: content security, and pages for refused acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render

from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany

Answerer = Callable[[HttpRequest], HttpResponse]

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
#: Residents may give their position and take a photo; nothing else of the device is asked for.
_PERMISSIONS = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"
_STATUS: dict[type[Refused], int] = {
    Invalid: 422,
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    TooMany: 429,
}


class ChosenLanguage(LocaleMiddleware):
    """Pages speak Simplified Chinese until somebody chooses otherwise, whatever the browser says:
    telephones sold abroad, and old ones, claim a language that their owner does not read."""

    def process_request(self, request: HttpRequest) -> None:
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)


class ContentSecurity:
    """Pages run our own scripts and styles only: nothing inline, nothing from elsewhere."""

    def __init__(self, get_response: Answerer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response


class RefusalPages:
    """A refused act becomes a page in plain words, for htmx a line in the page's ``#notice``."""

    def __init__(self, get_response: Answerer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a refusal; any other exception is none of ours."""
        return refusal_page(request, error) if isinstance(error, Refused) else None


def refusal_page(request: HttpRequest, error: Refused) -> HttpResponse:
    """The refusal as a page or a fragment, with the status that names it."""
    status = _STATUS.get(type(error), 400)
    asks_fragment = "HX-Request" in request.headers
    template = "components/refusal.html" if asks_fragment else "errors/refused.html"
    context = {"message": error.message, "status": status}
    if isinstance(error, TooMany):
        context["minutes"] = -(-error.retry_after // 60)
    response = render(request, template, context, status=status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    if asks_fragment:
        response["HX-Retarget"] = "#notice"
        response["HX-Reswap"] = "innerHTML show:top"
    return response
