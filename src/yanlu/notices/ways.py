"""The ways out of the house by their names, and where each finds a person."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import ModuleType

from yanlu.notices.models import Channel, Preference
from yanlu.notices.transports import email, sms, wechat
from yanlu.notices.transports.message import Message
from yanlu.people import selectors as people


@dataclass(frozen=True)
class Way:
    """A transport, and the addresses of accounts on it; who can't be reached misses."""

    transport: ModuleType
    addresses: Callable[[Collection[int]], dict[int, str]]

    def is_on(self) -> bool:
        """Whether the operator set it up."""
        return bool(self.transport.is_on())

    def send(self, message: Message) -> str:
        """Send it; the receipt. Raises `Undelivered`."""
        return str(self.transport.send(message))


def _kept(name: str) -> Callable[[Collection[int]], dict[int, str]]:
    """Addresses that people gave themselves."""

    def read(account_ids: Collection[int]) -> dict[int, str]:
        rows = Preference.objects.filter(account__in=account_ids)
        return {row.account_id: getattr(row, name) for row in rows if getattr(row, name)}

    return read


WAYS: dict[str, Way] = {
    Channel.SMS: Way(sms, people.phones_of),
    Channel.EMAIL: Way(email, _kept("email")),
    Channel.WECHAT: Way(wechat, _kept("openid")),
}


def on() -> list[str]:
    """Names of the ways that are set up."""
    return [name for name, way in WAYS.items() if way.is_on()]
