"""Keys of partner systems: ``Authorization: Bearer yk_…``."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from yanlu.kernel import clock
from yanlu.people import selectors as people
from yanlu.people.services import key_digest

if TYPE_CHECKING:
    from yanlu.people.models import ApiKey

#: A process asks for a key again after this long: a revoked one works no longer than this.
STALE = timedelta(seconds=5)

_held: "dict[str, tuple[datetime, ApiKey]]" = {}


class PartnerKey(HttpBearer):
    """A partner's key is needed."""

    def __call__(self, request: HttpRequest) -> "ApiKey":
        """The key that the request carries.

        :raises AuthenticationError: none, an unknown or a revoked one.
        """
        key = carried_key(request)
        if key is None:
            raise AuthenticationError
        return key

    def authenticate(self, request: HttpRequest, token: str) -> "ApiKey | None":
        """The key with this token, unless revoked."""
        return known_key(token)


def carried_key(request: HttpRequest) -> "ApiKey | None":
    """The key that the request carries, ``None`` if it carries none at all.

    :raises AuthenticationError: an unknown or a revoked one.
    """
    written = request.META.get("HTTP_AUTHORIZATION", "")
    if not written:
        return None
    scheme, _space, token = written.partition(" ")
    key = known_key(token) if scheme.lower() == "bearer" else None
    if key is None:
        raise AuthenticationError
    return key


def known_key(token: str) -> "ApiKey | None":
    """The key with this token, unless revoked; at most :data:`STALE` old."""
    digest, now = key_digest(token), clock.now()
    held = _held.get(digest)
    if held and timedelta() <= now - held[0] < STALE:
        return held[1]
    key = people.api_key(digest)
    if key is None:
        _held.pop(digest, None)
    else:
        _held[digest] = (now, key)
    return key
