"""Phone numbers as people type them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_NOISE = re.compile(r"[\s\-()（）·.]")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ANY = re.compile(r"\+?\d{7,15}")


def read_mobile(typed: str) -> str:
    """The eleven digits of a mainland mobile number, however it was typed.

    :raises ValidationError: it is none.
    """
    number = re.sub(r"^(\+|00)86", "", _plain(typed))
    if not _MOBILE.fullmatch(number):
        raise ValidationError(
            _("Please check the mobile number: it has eleven digits and starts with 1."),
            code="invalid",
        )
    return number


def read_phone(typed: str) -> str:
    """Any number at which somebody can be called, landlines too; empty for nothing typed.

    :raises ValidationError: nobody could be called there.
    """
    number = _plain(typed)
    if number and not _ANY.fullmatch(number):
        raise ValidationError(
            _("Please check the phone number: digits only, with the area code for a landline."),
            code="invalid",
        )
    return number


def _plain(typed: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", typed))
