"""``yanlu rotate_keys``: encrypt every sealed identity with a fresh key."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from yanlu.kernel import fields
from yanlu.people.services import reseal_identities
from yanlu.project import secrets


class Command(BaseCommand):
    """Adds a key, re-encrypts everything with it, then drops the old ones."""

    help = "Encrypt all sealed identities with a fresh key and drop the old one"

    def handle(self, *_: Any, **__: Any) -> None:
        settings.YANLU_DATA_KEYS = secrets.add_data_key(settings.HOME).data_keys
        fields.keyring.cache_clear()
        count = sum(1 for _ in tqdm(reseal_identities(), "Resealing", unit="row", disable=None))
        secrets.drop_old_data_keys(settings.HOME)
        self.stdout.write(f"{count} sealed identities now use the new key; restart web and worker")
