"""How often a partner may write and anybody look up."""

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import quotas
from yanlu.kernel.errors import TooMany

if TYPE_CHECKING:
    from yanlu.people.models import ApiKey

MINUTE = 60
#: Look-ups a minute: of a partner, who asks for many residents, and of an address without a key.
LOOKUPS_OF_PARTNER, LOOKUPS_OF_ADDRESS = 600, 30

TOO_FAST = _("That is faster than was agreed. Please wait a moment.")


def spend_submission(key: "ApiKey") -> None:
    """Count one submission of this partner.

    :raises TooMany: more than agreed within a minute.
    """
    if key.per_minute is not None:
        _spend(f"api:hand-in:{key.pk}", key.per_minute)


def spend_lookup(request: HttpRequest, key: "ApiKey | None") -> int:
    """Count one look-up; how many a minute this caller has.

    :raises TooMany: too many within a minute, which is how codes are guessed.
    """
    if key is not None:
        limit, who = LOOKUPS_OF_PARTNER, f"key:{key.pk}"
    else:
        limit, who = LOOKUPS_OF_ADDRESS, salted_hmac("look-up", address(request)).hexdigest()[:20]
    _spend(f"api:look-up:{who}", limit)
    return limit


def address(request: HttpRequest) -> str:
    """Where the request comes from, seen past our own proxy."""
    return str(get_adapter().get_client_ip(request))


def policy(limit: int) -> str:
    """The limit as ``RateLimit-Policy`` says it."""
    return f'"minute";q={limit};w={MINUTE}'


def _spend(key: str, limit: int) -> None:
    wait = quotas.use(key, limit=limit, seconds=MINUTE)
    if wait:
        raise TooMany(TOO_FAST, wait)
