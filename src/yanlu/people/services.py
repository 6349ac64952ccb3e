"""The write door of people."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid, NotFound
from yanlu.kernel.fields import keyring
from yanlu.people import selectors
from yanlu.people.models import Account, ApiKey, Duty, Role, SealedIdentity, Unit
from yanlu.places.territory import Node


def account_subject(account: Account) -> journal.Subject:
    """The account in the journal."""
    return journal.Subject("account", account.pk)


@transaction.atomic
def create_account(
    *,
    actor: journal.Actor,
    username: str,
    display_name: str,
    password: str | None = None,
    home_place: Node | None = None,
    is_staff: bool = False,
) -> Account:
    """Make an account; without a password it can't sign in by one."""
    account = Account(
        username=username.lower(),
        display_name=display_name,
        home_place_id=home_place.id if home_place else None,
        is_staff=is_staff,
        joined_at=clock.now(),
    )
    account.set_password(password)
    account.save()
    journal.record("account.created", account_subject(account), actor=actor)
    return account


@transaction.atomic
def admit_resident(*, actor: journal.Actor, phone: str, display_name: str = "") -> Account:
    """The resident with this phone, made on first sight with a pseudonym and nothing else."""
    known = selectors.account_by_phone(phone)
    if known:
        return known
    token = secrets.token_hex(6)
    account = create_account(
        actor=actor, username=f"r-{token}", display_name=display_name or f"居民{token[:4]}"
    )
    seal_identity(actor=actor, account=account, phone=phone)
    return account


@transaction.atomic
def verify_phone(*, actor: journal.Actor, account: Account) -> None:
    """Note that the account's phone answered a code."""
    changed = SealedIdentity.objects.filter(account=account, phone_verified=False).update(
        phone_verified=True
    )
    if changed:
        journal.record("account.phone_verified", account_subject(account), actor=actor)


def seal_identity(
    *,
    actor: journal.Actor,
    account: Account | None = None,
    real_name: str = "",
    phone: str = "",
    address: str = "",
) -> SealedIdentity:
    """Encrypt who somebody is. The row is only ever opened through :func:`open_identity`."""
    return SealedIdentity.objects.create(
        account=account,
        real_name=real_name or None,
        phone=phone or None,
        phone_index=keyring().blind_index(phone, selectors.PHONE) if phone else None,
        address=address or None,
        sealed_at=clock.now(),
    )


@transaction.atomic
def open_identity(*, actor: Account, identity_id: int, reason: str) -> SealedIdentity:
    """Look at sealed data: needs a reason, and is logged. The caller has checked the right to.

    :raises Invalid: without a reason that says something.
    """
    if len(reason.strip()) < 4:
        raise Invalid(_("Say why you need to see who this is."), "reason")
    identity = SealedIdentity.objects.select_for_update().filter(pk=identity_id).first()
    if identity is None:
        raise NotFound(_("There is nobody to show here."))
    journal.record(
        "identity.opened",
        journal.Subject("identity", identity.pk),
        actor=actor,
        data={"reason": reason.strip()},
    )
    return identity


@transaction.atomic
def grant_role(
    *,
    actor: journal.Actor,
    account: Account,
    name: str,
    place: Node | None = None,
    unit: Unit | None = None,
) -> None:
    """Give a role over a place or in a unit; giving it twice changes nothing."""
    held = Role(account=account, name=name, unit=unit, place_id=place.id if place else None)
    if not Role.objects.filter(account=account, name=name, unit=unit, place=held.place_id).exists():
        held.save()
        data = {"role": name, "place": place and place.code, "unit": unit and unit.code}
        journal.record("role.granted", account_subject(account), actor=actor, data=data)


