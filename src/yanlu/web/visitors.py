"""Who is at the other end, as far as limits on how often need to know."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import quotas
from yanlu.kernel.errors import TooMany


def address(request: HttpRequest) -> str:
    """The visitor's network address, seen past our own proxy."""
    return str(get_adapter().get_client_ip(request))


def limit(act: str, who: str, *, most: int, seconds: int) -> None:
    """Count one more ``act`` by ``who``.

    :raises TooMany: more than ``most`` within the window.
    """
    wait = quotas.use(f"web:{act}:{who}", limit=most, seconds=seconds)
    if wait:
        raise TooMany(
            _("That was a bit much in a short time. Please wait a moment; nothing is lost."), wait
        )


def channel(request: HttpRequest) -> str:
    """By which of the six channels somebody comes: a telephone's browser calls itself mobile."""
    return "mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web"
