"""Reading people and units."""

from typing import Any

from yanlu.kernel.fields import keyring
from yanlu.kernel.pictures import Picture
from yanlu.people import roles
from yanlu.people.models import Account, ApiKey, Role, SealedIdentity, Unit
from yanlu.places.selectors import territory

PHONE = "phone"


def account(account_id: int) -> Account | None:
    """The account with this number."""
    return Account.objects.filter(pk=account_id).first()


def account_by_phone(phone: str) -> Account | None:
    """The account that this phone number (as normalised) belongs to."""
    index = keyring().blind_index(phone, PHONE)
    identity = (
        SealedIdentity.objects.filter(phone_index=index, account__isnull=False)
        .select_related("account")
        .first()
    )
    return identity.account if identity else None


def account_by_username(username: str) -> Account | None:
    """The account that signs in by this name."""
    return Account.objects.filter(username=username.lower()).first()


def handler_of(unit_id: int) -> Account | None:
    """Somebody who handles matters in the unit."""
    return _member(unit_id, roles.HANDLER)


def head_of(unit_id: int) -> Account | None:
    """Who heads the unit."""
    return _member(unit_id, roles.HEAD)


def _member(unit_id: int, role: str) -> Account | None:
    found = Role.objects.filter(unit=unit_id, name=role).select_related("account").first()
    return found.account if found else None


def identity_of(account: Account) -> SealedIdentity | None:
    """The account's own sealed identity, for itself."""
    return SealedIdentity.objects.filter(account=account).first()


def sealed_words(identity_ids: set[int]) -> dict[int, tuple[str, ...]]:
    """Sealed names, phones and addresses, longest first, for hiding them in texts.

    For no other use: whoever wants to *see* them goes through ``services.open_identity``.
    """
    rows = SealedIdentity.objects.filter(pk__in=identity_ids) if identity_ids else []
    told = {row.pk: (row.real_name, row.phone, row.address) for row in rows}
    return {
        number: tuple(sorted((word for word in words if word and len(word) > 1), key=len)[::-1])
        for number, words in told.items()
    }


def unit(unit_id: int) -> Unit | None:
    """The unit with this number."""
    return directory().get(unit_id)


def _directory() -> dict[int, Unit]:
    return {unit.pk: unit for unit in Unit.objects.all()}


#: Every unit that ever was, by number; after an edit at most half a minute old.
directory = Picture(_directory, stale=30)


def units() -> list[Unit]:
    """Every unit that still exists."""
    return [unit for unit in directory().values() if unit.dissolved_at is None]


def unit_names(unit_ids: set[int]) -> dict[int, str]:
    """Names by number, of dissolved ones, too."""
    return {unit.pk: unit.name for unit in directory().values() if unit.pk in unit_ids}


def units_over(place_id: int | None) -> list[Unit]:
    """Units whose territory holds the place, nearest level last; all top ones without a place."""
    above = [node.id for node in territory().ancestors(place_id)]
    return [unit for unit in units() if unit.place_id in above or not above]


def display_names(refs: set[str]) -> dict[str, str]:
    """What to call the actors of journal rows, by ``account:3`` or ``partner:1``."""
    accounts = {int(ref[8:]) for ref in refs if ref.startswith("account:")}
    partners = {int(ref[8:]) for ref in refs if ref.startswith("partner:")}
    names: dict[str, Any] = {}
    if accounts:
        rows = Account.objects.filter(pk__in=accounts).values_list("pk", "display_name")
        names |= {f"account:{key}": name for key, name in rows}
    if partners:
        keys = ApiKey.objects.filter(pk__in=partners).values_list("pk", "name")
        names |= {f"partner:{key}": name for key, name in keys}
    return names


def api_key(digest: str) -> ApiKey | None:
    """The key with this digest, unless revoked."""
    return ApiKey.objects.filter(digest=digest, revoked_at__isnull=True).first()


def home_places(account_ids: set[int]) -> dict[int, int]:
    """The community that each of these residents named as their own; those who named none miss."""
    if not account_ids:
        return {}
    rows = Account.objects.filter(pk__in=account_ids, home_place__isnull=False)
    return dict(rows.values_list("pk", "home_place_id"))
