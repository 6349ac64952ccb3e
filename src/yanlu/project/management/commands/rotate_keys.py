"""``yanlu rotate_keys``: encrypt everything that is sealed with a fresh key."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from yanlu.exchange.services import reseal
from yanlu.kernel import fields
from yanlu.notices import services as notices
from yanlu.people.services import reseal_identities
from yanlu.project import secrets, supervisor

#: What a second factor holds that is encrypted with our keys.
SECRETS = ("secret", "seed")


class Command(BaseCommand):
    """Adds a key, re-encrypts everything with it, then drops the old ones."""

    help = "Encrypt identities and second factors with a fresh key; stop Yanlu first"

    def handle(self, *_: Any, **__: Any) -> None:
        # A process that holds the old keys alone would seal what nobody can open afterwards.
        with supervisor.only_one(settings.HOME):
            settings.YANLU_DATA_KEYS = secrets.add_data_key(settings.HOME).data_keys
            fields.keyring.cache_clear()
            rows = [*_steps()]
            secrets.drop_old_data_keys(settings.HOME)
        self.stdout.write(f"{len(rows)} secrets now use the new key alone")


def _steps() -> Iterator[int]:
    yield from tqdm(reseal_identities(), "Identities", unit="row", disable=None)
    yield from tqdm(reseal(), "Partners' secrets and orders", unit="row", disable=None)
    yield from tqdm(notices.reseal(), "Addresses for notices", unit="row", disable=None)
    for factor in tqdm(Authenticator.objects.all(), "Second factors", unit="row", disable=None):
        for name in SECRETS:
            if name in factor.data:
                token = str(factor.data[name]).encode()
                factor.data[name] = fields.keyring().rotate(token).decode()
        factor.save(update_fields=["data"])
        yield factor.pk
