"""People, units and keys. Nobody but ``people`` imports this module."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.fields import SealedTextField
from yanlu.people import roles


class AccountManager(BaseUserManager["Account"]):
    """Django's sign-in looks accounts up through this."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)


class Account(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. Who that is in real life stands in :class:`SealedIdentity`.

    ``display_name`` is the pseudonym that others see; for staff the name at work.
    ``home_place`` is the resident's community.
    """

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=40)
    home_place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May use the editor of rules.")
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.display_name

    @property
    def ref(self) -> str:
        """Name in the journal."""
        return f"account:{self.pk}"


class Unit(models.Model):
    """An organisation that is given matters (承办单位).

    ``function`` says what it is for (``housing``, ``traffic`` …): rules choose a unit by
    function and level, and the matter's place decides which of them.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    level = models.SmallIntegerField()
    function = models.CharField(max_length=40, db_index=True)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    dissolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What an account is to a place or a unit."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="roles")
    name = models.CharField(max_length=32, choices=[(name, name) for name in roles.ALL])
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "name", "place", "unit"),
                name="role_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(place__isnull=False) | models.Q(unit__isnull=False),
                name="role_has_reach",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """Who is on duty for a place, all that lies in it included, and when (值班表)."""

    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duty roster")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="duty_ends_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account}: {self.starts_at:%F %H:%M}"


class SealedIdentity(models.Model):
    """Who somebody is in real life, encrypted, in a table of its own.

    Opened only through ``services.open_identity``, with a reason, and logged. ``phone_index``
    finds a phone again without storing it.
    """

    account = models.OneToOneField(Account, models.CASCADE, null=True, related_name="identity")
    real_name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    phone_index = models.BinaryField(null=True, db_index=True)
    phone_verified = models.BooleanField(default=False)
    address = SealedTextField(null=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("phone_index",),
                condition=models.Q(account__isnull=False),
                name="one_account_a_phone",
            ),
        )

    def __str__(self) -> str:
        return f"identity {self.pk}"


class ApiKey(models.Model):
    """A partner system's key; only its digest is kept. ``per_minute`` null means no limit."""

    name = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    per_minute = models.IntegerField(null=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """Name in the journal."""
        return f"partner:{self.pk}"
