"""The write door of partners; for what changes afterwards there is the editor (``admin.py``)."""

import json
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.exchange.dialect import FIELDS, LISTS, NEEDED
from yanlu.exchange.models import Partner
from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid, NotFound

#: How a city's hotline usually words a work order: a start for a district to go by.
USUAL = Path(__file__).parent / "data" / "work_order.json"


def usual_dialect() -> dict[str, Any]:
    """``columns`` and ``values`` of :data:`USUAL`."""
    content: dict[str, Any] = json.loads(USUAL.read_text(encoding="utf-8"))
    return content


def check_dialect(columns: Any, values: Any) -> None:
    """Refuse headings and words that can't serve.

    :raises Invalid: naming ``columns`` or ``values``.
    """
    if not _are_texts(columns) or not _are_words(values):
        raise Invalid(_("Headings and words are needed."), "columns")
    complaints = (
        ("columns", _("There is no field %(names)s."), set(columns) - set(FIELDS)),
        ("columns", _("These fields are needed: %(names)s."), set(NEEDED) - set(columns)),
        ("columns", _("Two fields share the heading %(names)s."), _twice(columns)),
        ("values", _("There is no list %(names)s."), set(values) - set(LISTS.values())),
    )
    for field, message, names in complaints:
        if names:
            raise Invalid(message % {"names": ", ".join(sorted(names))}, field)


def _are_texts(columns: Any) -> bool:
    return isinstance(columns, dict) and all(isinstance(one, str) for one in columns.values())


def _are_words(values: Any) -> bool:
    lists = values.values() if isinstance(values, dict) else [None]
    return all(
        isinstance(known, dict)
        and all(isinstance(words, list) and _are_texts(dict(enumerate(words)))
                for words in known.values())
        for known in lists
    )  # fmt: skip


def _twice(columns: dict[str, str]) -> set[str]:
    return {heading for heading, times in Counter(columns.values()).items() if times > 1}


@transaction.atomic
def add_partner(
    *,
    actor: journal.Actor,
    code: str,
    name: str,
    dialect: dict[str, Any],
    address: str = "",
    is_asked: bool = False,
) -> str:
    """Set a partner up and return the secret for its signatures, the only time that it is seen.

    :raises Invalid: there is one of this code, or the dialect can't serve.
    """
    columns, values = dialect.get("columns"), dialect.get("values")
    check_dialect(columns, values)
    if Partner.objects.filter(code=code).exists():
        raise Invalid(_("There is a partner of this code already."), "code")
    secret = secrets.token_urlsafe(32)
    partner = Partner.objects.create(
        code=code, name=name, address=address, is_asked=is_asked, secret=secret,
        columns=columns, values=values,
    )  # fmt: skip
    journal.record("partner.added", _about(partner), actor=actor, data={"code": code})
    return secret


@transaction.atomic
def change_secret(*, actor: journal.Actor, code: str) -> str:
    """Give a partner a new secret and return it; the old one is worthless at once.

    :raises NotFound: there is no such partner.
    """
    partner = Partner.objects.select_for_update().filter(code=code).first()
    if partner is None:
        raise NotFound(_("There is no such partner."))
    secret = partner.secret = secrets.token_urlsafe(32)
    partner.save(update_fields=["secret"])
    journal.record("partner.secret_changed", _about(partner), actor=actor)
    return secret


def _about(partner: Partner) -> journal.Subject:
    return journal.Subject("partner", partner.pk)
