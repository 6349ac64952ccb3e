"""Signing in by a code to the phone: an account comes into being only when the code fits.

Known and unknown numbers take the same way to the last step, so nobody learns who has an
account, and no number is kept of people who never answered.
"""

from typing import Self

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import journal
from yanlu.kernel.errors import NotAllowed
from yanlu.people.access import is_staff
from yanlu.people.services import admit_resident

ACTOR = journal.System("sign-in")


class PhoneCode(LoginCodeVerificationProcess):  # type: ignore[misc]
    """One attempt to sign in by phone; lives in the session."""

    @classmethod
    def begin(cls, request: HttpRequest, phone: str) -> Self:
        """Send a code to this phone."""
        login = Login(user=None)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, phone=phone), initiated_by_user=True)
        process = cls(stage)
        process.send()
        process.persist()
        return process

    @property
    def phone(self) -> str:
        """Where the code went."""
        return str(self.state["phone"])

    @property
    def attempts_left(self) -> int:
        """Wrong codes that are still forgiven."""
        return int(self.max_attempts - self.state["failed_attempts"])

    def matches(self, typed: str) -> bool:
        """Whether this is the code, however it was typed."""
        return bool(compare_user_code(actual=typed, expected=self.code))

    def send_by_phone(self, phone: str, skip_enumeration_mails: bool = False) -> None:
        self.state["code"] = generate_user_code(**app_settings.PHONE_VERIFICATION_CODE_FORMAT)
        get_adapter().send_verification_code_sms(user=None, phone=phone, code=self.code)

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Sign in whoever has this phone.

        :raises NotAllowed: staff, who need their password, or an account that is switched off.
        """
        account = admit_resident(actor=ACTOR, phone=self.phone)
        if is_staff(account):
            self.abort()
            raise NotAllowed(_("This number belongs to staff. Please sign in on the staff page."))
        if not account.is_active:
            self.abort()
            raise NotAllowed(_("This account is switched off. You can still hand in without it."))
        self._user = account
        self.state["user_id"] = user_id_to_str(account)
        response: HttpResponse = super().finish(redirect_url)
        return response
