"""Query codes that a visitor showed or received in this session."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from yanlu.people.models import Account

_KEY = "codes"
#: More than one household hands in within a session's two weeks.
MOST = 50


def codes(request: HttpRequest) -> list[str]:
    """The codes, newest first."""
    return list(request.session.get(_KEY, []))


def keep(request: HttpRequest, code: str) -> None:
    """Remember that this visitor holds the code."""
    known = codes(request)
    if code not in known:
        request.session[_KEY] = [code, *known][:MOST]


def account(request: HttpRequest) -> "Account | None":
    """Who is signed in, if anybody."""
    return request.user if request.user.is_authenticated else None