@transaction.atomic
def add_unit(
    *,
    actor: journal.Actor,
    code: str,
    name: str,
    level: int,
    function: str,
    place: Node,
    name_en: str = "",
    parent: Unit | None = None,
) -> Unit:
    """Add an organisation that can be given matters of ``place``."""
    unit = Unit.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        level=level,
        function=function,
        place_id=place.id,
        parent=parent,
    )
    selectors.directory.forget()
    journal.record("unit.added", journal.Subject("unit", unit.pk), actor=actor, data={"code": code})
    return unit


@transaction.atomic
def set_duty(
    *, actor: journal.Actor, account: Account, place: Node, starts_at: datetime, ends_at: datetime
) -> Duty:
    """Put somebody on duty for a place and all that lies in it (值班)."""
    duty = Duty.objects.create(
        account=account, place_id=place.id, starts_at=starts_at, ends_at=ends_at
    )
    about = journal.Subject("duty", duty.pk)
    data = {"account": account.pk, "place": place.id, "from": starts_at, "until": ends_at}
    journal.record("duty.set", about, actor=actor, data=data)
    return duty


@transaction.atomic
def create_api_key(*, actor: journal.Actor, name: str, per_minute: int | None) -> str:
    """Make a partner system's key and return it, the only time that it is seen."""
    if ApiKey.objects.filter(name=name).exists():
        raise Invalid(_("There is a key of this name already."), "name")
    token = f"yk_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name, digest=key_digest(token), per_minute=per_minute, made_at=clock.now()
    )
    journal.record("api_key.created", journal.Subject("api_key", key.pk), actor=actor)
    return token


def key_digest(token: str) -> str:
    """How a key is kept: SHA-256 suffices, since keys are random."""
    return sha256(token.encode()).hexdigest()


def identity_id_of(account: Account) -> int | None:
    """Number of the account's own sealed identity, without opening it."""
    return SealedIdentity.objects.filter(account=account).values_list("pk", flat=True).first()


@transaction.atomic
def settle_resident(
    *, actor: journal.Actor, account: Account, real_name: str, home_place: Node | None
) -> None:
    """Note a resident's household: real name (sealed) and community."""
    SealedIdentity.objects.filter(account=account).update(real_name=real_name)
    account.home_place_id = home_place.id if home_place else None
    account.save(update_fields=["home_place"])
    data = {"home_place": home_place and home_place.code}
    journal.record("account.settled", account_subject(account), actor=actor, data=data)


@transaction.atomic
def make_administrator(*, actor: journal.Actor, account: Account) -> None:
    """Let the account use the editor of rules, categories and tables in full."""
    account.is_staff = account.is_superuser = True
    account.save(update_fields=["is_staff", "is_superuser"])
    journal.record("account.made_administrator", account_subject(account), actor=actor)


def reseal_identities() -> Iterator[int]:
    """Encrypt every sealed identity anew with the newest key, one transaction each; its number."""
    for number in SealedIdentity.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            SealedIdentity.objects.select_for_update().get(pk=number).save()
        yield number


@transaction.atomic
def withdraw_role(*, actor: journal.Actor, account: Account, name: str) -> int:
    """Take a role away, wherever it was held; how often it was."""
    held = Role.objects.filter(account=account, name=name)
    for role in held:
        data = {"role": name, "place": role.place_id, "unit": role.unit_id}
        journal.record("role.withdrawn", account_subject(account), actor=actor, data=data)
    return held.delete()[0]


@transaction.atomic
def switch_off_account(*, actor: journal.Actor, account: Account) -> None:
    """Let nobody sign in by this account any more; what it did stays."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    journal.record("account.switched_off", account_subject(account), actor=actor)


@transaction.atomic
def revoke_api_key(*, actor: journal.Actor, name: str) -> None:
    """Make a partner's key worthless, within seconds everywhere.

    :raises NotFound: there is no such key in use.
    """
    key = ApiKey.objects.select_for_update().filter(name=name, revoked_at__isnull=True).first()
    if key is None:
        raise NotFound(_("There is no key of this name in use."))
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    journal.record("api_key.revoked", journal.Subject("api_key", key.pk), actor=actor)
