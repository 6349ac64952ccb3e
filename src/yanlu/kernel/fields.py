"""Encrypted columns."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db import models

from yanlu.kernel.crypto import Keyring


@cache
def keyring() -> Keyring:
    """The installation's keys, newest first."""
    return Keyring(settings.YANLU_DATA_KEYS, settings.YANLU_INDEX_SECRET)


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text that is encrypted at rest; reads and writes ``str``.

    Not searchable: keep a :func:`blind index <yanlu.kernel.crypto.Keyring.blind_index>` beside
    it where equality has to be found.
    """

    def from_db_value(self, value: bytes | None, *_: Any) -> str | None:
        return None if value is None else keyring().decrypt(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = keyring().encrypt(value) if isinstance(value, str) else value
        return super().get_db_prep_value(sealed, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return ""
