"""Who looks after the exchange, and which requests are a partner's."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yanlu.exchange.models import Nonce, Partner
from yanlu.kernel import clock
from yanlu.kernel.errors import NotAllowed, Refused
from yanlu.kernel.signing import WINDOW, Signed
from yanlu.people import access as people
from yanlu.people import roles

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Roles that look after the exchange, over the district.
ROLES = frozenset({roles.DISPATCHER, roles.ADMINISTRATOR})


class BadSignature(Refused):
    """The request is not the partner's, or not a fresh one."""

    code = "bad_signature"


def may_look_after(account: "Account") -> bool:
    """Whether the person looks after the exchange: a dispatcher or administrator of the district.

    Partners' orders come from all of it.
    """
    return people.covers(account, ROLES, None)


def check(account: "Account") -> None:
    """Refuse whoever does not look after the exchange.

    :raises NotAllowed: so it is.
    """
    if not may_look_after(account):
        raise NotAllowed(_("Your role does not reach this page."))


def admit(code: str, request: Signed, signature: str) -> Partner:
    """The partner that signed this request just now.

    An unknown partner and a wrong signature are never told apart.

    :raises BadSignature: not signed with the partner's secret, too old, or sent before.
    """
    partner = Partner.objects.filter(code=code, is_active=True).first()
    now = clock.now()
    if partner is None or not request.is_signed(partner.secret, signature):
        raise BadSignature(_("The signature is not this partner's."))
    if not request.is_timely(now.timestamp()):
        raise BadSignature(
            _("The moment is more than five minutes away from ours, or the nonce is none.")
        )
    _use_up(partner, request.nonce, now)
    return partner


def _use_up(partner: Partner, nonce: str, now: datetime) -> None:
    """Remember the nonce for as long as its moment could pass, and forget older ones."""
    Nonce.objects.filter(at__lt=now - timedelta(seconds=2 * WINDOW)).delete()
    try:
        with transaction.atomic():
            Nonce.objects.create(partner=partner, nonce=nonce, at=now)
    except IntegrityError:
        raise BadSignature(_("This request came before.")) from None
