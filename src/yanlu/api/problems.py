"""Errors as problem details (RFC 9457), in the language that the partner asks for."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError

from yanlu.exchange.access import BadSignature
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
#: What each kind of problem is explained under; the address is also its ``type``.
EXPLAINED_AT = "/api/v1/docs#problem-"
#: Seconds after which to try again when the database is away.
PATIENCE = 5


@dataclass(frozen=True)
class Problem:
    """A kind of problem: its name in the address, its status and its title."""

    name: str
    status: int
    title: str | Promise


UNREADABLE = Problem("unreadable", 400, _("The request can't be read"))
BAD_SIGNATURE = Problem("bad-signature", 401, _("The signature is not valid"))
NO_KEY = Problem("no-key", 401, _("A valid key is needed"))
NOT_ALLOWED = Problem("not-allowed", 403, _("That is not yours to do"))
NOT_FOUND = Problem("not-found", 404, _("There is nothing here"))
NO_METHOD = Problem("no-method", 405, _("That can't be done here"))
CONFLICT = Problem("conflict", 409, _("This contradicts an earlier request"))
NO_LENGTH = Problem("no-length", 411, _("The request does not tell its length"))
TOO_LARGE = Problem("too-large", 413, _("The request is too large"))
NO_JSON = Problem("no-json", 415, _("Send JSON"))
INVALID = Problem("invalid", 422, _("Something in it can't be taken in"))
TOO_MANY = Problem("too-many", 429, _("Too many requests"))
BROKEN = Problem("broken", 500, _("Something went wrong here"))
AWAY = Problem("away", 503, _("Not available just now"))
PROBLEMS = (
    UNREADABLE, BAD_SIGNATURE, NO_KEY, NOT_ALLOWED, NOT_FOUND, NO_METHOD, CONFLICT, NO_LENGTH,
    TOO_LARGE, NO_JSON, INVALID, TOO_MANY, BROKEN, AWAY,
)  # fmt: skip

_OF_REFUSAL: dict[type[Refused], Problem] = {
    Invalid: INVALID,
    NotFound: NOT_FOUND,
    NotAllowed: NOT_ALLOWED,
    Conflict: CONFLICT,
    TooMany: TOO_MANY,
    BadSignature: BAD_SIGNATURE,
}
_OF_STATUS = {problem.status: problem for problem in PROBLEMS}
#: Our words for what pydantic finds, by its name for it.
_MESSAGES = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("This should be a text."),
    "string_too_long": _("This is too long."),
    "string_too_short": _("This is too short."),
    "string_pattern_mismatch": _("Please write something that can be stored."),
    "bool_type": _("This should be true or false."),
    "float_type": _("This should be a number."),
    "finite_number": _("This should be a number."),
    "less_than_equal": _("This number is too large."),
    "greater_than_equal": _("This number is too small."),
    "literal_error": _("This is not one of the values that are known."),
    "model_attributes_type": _("This should be an object."),
    "model_type": _("This should be an object."),
    "dict_type": _("This should be an object."),
    "timezone_aware": _("The moment needs a time zone, as in 2026-11-23T09:30:00+08:00."),
}
_OTHERWISE = _("This does not fit.")
_MOMENT = _("This is no moment, such as 2026-11-23T09:30:00+08:00.")


def problem(
    request: HttpRequest,
    kind: Problem,
    detail: str | Promise = "",
    *,
    errors: Sequence[Mapping[str, str | Promise]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer to a request that can't be carried out."""
    with translation.override(translation.get_language_from_request(request)):
        content: dict[str, Any] = {
            "type": EXPLAINED_AT + kind.name,
            "title": str(kind.title),
            "status": kind.status,
            "detail": str(detail or kind.title),
        }
        if errors:
            content["errors"] = [{k: str(v) for k, v in error.items()} for error in errors]
        language = translation.get_language()
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False), status=kind.status, content_type=CONTENT_TYPE
    )
    response.headers["Content-Language"] = language
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def on_refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """What the domain refuses, in its own words."""
    kind = _OF_REFUSAL.get(type(error), UNREADABLE)
    if isinstance(error, TooMany):
        wait = {"Retry-After": str(error.retry_after)}
        return problem(request, kind, error.message, headers=wait)
    if isinstance(error, BadSignature):
        return problem(
            request, kind, error.message, headers={"WWW-Authenticate": "Yanlu-Signature"}
        )
    field = error.field if isinstance(error, Invalid) else ""
    errors = [{"field": field, "message": error.message}] if field else []
    return problem(request, kind, error.message, errors=errors)


def on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not fit the schema: every field and why."""
    errors = [{"field": _field(e["loc"]), "message": _message(e["type"])} for e in error.errors]
    return problem(request, INVALID, errors=errors)


def on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == NO_KEY.status else None
    return problem(request, _OF_STATUS.get(error.status_code, UNREADABLE), headers=headers)


def on_database_away(
    request: HttpRequest, error: OperationalError | InterfaceError
) -> HttpResponse:
    """The database does not answer; the partner had better try again."""
    log.error("the database is away", exc_info=error)
    return problem(request, AWAY, headers={"Retry-After": str(PATIENCE)})


def on_anything(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours."""
    log.error("a request failed", exc_info=error)
    return problem(request, BROKEN)


def _field(location: Sequence[str | int]) -> str:
    """``contact.phone`` for ``("body", "words", "contact", "phone")``."""
    return ".".join(str(part) for part in location[2:])


def _message(kind: str) -> str | Promise:
    if kind.startswith("datetime"):
        return _MOMENT
    return _MESSAGES.get(kind, _OTHERWISE)
