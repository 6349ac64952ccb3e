"""Every address under ``/api/v1/``: what is checked before it is answered, and how it looks."""

from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from yanlu.api import problems as explained
from yanlu.api.rest.schemas import ProblemOut
from yanlu.kernel.errors import Refused

Answer = Callable[..., HttpResponse]

#: Longest request in bytes: a text of 50,000 characters, each escaped as twelve, fits.
MAX_BODY = 2**20


_HANDLERS: dict[type[Exception], Any] = {
    Exception: explained.on_anything,
    OperationalError: explained.on_database_away,
    InterfaceError: explained.on_database_away,
    HttpError: explained.on_http,
    ValidationError: explained.on_validation,
    Refused: explained.on_refusal,
}


def problems(*statuses: int) -> dict[int, Any]:
    """Problems with these statuses, for the schema of an operation."""
    return dict.fromkeys(statuses, ProblemOut)


class PartnerApi(NinjaAPI):
    """An interface that answers whatever it is asked with JSON, errors as problem details."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for kind, handler in _HANDLERS.items():
            self.add_exception_handler(kind, handler)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The schema; problems have a media type of their own."""
        schema = super().get_openapi_schema(**options)
        for found in schema["paths"].values():
            for operation in found.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {explained.CONTENT_TYPE: answer["content"].popitem()[1]}
        return schema

    def _get_urls(self) -> list[Any]:
        """Ours, each behind the same door, and an answer for all others."""
        found = [url for url in super()._get_urls() if isinstance(url, URLPattern)]
        ours = [url for url in found if url.name != "api-root"]
        for url in ours:
            url.callback = answered(url.callback)
        nothing = answered(nothing_here)
        return [*ours, path("", nothing, name="api-root"), re_path(r"", nothing)]


def answered(view: Answer) -> Answer:
    """The view behind the door: unfit requests are refused, every answer gets its headers."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _unfit(request)
        if response is None:
            if request.method == "HEAD":
                request.method = "GET"  # the server leaves the body out
            response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = {"Allow": response.headers.get("Allow", "")}
            response = explained.problem(request, explained.NO_METHOD, headers=allowed)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _unfit(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request that is not even looked at."""
    if request.method != "POST":
        return None
    in_pieces = "HTTP_TRANSFER_ENCODING" in request.META
    length = str(request.META.get("CONTENT_LENGTH") or ("?" if in_pieces else "0"))
    if not length.isdecimal():
        return explained.problem(request, explained.NO_LENGTH)
    if int(length) > MAX_BODY:
        return explained.problem(request, explained.TOO_LARGE)
    if request.content_type != "application/json":
        return explained.problem(request, explained.NO_JSON)
    return None


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The answer at an address that is none."""
    return explained.problem(request, explained.NOT_FOUND)
