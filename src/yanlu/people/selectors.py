"""Reading people and units."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yanlu.kernel.fields import keyring
from yanlu.kernel.pictures import Picture
from yanlu.people import roles
from yanlu.people.models import Account, ApiKey, Duty, Role, SealedIdentity, Unit
from yanlu.places.selectors import territory
from yanlu.places.territory import DISTRICT

if TYPE_CHECKING:
    from django.db.models import QuerySet

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


def with_phone(account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that text messages can reach."""
    rows = SealedIdentity.objects.filter(account__in=account_ids, phone_index__isnull=False)
    return set(rows.values_list("account", flat=True)) if account_ids else set()


def phones_of(account_ids: Collection[int]) -> dict[int, str]:
    """Phones by account, as far as they gave one: for sending notices there and nothing else."""
    rows = SealedIdentity.objects.filter(account__in=account_ids) if account_ids else []
    return {row.account_id: row.phone for row in rows if row.account_id and row.phone}


def working(account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that work for the district."""
    rows = Role.objects.filter(account__in=account_ids).values_list("account", flat=True)
    return set(rows.distinct()) if account_ids else set()


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


def staff() -> "QuerySet[Account]":
    """Everybody who works for the district."""
    working = Account.objects.filter(roles__isnull=False, is_active=True)
    return working.distinct().order_by("display_name")


def staff_by_name() -> dict[str, list[int]]:
    """Numbers of the members of staff by the names that they have at work."""
    found: dict[str, list[int]] = {}
    for number, name in staff().values_list("pk", "display_name"):
        if len(name) > 1:
            found.setdefault(name, []).append(number)
    return found


def holding(role: str) -> list[Account]:
    """Who holds this role anywhere."""
    return list(staff().filter(roles__name=role))


def members(unit_ids: set[int]) -> list[Account]:
    """Who handles matters in these units, or heads them."""
    found = {one.pk: one for unit in unit_ids for one in _members().get(unit, [])}
    return sorted(found.values(), key=lambda one: one.display_name)


def _read_members() -> dict[int, list[Account]]:
    rows = Role.objects.filter(
        name__in=roles.OF_A_UNIT, unit__isnull=False, account__is_active=True
    )
    found: dict[int, list[Account]] = {}
    for role in rows.filter(account__is_active=True).select_related("account"):
        found.setdefault(role.unit_id or 0, []).append(role.account)
    return found


_members = Picture(_read_members, stale=30)


def on_duty(place_id: int | None, at: datetime) -> list[list[Account]]:
    """Who is on duty for a place, the nearest first, level by level up; levels without one miss.

    Where the roster names nobody, the dispatchers of the district are asked.
    """
    above = territory().ancestors(place_id) or territory().of_level(DISTRICT)
    duties = Duty.objects.filter(place__in=[node.id for node in above]).select_related("account")
    found: dict[int, list[Account]] = {}
    for duty in duties.filter(starts_at__lte=at, ends_at__gt=at).order_by("pk"):
        found.setdefault(duty.place_id, []).append(duty.account)
    levels = [found[node.id] for node in reversed(above) if node.id in found]
    return levels or [district_dispatchers()]


def district_dispatchers() -> list[Account]:
    """Who dispatches for the whole district."""
    district = [node.id for node in territory().of_level(DISTRICT)]
    return list(staff().filter(roles__name=roles.DISPATCHER, roles__place__in=district))


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


def units_at(levels: set[int]) -> list[int]:
    """Numbers of every unit of these levels that ever was: old cases name dissolved ones."""
    return [unit.pk for unit in directory().values() if unit.level in levels]


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
