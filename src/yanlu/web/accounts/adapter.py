"""How allauth speaks to our accounts."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanlu.kernel.fields import keyring
from yanlu.notices.services import send_sms
from yanlu.people import selectors, services
from yanlu.people.access import is_staff

if TYPE_CHECKING:
    from yanlu.people.models import Account

_TOO_MANY = gettext_lazy("Too many tries. Please wait five minutes.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by us alone; phones live in the sealed identity."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is switched off."),
        "incorrect_password": gettext_lazy("That is not the password."),
        "username_password_mismatch": gettext_lazy(
            "User name and password don't belong together. Please try again."
        ),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: a resident's account is made when the first code fits."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their work, residents to their matters."""
        works_here = request.user.is_authenticated and is_staff(request.user)
        return reverse("staff:queue" if works_here else "mine")

    def post_login(self, request: HttpRequest, user: "Account", **hooks: Any) -> HttpResponse:
        """A password typed just now need not be typed again to set up the second factor."""
        if user.has_usable_password():
            reauthenticate_by_password(request)
        response: HttpResponse = super().post_login(request, user, **hooks)
        return response

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **_rest: Any) -> None:
        """Text the code; nobody has to be known for it, so that nobody can be found out."""
        text = _("%(code)s is your Yanlu code. It holds for five minutes. Tell it to nobody.")
        send_sms(phone=phone, text=text % {"code": code})

    def get_user_by_phone(self, phone: str) -> "Account | None":
        """Whose phone this is."""
        return selectors.account_by_phone(phone)

    def get_phone(self, user: "Account") -> tuple[str, bool] | None:
        """The account's own phone, and whether it ever answered a code."""
        identity = selectors.identity_of(user)
        if identity is None or not identity.phone:
            return None
        return identity.phone, identity.phone_verified

    def set_phone(self, user: "Account", phone: str, verified: bool) -> None:
        """Seal the phone of an account that has none yet."""
        services.seal_identity(actor=user, account=user, phone=phone)
        if verified:
            services.verify_phone(actor=user, account=user)

    def set_phone_verified(self, user: "Account", phone: str) -> None:
        """Note that the phone answered."""
        services.verify_phone(actor=user, account=user)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor are encrypted with the installation's own keys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "That code does not fit. It changes every 30 seconds: please type the one shown now."
        ),
    }

    def encrypt(self, text: str) -> str:
        return keyring().encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().decrypt(encrypted_text.encode())
